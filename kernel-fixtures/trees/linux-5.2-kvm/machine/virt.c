// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hardware that runs guests: VMX with or without APICv, and SVM without
 * AVIC.  Both do the same with a guest and differ in how they are told.
 */

#include <linux/slab.h>
#include <asm/apic.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "../arch/x86/kvm/lapic.h"
#include "../arch/x86/kvm/vmx/ops.h"
#include "../arch/x86/kvm/vmx/vmx.h"
#include "machine.h"

#define TSC_PER_NS		2	/* as tsc_khz has it */
#define PREEMPTION_TIMER_RATE	5	/* a power of two, in TSC cycles */
#define NR_FIELDS		16

void __svm_vcpu_run(struct vmcb *vmcb, unsigned long *regs);

struct vmcs {
	int cpu;			/* on which it is active; -1: none */
	int nr_fields;
	struct {
		enum vmcs_field field;
		u64 value;
	} fields[NR_FIELDS];
};

/* Either vendor's controls, as far as they matter here. */
struct controls {
	bool hlt_exiting, mwait_exiting, pause_exiting, window_exiting;
	bool virtual_delivery;		/* of interrupts, and EOIs */
	struct pi_desc *posted;		/* NULL: not processed */
	ktime_t preemption_timer;
	int inject;
	bool acknowledge;		/* an interrupt with the exit */
};

enum exit {
	EXIT_INTERRUPT, EXIT_WINDOW, EXIT_HLT, EXIT_RDMSR, EXIT_WRMSR,
	EXIT_MWAIT, EXIT_PAUSE, EXIT_PREEMPTION_TIMER,
};

struct hardware hardware;
struct guest_state guest;
struct kvm_vcpu *vcpu;

u64 rdtsc(void)
{
	spend(COST_CLOCK);
	machine_step();
	return now * TSC_PER_NS;
}

ktime_t ktime_get(void)
{
	spend(COST_CLOCK);
	machine_step();
	return now;
}

/* What a guest's clock will show at a time. */
u64 guest_tsc(ktime_t when)
{
	return when * TSC_PER_NS + vcpu->arch.tsc_offset;
}

void __delay(u64 cycles)
{
	spend(cycles / TSC_PER_NS + (cycles % TSC_PER_NS != 0));
}

bool boot_cpu_has(int feature)
{
	return (feature == X86_FEATURE_VMX && hardware.vmx) ||
	       (feature == X86_FEATURE_SVM && hardware.svm);
}

u64 read_msr(u32 msr)
{
	u64 allowed = ~0ULL;

	if (msr == MSR_IA32_VMX_MISC)
		return PREEMPTION_TIMER_RATE;

	if (!hardware.apicv && msr == MSR_IA32_VMX_PINBASED_CTLS)
		allowed &= ~((u64)PIN_BASED_POSTED_INTR << 32);
	if (!hardware.apicv && msr == MSR_IA32_VMX_PROCBASED_CTLS2)
		allowed = 0;

	return allowed;
}

void write_msr(u32 msr, u64 val __maybe_unused)
{
	fail("write to MSR %lld, which this CPU does not have", (long long)msr);
}

struct vmcs *alloc_vmcs(void)
{
	struct vmcs *vmcs = kzalloc(sizeof(*vmcs), GFP_KERNEL_ACCOUNT);

	if (vmcs)
		vmcs->cpu = -1;
	return vmcs;
}

void free_vmcs(struct vmcs *vmcs)
{
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		if (cpus[cpu].vmcs == vmcs)
			cpus[cpu].vmcs = NULL;
	kfree(vmcs);
}

void vmcs_load(struct vmcs *vmcs)
{
	int cpu = smp_processor_id();

	if (vmcs->cpu != -1 && vmcs->cpu != cpu)
		fail("a VMCS is loaded that is active on another CPU");
	vmcs->cpu = cpu;
	cpus[cpu].vmcs = vmcs;
}

void vmcs_clear(struct vmcs *vmcs)
{
	if (vmcs->cpu != -1 && cpus[vmcs->cpu].vmcs == vmcs)
		cpus[vmcs->cpu].vmcs = NULL;
	vmcs->cpu = -1;
}

