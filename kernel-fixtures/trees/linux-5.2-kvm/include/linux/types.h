/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;

typedef unsigned long size_t;
typedef _Bool bool;
typedef u64 gpa_t;
typedef int gfp_t;

enum { false = 0, true = 1 };

#define NULL ((void *)0)

typedef struct {
	int counter;
} atomic_t;

#endif
