/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_KVM_HOST_H
#define _LINUX_KVM_HOST_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/swait.h>

/* Architecture-independent requests; those of x86 start at the base. */
#define KVM_REQ_PENDING_TIMER	2
#define KVM_REQ_UNHALT		3
#define KVM_REQUEST_ARCH_BASE	8
#define KVM_ARCH_REQ(nr)	((nr) + KVM_REQUEST_ARCH_BASE)

#include <asm/kvm_host.h>

#define KVM_MAX_VCPUS			8

#define KVM_CAP_X86_DISABLE_EXITS	143
#define KVM_X86_DISABLE_EXITS_MWAIT	(1 << 0)
#define KVM_X86_DISABLE_EXITS_HLT	(1 << 1)
#define KVM_X86_DISABLE_EXITS_PAUSE	(1 << 2)

#define KVM_MP_STATE_RUNNABLE		0
#define KVM_MP_STATE_HALTED		3

#define KVM_EXIT_UNKNOWN		0
#define KVM_EXIT_INTR			10

enum {
	OUTSIDE_GUEST_MODE,
	IN_GUEST_MODE,
	EXITING_GUEST_MODE,
};

struct kvm_run {
	u32 exit_reason;
};

struct kvm_enable_cap {
	u32 cap;
	u64 args[4];
};

struct kvm_vcpu_stat {
	u64 exits;
	u64 halt_exits;
	u64 halt_wakeup;
	u64 irq_injections;
	u64 signal_exits;
};

struct kvm;

struct kvm_vcpu {
	struct kvm *kvm;
	struct preempt_notifier preempt_notifier;
	int cpu;
	int vcpu_id;
	int mode;
	unsigned long requests;
	bool preempted;
	struct swait_queue_head wq;
	struct kvm_run *run;
	struct kvm_vcpu_stat stat;
	struct kvm_vcpu_arch arch;
};

struct kvm {
	struct kvm_vcpu *vcpus[KVM_MAX_VCPUS];
	struct kvm_arch arch;
};

/*
 * Sets the mode that a kick puts a running guest into and returns the one it
 * found: IN_GUEST_MODE means that somebody has to interrupt the guest.
 */
static inline int kvm_vcpu_exiting_guest_mode(struct kvm_vcpu *vcpu)
{
	return cmpxchg(&vcpu->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);
}

/* A request is visible to the vCPU before whatever asks it to look. */
static inline void kvm_make_request(int req, struct kvm_vcpu *vcpu)
{
	smp_wmb();
	set_bit(req, &vcpu->requests);
}

static inline bool kvm_request_pending(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests);
}

static inline void kvm_clear_request(int req, struct kvm_vcpu *vcpu)
{
	clear_bit(req, &vcpu->requests);
}

static inline bool kvm_check_request(int req, struct kvm_vcpu *vcpu)
{
	if (!test_bit(req, &vcpu->requests))
		return false;

	kvm_clear_request(req, vcpu);
	smp_mb__after_atomic();
	return true;
}

int kvm_init(void *opaque);
struct kvm *kvm_create_vm(void);
void kvm_destroy_vm(struct kvm *kvm);
struct kvm_vcpu *kvm_vm_ioctl_create_vcpu(struct kvm *kvm, unsigned int id);
void kvm_vcpu_init(struct kvm_vcpu *vcpu, struct kvm *kvm, unsigned int id);

void vcpu_load(struct kvm_vcpu *vcpu);
void vcpu_put(struct kvm_vcpu *vcpu);

void kvm_vcpu_block(struct kvm_vcpu *vcpu);
bool kvm_vcpu_wake_up(struct kvm_vcpu *vcpu);
void kvm_vcpu_kick(struct kvm_vcpu *vcpu);

/* What an architecture provides. */
int kvm_arch_init(void *opaque);
struct kvm_vcpu *kvm_arch_vcpu_create(struct kvm *kvm, unsigned int id);
int kvm_arch_vcpu_init(struct kvm_vcpu *vcpu);
void kvm_arch_vcpu_uninit(struct kvm_vcpu *vcpu);
void kvm_arch_vcpu_postcreate(struct kvm_vcpu *vcpu);
void kvm_arch_vcpu_destroy(struct kvm_vcpu *vcpu);
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu, struct kvm_run *kvm_run);
int kvm_vm_ioctl_enable_cap(struct kvm *kvm, struct kvm_enable_cap *cap);
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu);

#endif
