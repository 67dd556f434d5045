// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory, messages, parameters: what the tree expects of a kernel around it.
 */

#include <linux/module.h>
#include <linux/slab.h>

#include "machine.h"

#define MAX_BLOCKS	64

static struct block {
	char *start;
	size_t size;
} blocks[MAX_BLOCKS];

void memory_reset(void)
{
	int i;

	for (i = 0; i < MAX_BLOCKS; i++) {
		if (blocks[i].start)
			host_free(blocks[i].start);
		blocks[i].start = NULL;
	}
}

bool memory_leaked(void)
{
	int i;

	for (i = 0; i < MAX_BLOCKS; i++)
		if (blocks[i].start)
			return true;

	return false;
}

void *kzalloc(size_t size, gfp_t flags __maybe_unused)
{
	int i;

	for (i = 0; i < MAX_BLOCKS; i++) {
		if (blocks[i].start)
			continue;
		blocks[i].start = host_alloc(size);
		blocks[i].size = size;
		return blocks[i].start;
	}

	return NULL;
}

void kfree(const void *p)
{
	int i;

	if (!p)
		return;

	for (i = 0; i < MAX_BLOCKS; i++) {
		if (blocks[i].start != p)
			continue;
		if (hrtimer_in(p, blocks[i].size))
			return give_up("memory is freed with a timer in it");
		host_free(blocks[i].start);
		blocks[i].start = NULL;
		return;
	}

	give_up("memory is freed that was not allocated");
}

unsigned long get_zeroed_page(gfp_t flags)
{
	return (unsigned long)kzalloc(4096, flags);
}

void free_page(unsigned long addr)
{
	kfree((void *)addr);
}

void warn_slowpath(const char *file, int line, const char *what)
{
	fail("WARNING at %s:%lld: %s", file, (long long)line, what);
}

void bug(const char *file, int line, const char *what)
{
	fail("BUG at %s:%lld: %s", file, (long long)line, what);
	machine_stop();
	__builtin_trap();
}

/* A message goes where the results go, and does not look like one. */
int printk(const char *format, ...)
{
	__builtin_va_list args;

	if (format[0] == '\001' && format[1])
		format += 2;

	print("    # ");
	__builtin_va_start(args, format);
	host_print(format, args);
	__builtin_va_end(args);
	return 0;
}

extern const struct kernel_param __start___param[], __stop___param[];
extern const struct initcall __start___initcalls[], __stop___initcalls[];

/* A parameter that the tree does not have yet is not set. */
void set_parameter(const char *name, bool value)
{
	const struct kernel_param *param;

	for (param = __start___param; param < __stop___param; param++) {
		if (!host_same(param->name, name))
			continue;
		if (host_same(param->type, "bool"))
			*(bool *)param->arg = value;
		else if (host_same(param->type, "int"))
			*(int *)param->arg = value;
		else
			fail("parameter %s is neither bool nor int", name);
	}
}

/* Loads the modules, of which one should find its hardware. */
bool boot(void)
{
	const struct initcall *call;
	bool found = false;

	for (call = __start___initcalls; call < __stop___initcalls; call++)
		if (!call->fn())
			found = true;

	return found;
}
