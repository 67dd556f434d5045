/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>

#define NSEC_PER_USEC	1000L

/* A point in time or a span of it, in nanoseconds. */
typedef s64 ktime_t;

#define ktime_add_ns(kt, ns)	((ktime_t)((kt) + (s64)(ns)))
#define ktime_sub_ns(kt, ns)	((ktime_t)((kt) - (s64)(ns)))
#define ktime_sub(a, b)		((ktime_t)((a) - (b)))
#define ktime_to_ns(kt)		((s64)(kt))

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

ktime_t ktime_get(void);

#endif
