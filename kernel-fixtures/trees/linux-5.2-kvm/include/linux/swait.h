/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SWAIT_H
#define _LINUX_SWAIT_H

#include <linux/types.h>

struct task_struct;

/* One vCPU thread at most sleeps on a queue, so a queue is one task. */
struct swait_queue_head {
	struct task_struct *task;
};

void prepare_to_swait_exclusive(struct swait_queue_head *q);
void finish_swait(struct swait_queue_head *q);
void swake_up_one(struct swait_queue_head *q);

static inline void init_swait_queue_head(struct swait_queue_head *q)
{
	q->task = NULL;
}

static inline bool swait_active(struct swait_queue_head *q)
{
	return q->task;
}

/* Like swait_active(), for callers that have not ordered their own stores. */
static inline bool swq_has_sleeper(struct swait_queue_head *q)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return swait_active(q);
}

#endif
