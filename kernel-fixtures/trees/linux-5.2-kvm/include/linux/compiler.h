/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define __read_mostly
#define __ro_after_init
#define __init
#define __exit
#define __used		__attribute__((used))
#define __maybe_unused	__attribute__((unused))
#define __printf(a, b)	__attribute__((format(printf, a, b)))
#define __section(s)	__attribute__((section(s)))
#define fallthrough	__attribute__((fallthrough))

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))

/*
 * Memory that CPUs share is where they meet, and the machine may let others go
 * first.  It takes no time.
 */
void machine_step(void);

#define smp_mb() do {						\
	machine_step();						\
	__atomic_thread_fence(__ATOMIC_SEQ_CST);		\
} while (0)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb__after_atomic()	smp_mb()

#endif
