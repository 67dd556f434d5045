/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/sched.h>

extern unsigned int nr_cpu_ids;

int smp_processor_id(void);
void smp_send_reschedule(int cpu);

static inline int get_cpu(void)
{
	preempt_disable();
	return smp_processor_id();
}

static inline void put_cpu(void)
{
	preempt_enable();
}

#endif
