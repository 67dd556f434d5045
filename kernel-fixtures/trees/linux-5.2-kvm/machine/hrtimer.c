// SPDX-License-Identifier: GPL-2.0-only
/*
 * hrtimers: a queue for each CPU, and the choice of the CPU for a timer that is
 * not pinned.
 */

#include <linux/hrtimer.h>

#include "machine.h"

/* Of the timers of KVM, the one that was started last. */
static struct hrtimer *last;
static bool taken_off;			/* its queue, before it fired */

static bool is_host_tick(const struct hrtimer *timer)
{
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		if (timer == &cpus[cpu].host_tick)
			return true;

	return false;
}

/* The nearest first: CPUs come in pairs.  Returns -1 if there is none. */
static int housekeeping_busy(int near)
{
	int i;

	for (i = 0; i < NR_CPUS; i++) {
		/* Itself first, the other of the pair, then by number. */
		int cpu = i < 2 ? near ^ i : i - 2 + (near < 2) * 2;

		if (!cpus[cpu].isolated && !cpu_idle(cpu))
			return cpu;
	}

	return -1;
}

static int nohz_timer_target(int this_cpu)
{
	int cpu = housekeeping_busy(this_cpu);

	if (cpu >= 0)
		return cpu;

	return cpus[this_cpu].isolated ? 0 : this_cpu;
}

static void enqueue(struct hrtimer *timer, int cpu)
{
	struct hrtimer **link = &cpus[cpu].queue;

	while (*link && (*link)->expires <= timer->expires)
		link = &(*link)->next;
	timer->next = *link;
	*link = timer;
	timer->cpu = cpu;
	timer->queued = true;
}

static void dequeue(struct hrtimer *timer)
{
	struct hrtimer **link = &cpus[timer->cpu].queue;

	while (*link && *link != timer)
		link = &(*link)->next;
	if (*link)
		*link = timer->next;
	timer->next = NULL;
	timer->queued = false;
}

static void program(struct cpu *cpu)
{
	cpu->expires_next = cpu->queue ? cpu->queue->expires : NEVER;
	cpu->deadline = cpu->expires_next;
}

static bool running(const struct hrtimer *timer)
{
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		if (cpus[cpu].irqs.firing == timer)
			return true;

	return thread.firing == timer;
}

void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode)
{
	WARN_ON(clock != CLOCK_MONOTONIC || (mode & HRTIMER_MODE_REL));
	memset(timer, 0, sizeof(*timer));
	timer->cpu = smp_processor_id();
}

void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode)
{
	int this_cpu = smp_processor_id();
	int cpu = this_cpu;
	bool same = timer->expires == tim;

	if (!timer->function || timer->cpu < 0 || timer->cpu >= NR_CPUS)
		return give_up("a timer is started that was not initialised");

	if (timer->queued) {
		dequeue(timer);
		if (timer->cpu == this_cpu)
			program(&cpus[this_cpu]);
	}

	timer->expires = tim;
	timer->pinned = mode & HRTIMER_MODE_PINNED;
	if (!timer->pinned)
		cpu = nohz_timer_target(this_cpu);

	/*
	 * A timer cannot leave the CPU that runs its callback, nor go to one
	 * whose hardware would have to be set to an earlier time for it.
	 */
	if (timer->cpu != cpu && running(timer))
		cpu = timer->cpu;
	else if (cpu != this_cpu && tim < cpus[cpu].expires_next)
		cpu = this_cpu;

	enqueue(timer, cpu);
	if (cpu == this_cpu && cpus[cpu].queue == timer &&
	    tim < cpus[cpu].expires_next)
		program(&cpus[cpu]);

	if (is_host_tick(timer))
		return;

	if (taken_off && same && timer == last)
		counts.migrations++;
	taken_off = false;
	last = timer;
	spend(COST_TIMER);
}

int hrtimer_cancel(struct hrtimer *timer)
{
	bool was_queued;

	spend(COST_TIMER);
	while (running(timer)) {
		if (current->firing == timer) {
			give_up("a timer is cancelled in its own callback");
			return 0;
		}
		spend(COST_HOST);
	}

	was_queued = timer->queued;
	if (was_queued) {
		dequeue(timer);
		if (timer->cpu == smp_processor_id())
			program(&cpus[timer->cpu]);
		taken_off = true;
	}

	return was_queued;
}

static void count_fired(int cpu)
{
	if (cpus[cpu].isolated)
		counts.fired_isolated++;
	else
		counts.fired_housekeeping++;
	if (cpu != thread.cpu)
		counts.fired_elsewhere++;
}

static void expire(struct hrtimer *timer, int cpu)
{
	struct hrtimer *interrupted = current->firing;
	enum hrtimer_restart restart;

	dequeue(timer);
	current->firing = timer;
	if (!is_host_tick(timer)) {
		count_fired(cpu);
		spend(COST_TIMER);
	}

	restart = timer->function(timer);
	if (restart == HRTIMER_RESTART && !timer->queued)
		enqueue(timer, cpu);
	current->firing = interrupted;
}

/* Until it is through, the hardware is not set for anything. */
void hrtimer_interrupt(void)
{
	int cpu = current->cpu;
	struct cpu *this = &cpus[cpu];

	this->expires_next = NEVER;
	while (this->queue && this->queue->expires <= now)
		expire(this->queue, cpu);
	program(this);
}

/* Is there a timer within this memory that would still fire? */
bool hrtimer_in(const void *p, size_t size)
{
	const char *start = p;
	struct hrtimer *timer;
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (timer = cpus[cpu].queue; timer; timer = timer->next)
			if ((char *)timer >= start &&
			    (char *)timer < start + size)
				return true;

	if (last && (char *)last >= start && (char *)last < start + size)
		last = NULL;

	return false;
}

bool timer_of_kvm_due(int cpu)
{
	struct hrtimer *timer;

	for (timer = cpus[cpu].queue; timer; timer = timer->next)
		if (timer->expires <= now && !is_host_tick(timer))
			return true;

	return false;
}

/* Is a callback that can run beside the vCPU running, or about to? */
bool timer_contended(void)
{
	struct hrtimer *timer;
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		if (thread_on(cpu))
			continue;
		timer = cpus[cpu].irqs.firing;
		if (timer && !is_host_tick(timer) && !timer->pinned)
			return true;
	}

	return last && last->queued && !last->pinned &&
	       last->expires < now + 2000 && !thread_on(last->cpu);
}

static enum hrtimer_restart host_tick(struct hrtimer *timer)
{
	hrtimer_add_expires_ns(timer, HOST_TICK);
	return HRTIMER_RESTART;
}

/* An idle CPU has no tick, nor has one that is left to a single task. */
void hrtimers_reset(void)
{
	int cpu;

	last = NULL;
	taken_off = false;
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		struct cpu *this = &cpus[cpu];

		if (cpu && !this->isolated) {
			this->host_tick.function = host_tick;
			this->host_tick.expires = now + cpu * 111 * NSEC_PER_USEC;
			enqueue(&this->host_tick, cpu);
		}
		program(this);
	}
}
