// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM on Intel: VMX, with or without APICv and the preemption timer.
 */

#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/apic.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/vmx.h>

#include "../irq.h"
#include "../lapic.h"
#include "../x86.h"
#include "ops.h"
#include "vmx.h"

static bool __read_mostly enable_apicv = 1;
module_param(enable_apicv, bool, S_IRUGO);

static bool __read_mostly enable_preemption_timer = 1;
module_param_named(preemption_timer, enable_preemption_timer, bool, S_IRUGO);

/* The preemption timer counts TSC cycles, shifted by this. */
static int __read_mostly cpu_preemption_timer_multi;

/* The controls that every guest has, before its own are taken away. */
static struct vmcs_config {
	u32 pin_based_exec_ctrl;
	u32 cpu_based_exec_ctrl;
	u32 cpu_based_2nd_exec_ctrl;
} vmcs_config;

static bool cpu_has_vmx_posted_intr(void)
{
	return vmcs_config.pin_based_exec_ctrl & PIN_BASED_POSTED_INTR;
}

static bool cpu_has_vmx_preemption_timer(void)
{
	return vmcs_config.pin_based_exec_ctrl & PIN_BASED_VMX_PREEMPTION_TIMER;
}

static bool cpu_has_vmx_apicv(void)
{
	u32 needed = SECONDARY_EXEC_APIC_REGISTER_VIRT |
		     SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY;

	return (vmcs_config.cpu_based_2nd_exec_ctrl & needed) == needed &&
	       cpu_has_vmx_posted_intr();
}

/* Takes what is optional if the CPU has it; fails if it lacks what is not. */
static int adjust_vmx_controls(u32 ctl_min, u32 ctl_opt, u32 msr, u32 *result)
{
	u64 allowed;

	rdmsrl(msr, allowed);
	*result = (ctl_min | ctl_opt) & (allowed >> 32);

	return (*result & ctl_min) == ctl_min ? 0 : -EIO;
}

static int setup_vmcs_config(struct vmcs_config *conf)
{
	int r;

	r = adjust_vmx_controls(PIN_BASED_EXT_INTR_MASK,
				PIN_BASED_VMX_PREEMPTION_TIMER |
				PIN_BASED_POSTED_INTR,
				MSR_IA32_VMX_PINBASED_CTLS,
				&conf->pin_based_exec_ctrl);
	if (r)
		return r;

	r = adjust_vmx_controls(CPU_BASED_HLT_EXITING |
				CPU_BASED_MWAIT_EXITING |
				CPU_BASED_MONITOR_EXITING |
				CPU_BASED_PAUSE_EXITING |
				CPU_BASED_ACTIVATE_SECONDARY_CONTROLS, 0,
				MSR_IA32_VMX_PROCBASED_CTLS,
				&conf->cpu_based_exec_ctrl);
	if (r)
		return r;

	return adjust_vmx_controls(0, SECONDARY_EXEC_VIRTUALIZE_X2APIC_MODE |
				   SECONDARY_EXEC_APIC_REGISTER_VIRT |
				   SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY,
				   MSR_IA32_VMX_PROCBASED_CTLS2,
				   &conf->cpu_based_2nd_exec_ctrl);
}

static void vmx_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	if (vcpu->cpu != cpu)
		vmcs_clear(vmx->vmcs);
	vmcs_load(vmx->vmcs);
}

static void vmx_vcpu_put(struct kvm_vcpu *vcpu)
{
	WARN_ON(vcpu->mode != OUTSIDE_GUEST_MODE);
}

static bool vmx_get_enable_apicv(struct kvm_vcpu *vcpu __maybe_unused)
{
	return enable_apicv;
}

static int vmx_interrupt_allowed(struct kvm_vcpu *vcpu __maybe_unused)
{
	u32 shadow = GUEST_INTR_STATE_STI | GUEST_INTR_STATE_MOV_SS;

	return (vmcs_read64(GUEST_RFLAGS) & X86_EFLAGS_IF) &&
	       !(vmcs_read32(GUEST_INTERRUPTIBILITY_INFO) & shadow);
}

