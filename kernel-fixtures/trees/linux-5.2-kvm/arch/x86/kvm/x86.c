// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a vCPU: created, loaded on a CPU, entered, left, put to sleep.
 */

#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/msr.h>

#include "irq.h"
#include "lapic.h"
#include "x86.h"

struct kvm_x86_ops *kvm_x86_ops __read_mostly;
EXPORT_SYMBOL_GPL(kvm_x86_ops);

unsigned int min_timer_period_us = 200;
module_param(min_timer_period_us, uint, S_IRUGO | S_IWUSR);

/* The speed of every guest's TSC, and that of the host. */
static unsigned int tsc_khz = 2000000;
module_param(tsc_khz, uint, S_IRUGO);

/*
 * How much earlier than its deadline a TSC-deadline timer fires, to make up
 * for the time it takes to enter the guest.  -1 finds out by itself.
 */
static int lapic_timer_advance_ns = -1;
module_param(lapic_timer_advance_ns, int, S_IRUGO | S_IWUSR);

u64 kvm_read_l1_tsc(struct kvm_vcpu *vcpu, u64 host_tsc)
{
	return host_tsc + vcpu->arch.tsc_offset;
}
EXPORT_SYMBOL_GPL(kvm_read_l1_tsc);

/*
 * Makes the vCPU look before it enters the guest.  This does not interrupt a
 * guest that runs: it relies on being called on the CPU that has just left it.
 */
void kvm_set_pending_timer(struct kvm_vcpu *vcpu)
{
	kvm_make_request(KVM_REQ_PENDING_TIMER, vcpu);
}

void kvm_inject_nmi(struct kvm_vcpu *vcpu)
{
	vcpu->arch.nmi_pending = 1;
	kvm_make_request(KVM_REQ_NMI, vcpu);
}

int kvm_set_msr_common(struct kvm_vcpu *vcpu, struct msr_data *msr)
{
	if (msr->index >= APIC_BASE_MSR && msr->index < APIC_BASE_MSR + 0x100)
		return kvm_x2apic_msr_write(vcpu, msr->index, msr->data);

	if (msr->index != MSR_IA32_TSCDEADLINE)
		return 1;

	kvm_set_lapic_tscdeadline_msr(vcpu, msr->data);
	return 0;
}

int kvm_get_msr_common(struct kvm_vcpu *vcpu, struct msr_data *msr)
{
	if (msr->index >= APIC_BASE_MSR && msr->index < APIC_BASE_MSR + 0x100)
		return kvm_x2apic_msr_read(vcpu, msr->index, &msr->data);

	if (msr->index != MSR_IA32_TSCDEADLINE)
		return 1;

	msr->data = kvm_get_lapic_tscdeadline_msr(vcpu);
	return 0;
}

/* An access that fails would be a #GP, which no guest of ours expects. */
int kvm_emulate_wrmsr(struct kvm_vcpu *vcpu)
{
	struct msr_data msr = {
		.index = vcpu->arch.regs[VCPU_REGS_RCX],
		.data = (u32)vcpu->arch.regs[VCPU_REGS_RAX] |
			(u64)vcpu->arch.regs[VCPU_REGS_RDX] << 32,
	};

	return !WARN_ON(kvm_set_msr_common(vcpu, &msr));
}
EXPORT_SYMBOL_GPL(kvm_emulate_wrmsr);

int kvm_emulate_rdmsr(struct kvm_vcpu *vcpu)
{
	struct msr_data msr = { .index = vcpu->arch.regs[VCPU_REGS_RCX] };

	if (WARN_ON(kvm_get_msr_common(vcpu, &msr)))
		return 0;

	vcpu->arch.regs[VCPU_REGS_RAX] = (u32)msr.data;
	vcpu->arch.regs[VCPU_REGS_RDX] = msr.data >> 32;
	return 1;
}
EXPORT_SYMBOL_GPL(kvm_emulate_rdmsr);

int kvm_vcpu_halt(struct kvm_vcpu *vcpu)
{
	vcpu->stat.halt_exits++;
	vcpu->arch.mp_state = KVM_MP_STATE_HALTED;
	return 1;
}

int kvm_emulate_halt(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_halt(vcpu);
}
EXPORT_SYMBOL_GPL(kvm_emulate_halt);