/* For the hardware itself, this takes no time. */
static u64 *vmcs_field(enum vmcs_field field)
{
	struct vmcs *vmcs = cpus[smp_processor_id()].vmcs;
	static u64 nothing;
	int i;

	if (!vmcs) {
		fail("a VMCS is accessed where none is loaded");
		return &nothing;
	}

	for (i = 0; i < vmcs->nr_fields; i++)
		if (vmcs->fields[i].field == field)
			return &vmcs->fields[i].value;
	if (i == NR_FIELDS) {
		fail("a VMCS has no more fields");
		return &nothing;
	}

	vmcs->fields[i].field = field;
	vmcs->nr_fields++;
	return &vmcs->fields[i].value;
}

u64 vmcs_read64(enum vmcs_field field)
{
	spend(COST_VMCS);
	return *vmcs_field(field);
}

void vmcs_write64(enum vmcs_field field, u64 value)
{
	spend(COST_VMCS);
	*vmcs_field(field) = value;
}

/* The virtual-APIC page. */
static u32 *apic_word(int reg, int vector)
{
	return (u32 *)((char *)vcpu->arch.apic->regs + reg + REG_POS(vector));
}

static int highest(int reg)
{
	int vector;

	for (vector = 255; vector >= 0; vector--)
		if (*apic_word(reg, vector) & 1U << VEC_POS(vector))
			return vector;

	return 0;
}

/* The status: the requesting vector below, the servicing one above. */
static u64 *status(void)
{
	return vmcs_field(GUEST_INTR_STATUS);
}

static bool process_posted(struct pi_desc *desc)
{
	int reg;

	desc->control &= ~(1UL << POSTED_INTR_ON);
	for (reg = 0; reg < 8; reg++) {
		*apic_word(APIC_IRR, reg * 32) |= desc->pir[reg];
		desc->pir[reg] = 0;
	}
	*status() = (*status() & ~0xffULL) | highest(APIC_IRR);
	return true;
}

/* Hands the guest a vector; it runs until its next instruction. */
static void deliver(int vector)
{
	if (guest.instruction == COMPUTE || guest.instruction == HLT ||
	    guest.instruction == MWAIT)
		guest.instruction = DONE;
	guest.vector = vector;
	host_fiber_switch(FIBER_GUEST);
}

/* What APICv does of its own when the guest can be interrupted. */
static bool deliver_virtual(void)
{
	int rvi = *status() & 0xff, ppr = *status() >> 8 & 0xf0;

	if (!guest.interrupts || (rvi & 0xf0) <= ppr)
		return false;

	*apic_word(APIC_IRR, rvi) &= ~(1U << VEC_POS(rvi));
	*apic_word(APIC_ISR, rvi) |= 1U << VEC_POS(rvi);
	*apic_word(APIC_PROCPRI, 0) = rvi & 0xf0;
	*status() = (u64)rvi << 8 | highest(APIC_IRR);
	deliver(rvi);
	return true;
}

static void virtual_eoi(void)
{
	int svi = *status() >> 8 & 0xff;

	*apic_word(APIC_ISR, svi) &= ~(1U << VEC_POS(svi));
	svi = highest(APIC_ISR);
	*apic_word(APIC_PROCPRI, 0) = svi & 0xf0;
	*status() = (*status() & 0xff) | (u64)svi << 8;
}

/* Whatever the guest does until then, it does it in guest mode. */
static bool stay_until(ktime_t until, ktime_t preemption_timer)
{
	until = min(until, preemption_timer);
	if (until > now)
		context_wait(until);

	return now >= guest.until;
}

static void finish_instruction(void)
{
	guest.instruction = DONE;
}

static bool is_timer_register(u32 msr)
{
	u32 reg = (msr - APIC_BASE_MSR) << 4;

	return msr == MSR_IA32_TSCDEADLINE || reg == APIC_LVTT ||
	       reg == APIC_TMICT;
}

/* One by which the guest is interrupted, and whether a tick is to blame. */
static void count_interrupt(enum irq irq)
{
	struct cpu *cpu = &cpus[thread.cpu];

	counts.exits_external++;
	if (irq == IRQ_RESCHEDULE && cpu->kicked)
		counts.exits_kick++;
	if (irq == IRQ_TIMER ? timer_of_kvm_due(thread.cpu) : cpu->by_tick[irq])
		counts.exits_by_tick++;
}

