/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __KVM_X86_VMX_H
#define __KVM_X86_VMX_H

#include <linux/kvm_host.h>

#define POSTED_INTR_ON	0

/* What hardware knows of a vCPU that interrupts can be posted to. */
struct pi_desc {
	u32 pir[8];			/* the vectors that have been posted */
	unsigned long control;		/* and whether anybody said so */
	u32 rsvd[6];
} __attribute__((aligned(64)));

struct vcpu_vmx {
	struct kvm_vcpu vcpu;
	struct vmcs *vmcs;
	u32 exit_reason;
	u32 exit_intr_info;
	u64 hv_deadline_tsc;		/* -1 if the hv timer is not in use */
	bool hv_timer_armed;
	struct pi_desc pi_desc;
};

static inline struct vcpu_vmx *to_vmx(struct kvm_vcpu *vcpu)
{
	return container_of(vcpu, struct vcpu_vmx, vcpu);
}

static inline bool pi_test_and_set_on(struct pi_desc *pi_desc)
{
	return test_and_set_bit(POSTED_INTR_ON, &pi_desc->control);
}

static inline bool pi_test_and_set_pir(int vector, struct pi_desc *pi_desc)
{
	return test_and_set_bit(vector, pi_desc->pir);
}

static inline bool pi_test_on(struct pi_desc *pi_desc)
{
	return test_bit(POSTED_INTR_ON, &pi_desc->control);
}

static inline void pi_clear_on(struct pi_desc *pi_desc)
{
	clear_bit(POSTED_INTR_ON, &pi_desc->control);
}

#endif
