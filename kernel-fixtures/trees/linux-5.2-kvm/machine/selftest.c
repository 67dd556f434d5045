// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the machine what it should be?  First the machine alone, with timers,
 * tasks and guests of its own; then what KVM is known to do on it as long as
 * nobody asks for anything new.
 */

#include <asm/apic.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "../arch/x86/kvm/lapic.h"
#include "../arch/x86/kvm/vmx/ops.h"
#include "../arch/x86/kvm/vmx/vmx.h"
#include "machine.h"

#define VECTOR		0x41
#define SOON		(3 * NSEC_PER_MSEC)

void __svm_vcpu_run(struct vmcb *vmcb, unsigned long *regs);

static void check(bool is, const char *what)
{
	if (!is)
		fail("it is not so that %s", what);
}

static void (*body)(void);

static void thread_body(void)
{
	body();
	machine_stop();
}

static void run(bool nohz_full, void (*fn)(void))
{
	const struct host host = { .nohz_full = nohz_full };

	cpus_reset(&host);
	virt_reset();
	memset(&counts, 0, sizeof(counts));
	body = fn;
	thread_start(2, thread_body);
	machine_run();
}

/* What is wrong on purpose has to be noticed, and no more comes of it. */
static void run_to_fail(void (*fn)(void), const char *why)
{
	const char *noticed;

	run(true, fn);
	noticed = failure();
	if (noticed && host_same(noticed, why))
		machine_reset(0);
	else
		fail("nobody noticed: %s", why);
}

/* Timers. */
static struct hrtimer timer;
static int fired_on, fired;
static ktime_t fired_at, callback_takes;
static int restarts;

static enum hrtimer_restart callback(struct hrtimer *data)
{
	fired_on = smp_processor_id();
	fired_at = now;
	spend(callback_takes);
	fired++;
	if (!restarts)
		return HRTIMER_NORESTART;

	restarts--;
	hrtimer_add_expires_ns(data, SOON);
	return HRTIMER_RESTART;
}

static void start(ktime_t when, enum hrtimer_mode mode)
{
	fired_on = -1;
	fired = 0;
	restarts = 0;
	callback_takes = 0;
	hrtimer_init(&timer, CLOCK_MONOTONIC, mode);
	timer.function = callback;
	hrtimer_start(&timer, when, mode);
}

static void pinned(void)
{
	start(now + SOON, HRTIMER_MODE_ABS_PINNED);
	spend(2 * SOON);
	check(fired == 1 && fired_on == 2, "it fires where it was started");
	check(counts.fired_isolated == 1, "it is counted for that CPU");
}

static void unpinned(void)
{
	start(now + SOON, HRTIMER_MODE_ABS);
	spend(2 * SOON);
	check(fired == 1 && fired_on == 1, "it fires on the CPU that is busy");
	check(counts.fired_isolated == 0, "none fires on an isolated CPU");
}

static void unpinned_here(void)
{
	start(now + SOON, HRTIMER_MODE_ABS);
	spend(2 * SOON);
	check(fired == 1 && fired_on == 2, "it stays on a CPU that is busy");
}

static void unpinned_early(void)
{
	start(cpus[1].expires_next - 1, HRTIMER_MODE_ABS);
	spend(2 * SOON);
	check(fired == 1 && fired_on == 2,
	      "it stays if it is due before the other CPU wakes up");
}

static void restarted(void)
{
	start(now + SOON, HRTIMER_MODE_ABS);
	restarts = 2;
	spend(4 * SOON);
	check(fired == 3 && fired_on == 1, "it stays where it fires");
}

static void cancelled(void)
{
	start(now + SOON, HRTIMER_MODE_ABS);
	callback_takes = 10 * NSEC_PER_USEC;
	spend(timer.expires - now + NSEC_PER_USEC);
	check(fired_on == 1 && !fired, "the callback runs");
	check(!hrtimer_cancel(&timer), "there is nothing to cancel any more");
	check(fired, "it is waited for");
}

static void cancelled_in_time(void)
{
	start(now + SOON, HRTIMER_MODE_ABS);
	check(hrtimer_cancel(&timer), "it was queued");
	spend(2 * SOON);
	check(!fired, "it does not fire");
}

static void irqs_off(void)
{
	start(now + NSEC_PER_USEC, HRTIMER_MODE_ABS_PINNED);
	local_irq_disable();
	spend(SOON);
	check(!fired, "interrupts wait");
	local_irq_enable();
	check(fired == 1, "and then they come");
}

static void pinned_timer(void) { run(true, pinned); }
static void unpinned_timer(void) { run(true, unpinned); }
static void unpinned_timer_here(void) { run(false, unpinned_here); }
static void unpinned_timer_early(void) { run(true, unpinned_early); }
static void restarted_timer(void) { run(true, restarted); }
static void cancelled_timer(void) { run(true, cancelled); }
static void cancelled_timer_in_time(void) { run(true, cancelled_in_time); }
static void interrupts_off(void) { run(true, irqs_off); }