static void enable_irq_window(struct kvm_vcpu *vcpu __maybe_unused)
{
	vmcs_set_bits(CPU_BASED_VM_EXEC_CONTROL,
		      CPU_BASED_VIRTUAL_INTR_PENDING);
}

static void vmx_inject_irq(struct kvm_vcpu *vcpu)
{
	vcpu->stat.irq_injections++;
	vmcs_write32(VM_ENTRY_INTR_INFO_FIELD, vcpu->arch.interrupt.nr |
		     INTR_TYPE_EXT_INTR | INTR_INFO_VALID_MASK);
}

/* The entry did not happen: what it should have injected is queued again. */
static void vmx_cancel_injection(struct kvm_vcpu *vcpu)
{
	u32 info = vmcs_read32(VM_ENTRY_INTR_INFO_FIELD);

	if (!(info & INTR_INFO_VALID_MASK))
		return;

	vmcs_write32(VM_ENTRY_INTR_INFO_FIELD, 0);
	kvm_queue_interrupt(vcpu, info & INTR_INFO_VECTOR_MASK);
	kvm_make_request(KVM_REQ_EVENT, vcpu);
}

/* The requesting and the servicing virtual interrupt share one field. */
static void vmx_set_rvi(int vector)
{
	u32 status = vmcs_read32(GUEST_INTR_STATUS);

	if (vector == -1)
		vector = 0;
	vmcs_write32(GUEST_INTR_STATUS, (status & ~0xffU) | (u8)vector);
}

static void vmx_hwapic_irr_update(struct kvm_vcpu *vcpu __maybe_unused,
				  int max_irr)
{
	vmx_set_rvi(max_irr);
}

static void vmx_hwapic_isr_update(struct kvm_vcpu *vcpu __maybe_unused,
				  int max_isr)
{
	u32 status = vmcs_read32(GUEST_INTR_STATUS);

	if (max_isr == -1)
		max_isr = 0;
	vmcs_write32(GUEST_INTR_STATUS, (status & 0xff) | (u8)max_isr << 8);
}

static int vmx_sync_pir_to_irr(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	int max_irr;

	WARN_ON(!vcpu->arch.apicv_active);
	if (pi_test_on(&vmx->pi_desc)) {
		/* Cleared first: who posts from here on says so again. */
		pi_clear_on(&vmx->pi_desc);
		smp_mb__after_atomic();
		kvm_apic_update_irr(vcpu, vmx->pi_desc.pir, &max_irr);
	} else {
		max_irr = kvm_lapic_find_highest_irr(vcpu);
	}

	vmx_hwapic_irr_update(vcpu, max_irr);
	return max_irr;
}

/* Notifies the CPU that runs the guest.  Returns false if none does. */
static bool kvm_vcpu_trigger_posted_interrupt(struct kvm_vcpu *vcpu)
{
	if (vcpu->mode != IN_GUEST_MODE)
		return false;

	/*
	 * If the guest is left before the notification arrives, this does no
	 * harm: the vCPU looks at what has been posted before it enters again
	 * and before it goes to sleep.
	 */
	apic->send_IPI(vcpu->cpu, POSTED_INTR_VECTOR);
	return true;
}

static void vmx_deliver_posted_interrupt(struct kvm_vcpu *vcpu, int vector)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	/* Posted before and not seen yet, or another notification is due. */
	if (pi_test_and_set_pir(vector, &vmx->pi_desc) ||
	    pi_test_and_set_on(&vmx->pi_desc))
		return;

	if (!kvm_vcpu_trigger_posted_interrupt(vcpu))
		kvm_vcpu_kick(vcpu);
}

static void vmx_apicv_post_state_restore(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	pi_clear_on(&vmx->pi_desc);
	memset(vmx->pi_desc.pir, 0, sizeof(vmx->pi_desc.pir));
}

