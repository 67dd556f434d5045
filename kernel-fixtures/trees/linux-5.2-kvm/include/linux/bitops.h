/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/compiler.h>
#include <linux/types.h>

#define BIT(nr)		(1UL << (nr))
#define BITS_PER_LONG	64

static inline unsigned long *bit_word(int nr, void *addr)
{
	return (unsigned long *)addr + nr / BITS_PER_LONG;
}

static inline void set_bit(int nr, void *addr)
{
	machine_step();
	__atomic_fetch_or(bit_word(nr, addr), BIT(nr % BITS_PER_LONG),
			  __ATOMIC_SEQ_CST);
}

static inline void clear_bit(int nr, void *addr)
{
	machine_step();
	__atomic_fetch_and(bit_word(nr, addr), ~BIT(nr % BITS_PER_LONG),
			   __ATOMIC_SEQ_CST);
}

static inline bool test_bit(int nr, void *addr)
{
	machine_step();
	return *bit_word(nr, addr) & BIT(nr % BITS_PER_LONG);
}

static inline bool test_and_set_bit(int nr, void *addr)
{
	unsigned long bit = BIT(nr % BITS_PER_LONG);

	machine_step();
	return __atomic_fetch_or(bit_word(nr, addr), bit, __ATOMIC_SEQ_CST) &
	       bit;
}

/* Index of the highest bit set, counted from one; 0 if there is none. */
static inline int fls(u32 x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#endif
