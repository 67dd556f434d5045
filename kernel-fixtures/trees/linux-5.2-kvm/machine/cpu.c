// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs: their interrupts, and the thread of the vCPU that is on one of them, or
 * asleep, or waiting while something else runs in its place.
 *
 * On its CPU, the thread itself takes the interrupts.  On all others they are
 * taken by a context of their own.
 */

#include <linux/swait.h>
#include <asm/apic.h>

#include "machine.h"

static const int vectors[NR_IRQS] = {
	[IRQ_DEVICE] = 0x31,
	[IRQ_TIMER] = 0xec,
	[IRQ_NOTIFY] = POSTED_INTR_VECTOR,
	[IRQ_RESCHEDULE] = 0xfd,
};

static struct {
	bool on_cpu;
	bool parked;			/* off its CPU, until it is woken */
	bool sleepy;			/* about to sleep, or asleep */
	bool resched;
	bool signal;
	ktime_t off;			/* what comes of being rescheduled */
	int next_cpu;
	struct preempt_notifier *notifier;
} task;

struct cpu cpus[NR_CPUS];
unsigned int nr_cpu_ids = NR_CPUS;
void (*device_handler)(void);

static void send_IPI(int cpu, int vector);
static struct apic host_apic = { .send_IPI = send_IPI };
struct apic *apic = &host_apic;

bool thread_on(int cpu)
{
	return task.on_cpu && thread.cpu == cpu;
}

bool thread_asleep(void)
{
	return task.parked && task.sleepy;
}

bool cpu_idle(int cpu)
{
	return !cpus[cpu].busy && !thread_on(cpu);
}

/* Returns -1 if there is none, and the one of the highest priority if so. */
int pending_irq(int cpu)
{
	return fls(cpus[cpu].pending) - 1;
}

int irq_vector(enum irq irq)
{
	return vectors[irq];
}

/* The same, and it is pending no more. */
int acknowledge_irq(int cpu)
{
	struct cpu *this = &cpus[cpu];
	int irq = pending_irq(cpu);

	if (irq < 0)
		return irq;

	this->pending &= ~(1U << irq);
	this->by_tick[irq] = false;
	if (irq == IRQ_RESCHEDULE)
		this->kicked = false;
	return irq;
}

static void handle_irq(enum irq irq)
{
	current->irq_depth++;
	spend(COST_IRQ);
	if (irq == IRQ_TIMER)
		hrtimer_interrupt();
	else if (irq == IRQ_DEVICE && current == &thread && device_handler)
		device_handler();
	current->irq_depth--;
}

/* Of a CPU that the thread is not on. */
static void interrupts(void)
{
	struct context *self = current;
	struct cpu *this = &cpus[self->cpu];

	self->irqs_off = true;
	for (;;) {
		while (this->pending)
			handle_irq(acknowledge_irq(self->cpu));
		this->handling = false;
		context_wait(NEVER);
		this->handling = true;
	}
}

static void hand_over(struct cpu *cpu)
{
	if (!cpu->pending || cpu->handling)
		return;

	cpu->handling = true;
	cpu->irqs.wake = now;
}

void raise_irq(int cpu, enum irq irq, bool by_tick)
{
	struct cpu *target = &cpus[cpu];

	target->pending |= 1U << irq;
	target->by_tick[irq] |= by_tick;

	if (!thread_on(cpu))
		hand_over(target);
	else if (&thread != current)
		thread.wake = min(thread.wake, now);
}

static void preempt_thread(void);

static void maybe_preempt(void)
{
	if (current == &thread && task.resched && preemptible() &&
	    !thread.irq_depth && task.on_cpu)
		preempt_thread();
}

void take_irqs(void)
{
	if (current != &thread || thread.irqs_off || !task.on_cpu)
		return;

	while (cpus[thread.cpu].pending) {
		thread.irqs_off = true;
		handle_irq(acknowledge_irq(thread.cpu));
		thread.irqs_off = false;
	}
	maybe_preempt();
}

/* The one that ended a guest's run and was acknowledged by it. */
void host_interrupt(int vector)
{
	int irq;

	for (irq = 0; irq < NR_IRQS; irq++)
		if (vectors[irq] == vector)
			return handle_irq(irq);

	fail("interrupt of unknown vector %lld", (long long)vector);
}

static void leave_cpu(void)
{
	int cpu = thread.cpu;

	thread.preempt_count++;
	thread.irqs_off = true;
	if (task.notifier)
		task.notifier->ops->sched_out(task.notifier);
	spend(COST_SWITCH);
	task.on_cpu = false;
	hand_over(&cpus[cpu]);
}

static void enter_cpu(void)
{
	thread.cpu = task.next_cpu;
	while (cpus[thread.cpu].handling || cpus[thread.cpu].pending)
		context_wait(now + COST_HOST);

	task.on_cpu = true;
	spend(COST_SWITCH);
	thread.irqs_off = false;
	if (task.notifier)
		task.notifier->ops->sched_in(task.notifier, thread.cpu);
	thread.preempt_count--;
	take_irqs();
}