/* For what APICv cannot do, such as the auto-EOI of Hyper-V's SynIC. */
void kvm_vcpu_deactivate_apicv(struct kvm_vcpu *vcpu)
{
	if (!kvm_vcpu_apicv_active(vcpu))
		return;

	vcpu->arch.apicv_active = false;
	kvm_x86_ops->refresh_apicv_exec_ctrl(vcpu);
}

int kvm_vm_ioctl_enable_cap(struct kvm *kvm, struct kvm_enable_cap *cap)
{
	if (cap->cap != KVM_CAP_X86_DISABLE_EXITS)
		return -EINVAL;

	if (cap->args[0] & KVM_X86_DISABLE_EXITS_MWAIT)
		kvm->arch.mwait_in_guest = true;
	if (cap->args[0] & KVM_X86_DISABLE_EXITS_HLT)
		kvm->arch.hlt_in_guest = true;
	if (cap->args[0] & KVM_X86_DISABLE_EXITS_PAUSE)
		kvm->arch.pause_in_guest = true;
	return 0;
}

/* The guest touched a page that is swapped out and has to wait for it. */
void kvm_arch_async_page_not_present(struct kvm_vcpu *vcpu)
{
	kvm_make_request(KVM_REQ_APF_HALT, vcpu);
}

/* The vCPU's own thread finds that the page has arrived. */
void kvm_arch_async_page_present(struct kvm_vcpu *vcpu)
{
	vcpu->arch.apf.halted = false;
	vcpu->arch.mp_state = KVM_MP_STATE_RUNNABLE;
}

static bool kvm_vcpu_has_events(struct kvm_vcpu *vcpu)
{
	if (vcpu->arch.nmi_pending)
		return true;

	return kvm_x86_ops->interrupt_allowed(vcpu) &&
	       kvm_cpu_has_interrupt(vcpu);
}

