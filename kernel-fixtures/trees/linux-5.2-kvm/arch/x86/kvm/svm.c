// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM on AMD: SVM, with AVIC if it is asked for.
 */

#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/apic.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/svm.h>

#include "irq.h"
#include "lapic.h"
#include "x86.h"

static int avic;
module_param(avic, int, S_IRUGO);

struct vcpu_svm {
	struct kvm_vcpu vcpu;
	struct vmcb vmcb;
};

/* Runs the guest until it exits; what it leaves behind is in the VMCB. */
void __svm_vcpu_run(struct vmcb *vmcb, unsigned long *regs);

static struct vcpu_svm *to_svm(struct kvm_vcpu *vcpu)
{
	return container_of(vcpu, struct vcpu_svm, vcpu);
}

static void set_intercept(struct vcpu_svm *svm, int bit)
{
	svm->vmcb.intercept |= 1ULL << bit;
}

static void clr_intercept(struct vcpu_svm *svm, int bit)
{
	svm->vmcb.intercept &= ~(1ULL << bit);
}

static void init_vmcb(struct vcpu_svm *svm)
{
	struct kvm *kvm = svm->vcpu.kvm;

	memset(&svm->vmcb, 0, sizeof(svm->vmcb));

	set_intercept(svm, INTERCEPT_INTR);
	set_intercept(svm, INTERCEPT_MSR_PROT);
	if (!kvm_mwait_in_guest(kvm)) {
		set_intercept(svm, INTERCEPT_MONITOR);
		set_intercept(svm, INTERCEPT_MWAIT);
	}
	if (!kvm_hlt_in_guest(kvm))
		set_intercept(svm, INTERCEPT_HLT);
	if (!kvm_pause_in_guest(kvm))
		set_intercept(svm, INTERCEPT_PAUSE);

	if (kvm_vcpu_apicv_active(&svm->vcpu))
		svm->vmcb.int_ctl |= AVIC_ENABLE_MASK;
}

static void svm_vcpu_reset(struct kvm_vcpu *vcpu,
			   bool init_event __maybe_unused)
{
	init_vmcb(to_svm(vcpu));
}

/* A VMCB lies in memory: there is nothing to load. */
static void svm_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	WARN_ON(vcpu->mode != OUTSIDE_GUEST_MODE || cpu < 0);
}

static void svm_vcpu_put(struct kvm_vcpu *vcpu)
{
	WARN_ON(vcpu->mode != OUTSIDE_GUEST_MODE);
}

static bool svm_get_enable_apicv(struct kvm_vcpu *vcpu __maybe_unused)
{
	return avic;
}

static void svm_refresh_apicv_exec_ctrl(struct kvm_vcpu *vcpu)
{
	struct vcpu_svm *svm = to_svm(vcpu);

	if (kvm_vcpu_apicv_active(vcpu))
		svm->vmcb.int_ctl |= AVIC_ENABLE_MASK;
	else
		svm->vmcb.int_ctl &= ~AVIC_ENABLE_MASK;
}

/* AVIC reads the register page itself. */
static void svm_hwapic_irr_update(struct kvm_vcpu *vcpu __maybe_unused,
				  int max_irr __maybe_unused)
{
}

static void svm_hwapic_isr_update(struct kvm_vcpu *vcpu __maybe_unused,
				  int max_isr __maybe_unused)
{
}

static void svm_deliver_avic_intr(struct kvm_vcpu *vcpu, int vec)
{
	kvm_lapic_set_irr(vec, vcpu->arch.apic);
	smp_mb__after_atomic();

	if (vcpu->mode == IN_GUEST_MODE)
		wrmsrl(MSR_AMD64_AVIC_DOORBELL, vcpu->cpu);
	else
		kvm_vcpu_wake_up(vcpu);
}

static int svm_interrupt_allowed(struct kvm_vcpu *vcpu)
{
	struct vmcb *vmcb = &to_svm(vcpu)->vmcb;

	return (vmcb->rflags & X86_EFLAGS_IF) &&
	       !(vmcb->int_state & SVM_INTERRUPT_SHADOW_MASK);
}

/* A virtual interrupt that is intercepted tells when one can be injected. */
static void enable_irq_window(struct kvm_vcpu *vcpu)
{
	struct vcpu_svm *svm = to_svm(vcpu);

	if (kvm_vcpu_apicv_active(vcpu))
		return;

	svm->vmcb.int_ctl |= V_IRQ_MASK;
	set_intercept(svm, INTERCEPT_VINTR);
}