/* The next thing that happens in guest mode.  Returns whether it exits. */
static bool run_on(const struct controls *controls, enum exit *why)
{
	int irq = pending_irq(thread.cpu);

	if (irq == IRQ_NOTIFY && controls->posted) {
		acknowledge_irq(thread.cpu);
		return !process_posted(controls->posted);
	}
	if (now >= controls->preemption_timer) {
		counts.exits_preempt++;
		counts.exits_by_tick++;
		*why = EXIT_PREEMPTION_TIMER;
		return true;
	}
	if (irq >= 0) {
		count_interrupt(irq);
		*why = EXIT_INTERRUPT;
		return true;
	}
	if (controls->window_exiting && guest.interrupts) {
		counts.exits_other++;
		*why = EXIT_WINDOW;
		return true;
	}
	if (controls->virtual_delivery && deliver_virtual())
		return false;

	switch (guest.instruction) {
	case DONE:
		host_fiber_switch(FIBER_GUEST);
		return false;

	case COMPUTE:
		/* It would touch the page again, but for an interrupt. */
		if (guest.page_absent && !guest.in_handler) {
			raise_irq(thread.cpu, IRQ_DEVICE, false);
			return false;
		}
		if (stay_until(guest.until, controls->preemption_timer))
			finish_instruction();
		return false;

	case HLT:
		if (controls->hlt_exiting) {
			counts.exits_hlt++;
			finish_instruction();
			*why = EXIT_HLT;
			return true;
		}
		if (stay_until(guest.until, controls->preemption_timer))
			finish_instruction();
		return false;

	case MWAIT:
		if (controls->mwait_exiting) {
			counts.exits_mwait++;
			finish_instruction();
			*why = EXIT_MWAIT;
			return true;
		}
		if (stay_until(guest.until, controls->preemption_timer))
			finish_instruction();
		return false;

	case PAUSE:
		finish_instruction();
		if (!controls->pause_exiting)
			return false;
		counts.exits_other++;
		*why = EXIT_PAUSE;
		return true;

	case EOI:
		if (controls->virtual_delivery) {
			virtual_eoi();
			finish_instruction();
			return false;
		}
		guest.msr = APIC_BASE_MSR + (APIC_EOI >> 4);
		guest.value = 0;
		guest.instruction = WRMSR;
		fallthrough;

	case WRMSR:
		if (is_timer_register(guest.msr))
			counts.exits_arming++;
		else
			counts.exits_other++;
		*why = EXIT_WRMSR;
		return true;

	case RDMSR:
		counts.exits_other++;
		*why = EXIT_RDMSR;
		return true;

	case SHUTDOWN:
		signal_thread();
		*why = EXIT_INTERRUPT;
		return true;
	}

	return true;
}

/* Returns why the guest was left, and the interrupt that was acknowledged. */
static enum exit run_guest(const struct controls *controls,
			   unsigned long *regs, int *irq)
{
	enum exit why = EXIT_INTERRUPT;

	if (!current->irqs_off || current != &thread)
		fail("a guest is entered with interrupts on");

	spend(COST_ENTRY);

	/* Carried out by KVM meanwhile. */
	if (guest.instruction == RDMSR)
		guest.value = (u32)regs[VCPU_REGS_RAX] |
			      (u64)regs[VCPU_REGS_RDX] << 32;
	if (guest.instruction == RDMSR || guest.instruction == WRMSR)
		finish_instruction();

	if (controls->inject) {
		if (!guest.interrupts)
			fail("an interrupt is injected that the guest blocks");
		deliver(controls->inject);
	}

	while (!run_on(controls, &why))
		;

	*irq = -1;
	if (why == EXIT_INTERRUPT && controls->acknowledge)
		*irq = acknowledge_irq(thread.cpu);

	if (why == EXIT_RDMSR || why == EXIT_WRMSR) {
		regs[VCPU_REGS_RCX] = guest.msr;
		regs[VCPU_REGS_RAX] = (u32)guest.value;
		regs[VCPU_REGS_RDX] = guest.value >> 32;
	}

	spend(COST_EXIT);
	return why;
}