/* The thread. */
static struct swait_queue_head queue;
static int outs, ins;

static enum hrtimer_restart wake(struct hrtimer *data __maybe_unused)
{
	swake_up_one(&queue);
	return HRTIMER_NORESTART;
}

static void sleep_and_wake(void)
{
	ktime_t asleep = now;

	start(now + SOON, HRTIMER_MODE_ABS_PINNED);
	timer.function = wake;
	init_swait_queue_head(&queue);
	prepare_to_swait_exclusive(&queue);
	schedule();
	finish_swait(&queue);
	check(now > asleep + SOON, "it sleeps until it is woken");
	check(now < asleep + SOON + 10 * NSEC_PER_USEC, "it wakes up soon");
}

static void went_out(struct preempt_notifier *notifier __maybe_unused)
{
	outs++;
}

static void came_in(struct preempt_notifier *notifier __maybe_unused, int cpu)
{
	ins += cpu;
}

static void move(long cpu)
{
	reschedule_thread(NSEC_PER_USEC, cpu);
}

static void preempted(void)
{
	static const struct preempt_ops ops = { came_in, went_out };
	struct preempt_notifier notifier = { &ops };
	int cpu;

	outs = ins = 0;
	preempt_notifier_register(&notifier);
	at(now + NSEC_PER_USEC, move, 3);
	cpu = get_cpu();
	spend(SOON);
	check(cpu == 2 && smp_processor_id() == 2 && !outs,
	      "it stays while it cannot be preempted");
	put_cpu();
	check(smp_processor_id() == 3, "and then it moves");
	check(outs == 1 && ins == 3, "it is told of that");
	preempt_notifier_unregister(&notifier);
}

static void sleeping_thread(void) { run(true, sleep_and_wake); }
static void preempted_thread(void) { run(true, preempted); }

/* Guests: one that computes, and takes down what interrupts it. */
static struct kvm_vcpu fake_vcpu;
static struct kvm_lapic fake_apic;
static unsigned int fake_regs[1024];
static struct pi_desc desc;
static unsigned long regs[NR_VCPU_REGS];
static struct vmcs *vmcs;
static int taken;
static enum instruction first;

static void small_guest(void)
{
	guest.interrupts = true;
	guest.instruction = first;
	for (;;) {
		guest.until = NEVER;
		host_fiber_switch(FIBER_THREAD);
		if (guest.vector) {
			taken = guest.vector;
			guest.vector = 0;
		}
		if (guest.instruction == DONE)
			guest.instruction = COMPUTE;
	}
}

static void start_guest(enum instruction instruction)
{
	memset(fake_regs, 0, sizeof(fake_regs));
	memset(&desc, 0, sizeof(desc));
	fake_apic.regs = fake_regs;
	fake_vcpu.arch.apic = &fake_apic;
	vcpu = &fake_vcpu;
	taken = 0;
	first = instruction;
	host_fiber_start(FIBER_GUEST, small_guest);
}

/* Returns the reason of the exit. */
static u32 enter_vmx(u32 pin, u32 primary, u32 secondary)
{
	vmcs_write32(PIN_BASED_VM_EXEC_CONTROL, pin);
	vmcs_write32(CPU_BASED_VM_EXEC_CONTROL, primary);
	vmcs_write32(SECONDARY_VM_EXEC_CONTROL, secondary);
	vmcs_write64(POSTED_INTR_DESC_ADDR, (unsigned long)&desc);

	preempt_disable();
	local_irq_disable();
	__vmx_vcpu_run(vmcs, regs);
	if (vmcs_read32(VM_EXIT_INTR_INFO) & INTR_INFO_VALID_MASK)
		host_interrupt(vmcs_read32(VM_EXIT_INTR_INFO) & 0xff);
	local_irq_enable();
	preempt_enable();

	return vmcs_read32(VM_EXIT_REASON);
}

static void with_vmcs(void (*fn)(void))
{
	vmcs = alloc_vmcs();
	vmcs_load(vmcs);
	fn();
	vcpu = NULL;
	vmcs_clear(vmcs);
	free_vmcs(vmcs);
}

static void tick_ends_run(void)
{
	start_guest(COMPUTE);
	start(now + SOON, HRTIMER_MODE_ABS_PINNED);
	check(enter_vmx(PIN_BASED_EXT_INTR_MASK, 0, 0) ==
	      EXIT_REASON_EXTERNAL_INTERRUPT, "the host's timer ends the run");
	check(fired_on == 2 && !taken, "the host takes it, not the guest");
	check(counts.exits_by_tick == 1 && counts.exits_external == 1,
	      "it counts as one exit for a tick");
}