static u32 vmx_pin_based_exec_ctrl(struct vcpu_vmx *vmx)
{
	u32 ctrl = vmcs_config.pin_based_exec_ctrl;

	if (!kvm_vcpu_apicv_active(&vmx->vcpu))
		ctrl &= ~PIN_BASED_POSTED_INTR;

	/* The preemption timer is turned on when there is a deadline. */
	return ctrl & ~PIN_BASED_VMX_PREEMPTION_TIMER;
}

static u32 vmx_exec_control(struct vcpu_vmx *vmx)
{
	u32 ctrl = vmcs_config.cpu_based_exec_ctrl;

	if (kvm_mwait_in_guest(vmx->vcpu.kvm))
		ctrl &= ~(CPU_BASED_MWAIT_EXITING | CPU_BASED_MONITOR_EXITING);
	if (kvm_hlt_in_guest(vmx->vcpu.kvm))
		ctrl &= ~CPU_BASED_HLT_EXITING;
	if (kvm_pause_in_guest(vmx->vcpu.kvm))
		ctrl &= ~CPU_BASED_PAUSE_EXITING;

	return ctrl;
}

static u32 vmx_secondary_exec_control(struct vcpu_vmx *vmx)
{
	u32 ctrl = vmcs_config.cpu_based_2nd_exec_ctrl;

	if (!kvm_vcpu_apicv_active(&vmx->vcpu))
		ctrl &= ~(SECONDARY_EXEC_VIRTUALIZE_X2APIC_MODE |
			  SECONDARY_EXEC_APIC_REGISTER_VIRT |
			  SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY);

	return ctrl;
}

static void vmx_refresh_apicv_exec_ctrl(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	vmcs_write32(PIN_BASED_VM_EXEC_CONTROL, vmx_pin_based_exec_ctrl(vmx));
	vmx->hv_timer_armed = false;
	vmcs_write32(SECONDARY_VM_EXEC_CONTROL,
		     vmx_secondary_exec_control(vmx));
}

static void vmx_vcpu_reset(struct kvm_vcpu *vcpu,
			   bool init_event __maybe_unused)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	vmx_refresh_apicv_exec_ctrl(vcpu);
	vmcs_write32(CPU_BASED_VM_EXEC_CONTROL, vmx_exec_control(vmx));
	vmcs_write32(VM_ENTRY_INTR_INFO_FIELD, 0);
	vmcs_write32(GUEST_INTERRUPTIBILITY_INFO, 0);
	vmcs_write64(GUEST_RFLAGS, 0);
	vmx->hv_deadline_tsc = -1;

	if (!kvm_vcpu_apicv_active(vcpu))
		return;

	vmcs_write32(GUEST_INTR_STATUS, 0);
	vmcs_write32(POSTED_INTR_NV, POSTED_INTR_VECTOR);
	vmcs_write64(POSTED_INTR_DESC_ADDR, (unsigned long)&vmx->pi_desc);
}

static void vmx_free_vcpu(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	kvm_arch_vcpu_uninit(vcpu);
	free_vmcs(vmx->vmcs);
	kfree(vmx);
}

static struct kvm_vcpu *vmx_create_vcpu(struct kvm *kvm, unsigned int id)
{
	struct vcpu_vmx *vmx = kzalloc(sizeof(*vmx), GFP_KERNEL_ACCOUNT);

	if (!vmx)
		return NULL;

	vmx->hv_deadline_tsc = -1;
	vmx->vmcs = alloc_vmcs();
	if (!vmx->vmcs)
		goto free_vmx;

	kvm_vcpu_init(&vmx->vcpu, kvm, id);
	if (kvm_arch_vcpu_init(&vmx->vcpu))
		goto free_vmcs;

	return &vmx->vcpu;

free_vmcs:
	free_vmcs(vmx->vmcs);
free_vmx:
	kfree(vmx);
	return NULL;
}

/* The host takes it in vmx_handle_external_intr(), so all is done. */
static int handle_external_interrupt(struct kvm_vcpu *vcpu __maybe_unused)
{
	return 1;
}

static int handle_interrupt_window(struct kvm_vcpu *vcpu)
{
	vmcs_clear_bits(CPU_BASED_VM_EXEC_CONTROL,
			CPU_BASED_VIRTUAL_INTR_PENDING);
	kvm_make_request(KVM_REQ_EVENT, vcpu);
	return 1;
}

