/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/types.h>

#define GFP_KERNEL_ACCOUNT	1

void *kzalloc(size_t size, gfp_t flags);
void kfree(const void *p);

unsigned long get_zeroed_page(gfp_t flags);
void free_page(unsigned long addr);

#endif
