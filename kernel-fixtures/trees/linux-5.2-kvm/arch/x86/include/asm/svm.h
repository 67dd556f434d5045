/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_SVM_H
#define _ASM_X86_SVM_H

#include <linux/types.h>

/* Bits of the intercept vector. */
enum {
	INTERCEPT_INTR,
	INTERCEPT_VINTR		= 4,
	INTERCEPT_PAUSE		= 23,
	INTERCEPT_HLT,
	INTERCEPT_MSR_PROT	= 28,
	INTERCEPT_MONITOR	= 42,
	INTERCEPT_MWAIT,
};

#define V_IRQ_MASK		(1 << 8)
#define AVIC_ENABLE_MASK	(1U << 31)

#define SVM_INTERRUPT_SHADOW_MASK	1

#define SVM_EVTINJ_TYPE_INTR	(0 << 8)
#define SVM_EVTINJ_VALID	(1U << 31)

#define SVM_EXIT_INTR		0x060
#define SVM_EXIT_VINTR		0x064
#define SVM_EXIT_PAUSE		0x077
#define SVM_EXIT_HLT		0x078
#define SVM_EXIT_MSR		0x07c
#define SVM_EXIT_MONITOR	0x08a
#define SVM_EXIT_MWAIT		0x08b

/* The part of a VMCB that decides when a guest is left and interrupted. */
struct vmcb {
	u64 intercept;
	u32 int_ctl;
	u32 int_state;
	u32 exit_code;
	u64 exit_info_1;
	u32 event_inj;
	unsigned long rflags;
};

#endif