void __vmx_vcpu_run(struct vmcs *vmcs, unsigned long *regs)
{
	static const u32 reasons[] = {
		[EXIT_INTERRUPT] = EXIT_REASON_EXTERNAL_INTERRUPT,
		[EXIT_WINDOW] = EXIT_REASON_PENDING_INTERRUPT,
		[EXIT_HLT] = EXIT_REASON_HLT,
		[EXIT_RDMSR] = EXIT_REASON_MSR_READ,
		[EXIT_WRMSR] = EXIT_REASON_MSR_WRITE,
		[EXIT_MWAIT] = EXIT_REASON_MWAIT_INSTRUCTION,
		[EXIT_PAUSE] = EXIT_REASON_PAUSE_INSTRUCTION,
		[EXIT_PREEMPTION_TIMER] = EXIT_REASON_PREEMPTION_TIMER,
	};
	u32 pin = *vmcs_field(PIN_BASED_VM_EXEC_CONTROL);
	u32 first = *vmcs_field(CPU_BASED_VM_EXEC_CONTROL);
	u32 second = *vmcs_field(SECONDARY_VM_EXEC_CONTROL);
	u32 event = *vmcs_field(VM_ENTRY_INTR_INFO_FIELD);
	u64 left = *vmcs_field(VMX_PREEMPTION_TIMER_VALUE);
	struct controls controls = {
		.hlt_exiting = first & CPU_BASED_HLT_EXITING,
		.mwait_exiting = first & CPU_BASED_MWAIT_EXITING,
		.pause_exiting = first & CPU_BASED_PAUSE_EXITING,
		.window_exiting = first & CPU_BASED_VIRTUAL_INTR_PENDING,
		.virtual_delivery = second &
				    SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY,
		.preemption_timer = NEVER,
		.acknowledge = true,
	};
	u32 info = 0;
	enum exit why;
	int irq;

	if (cpus[thread.cpu].vmcs != vmcs)
		fail("a guest is entered whose VMCS is not loaded");
	if (pin & PIN_BASED_POSTED_INTR)
		controls.posted = (void *)(unsigned long)
				  *vmcs_field(POSTED_INTR_DESC_ADDR);
	if (event & INTR_INFO_VALID_MASK)
		controls.inject = event & INTR_INFO_VECTOR_MASK;
	if (pin & PIN_BASED_VMX_PREEMPTION_TIMER)
		controls.preemption_timer = now + COST_ENTRY +
			(left << PREEMPTION_TIMER_RATE) / TSC_PER_NS;

	why = run_guest(&controls, regs, &irq);

	if (irq >= 0)
		info = INTR_INFO_VALID_MASK | irq_vector(irq);
	*vmcs_field(VM_EXIT_REASON) = reasons[why];
	*vmcs_field(VM_EXIT_INTR_INFO) = info;
	*vmcs_field(GUEST_RFLAGS) = guest.interrupts ? X86_EFLAGS_IF : 0;
}

static bool intercepted(const struct vmcb *vmcb, int bit)
{
	return vmcb->intercept >> bit & 1;
}

void __svm_vcpu_run(struct vmcb *vmcb, unsigned long *regs)
{
	static const u32 codes[] = {
		[EXIT_INTERRUPT] = SVM_EXIT_INTR,
		[EXIT_WINDOW] = SVM_EXIT_VINTR,
		[EXIT_HLT] = SVM_EXIT_HLT,
		[EXIT_RDMSR] = SVM_EXIT_MSR,
		[EXIT_WRMSR] = SVM_EXIT_MSR,
		[EXIT_MWAIT] = SVM_EXIT_MWAIT,
		[EXIT_PAUSE] = SVM_EXIT_PAUSE,
		[EXIT_PREEMPTION_TIMER] = 0,
	};
	struct controls controls = {
		.hlt_exiting = intercepted(vmcb, INTERCEPT_HLT),
		.mwait_exiting = intercepted(vmcb, INTERCEPT_MWAIT),
		.pause_exiting = intercepted(vmcb, INTERCEPT_PAUSE),
		.window_exiting = (vmcb->int_ctl & V_IRQ_MASK) &&
				  intercepted(vmcb, INTERCEPT_VINTR),
		.preemption_timer = NEVER,
	};
	enum exit why;
	int irq;

	if (!intercepted(vmcb, INTERCEPT_INTR))
		fail("the host's interrupts are left to a guest");
	if (vmcb->int_ctl & AVIC_ENABLE_MASK)
		fail("AVIC is used, which this CPU does not have");
	if (vmcb->event_inj & SVM_EVTINJ_VALID)
		controls.inject = vmcb->event_inj & 0xff;

	why = run_guest(&controls, regs, &irq);
	vmcb->exit_code = codes[why];
	vmcb->exit_info_1 = why == EXIT_WRMSR;
	vmcb->rflags = guest.interrupts ? X86_EFLAGS_IF : 0;
}

void virt_reset(void)
{
	memset(&guest, 0, sizeof(guest));
	vcpu = NULL;
}
