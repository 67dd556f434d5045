/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_H
#define MACHINE_H

#include <linux/kvm_host.h>

#include "host.h"

#define NR_CPUS		4
#define NEVER		((ktime_t)1 << 62)
#define NSEC_PER_MSEC	1000000L

/* What things take, in nanoseconds.  All else takes no time at all. */
#define COST_CLOCK	10	/* to read a clock */
#define COST_VMCS	15	/* to access a field of the VMCS */
#define COST_HOST	40	/* for the host to go on with something else */
#define COST_TIMER	30	/* to start, cancel or expire an hrtimer */
#define COST_IPI	50	/* to send an IPI, */
#define COST_FLIGHT	150	/* which then arrives later */
#define COST_IRQ	150	/* for the host to take an interrupt */
#define COST_ENTRY	600	/* to enter the guest */
#define COST_EXIT	600	/* to leave it */
#define COST_SWITCH	400	/* from one task to another */
#define COST_WAKE	500	/* until a task that was woken goes on */

#define HOST_TICK	(1 * NSEC_PER_MSEC)	/* CONFIG_HZ=1000 */

/*
 * engine.c: time, and who is next.
 *
 * A context is what executes on a CPU: the thread of the vCPU, or the
 * interrupts of a CPU that the thread is not on.  Only one runs at a time,
 * until it lets time pass.
 */
struct context {
	int fiber;
	int cpu;
	ktime_t wake;			/* when it goes on */
	bool irqs_off;
	int preempt_count;
	int irq_depth;
	struct hrtimer *firing;		/* its callback runs */
};

extern ktime_t now;
extern struct context *current;		/* NULL: an event of the machine */
extern struct context thread;

void machine_reset(u32 seed);
void machine_run(void);
void machine_stop(void);
void context_start(struct context *context, int fiber, void (*fn)(void));
void context_wait(ktime_t until);
void spend(ktime_t ns);

/* Whether the vCPU and the callback of its timer are held up if they meet. */
extern bool hold_up;

/* Has @fn called at a time, by nobody in particular. */
void at(ktime_t when, void (*fn)(long arg), long arg);

/* The case has failed.  Only the first reason is kept. */
__printf(1, 2) void fail(const char *format, ...);
/* The same, and it cannot go on.  Does not return to a context. */
void give_up(const char *why);
const char *failure(void);
/* Nothing but the clock on the wall could stop the last case. */
extern bool hung;

/* cpu.c: interrupts, and where the thread of the vCPU runs. */
enum irq {
	IRQ_DEVICE,			/* the lowest priority */
	IRQ_TIMER,
	IRQ_NOTIFY,
	IRQ_RESCHEDULE,
	NR_IRQS
};

struct cpu {
	struct context irqs;
	bool isolated;			/* by nohz_full */
	bool busy;			/* whether the thread is on it or not */
	bool handling;			/* interrupts, by its own context */
	u32 pending;
	bool by_tick[NR_IRQS];		/* because a timer of KVM expired */
	bool kicked;

	struct hrtimer *queue;		/* the earliest first */
	ktime_t expires_next;		/* as the hrtimer code has it */
	ktime_t deadline;		/* as the hardware has it */
	struct hrtimer host_tick;
	struct vmcs *vmcs;
};

extern struct cpu cpus[NR_CPUS];

struct host {
	bool nohz_full;			/* on all but the first two CPUs */
};

void cpus_reset(const struct host *host);
void thread_start(int cpu, void (*fn)(void));
void raise_irq(int cpu, enum irq irq, bool by_tick);
void take_irqs(void);
int pending_irq(int cpu);
int acknowledge_irq(int cpu);
int irq_vector(enum irq irq);
bool cpu_idle(int cpu);
bool thread_on(int cpu);

/* Takes the thread off its CPU, and puts it on another after a while. */
void reschedule_thread(ktime_t off, int cpu);
void signal_thread(void);
bool thread_asleep(void);

/* Something that only the thread can do, as soon as it takes an interrupt. */
extern void (*device_handler)(void);

/* hrtimer.c */
void hrtimers_reset(void);
void hrtimer_interrupt(void);
bool hrtimer_in(const void *p, size_t size);
bool timer_of_kvm_due(int cpu);
bool timer_contended(void);

/* memory.c */
void memory_reset(void);
bool memory_leaked(void);
void set_parameter(const char *name, bool value);
bool boot(void);

/* virt.c: the hardware that runs guests. */
struct hardware {
	bool vmx, svm, apicv;
};

extern struct hardware hardware;
extern struct kvm_vcpu *vcpu;

enum instruction {
	DONE,				/* none is being executed */
	COMPUTE, HLT, MWAIT, PAUSE, RDMSR, WRMSR, EOI, SHUTDOWN
};

/* What of the guest the hardware knows. */
struct guest_state {
	enum instruction instruction;
	ktime_t until;			/* COMPUTE, HLT, MWAIT */
	u32 msr;
	u64 value;
	bool interrupts;		/* RFLAGS.IF */
	int vector;			/* being delivered; 0: none */
	bool in_handler;
	bool page_absent;		/* so that it cannot but halt */
	bool finished;			/* its program */
};

extern struct guest_state guest;

void virt_reset(void);
u64 guest_tsc(ktime_t when);

/* guest.c: the guest's program, and what it got of what it asked for. */
enum timer_mode { ONESHOT, PERIODIC, TSCDEADLINE, NR_MODES };

enum behaviour {
	STAYS, MOVES, HALTS, APF_HALTED, PREEMPTED,
	MOVED_WHILE_FIRING, REARMED_WHILE_FIRING, CANCELLED_WHILE_FIRING,
	INTERRUPTED_WHILE_FIRING, APICV_SWITCHED_OFF, BEFORE_HOST_TICK,
	NR_BEHAVIOURS
};

struct counts {
	u64 armed, delivered, lost, duplicated, early, withdrawn, stale;
	ktime_t delay_max;

	u64 exits_by_tick, exits_kick, exits_hlt, exits_mwait, exits_preempt,
	    exits_external, exits_arming, exits_other;
	u64 migrations, fired_isolated, fired_housekeeping, fired_elsewhere;
};

extern struct counts counts;

void guest_boot(enum timer_mode mode, enum behaviour behaviour);
void guest_judge(void);

/* cases.c */
enum vendor { INTEL_APICV, INTEL_NO_APICV, AMD, NR_VENDORS };
enum instance { DEDICATED, MWAIT_ONLY, SHARED, NR_INSTANCES };

struct group {
	enum vendor vendor;
	bool parameter;
	enum instance instance;
	struct host host;
};

extern struct group group;

__printf(1, 2) void print(const char *format, ...);
bool load_modules(void);
void run_case(enum timer_mode mode, enum behaviour behaviour);

/* selftest.c */
struct selftest {
	const char *name;
	void (*test)(void);
};

extern const struct selftest selftests[];
extern const int nr_selftests;

#endif