static void svm_set_irq(struct kvm_vcpu *vcpu)
{
	vcpu->stat.irq_injections++;
	to_svm(vcpu)->vmcb.event_inj = vcpu->arch.interrupt.nr |
				       SVM_EVTINJ_TYPE_INTR | SVM_EVTINJ_VALID;
}

/* The entry did not happen: what it should have injected is queued again. */
static void svm_cancel_injection(struct kvm_vcpu *vcpu)
{
	struct vmcb *vmcb = &to_svm(vcpu)->vmcb;

	if (!(vmcb->event_inj & SVM_EVTINJ_VALID))
		return;

	kvm_queue_interrupt(vcpu, vmcb->event_inj & 0xff);
	vmcb->event_inj = 0;
	kvm_make_request(KVM_REQ_EVENT, vcpu);
}

static void svm_vcpu_run(struct kvm_vcpu *vcpu)
{
	struct vcpu_svm *svm = to_svm(vcpu);

	__svm_vcpu_run(&svm->vmcb, vcpu->arch.regs);

	/* Having been entered, the guest has what was to be injected. */
	svm->vmcb.event_inj = 0;
	kvm_clear_interrupt_queue(vcpu);
}

/* An interrupt that ended the run is still to be taken: let it come. */
static void svm_handle_external_intr(struct kvm_vcpu *vcpu __maybe_unused)
{
	local_irq_enable();
	local_irq_disable();
}

static int interrupt_window_interception(struct vcpu_svm *svm)
{
	svm->vmcb.int_ctl &= ~V_IRQ_MASK;
	clr_intercept(svm, INTERCEPT_VINTR);
	kvm_make_request(KVM_REQ_EVENT, &svm->vcpu);
	return 1;
}

static int handle_exit(struct kvm_vcpu *vcpu)
{
	struct vcpu_svm *svm = to_svm(vcpu);

	switch (svm->vmcb.exit_code) {
	case SVM_EXIT_INTR:
	case SVM_EXIT_PAUSE:
	case SVM_EXIT_MONITOR:
	case SVM_EXIT_MWAIT:
		return 1;
	case SVM_EXIT_VINTR:
		return interrupt_window_interception(svm);
	case SVM_EXIT_HLT:
		return kvm_emulate_halt(vcpu);
	case SVM_EXIT_MSR:
		return svm->vmcb.exit_info_1 ? kvm_emulate_wrmsr(vcpu) :
					       kvm_emulate_rdmsr(vcpu);
	}

	WARN_ON(true);
	return 0;
}

static void svm_free_vcpu(struct kvm_vcpu *vcpu)
{
	kvm_arch_vcpu_uninit(vcpu);
	kfree(to_svm(vcpu));
}

static struct kvm_vcpu *svm_create_vcpu(struct kvm *kvm, unsigned int id)
{
	struct vcpu_svm *svm = kzalloc(sizeof(*svm), GFP_KERNEL_ACCOUNT);

	if (!svm)
		return NULL;

	kvm_vcpu_init(&svm->vcpu, kvm, id);
	if (kvm_arch_vcpu_init(&svm->vcpu)) {
		kfree(svm);
		return NULL;
	}

	return &svm->vcpu;
}

static int svm_hardware_setup(void)
{
	if (!boot_cpu_has(X86_FEATURE_SVM))
		return -EOPNOTSUPP;

	if (!boot_cpu_has(X86_FEATURE_AVIC))
		avic = 0;

	return 0;
}

static struct kvm_x86_ops svm_x86_ops __ro_after_init = {
	.hardware_setup = svm_hardware_setup,

	.vcpu_create = svm_create_vcpu,
	.vcpu_free = svm_free_vcpu,
	.vcpu_reset = svm_vcpu_reset,
	.vcpu_load = svm_vcpu_load,
	.vcpu_put = svm_vcpu_put,

	.run = svm_vcpu_run,
	.handle_exit = handle_exit,
	.handle_external_intr = svm_handle_external_intr,
	.cancel_injection = svm_cancel_injection,

	.set_irq = svm_set_irq,
	.interrupt_allowed = svm_interrupt_allowed,
	.enable_irq_window = enable_irq_window,

	.get_enable_apicv = svm_get_enable_apicv,
	.refresh_apicv_exec_ctrl = svm_refresh_apicv_exec_ctrl,
	.hwapic_irr_update = svm_hwapic_irr_update,
	.hwapic_isr_update = svm_hwapic_isr_update,
	.sync_pir_to_irr = kvm_lapic_find_highest_irr,
	.deliver_posted_interrupt = svm_deliver_avic_intr,
};

static int __init svm_init(void)
{
	return kvm_init(&svm_x86_ops);
}

module_init(svm_init);
MODULE_LICENSE("GPL");
