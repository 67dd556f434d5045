/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/compiler.h>
#include <linux/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define offsetof(t, m)	__builtin_offsetof(t, m)

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define min(a, b) ({					\
	__typeof__(a) __min_a = (a);			\
	__typeof__(b) __min_b = (b);			\
	(void)(&__min_a == &__min_b);			\
	__min_a < __min_b ? __min_a : __min_b; })

#define max(a, b) ({					\
	__typeof__(a) __max_a = (a);			\
	__typeof__(b) __max_b = (b);			\
	(void)(&__max_a == &__max_b);			\
	__max_a > __max_b ? __max_a : __max_b; })

/* Divides in place and hands the remainder back. */
#define do_div(n, base) ({				\
	u64 __rem = (n) % (base);			\
	(n) /= (base);					\
	(u32)__rem; })

/* Provided by the machine: a warning is a failed test, a BUG() ends the run. */
void warn_slowpath(const char *file, int line, const char *what);
__attribute__((noreturn))
void bug(const char *file, int line, const char *what);
__printf(1, 2) int printk(const char *fmt, ...);

#define WARN_ON(cond) ({				\
	bool __warn = !!(cond);				\
	if (unlikely(__warn))				\
		warn_slowpath(__FILE__, __LINE__, #cond); \
	__warn; })

#define BUG_ON(cond) do {				\
	if (unlikely(cond))				\
		bug(__FILE__, __LINE__, #cond);		\
} while (0)

#define KERN_INFO		"\0016"
#define pr_info(fmt, ...)	printk(KERN_INFO fmt, ##__VA_ARGS__)

void *memset(void *s, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);

#endif