static bool kvm_vcpu_running(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.mp_state == KVM_MP_STATE_RUNNABLE &&
	       !vcpu->arch.apf.halted;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_running(vcpu) || kvm_vcpu_has_events(vcpu);
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

/* Puts at most one event where the next entry to the guest delivers it. */
static void inject_pending_event(struct kvm_vcpu *vcpu)
{
	if (vcpu->arch.interrupt.injected) {
		/* The last entry was cancelled, or did not get to it. */
		kvm_x86_ops->set_irq(vcpu);
	} else if (kvm_cpu_has_injectable_intr(vcpu) &&
		   kvm_x86_ops->interrupt_allowed(vcpu)) {
		kvm_queue_interrupt(vcpu, kvm_cpu_get_interrupt(vcpu));
		kvm_x86_ops->set_irq(vcpu);
	}

	if (kvm_cpu_has_injectable_intr(vcpu))
		kvm_x86_ops->enable_irq_window(vcpu);
}

/* Returns 1 to go on, or what user space is to be told. */
static int vcpu_enter_guest(struct kvm_vcpu *vcpu)
{
	if (kvm_request_pending(vcpu)) {
		if (kvm_check_request(KVM_REQ_MIGRATE_TIMER, vcpu))
			__kvm_migrate_timers(vcpu);
		if (kvm_check_request(KVM_REQ_APF_HALT, vcpu)) {
			vcpu->arch.apf.halted = true;
			return 1;
		}
		if (kvm_check_request(KVM_REQ_NMI, vcpu))
			vcpu->arch.nmi_pending = 0;
	}

	if (kvm_check_request(KVM_REQ_EVENT, vcpu))
		inject_pending_event(vcpu);

	preempt_disable();

	/*
	 * Interrupts, a notification of posted ones among them, have to wait
	 * from here until the guest runs.
	 */
	local_irq_disable();
	vcpu->mode = IN_GUEST_MODE;

	/* Who posts or requests something later finds the mode and kicks. */
	smp_mb();

	if (kvm_lapic_enabled(vcpu) && vcpu->arch.apicv_active)
		kvm_x86_ops->sync_pir_to_irr(vcpu);

	if (vcpu->mode == EXITING_GUEST_MODE || kvm_request_pending(vcpu) ||
	    need_resched() || signal_pending()) {
		vcpu->mode = OUTSIDE_GUEST_MODE;
		smp_wmb();
		local_irq_enable();
		preempt_enable();
		kvm_x86_ops->cancel_injection(vcpu);
		return 1;
	}

	if (lapic_in_kernel(vcpu) &&
	    vcpu->arch.apic->lapic_timer.timer_advance_ns)
		wait_lapic_expire(vcpu);

	kvm_x86_ops->run(vcpu);

	vcpu->arch.last_guest_tsc = kvm_read_l1_tsc(vcpu, rdtsc());
	vcpu->mode = OUTSIDE_GUEST_MODE;
	smp_wmb();

	kvm_x86_ops->handle_external_intr(vcpu);
	vcpu->stat.exits++;

	local_irq_enable();
	preempt_enable();

	return kvm_x86_ops->handle_exit(vcpu);
}

static int vcpu_block(struct kvm_vcpu *vcpu)
{
	if (!kvm_arch_vcpu_runnable(vcpu) &&
	    (!kvm_x86_ops->pre_block || !kvm_x86_ops->pre_block(vcpu))) {
		kvm_vcpu_block(vcpu);

		if (kvm_x86_ops->post_block)
			kvm_x86_ops->post_block(vcpu);

		/* Woken for something else, such as a timer to deliver. */
		if (!kvm_check_request(KVM_REQ_UNHALT, vcpu))
			return 1;
	}

	vcpu->arch.mp_state = KVM_MP_STATE_RUNNABLE;
	vcpu->arch.apf.halted = false;
	return 1;
}

static int vcpu_run(struct kvm_vcpu *vcpu)
{
	int r;

	for (;;) {
		if (kvm_vcpu_running(vcpu))
			r = vcpu_enter_guest(vcpu);
		else
			r = vcpu_block(vcpu);

		if (r <= 0)
			return r;

		kvm_clear_request(KVM_REQ_PENDING_TIMER, vcpu);
		if (kvm_cpu_has_pending_timer(vcpu))
			kvm_inject_pending_timer_irqs(vcpu);

		if (signal_pending()) {
			vcpu->run->exit_reason = KVM_EXIT_INTR;
			vcpu->stat.signal_exits++;
			return -EINTR;
		}

		if (need_resched())
			cond_resched();
	}
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu, struct kvm_run *kvm_run)
{
	int r;

	vcpu->run = kvm_run;
	kvm_run->exit_reason = KVM_EXIT_UNKNOWN;

	vcpu_load(vcpu);
	r = vcpu_run(vcpu);
	vcpu_put(vcpu);

	return r;
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	kvm_x86_ops->vcpu_load(vcpu, cpu);
	if (vcpu->cpu == cpu)
		return;

	/* The hv timer counts on the CPU where it was set. */
	if (kvm_lapic_hv_timer_in_use(vcpu))
		kvm_lapic_restart_hv_timer(vcpu);

	kvm_make_request(KVM_REQ_MIGRATE_TIMER, vcpu);
	vcpu->cpu = cpu;
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	kvm_x86_ops->vcpu_put(vcpu);
}

struct kvm_vcpu *kvm_arch_vcpu_create(struct kvm *kvm, unsigned int id)
{
	return kvm_x86_ops->vcpu_create(kvm, id);
}

int kvm_arch_vcpu_init(struct kvm_vcpu *vcpu)
{
	vcpu->arch.mp_state = KVM_MP_STATE_RUNNABLE;
	vcpu->arch.virtual_tsc_khz = tsc_khz;
	vcpu->arch.apicv_active = kvm_x86_ops->get_enable_apicv(vcpu);

	return kvm_create_lapic(vcpu, lapic_timer_advance_ns);
}

void kvm_arch_vcpu_uninit(struct kvm_vcpu *vcpu)
{
	kvm_free_lapic(vcpu);
}

/* The guest's TSC starts at zero when its vCPU does. */
void kvm_arch_vcpu_postcreate(struct kvm_vcpu *vcpu)
{
	vcpu_load(vcpu);
	vcpu->arch.tsc_offset = -rdtsc();
	kvm_lapic_reset(vcpu, false);
	kvm_x86_ops->vcpu_reset(vcpu, false);
	vcpu_put(vcpu);
}

void kvm_arch_vcpu_destroy(struct kvm_vcpu *vcpu)
{
	kvm_x86_ops->vcpu_free(vcpu);
}

int kvm_arch_init(void *opaque)
{
	struct kvm_x86_ops *ops = opaque;
	int r;

	if (kvm_x86_ops)
		return -EEXIST;

	kvm_x86_ops = ops;
	r = ops->hardware_setup();
	if (r)
		kvm_x86_ops = NULL;

	return r;
}

MODULE_LICENSE("GPL");
