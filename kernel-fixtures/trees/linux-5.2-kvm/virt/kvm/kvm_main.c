// SPDX-License-Identifier: GPL-2.0-only
/*
 * What KVM does on every architecture: make VMs and vCPUs, tie a vCPU to the
 * CPU its thread runs on, put it to sleep and wake it up.
 */

#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/slab.h>

/* The thread of a vCPU comes back from having been preempted. */
static void kvm_sched_in(struct preempt_notifier *pn, int cpu)
{
	struct kvm_vcpu *vcpu = container_of(pn, struct kvm_vcpu,
					     preempt_notifier);

	vcpu->preempted = false;
	kvm_arch_vcpu_load(vcpu, cpu);
}

static void kvm_sched_out(struct preempt_notifier *pn)
{
	struct kvm_vcpu *vcpu = container_of(pn, struct kvm_vcpu,
					     preempt_notifier);

	vcpu->preempted = true;
	kvm_arch_vcpu_put(vcpu);
}

static const struct preempt_ops kvm_preempt_ops = {
	.sched_in = kvm_sched_in,
	.sched_out = kvm_sched_out,
};

void vcpu_load(struct kvm_vcpu *vcpu)
{
	int cpu = get_cpu();

	preempt_notifier_register(&vcpu->preempt_notifier);
	kvm_arch_vcpu_load(vcpu, cpu);
	put_cpu();
}
EXPORT_SYMBOL_GPL(vcpu_load);

void vcpu_put(struct kvm_vcpu *vcpu)
{
	preempt_disable();
	kvm_arch_vcpu_put(vcpu);
	preempt_notifier_unregister(&vcpu->preempt_notifier);
	preempt_enable();
}
EXPORT_SYMBOL_GPL(vcpu_put);

/* Returns nonzero if there is a reason not to sleep. */
static int kvm_vcpu_check_block(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_vcpu_runnable(vcpu)) {
		kvm_make_request(KVM_REQ_UNHALT, vcpu);
		return -EINTR;
	}

	if (kvm_cpu_has_pending_timer(vcpu) || signal_pending())
		return -EINTR;

	return 0;
}

/* Sleeps until there is something for the vCPU to do. */
void kvm_vcpu_block(struct kvm_vcpu *vcpu)
{
	for (;;) {
		prepare_to_swait_exclusive(&vcpu->wq);
		if (kvm_vcpu_check_block(vcpu) < 0)
			break;
		schedule();
	}

	finish_swait(&vcpu->wq);
}
EXPORT_SYMBOL_GPL(kvm_vcpu_block);

bool kvm_vcpu_wake_up(struct kvm_vcpu *vcpu)
{
	if (!swq_has_sleeper(&vcpu->wq))
		return false;

	swake_up_one(&vcpu->wq);
	vcpu->stat.halt_wakeup++;
	return true;
}
EXPORT_SYMBOL_GPL(kvm_vcpu_wake_up);

/* Gets a vCPU to notice something: wakes it, or makes it leave the guest. */
void kvm_vcpu_kick(struct kvm_vcpu *vcpu)
{
	unsigned int cpu = vcpu->cpu;
	unsigned int me;

	if (kvm_vcpu_wake_up(vcpu))
		return;

	me = get_cpu();
	if (cpu != me && cpu < nr_cpu_ids && kvm_arch_vcpu_should_kick(vcpu))
		smp_send_reschedule(cpu);
	put_cpu();
}
EXPORT_SYMBOL_GPL(kvm_vcpu_kick);

void kvm_vcpu_init(struct kvm_vcpu *vcpu, struct kvm *kvm, unsigned int id)
{
	vcpu->kvm = kvm;
	vcpu->vcpu_id = id;
	vcpu->cpu = -1;
	vcpu->preempt_notifier.ops = &kvm_preempt_ops;
	init_swait_queue_head(&vcpu->wq);
}
EXPORT_SYMBOL_GPL(kvm_vcpu_init);

struct kvm *kvm_create_vm(void)
{
	return kzalloc(sizeof(struct kvm), GFP_KERNEL_ACCOUNT);
}

void kvm_destroy_vm(struct kvm *kvm)
{
	int i;

	for (i = 0; i < KVM_MAX_VCPUS; i++)
		if (kvm->vcpus[i])
			kvm_arch_vcpu_destroy(kvm->vcpus[i]);

	kfree(kvm);
}

/* Returns NULL if there is no such vCPU to be had. */
struct kvm_vcpu *kvm_vm_ioctl_create_vcpu(struct kvm *kvm, unsigned int id)
{
	struct kvm_vcpu *vcpu;

	if (id >= KVM_MAX_VCPUS || kvm->vcpus[id])
		return NULL;

	vcpu = kvm_arch_vcpu_create(kvm, id);
	if (!vcpu)
		return NULL;

	kvm_arch_vcpu_postcreate(vcpu);
	kvm->vcpus[id] = vcpu;
	return vcpu;
}

int kvm_init(void *opaque)
{
	return kvm_arch_init(opaque);
}
EXPORT_SYMBOL_GPL(kvm_init);