static int handle_preemption_timer(struct kvm_vcpu *vcpu)
{
	kvm_lapic_expired_hv_timer(vcpu);
	return 1;
}

/* Emulated as if it did nothing, which is a way to wait that works. */
static int handle_nop(struct kvm_vcpu *vcpu __maybe_unused)
{
	return 1;
}

static int (*const kvm_vmx_exit_handlers[])(struct kvm_vcpu *vcpu) = {
	[EXIT_REASON_EXTERNAL_INTERRUPT]	= handle_external_interrupt,
	[EXIT_REASON_PENDING_INTERRUPT]		= handle_interrupt_window,
	[EXIT_REASON_HLT]			= kvm_emulate_halt,
	[EXIT_REASON_MSR_READ]			= kvm_emulate_rdmsr,
	[EXIT_REASON_MSR_WRITE]			= kvm_emulate_wrmsr,
	[EXIT_REASON_MWAIT_INSTRUCTION]		= handle_nop,
	[EXIT_REASON_MONITOR_INSTRUCTION]	= handle_nop,
	[EXIT_REASON_PAUSE_INSTRUCTION]		= handle_nop,
	[EXIT_REASON_PREEMPTION_TIMER]		= handle_preemption_timer,
};

static int vmx_handle_exit(struct kvm_vcpu *vcpu)
{
	u32 reason = to_vmx(vcpu)->exit_reason;

	if (WARN_ON(reason >= ARRAY_SIZE(kvm_vmx_exit_handlers) ||
		    !kvm_vmx_exit_handlers[reason]))
		return 0;

	return kvm_vmx_exit_handlers[reason](vcpu);
}

/* With interrupts still off: the one that ended the run was acknowledged. */
static void vmx_handle_external_intr(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	if (vmx->exit_reason == EXIT_REASON_EXTERNAL_INTERRUPT &&
	    (vmx->exit_intr_info & INTR_INFO_VALID_MASK))
		host_interrupt(vmx->exit_intr_info & INTR_INFO_VECTOR_MASK);
}

static void vmx_arm_hv_timer(struct vcpu_vmx *vmx, u32 val)
{
	vmcs_write32(VMX_PREEMPTION_TIMER_VALUE, val);
	if (!vmx->hv_timer_armed)
		vmcs_set_bits(PIN_BASED_VM_EXEC_CONTROL,
			      PIN_BASED_VMX_PREEMPTION_TIMER);
	vmx->hv_timer_armed = true;
}

/* The hardware counts down from the entry, so each entry sets it again. */
static void vmx_update_hv_timer(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	u64 tsc, delta = 0;

	if (vmx->hv_deadline_tsc == (u64)-1) {
		if (vmx->hv_timer_armed)
			vmcs_clear_bits(PIN_BASED_VM_EXEC_CONTROL,
					PIN_BASED_VMX_PREEMPTION_TIMER);
		vmx->hv_timer_armed = false;
		return;
	}

	tsc = rdtsc();
	if (vmx->hv_deadline_tsc > tsc)
		delta = vmx->hv_deadline_tsc - tsc;

	vmx_arm_hv_timer(vmx, delta >> cpu_preemption_timer_multi);
}

static void vmx_vcpu_run(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);

	vmx_update_hv_timer(vcpu);
	__vmx_vcpu_run(vmx->vmcs, vcpu->arch.regs);

	vmx->exit_reason = vmcs_read32(VM_EXIT_REASON);
	vmx->exit_intr_info = vmcs_read32(VM_EXIT_INTR_INFO);

	/* Having been entered, the guest has what was to be injected. */
	vmcs_write32(VM_ENTRY_INTR_INFO_FIELD, 0);
	kvm_clear_interrupt_queue(vcpu);
}

