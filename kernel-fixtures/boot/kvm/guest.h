/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guest and the program that runs it agree on. */
#ifndef GUEST_H
#define GUEST_H

#define GUEST_CODE	0x1000
#define GUEST_IDT	0x2000
#define GUEST_GDT	0x3000
/* Each vCPU has a page: struct guest at its beginning, the stack at its end. */
#define GUEST_PAGE	0x4000
#define GUEST_PAGE_SIZE	0x1000
#define GUEST_MEMORY	0x10000

#define GUEST_VECTOR	0x40

#define MODE_ONESHOT	0
#define MODE_PERIODIC	0x20000
#define MODE_DEADLINE	0x40000

/* What a vCPU does besides counting ticks. */
#define GUEST_HALTS	0	/* halts until the next one */
#define GUEST_RUNS	1	/* never halts */
#define GUEST_MASKS	2	/* masks the timer when it has armed it, and waits */
#define GUEST_LEAVES	3	/* leaves it armed and stops */

#define GUEST_LOOKS	4	/* has no interrupt taken, looks for it in the IRR */

#define AT_MODE		0
#define AT_WANTED	4
#define AT_TICKS	8
#define AT_EARLY	12
#define AT_PERIOD	16
#define AT_DOES		20
#define AT_DEADLINE	24

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Offsets are those above. */
struct guest {
	uint32_t mode;
	uint32_t wanted;	/* ticks after which it stops */
	uint32_t ticks;
	uint32_t early;		/* ticks before their deadline */
	uint32_t period;	/* of the timer or, for a deadline, the TSC */
	uint32_t does;
	uint64_t deadline;
};

extern const char guest_start[], guest_tick[], guest_end[];
#endif
#endif
