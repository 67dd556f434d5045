/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_APIC_H
#define _ASM_X86_APIC_H

#include <asm/apicdef.h>

#define POSTED_INTR_VECTOR		0xf2

/* The host's own APIC. */
struct apic {
	void (*send_IPI)(int cpu, int vector);
};

extern struct apic *apic;

/* Runs the host's handler of a vector that ended a guest's run. */
void host_interrupt(int vector);

#endif