static void preempt_thread(void)
{
	ktime_t until;

	task.resched = false;
	until = now + task.off;
	leave_cpu();
	while (now < until)
		context_wait(until);
	enter_cpu();
}

void schedule(void)
{
	if (!preemptible() || current != &thread)
		return give_up("scheduling while atomic");

	if (task.resched)
		preempt_thread();

	/* The page may have arrived before the vCPU has gone to sleep. */
	if (vcpu && vcpu->arch.apf.halted && !guest.page_absent) {
		kvm_arch_async_page_present(vcpu);
		return;
	}
	if (!task.sleepy || task.signal)
		return;

	leave_cpu();
	task.parked = true;
	while (task.sleepy)
		context_wait(NEVER);
	task.parked = false;
	enter_cpu();

	if (vcpu && vcpu->arch.apf.halted && !guest.page_absent)
		kvm_arch_async_page_present(vcpu);
}

void cond_resched(void)
{
	maybe_preempt();
}

bool need_resched(void)
{
	spend(COST_HOST);
	return task.resched;
}

bool signal_pending(void)
{
	spend(COST_HOST);
	return task.signal;
}

static void wake_thread(void)
{
	task.sleepy = false;
	if (task.parked)
		thread.wake = now + COST_WAKE;
}

void signal_thread(void)
{
	task.signal = true;
	if (task.sleepy)
		wake_thread();
	else if (task.on_cpu)
		raise_irq(thread.cpu, IRQ_RESCHEDULE, false);
}

void reschedule_thread(ktime_t off, int cpu)
{
	task.next_cpu = cpu;
	if (!task.on_cpu)
		return;

	task.off = off;
	task.resched = true;
	raise_irq(thread.cpu, IRQ_RESCHEDULE, false);
}

void prepare_to_swait_exclusive(struct swait_queue_head *q)
{
	task.sleepy = true;
	q->task = (struct task_struct *)&task;
}

void finish_swait(struct swait_queue_head *q)
{
	task.sleepy = false;
	q->task = NULL;
}

void swake_up_one(struct swait_queue_head *q)
{
	if (!q->task)
		return;

	q->task = NULL;
	wake_thread();
	machine_step();
}

void preempt_notifier_register(struct preempt_notifier *notifier)
{
	WARN_ON(task.notifier);
	task.notifier = notifier;
}

void preempt_notifier_unregister(struct preempt_notifier *notifier)
{
	WARN_ON(task.notifier != notifier);
	task.notifier = NULL;
}

void preempt_disable(void)
{
	if (current)
		current->preempt_count++;
}

void preempt_enable(void)
{
	if (!current)
		return;

	WARN_ON(current->preempt_count <= 0);
	current->preempt_count--;
	maybe_preempt();
}

bool preemptible(void)
{
	return current && !current->preempt_count && !current->irqs_off;
}

void local_irq_disable(void)
{
	if (current)
		current->irqs_off = true;
}

void local_irq_enable(void)
{
	if (current != &thread)
		return;

	current->irqs_off = false;
	spend(COST_HOST);
}

unsigned long arch_local_irq_save(void)
{
	unsigned long flags = current && !current->irqs_off;

	local_irq_disable();
	return flags;
}

void local_irq_restore(unsigned long flags)
{
	if (flags)
		local_irq_enable();
}

int smp_processor_id(void)
{
	return current ? current->cpu : 0;
}

/* Two numbers in one: how long an IPI flies is the same for all of them. */
static void arrive(long arg)
{
	int cpu = arg >> 8;
	enum irq irq = arg & 0x7f;

	if (irq == IRQ_RESCHEDULE)
		cpus[cpu].kicked = true;
	raise_irq(cpu, irq, arg & 0x80);
}

static void send(int cpu, enum irq irq)
{
	long by_tick = current && current->firing ? 0x80 : 0;

	if (cpu < 0 || cpu >= NR_CPUS)
		return fail("IPI to CPU %lld", (long long)cpu);

	at(now + COST_FLIGHT, arrive, (long)cpu << 8 | by_tick | irq);
	spend(COST_IPI);
}

static void send_IPI(int cpu, int vector)
{
	if (vector == POSTED_INTR_VECTOR)
		send(cpu, IRQ_NOTIFY);
	else
		fail("IPI of unknown vector %lld", (long long)vector);
}

/* Only a kick uses it here. */
void smp_send_reschedule(int cpu)
{
	send(cpu, IRQ_RESCHEDULE);
}

void cpus_reset(const struct host *host)
{
	int cpu;

	memset(&task, 0, sizeof(task));
	device_handler = NULL;
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		struct cpu *this = &cpus[cpu];

		memset(this, 0, sizeof(*this));
		this->isolated = host->nohz_full && cpu >= 2;
		this->busy = cpu == 1;
		this->irqs.cpu = cpu;
		context_start(&this->irqs, FIBER_CPU + cpu, interrupts);
		this->irqs.wake = now;
		this->handling = true;
	}
	hrtimers_reset();
}

void thread_start(int cpu, void (*fn)(void))
{
	thread.cpu = cpu;
	context_start(&thread, FIBER_THREAD, fn);
	thread.wake = now;
	task.on_cpu = true;
	task.next_cpu = cpu;
}
