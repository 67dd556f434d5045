/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>

static inline int atomic_read(const atomic_t *v)
{
	machine_step();
	return READ_ONCE(v->counter);
}

static inline void atomic_set(atomic_t *v, int i)
{
	machine_step();
	WRITE_ONCE(v->counter, i);
}

static inline void atomic_inc(atomic_t *v)
{
	machine_step();
	__atomic_fetch_add(&v->counter, 1, __ATOMIC_SEQ_CST);
}

static inline int atomic_xchg(atomic_t *v, int i)
{
	machine_step();
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST);
}

#define xchg(ptr, val) ({					\
	machine_step();						\
	__atomic_exchange_n(ptr, val, __ATOMIC_SEQ_CST); })

#define cmpxchg(ptr, old, new) ({				\
	__typeof__(*(ptr)) __seen = (old);			\
	machine_step();						\
	__atomic_compare_exchange_n(ptr, &__seen, new, 0,	\
				    __ATOMIC_SEQ_CST,		\
				    __ATOMIC_SEQ_CST);		\
	__seen; })

#endif