static int vmx_set_hv_timer(struct kvm_vcpu *vcpu, u64 guest_deadline_tsc,
			    bool *expired)
{
	u32 advance_ns = vcpu->arch.apic->lapic_timer.timer_advance_ns;
	u64 advance = nsec_to_cycles(vcpu, advance_ns);
	u64 tsc, guest_tsc, delta;

	/* A guest that waits in MWAIT is not woken by the preemption timer. */
	if (kvm_mwait_in_guest(vcpu->kvm))
		return -EOPNOTSUPP;

	tsc = rdtsc();
	guest_tsc = kvm_read_l1_tsc(vcpu, tsc);
	delta = max(guest_deadline_tsc, guest_tsc) - guest_tsc;
	delta = delta > advance ? delta - advance : 0;

	/* The counter has 32 bits. */
	if (delta >> (cpu_preemption_timer_multi + 32))
		return -ERANGE;

	to_vmx(vcpu)->hv_deadline_tsc = tsc + delta;
	*expired = !delta;
	return 0;
}

static void vmx_cancel_hv_timer(struct kvm_vcpu *vcpu)
{
	to_vmx(vcpu)->hv_deadline_tsc = -1;
}

/* The hv timer does not count while the vCPU sleeps. */
static int vmx_pre_block(struct kvm_vcpu *vcpu)
{
	if (kvm_lapic_hv_timer_in_use(vcpu))
		kvm_lapic_switch_to_sw_timer(vcpu);

	return 0;
}

static void vmx_post_block(struct kvm_vcpu *vcpu)
{
	if (kvm_x86_ops->set_hv_timer)
		kvm_lapic_switch_to_hv_timer(vcpu);
}

static int hardware_setup(void)
{
	u64 misc;
	int r;

	if (!boot_cpu_has(X86_FEATURE_VMX))
		return -EOPNOTSUPP;

	r = setup_vmcs_config(&vmcs_config);
	if (r)
		return r;

	if (!cpu_has_vmx_apicv())
		enable_apicv = 0;
	if (!enable_apicv)
		kvm_x86_ops->sync_pir_to_irr = NULL;

	if (cpu_has_vmx_preemption_timer() && enable_preemption_timer) {
		rdmsrl(MSR_IA32_VMX_MISC, misc);
		cpu_preemption_timer_multi =
			misc & VMX_MISC_PREEMPTION_TIMER_RATE_MASK;
	} else {
		kvm_x86_ops->set_hv_timer = NULL;
		kvm_x86_ops->cancel_hv_timer = NULL;
	}

	return 0;
}

static struct kvm_x86_ops vmx_x86_ops __ro_after_init = {
	.hardware_setup = hardware_setup,

	.vcpu_create = vmx_create_vcpu,
	.vcpu_free = vmx_free_vcpu,
	.vcpu_reset = vmx_vcpu_reset,
	.vcpu_load = vmx_vcpu_load,
	.vcpu_put = vmx_vcpu_put,

	.run = vmx_vcpu_run,
	.handle_exit = vmx_handle_exit,
	.handle_external_intr = vmx_handle_external_intr,
	.cancel_injection = vmx_cancel_injection,

	.set_irq = vmx_inject_irq,
	.interrupt_allowed = vmx_interrupt_allowed,
	.enable_irq_window = enable_irq_window,

	.get_enable_apicv = vmx_get_enable_apicv,
	.refresh_apicv_exec_ctrl = vmx_refresh_apicv_exec_ctrl,
	.hwapic_irr_update = vmx_hwapic_irr_update,
	.hwapic_isr_update = vmx_hwapic_isr_update,
	.sync_pir_to_irr = vmx_sync_pir_to_irr,
	.deliver_posted_interrupt = vmx_deliver_posted_interrupt,
	.apicv_post_state_restore = vmx_apicv_post_state_restore,

	.pre_block = vmx_pre_block,
	.post_block = vmx_post_block,

	.set_hv_timer = vmx_set_hv_timer,
	.cancel_hv_timer = vmx_cancel_hv_timer,
};

static int __init vmx_init(void)
{
	return kvm_init(&vmx_x86_ops);
}

module_init(vmx_init);
MODULE_LICENSE("GPL");
