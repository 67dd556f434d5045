/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_MSR_H
#define _ASM_X86_MSR_H

#include <linux/types.h>

#define MSR_IA32_APICBASE		0x0000001b
#define MSR_IA32_APICBASE_BSP		(1 << 8)
#define X2APIC_ENABLE			(1UL << 10)
#define MSR_IA32_APICBASE_ENABLE	(1 << 11)
#define MSR_IA32_TSCDEADLINE		0x000006e0

/* Each control's high half says which of its bits may be one. */
#define MSR_IA32_VMX_PINBASED_CTLS	0x00000481
#define MSR_IA32_VMX_PROCBASED_CTLS	0x00000482
#define MSR_IA32_VMX_MISC		0x00000485
#define MSR_IA32_VMX_PROCBASED_CTLS2	0x0000048b

#define MSR_AMD64_AVIC_DOORBELL		0xc001011b

u64 rdtsc(void);
void __delay(u64 cycles);

u64 read_msr(u32 msr);
void write_msr(u32 msr, u64 val);

#define rdmsrl(msr, val)	((val) = read_msr(msr))
#define wrmsrl(msr, val)	write_msr(msr, val)

#endif
