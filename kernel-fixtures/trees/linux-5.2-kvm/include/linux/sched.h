/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/types.h>

struct preempt_notifier;

/* Called with preemption off, on the CPU that is left or entered. */
struct preempt_ops {
	void (*sched_in)(struct preempt_notifier *notifier, int cpu);
	void (*sched_out)(struct preempt_notifier *notifier);
};

struct preempt_notifier {
	const struct preempt_ops *ops;
};

void preempt_notifier_register(struct preempt_notifier *notifier);
void preempt_notifier_unregister(struct preempt_notifier *notifier);

void preempt_disable(void);
void preempt_enable(void);
bool preemptible(void);

void local_irq_disable(void);
void local_irq_enable(void);
unsigned long arch_local_irq_save(void);
void local_irq_restore(unsigned long flags);

#define local_irq_save(flags)	((flags) = arch_local_irq_save())

/* All of these are about the task that is running, that is the caller. */
void schedule(void);
void cond_resched(void);
bool need_resched(void);
bool signal_pending(void);

#endif
