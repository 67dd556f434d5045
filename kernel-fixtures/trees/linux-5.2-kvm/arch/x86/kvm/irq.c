// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is pending for a vCPU, wherever it comes from.  The 8259 and the PIT
 * are not part of this tree, so it comes from the local APIC or not at all.
 */

#include <linux/kvm_host.h>

#include "irq.h"
#include "lapic.h"

int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return lapic_in_kernel(vcpu) ? apic_has_pending_timer(vcpu) : 0;
}

int kvm_cpu_has_interrupt(struct kvm_vcpu *vcpu)
{
	if (!lapic_in_kernel(vcpu))
		return vcpu->arch.interrupt.injected;

	return kvm_apic_has_interrupt(vcpu) != -1;
}

/* With APICv it is the hardware that injects. */
int kvm_cpu_has_injectable_intr(struct kvm_vcpu *vcpu)
{
	return !kvm_vcpu_apicv_active(vcpu) && kvm_cpu_has_interrupt(vcpu);
}

int kvm_cpu_get_interrupt(struct kvm_vcpu *vcpu)
{
	if (!lapic_in_kernel(vcpu))
		return vcpu->arch.interrupt.nr;

	return kvm_get_apic_interrupt(vcpu);
}

void kvm_inject_pending_timer_irqs(struct kvm_vcpu *vcpu)
{
	if (lapic_in_kernel(vcpu))
		kvm_inject_apic_timer_irqs(vcpu);
}

void __kvm_migrate_timers(struct kvm_vcpu *vcpu)
{
	__kvm_migrate_apic_timer(vcpu);
}
