/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest: 32 bits, flat, no paging.  %esi points to the vCPU's struct guest,
 * %ebx to its local APIC.  It ends with an OUT.
 */
#include "guest.h"

#define EOI	0xb0
#define SPIV	0xf0
#define IRR	(0x200 + GUEST_VECTOR / 32 * 0x10)
#define GUEST_VECTOR_BIT (1 << (GUEST_VECTOR % 32))
#define LVTT	0x320
#define TMICT	0x380
#define TDCR	0x3e0
#define MASKED	0x10000
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_APIC_BASE	0x1b
#define X2APIC_ENABLE	0xc00
#define X2APIC(reg)	(0x800 + (reg) / 0x10)

	.section .rodata
	.code32
	.globl	guest_start, guest_tick, guest_end

guest_start:
	cmpl	$GUEST_LOOKS, AT_DOES(%esi)
	je	look
	movl	$0xfee00000, %ebx
	movl	$0x1ff, SPIV(%ebx)
	movl	$0xb, TDCR(%ebx)		/* divide by 1 */
	movl	AT_MODE(%esi), %eax
	orl	$GUEST_VECTOR, %eax
	movl	%eax, LVTT(%ebx)
	call	arm
	cmpl	$GUEST_LEAVES, AT_DOES(%esi)
	je	stop
	cmpl	$GUEST_MASKS, AT_DOES(%esi)
	je	mask

next:
	movl	AT_TICKS(%esi), %edi
	cmpl	AT_WANTED(%esi), %edi
	jae	disarm
wait:
	cmpl	$GUEST_RUNS, AT_DOES(%esi)
	je	run
	sti
	hlt					/* an STI takes effect after the next one */
	cli
	jmp	seen
run:
	sti
	pause
	cli
seen:
	cmpl	AT_TICKS(%esi), %edi
	je	wait
	/* One tick is there before the next is asked for, so none can be lost. */
	movl	AT_TICKS(%esi), %eax
	cmpl	AT_WANTED(%esi), %eax
	jae	disarm
	testl	$MODE_PERIODIC, AT_MODE(%esi)
	jnz	next
	call	arm
	jmp	next

	/* Interrupts are still off: one that came too early can be seen. */
mask:
	orl	$MASKED, LVTT(%ebx)
	testl	$GUEST_VECTOR_BIT, IRR(%ebx)
	jz	masked
	incl	AT_EARLY(%esi)
	jmp	disarm
	/* Time enough for the timer to expire, and for it not to be taken. */
masked:
	sti
	movl	$8, %ecx
again:
	rdtsc
	addl	AT_PERIOD(%esi), %eax
	movl	%eax, %edi
later:
	rdtsc
	subl	%edi, %eax
	js	later
	loop	again
	cli
disarm:
	movl	$0, TMICT(%ebx)
stop:
	outl	%eax, $0x10
	jmp	stop

arm:
	testl	$MODE_DEADLINE, AT_MODE(%esi)
	jnz	deadline
	movl	AT_PERIOD(%esi), %eax
	movl	%eax, TMICT(%ebx)
	ret
deadline:
	rdtsc
	addl	AT_PERIOD(%esi), %eax
	adcl	$0, %edx
	movl	%eax, AT_DEADLINE(%esi)
	movl	%edx, AT_DEADLINE+4(%esi)
	movl	$MSR_TSC_DEADLINE, %ecx
	wrmsr
	ret

	/*
	 * No interrupt is taken: each tick has a vector of its own, and is there
	 * when its bit in the IRR is.  The APIC is an x2APIC, so that KVM is asked
	 * whatever part of a virtual APIC the hardware has.
	 */
look:
	movl	$MSR_APIC_BASE, %ecx
	rdmsr
	orl	$X2APIC_ENABLE, %eax
	wrmsr
	xorl	%edx, %edx
	movl	$0x1ff, %eax
	movl	$X2APIC(SPIV), %ecx
	wrmsr
	movl	$0xb, %eax
	movl	$X2APIC(TDCR), %ecx
	wrmsr
await:
	movl	AT_TICKS(%esi), %edi
	cmpl	AT_WANTED(%esi), %edi
	jae	stop
	xorl	%edx, %edx
	movl	AT_MODE(%esi), %eax
	leal	GUEST_VECTOR(%eax, %edi), %eax
	movl	$X2APIC(LVTT), %ecx
	wrmsr
	testl	$MODE_DEADLINE, AT_MODE(%esi)
	jnz	until
	movl	AT_PERIOD(%esi), %eax
	movl	$X2APIC(TMICT), %ecx
	wrmsr
	jmp	asleep
until:
	call	deadline
asleep:
	/* Stay in the guest until it is due, so that it finds the guest there. */
	rdtsc
	movl	%eax, %ebx
still:
	rdtsc
	subl	%ebx, %eax
	cmpl	AT_PERIOD(%esi), %eax
	jb	still
	movl	$X2APIC(IRR), %ecx
	rdmsr
	btl	%edi, %eax
	jnc	asleep
	incl	AT_TICKS(%esi)
	jmp	await

guest_tick:
	pushal
	testl	$MODE_DEADLINE, AT_MODE(%esi)
	jz	count
	rdtsc
	subl	AT_DEADLINE(%esi), %eax
	sbbl	AT_DEADLINE+4(%esi), %edx
	jns	count
	incl	AT_EARLY(%esi)
count:
	incl	AT_TICKS(%esi)
	movl	$0, EOI(%ebx)
	popal
	iret
guest_end:
	.code64
	.section .note.GNU-stack, "", @progbits
