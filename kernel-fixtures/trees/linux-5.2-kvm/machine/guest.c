// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest: it programs its timer over and over, and keeps a ledger of what it
 * asked for and what it got.  Here, too, is what the host has in store for it
 * about when a tick is due.
 */

#include <asm/apicdef.h>
#include <asm/msr.h>

#include "machine.h"

#define TIMER_VECTOR	0xef
#define TICKS		80
#define PERIOD		(4 * NSEC_PER_MSEC)	/* longer than the host's */
#define SHORT_PERIOD	(300 * NSEC_PER_USEC)	/* shorter */
#define PAUSED		(1200 * NSEC_PER_USEC)
#define GRACE		(30 * NSEC_PER_USEC)

struct counts counts;

static const u32 lvtt_modes[NR_MODES] = {
	[ONESHOT] = APIC_LVT_TIMER_ONESHOT,
	[PERIODIC] = APIC_LVT_TIMER_PERIODIC,
	[TSCDEADLINE] = APIC_LVT_TIMER_TSCDEADLINE,
};

static enum timer_mode mode;
static enum behaviour behaviour;
static ktime_t period;
static int nr;				/* of the tick */

static bool seen;			/* an interrupt */
static bool armed;
static ktime_t deadline;		/* of the next tick */

/* One that was armed no more when it was due, or nearly so. */
static bool withdrawn;
static ktime_t withdrawn_deadline, withdrawn_until;

static void timer_interrupt(void)
{
	seen = true;

	if (withdrawn && now >= withdrawn_deadline && now <= withdrawn_until) {
		withdrawn = false;
		counts.withdrawn--;
		counts.delivered++;
		return;
	}

	/* Half a period before the tick is due, it is another one. */
	if (!armed || now < deadline - period / 2) {
		if (!counts.duplicated++)
			fail("a tick came twice, or was not asked for, after %lld",
			     (long long)nr);
		return;
	}

	if (now < deadline) {
		if (!counts.early++)
			fail("tick %lld came %lld ns early", (long long)nr,
			     (long long)(deadline - now));
	} else {
		counts.delivered++;
		counts.delay_max = max(counts.delay_max, now - deadline);
	}

	if (mode == PERIODIC)
		deadline += period;
	else
		armed = false;
}

static void interrupt(int vector)
{
	guest.interrupts = false;
	guest.in_handler = true;

	if (vector == TIMER_VECTOR)
		timer_interrupt();
	else
		fail("the guest gets vector %lld", (long long)vector);
}

/* Returns when it has been executed, with what RDMSR has read. */
static u64 execute(enum instruction what, ktime_t until, u32 msr, u64 value)
{
	bool interrupted;
	u64 result;

	do {
		guest.instruction = what;
		guest.until = until;
		guest.msr = msr;
		guest.value = value;
		host_fiber_switch(FIBER_THREAD);

		interrupted = guest.instruction != DONE;
		result = guest.value;
		if (guest.vector) {
			int vector = guest.vector;

			guest.vector = 0;
			interrupt(vector);
			execute(EOI, 0, 0, 0);
			guest.in_handler = false;
			guest.interrupts = true;
		}
	} while (interrupted);

	return result;
}

static void wrmsr(u32 msr, u64 value)
{
	execute(WRMSR, 0, msr, value);
}

static void write_apic(u32 reg, u32 value)
{
	wrmsr(APIC_BASE_MSR + (reg >> 4), value);
}

/* Is not woken up again, but for a tick, before it gives up. */
static void wait(ktime_t until)
{
	seen = false;
	while (!seen && now < until) {
		if (behaviour != HALTS || !armed) {
			execute(COMPUTE, until, 0, 0);
		} else {
			if (nr & 1)
				execute(MWAIT, until, 0, 0);
			if (!seen)
				execute(HLT, until, 0, 0);
		}
	}
}

static void idle(ktime_t until)
{
	while (now < until)
		wait(until);
}

static void come_back(long arg)
{
	(void)arg;
	guest.page_absent = false;
	if (vcpu && vcpu->wq.task)
		swake_up_one(&vcpu->wq);
}

/* On the vCPU's thread, in place of a page fault and of a Hyper-V MSR. */
static void on_device(void)
{
	if (!vcpu || !current)
		return;

	if (behaviour == APF_HALTED && guest.page_absent)
		kvm_arch_async_page_not_present(vcpu);
	if (behaviour == APICV_SWITCHED_OFF)
		kvm_vcpu_deactivate_apicv(vcpu);
}

static void disturb(long cpu)
{
	switch (behaviour) {
	case MOVES:
	case MOVED_WHILE_FIRING:
		reschedule_thread(2 * NSEC_PER_USEC, cpu);
		return;

	case PREEMPTED:
		reschedule_thread(PAUSED, cpu);
		return;

	case APF_HALTED:
		/* The guest touches it as soon as it runs. */
		guest.page_absent = true;
		at(now + PAUSED, come_back, 0);
		if (thread_on(thread.cpu))
			thread.wake = min(thread.wake, now);
		return;

	case INTERRUPTED_WHILE_FIRING:
	case APICV_SWITCHED_OFF:
		raise_irq(cpu, IRQ_DEVICE, false);
		return;

	default:
		return;
	}
}

/* From before the tick to after it, in steps that meet all there is between. */
static ktime_t around(void)
{
	return (nr * 83 % TICKS - TICKS / 2) * 83L;
}

