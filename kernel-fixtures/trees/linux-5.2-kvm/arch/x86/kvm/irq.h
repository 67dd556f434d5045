/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __KVM_X86_IRQ_H
#define __KVM_X86_IRQ_H

#include <linux/kvm_host.h>

/* By lapic.c. */
int apic_has_pending_timer(struct kvm_vcpu *vcpu);
void kvm_inject_apic_timer_irqs(struct kvm_vcpu *vcpu);
void __kvm_migrate_apic_timer(struct kvm_vcpu *vcpu);

/* By irq.c, for a vCPU whose local APIC may be elsewhere. */
int kvm_cpu_has_injectable_intr(struct kvm_vcpu *vcpu);
int kvm_cpu_has_interrupt(struct kvm_vcpu *vcpu);
int kvm_cpu_get_interrupt(struct kvm_vcpu *vcpu);
void kvm_inject_pending_timer_irqs(struct kvm_vcpu *vcpu);
void __kvm_migrate_timers(struct kvm_vcpu *vcpu);

#endif
