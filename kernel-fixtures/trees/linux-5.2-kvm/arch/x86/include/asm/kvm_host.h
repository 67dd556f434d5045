/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_KVM_HOST_H
#define _ASM_X86_KVM_HOST_H

#include <linux/types.h>

#define KVM_REQ_MIGRATE_TIMER	KVM_ARCH_REQ(0)
#define KVM_REQ_EVENT		KVM_ARCH_REQ(6)
#define KVM_REQ_APF_HALT	KVM_ARCH_REQ(7)
#define KVM_REQ_NMI		KVM_ARCH_REQ(9)

struct kvm;
struct kvm_lapic;
struct kvm_vcpu;

enum kvm_reg {
	VCPU_REGS_RAX,
	VCPU_REGS_RCX,
	VCPU_REGS_RDX,
	NR_VCPU_REGS
};

struct msr_data {
	bool host_initiated;
	u32 index;
	u64 data;
};

struct kvm_queued_interrupt {
	bool injected;
	u8 nr;
};

struct kvm_vcpu_arch {
	unsigned long regs[NR_VCPU_REGS];

	u64 apic_base;
	struct kvm_lapic *apic;
	/* Set when the vCPU is created; may be cleared, never set again. */
	bool apicv_active;
	int apic_arb_prio;

	int mp_state;
	struct kvm_queued_interrupt interrupt;
	unsigned int nmi_pending;

	u32 virtual_tsc_khz;
	u64 tsc_offset;
	u64 last_guest_tsc;

	struct {
		/* Waits for a page that the host is swapping in. */
		bool halted;
	} apf;
};

struct kvm_arch {
	bool mwait_in_guest;
	bool hlt_in_guest;
	bool pause_in_guest;
};

/* What VMX and SVM do differently.  An operation may be left out if it says. */
struct kvm_x86_ops {
	int (*hardware_setup)(void);

	struct kvm_vcpu *(*vcpu_create)(struct kvm *kvm, unsigned int id);
	void (*vcpu_free)(struct kvm_vcpu *vcpu);
	void (*vcpu_reset)(struct kvm_vcpu *vcpu, bool init_event);
	void (*vcpu_load)(struct kvm_vcpu *vcpu, int cpu);
	void (*vcpu_put)(struct kvm_vcpu *vcpu);

	void (*run)(struct kvm_vcpu *vcpu);
	int (*handle_exit)(struct kvm_vcpu *vcpu);
	void (*handle_external_intr)(struct kvm_vcpu *vcpu);
	void (*cancel_injection)(struct kvm_vcpu *vcpu);

	void (*set_irq)(struct kvm_vcpu *vcpu);
	int (*interrupt_allowed)(struct kvm_vcpu *vcpu);
	void (*enable_irq_window)(struct kvm_vcpu *vcpu);

	bool (*get_enable_apicv)(struct kvm_vcpu *vcpu);
	void (*refresh_apicv_exec_ctrl)(struct kvm_vcpu *vcpu);
	void (*hwapic_irr_update)(struct kvm_vcpu *vcpu, int max_irr);
	void (*hwapic_isr_update)(struct kvm_vcpu *vcpu, int isr);
	void (*deliver_posted_interrupt)(struct kvm_vcpu *vcpu, int vector);
	int (*sync_pir_to_irr)(struct kvm_vcpu *vcpu);
	/* Optional: forget what has been posted. */
	void (*apicv_post_state_restore)(struct kvm_vcpu *vcpu);

	/* Optional: around kvm_vcpu_block(); nonzero means not to block. */
	int (*pre_block)(struct kvm_vcpu *vcpu);
	void (*post_block)(struct kvm_vcpu *vcpu);

	/* Optional, both or none: a timer that runs only with the guest. */
	int (*set_hv_timer)(struct kvm_vcpu *vcpu, u64 guest_deadline_tsc,
			    bool *expired);
	void (*cancel_hv_timer)(struct kvm_vcpu *vcpu);
};

extern struct kvm_x86_ops *kvm_x86_ops;

int kvm_emulate_halt(struct kvm_vcpu *vcpu);
int kvm_vcpu_halt(struct kvm_vcpu *vcpu);
int kvm_emulate_rdmsr(struct kvm_vcpu *vcpu);
int kvm_emulate_wrmsr(struct kvm_vcpu *vcpu);
int kvm_set_msr_common(struct kvm_vcpu *vcpu, struct msr_data *msr);
int kvm_get_msr_common(struct kvm_vcpu *vcpu, struct msr_data *msr);

void kvm_set_pending_timer(struct kvm_vcpu *vcpu);
void kvm_inject_nmi(struct kvm_vcpu *vcpu);
void kvm_vcpu_deactivate_apicv(struct kvm_vcpu *vcpu);
u64 kvm_read_l1_tsc(struct kvm_vcpu *vcpu, u64 host_tsc);

void kvm_arch_async_page_not_present(struct kvm_vcpu *vcpu);
void kvm_arch_async_page_present(struct kvm_vcpu *vcpu);

#endif