/* What the host does about the time of a tick. */
static void plan(ktime_t due)
{
	int cpu = 2 + nr % 2;

	switch (behaviour) {
	case MOVES:
		at(due - 2 * NSEC_PER_MSEC - nr * 7, disturb, cpu);
		return;

	case MOVED_WHILE_FIRING:
		at(due + around(), disturb, cpu);
		return;

	case APF_HALTED:
		/* It is the page that comes about then, every other time. */
		at(due + around() - nr % 2 * PAUSED, disturb, cpu);
		return;

	case PREEMPTED:
	case INTERRUPTED_WHILE_FIRING:
		at(due + around(), disturb, 2);
		return;

	case APICV_SWITCHED_OFF:
		if (nr == TICKS / 2)
			at(due - PERIOD / 2, disturb, 2);
		return;

	default:
		return;
	}
}

/* Does the guest itself do something when a tick is due? */
static bool interferes(void)
{
	return behaviour == REARMED_WHILE_FIRING ||
	       behaviour == CANCELLED_WHILE_FIRING;
}

static void write_timer(ktime_t due)
{
	if (mode == TSCDEADLINE)
		wrmsr(MSR_IA32_TSCDEADLINE, due ? guest_tsc(due) : 0);
	else
		write_apic(APIC_TMICT, due ? due - now : 0);
}

static void arm(ktime_t due)
{
	counts.armed++;
	armed = true;
	deadline = due;
	write_timer(due);
}

/* From here on, the tick that was due by then may come, or may not. */
static void withdraw(ktime_t due)
{
	withdrawn = armed && deadline <= due;
	withdrawn_deadline = deadline;
	withdrawn_until = NEVER;
	counts.withdrawn += withdrawn;
	armed = false;
}

static void lose(void)
{
	if (!counts.lost++)
		fail("tick %lld was lost", (long long)nr);
}

/* A deadline that has passed reads as zero, the count as well. */
static void check_disarmed(void)
{
	u64 left;

	if (mode == TSCDEADLINE)
		left = execute(RDMSR, 0, MSR_IA32_TSCDEADLINE, 0);
	else
		left = execute(RDMSR, 0, APIC_BASE_MSR + (APIC_TMCCT >> 4), 0);

	if (left && !counts.stale++)
		fail("after tick %lld the timer still reads %lld",
		     (long long)nr, (long long)left);
}

/* One tick at a time, and now and then a while without. */
static void single_ticks(void)
{
	ktime_t due = now + period;

	for (nr = 1; nr <= TICKS; nr++) {
		arm(due);
		plan(due);
		execute(PAUSE, 0, 0, 0);

		if (interferes()) {
			wait(due + around());
			withdraw(due);
			if (behaviour == REARMED_WHILE_FIRING) {
				due += period;
				arm(due);
			} else {
				write_timer(0);
			}
			withdrawn_until = now + GRACE;
		}

		while (armed && now < due + period + period / 2)
			wait(due + period + period / 2);
		if (armed) {
			lose();
			armed = false;
		}

		if (nr % 5 == 0 || behaviour == CANCELLED_WHILE_FIRING) {
			check_disarmed();
			idle(due + period + period / 2);
		}
		due += period;
		while (due < now + period / 2)
			due += period;
	}
}

static void periodic_ticks(void)
{
	ktime_t due = now + period;

	arm(due);
	for (nr = 1; nr <= TICKS; nr++) {
		plan(due);
		execute(PAUSE, 0, 0, 0);

		if (interferes()) {
			wait(due + around());
			withdraw(due);
			if (behaviour == CANCELLED_WHILE_FIRING) {
				write_timer(0);
				withdrawn_until = now + GRACE;
				idle(now + period + period / 2);
			}
			due = now + period;
			arm(due);
			withdrawn_until = now + GRACE;
			continue;
		}

		/* It goes on by itself, whatever has become of this one. */
		while (deadline <= due && now < due + period / 2)
			wait(due + period / 2);
		for (; deadline <= due; deadline += period)
			lose();
		due += period;
		if (nr < TICKS)
			counts.armed++;
	}

	withdraw(interferes() ? due : 0);
	write_timer(0);
	withdrawn_until = now;
	check_disarmed();
	idle(now + 2 * period + period / 2);
}

static void program(void)
{
	write_apic(APIC_SPIV, APIC_SPIV_APIC_ENABLED | 0xff);
	write_apic(APIC_TDCR, 0xb);
	write_apic(APIC_LVTT, lvtt_modes[mode] | TIMER_VECTOR);
	guest.interrupts = true;

	if (mode == PERIODIC)
		periodic_ticks();
	else
		single_ticks();

	guest.finished = true;
	for (;;)
		execute(SHUTDOWN, 0, 0, 0);
}

/* When a tick is due. */
static bool left_alone(void)
{
	return behaviour == STAYS || behaviour == MOVES || behaviour == HALTS ||
	       behaviour == BEFORE_HOST_TICK;
}

void guest_boot(enum timer_mode new_mode, enum behaviour new_behaviour)
{
	mode = new_mode;
	behaviour = new_behaviour;
	period = behaviour == BEFORE_HOST_TICK ? SHORT_PERIOD : PERIOD;
	armed = false;
	withdrawn = false;
	memset(&counts, 0, sizeof(counts));
	device_handler = on_device;
	hold_up = !left_alone();
	host_fiber_start(FIBER_GUEST, program);
}

/* Whether it got what it asked for, as far as that is not yet known. */
void guest_judge(void)
{
	ktime_t bound = 20 * NSEC_PER_USEC;

	if (behaviour == PREEMPTED)
		bound += PAUSED;

	/* Asleep for good, or kept from its timer in another way? */
	if (!guest.finished && armed && now > deadline + period)
		lose();
	if (!guest.finished)
		fail("the guest's program did not come to its end");
	if (counts.armed != counts.delivered + counts.lost + counts.early +
			    counts.withdrawn)
		fail("%lld ticks were armed, and other numbers do not add up",
		     (long long)counts.armed);
	if (counts.delay_max > bound)
		fail("a tick came %lld ns late", (long long)counts.delay_max);
}
