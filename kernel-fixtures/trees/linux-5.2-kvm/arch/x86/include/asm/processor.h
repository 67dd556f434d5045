/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_PROCESSOR_H
#define _ASM_X86_PROCESSOR_H

#include <linux/types.h>

#define X86_EFLAGS_IF		0x00000200UL

#define X86_FEATURE_VMX		(4 * 32 + 5)
#define X86_FEATURE_SVM		(6 * 32 + 2)
#define X86_FEATURE_AVIC	(15 * 32 + 13)

bool boot_cpu_has(int feature);

#endif