static void post(long notify)
{
	desc.pir[VECTOR / 32] |= 1U << VECTOR % 32;
	desc.control |= 1UL << POSTED_INTR_ON;
	raise_irq(2, IRQ_NOTIFY, notify);
}

static void notification_posts(void)
{
	start_guest(COMPUTE);
	at(now + SOON, post, 1);
	at(now + 2 * SOON, move, 2);
	enter_vmx(PIN_BASED_EXT_INTR_MASK | PIN_BASED_POSTED_INTR, 0,
		  SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY);
	check(taken == VECTOR, "the guest gets what was posted");
	check(counts.exits_external == 1 && !counts.exits_by_tick,
	      "only what comes later ends the run");
	check(!desc.pir[VECTOR / 32] && !desc.control,
	      "nothing is posted any more");
}

static void notification_exits(void)
{
	start_guest(COMPUTE);
	at(now + SOON, post, 1);
	check(enter_vmx(PIN_BASED_EXT_INTR_MASK, 0, 0) ==
	      EXIT_REASON_EXTERNAL_INTERRUPT && !taken,
	      "a notification ends the run if nothing is to be posted");
	check(counts.exits_by_tick == 1, "it counts as one exit for a tick");
}

static void posted_before_entry(void)
{
	start_guest(COMPUTE);
	local_irq_disable();
	post(1);
	at(now + SOON, move, 2);
	enter_vmx(PIN_BASED_EXT_INTR_MASK | PIN_BASED_POSTED_INTR, 0,
		  SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY);
	check(taken == VECTOR, "a notification waits for the guest to run");
}

static void halts(void)
{
	start_guest(HLT);
	check(enter_vmx(PIN_BASED_EXT_INTR_MASK, CPU_BASED_HLT_EXITING, 0) ==
	      EXIT_REASON_HLT, "HLT exits if it is told to");
	start_guest(HLT);
	at(now + SOON, post, 1);
	at(now + 2 * SOON, move, 2);
	enter_vmx(PIN_BASED_EXT_INTR_MASK | PIN_BASED_POSTED_INTR, 0,
		  SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY);
	check(taken == VECTOR && counts.exits_hlt == 1,
	      "or else waits in the guest for an interrupt");
}

static void injects(void)
{
	start_guest(COMPUTE);
	at(now + SOON, move, 2);
	enter_vmx(PIN_BASED_EXT_INTR_MASK, 0, 0);
	check(!taken, "the guest gets nothing of its own accord");
	vmcs_write32(VM_ENTRY_INTR_INFO_FIELD, INTR_INFO_VALID_MASK | VECTOR);
	at(now + SOON, move, 2);
	enter_vmx(PIN_BASED_EXT_INTR_MASK, 0, 0);
	check(taken == VECTOR, "the guest gets what is injected");
}

static void counts_down(void)
{
	ktime_t before = now;

	start_guest(COMPUTE);
	vmcs_write32(VMX_PREEMPTION_TIMER_VALUE, 1000);
	check(enter_vmx(PIN_BASED_EXT_INTR_MASK |
			PIN_BASED_VMX_PREEMPTION_TIMER, 0, 0) ==
	      EXIT_REASON_PREEMPTION_TIMER, "it ends the run");
	check(now - before > 16000 && now - before < 20000,
	      "it counts in steps of 32 cycles");
}

static void on_tick_ends_run(void) { with_vmcs(tick_ends_run); }
static void on_notification_posts(void) { with_vmcs(notification_posts); }
static void on_notification_exits(void) { with_vmcs(notification_exits); }
static void on_posted_before_entry(void) { with_vmcs(posted_before_entry); }
static void on_halts(void) { with_vmcs(halts); }
static void on_injects(void) { with_vmcs(injects); }
static void on_counts_down(void) { with_vmcs(counts_down); }

static void interrupted_guest(void) { run(true, on_tick_ends_run); }
static void notification(void) { run(true, on_notification_posts); }
static void plain_notification(void) { run(true, on_notification_exits); }
static void early_notification(void) { run(true, on_posted_before_entry); }
static void halting_guest(void) { run(true, on_halts); }
static void injected(void) { run(true, on_injects); }
static void preemption_timer(void) { run(true, on_counts_down); }

static void svm(void)
{
	struct vmcb vmcb = { .intercept = 1ULL << INTERCEPT_INTR };

	start_guest(COMPUTE);
	start(now + SOON, HRTIMER_MODE_ABS_PINNED);
	local_irq_disable();
	__svm_vcpu_run(&vmcb, regs);
	check(vmcb.exit_code == SVM_EXIT_INTR, "the host's timer ends the run");
	check(!fired, "the interrupt is still to be taken");
	local_irq_enable();
	check(fired == 1, "it comes as soon as interrupts are on");
	vcpu = NULL;
}

