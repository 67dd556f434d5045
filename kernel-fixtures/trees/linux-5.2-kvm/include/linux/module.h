/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/compiler.h>
#include <linux/types.h>

#define S_IRUGO		0444
#define S_IWUSR		0200

/*
 * Parameters and init functions are gathered in sections of the program that
 * the objects are linked into, where the machine finds them by name.
 */
struct kernel_param {
	const char *name;
	const char *type;
	void *arg;
	int perm;
};

struct initcall {
	const char *name;
	int (*fn)(void);
};

#define module_param_named(name, value, type, perm)			\
	static const struct kernel_param __param_##name			\
	__used __section("__param") = { #name, #type, &(value), perm }

#define module_param(name, type, perm)	\
	module_param_named(name, name, type, perm)

#define module_init(fn)							\
	static const struct initcall __initcall_##fn			\
	__used __section("__initcalls") = { #fn, fn }

#define MODULE_LICENSE(license)	\
	static const char __modinfo_license[] __used = license

#define EXPORT_SYMBOL_GPL(sym) \
	extern __typeof__(sym) sym

#endif
