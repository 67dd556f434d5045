// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time, and who is next.
 *
 * The machine jumps from one moment at which something happens to the next.
 * A context that lets time pass goes on at once if nothing happens meanwhile,
 * which is nearly always.
 */

#include "machine.h"

#define MAX_EVENTS	32
#define MAX_STEPS	300000		/* in a case */
#define MAX_IDLE_STEPS	20000		/* at one moment */

static struct event {
	ktime_t when;
	void (*fn)(long arg);
	long arg;
} events[MAX_EVENTS];			/* the earliest first */

static int nr_events;
static bool stopped;
static u32 seed;
static int steps, idle_steps;
static char reason[200];

bool hung;
bool hold_up;

ktime_t now;
struct context *current;
struct context thread;

void machine_reset(u32 new_seed)
{
	now = 10 * NSEC_PER_MSEC;
	current = NULL;
	thread = (struct context){ .cpu = -1, .wake = NEVER };
	nr_events = 0;
	stopped = false;
	seed = new_seed;
	steps = 0;
	idle_steps = 0;
	reason[0] = '\0';
	hold_up = false;
}

static u32 machine_random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

void at(ktime_t when, void (*fn)(long arg), long arg)
{
	int i;

	if (nr_events == MAX_EVENTS)
		return give_up("too many events are due");

	for (i = nr_events++; i && events[i - 1].when > when; i--)
		events[i] = events[i - 1];
	events[i] = (struct event){ when, fn, arg };
}

/* When anything happens but to @but. */
static ktime_t next_moment(const struct context *but)
{
	ktime_t next = nr_events ? events[0].when : NEVER;
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		next = min(next, cpus[cpu].deadline);
		if (&cpus[cpu].irqs != but)
			next = min(next, cpus[cpu].irqs.wake);
	}
	if (&thread != but)
		next = min(next, thread.wake);

	return next;
}

static void resume(struct context *context)
{
	context->wake = NEVER;
	current = context;
	host_fiber_switch(context->fiber);
	current = NULL;
}

/* What the machine does by itself comes before what a CPU does. */
static void happen(void)
{
	int cpu;

	if (nr_events && events[0].when <= now) {
		struct event event = events[0];
		int i;

		for (i = 1; i < nr_events; i++)
			events[i - 1] = events[i];
		nr_events--;
		event.fn(event.arg);
		return;
	}

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		if (cpus[cpu].deadline <= now) {
			cpus[cpu].deadline = NEVER;
			raise_irq(cpu, IRQ_TIMER, false);
			return;
		}
	}

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		if (cpus[cpu].irqs.wake <= now)
			return resume(&cpus[cpu].irqs);

	resume(&thread);
}

static void count_step(void)
{
	if (++steps > MAX_STEPS)
		give_up("does not come to an end");
	else if (++idle_steps > MAX_IDLE_STEPS)
		give_up("spins, time stands still");
}

static void spins(void)
{
	hung = true;
	give_up("spins without a look at anything shared");
}

void machine_run(void)
{
	host_watch(spins);
	while (!stopped) {
		ktime_t next = next_moment(NULL);

		if (next == NEVER) {
			give_up("everybody waits for something to happen");
			break;
		}
		if (next > now) {
			now = next;
			idle_steps = 0;
		}
		count_step();
		happen();
	}
	host_watch(NULL);
	current = NULL;
}

void machine_stop(void)
{
	stopped = true;
	if (current)
		host_fiber_switch(FIBER_MAIN);
}

void context_start(struct context *context, int fiber, void (*fn)(void))
{
	*context = (struct context){
		.fiber = fiber, .cpu = context->cpu, .wake = NEVER,
	};
	host_fiber_start(fiber, fn);
}

/* Returns at that time, or whenever somebody changed when to wake up. */
void context_wait(ktime_t until)
{
	struct context *self = current;

	count_step();
	if (until < NEVER && next_moment(self) > until) {
		if (until > now) {
			now = until;
			idle_steps = 0;
		}
		return;
	}

	self->wake = until;
	host_fiber_switch(FIBER_MAIN);
}

/* Lets time pass for the one who calls, and its interrupts come. */
void spend(ktime_t ns)
{
	ktime_t until = now + ns;

	if (!current)
		return;

	while (now < until)
		context_wait(until);
	take_irqs();
}

/*
 * While the vCPU and the callback of its timer may meet, either may be held up
 * wherever they could see what the other does: mostly for a moment, sometimes
 * for long enough that the other gets past a whole exit and entry.
 */
void machine_step(void)
{
	ktime_t at_most;

	if (!current)
		return;

	count_step();
	if (!hold_up || !timer_contended() || machine_random() % 8)
		return;

	at_most = machine_random() % 4 ? 400 : 2500;
	spend(machine_random() % at_most);
}

const char *failure(void)
{
	return reason[0] ? reason : NULL;
}

static int add(int length, const char *text)
{
	while (*text && length < (int)sizeof(reason) - 1)
		reason[length++] = *text++;
	return length;
}

static int add_number(int length, long long number)
{
	char digits[24], *p = digits + sizeof(digits) - 1;
	u64 left = number < 0 ? -(u64)number : (u64)number;

	*p = '\0';
	do {
		*--p = '0' + left % 10;
		left /= 10;
	} while (left);
	if (number < 0)
		*--p = '-';

	return add(length, p);
}

/* Knows %s and %lld. */
void fail(const char *format, ...)
{
	__builtin_va_list args;
	int length = 0;

	if (reason[0])
		return;

	__builtin_va_start(args, format);
	for (; *format && length < (int)sizeof(reason) - 1; format++) {
		if (*format != '%') {
			reason[length++] = *format;
		} else if (format[1] == 's') {
			format++;
			length = add(length, __builtin_va_arg(args, char *));
		} else {
			format += 3;
			length = add_number(length,
					    __builtin_va_arg(args, long long));
		}
	}
	__builtin_va_end(args);
	reason[length] = '\0';
}

void give_up(const char *why)
{
	fail("%s", why);
	machine_stop();
}