static void svm_guest(void) { run(true, svm); }

/* What must not go unnoticed. */
static void spin(void)
{
	for (;;)
		machine_step();
}

static void sleep_atomically(void)
{
	preempt_disable();
	schedule();
}

static enum hrtimer_restart cancel_itself(struct hrtimer *data)
{
	hrtimer_cancel(data);
	return HRTIMER_NORESTART;
}

static void deadlock(void)
{
	start(now + SOON, HRTIMER_MODE_ABS);
	timer.function = cancel_itself;
	spend(2 * SOON);
}

static void sleep_for_good(void)
{
	init_swait_queue_head(&queue);
	prepare_to_swait_exclusive(&queue);
	hrtimer_cancel(&cpus[1].host_tick);
	schedule();
}

static void faults(void)
{
	run_to_fail(spin, "spins, time stands still");
	run_to_fail(sleep_atomically, "scheduling while atomic");
	run_to_fail(deadlock, "a timer is cancelled in its own callback");
	run_to_fail(sleep_for_good,
		    "everybody waits for something to happen");
}

/* KVM on the machine, as it is if nothing is set. */
static void (*expected)(void);
static enum timer_mode case_mode;

static int run_kvm(void)
{
	group.host.nohz_full = true;
	group.parameter = false;
	check(load_modules(), "a module finds its hardware");
	run_case(case_mode, STAYS);
	expected();
	if (failure())
		print("    # %s\n", failure());
	return failure() != NULL;
}

/* Modules are loaded once, so each in a process of its own. */
static void kvm_on(enum vendor vendor, enum instance instance,
		   enum timer_mode mode, void (*fn)(void))
{
	group.vendor = vendor;
	group.instance = instance;
	case_mode = mode;
	expected = fn;
	check(!host_apart(run_kvm), "KVM does as it should, see above");
}

static void one_exit_each(void)
{
	check(counts.exits_by_tick == counts.delivered,
	      "each tick costs one exit");
	check(counts.fired_isolated == counts.delivered,
	      "all timers fire on the CPU of the vCPU");
	check(!counts.fired_elsewhere && !counts.exits_kick &&
	      !counts.exits_preempt, "nothing else is used for it");
}

static void hv_timer(void)
{
	check(counts.exits_preempt == counts.delivered,
	      "each tick is an exit of the preemption timer");
	check(!counts.fired_isolated && !counts.fired_housekeeping,
	      "no hrtimer fires");
}

static void kvm_pins(void)
{
	kvm_on(INTEL_APICV, DEDICATED, TSCDEADLINE, one_exit_each);
	kvm_on(INTEL_NO_APICV, DEDICATED, PERIODIC, one_exit_each);
	kvm_on(INTEL_APICV, MWAIT_ONLY, ONESHOT, one_exit_each);
	kvm_on(AMD, SHARED, TSCDEADLINE, one_exit_each);
}

static void kvm_prefers_hv_timer(void)
{
	kvm_on(INTEL_APICV, SHARED, TSCDEADLINE, hv_timer);
	kvm_on(INTEL_NO_APICV, SHARED, ONESHOT, hv_timer);
	kvm_on(INTEL_APICV, SHARED, PERIODIC, hv_timer);
}

const struct selftest selftests[] = {
	{ "pinned-timer-fires-where-started", pinned_timer },
	{ "unpinned-timer-fires-on-busy-housekeeping-cpu", unpinned_timer },
	{ "unpinned-timer-stays-without-nohz_full", unpinned_timer_here },
	{ "unpinned-timer-stays-if-target-wakes-later", unpinned_timer_early },
	{ "restarted-timer-stays-where-it-fires", restarted_timer },
	{ "cancel-waits-for-callback-on-other-cpu", cancelled_timer },
	{ "cancelled-timer-does-not-fire", cancelled_timer_in_time },
	{ "interrupts-wait-while-they-are-off", interrupts_off },
	{ "sleeping-thread-is-woken", sleeping_thread },
	{ "thread-moves-when-preemptible", preempted_thread },
	{ "vmx-host-interrupt-is-an-exit", interrupted_guest },
	{ "vmx-notification-is-no-exit", notification },
	{ "vmx-notification-without-posting-is-an-exit", plain_notification },
	{ "vmx-notification-waits-for-entry", early_notification },
	{ "vmx-hlt-exits-only-if-told", halting_guest },
	{ "vmx-event-is-injected-at-entry", injected },
	{ "vmx-preemption-timer-counts-down", preemption_timer },
	{ "svm-interrupt-stays-pending-after-exit", svm_guest },
	{ "faults-are-noticed", faults },
	{ "kvm-pinned-tick-is-one-exit", kvm_pins },
	{ "kvm-hv-timer-where-mwait-exits", kvm_prefers_hv_timer },
};

const int nr_selftests = ARRAY_SIZE(selftests);
