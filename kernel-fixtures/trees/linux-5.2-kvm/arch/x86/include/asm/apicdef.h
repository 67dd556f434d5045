/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_APICDEF_H
#define _ASM_X86_APICDEF_H

/* Offsets of the registers in the APIC page. */
#define APIC_ID			0x20
#define APIC_LVR		0x30
#define APIC_TASKPRI		0x80
#define APIC_PROCPRI		0xA0
#define APIC_EOI		0xB0
#define APIC_SPIV		0xF0
#define APIC_ISR		0x100
#define APIC_TMR		0x180
#define APIC_IRR		0x200
#define APIC_LVTT		0x320
#define APIC_LVT0		0x350
#define APIC_TMICT		0x380
#define APIC_TMCCT		0x390
#define APIC_TDCR		0x3E0
#define APIC_SELF_IPI		0x3F0

#define APIC_SPIV_APIC_ENABLED	(1 << 8)

/* Local vector table entries. */
#define APIC_VECTOR_MASK	0x000FF
#define APIC_MODE_MASK		0x00700
#define APIC_SEND_PENDING	(1 << 12)
#define APIC_LVT_LEVEL_TRIGGER	(1 << 15)
#define APIC_LVT_MASKED		(1 << 16)

#define APIC_LVT_TIMER_ONESHOT		(0 << 17)
#define APIC_LVT_TIMER_PERIODIC		(1 << 17)
#define APIC_LVT_TIMER_TSCDEADLINE	(2 << 17)

/* Delivery modes. */
#define APIC_DM_FIXED		0x00000
#define APIC_DM_LOWEST		0x00100
#define APIC_DM_NMI		0x00400

/* The x2APIC registers are the MSRs from here, one for each 16 bytes. */
#define APIC_BASE_MSR		0x800

#endif
