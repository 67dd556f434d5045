/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __KVM_X86_VMX_OPS_H
#define __KVM_X86_VMX_OPS_H

#include <linux/types.h>
#include <asm/vmx.h>

/* A region of memory to which only the instructions below give access. */
struct vmcs;

struct vmcs *alloc_vmcs(void);
void free_vmcs(struct vmcs *vmcs);

/* Makes a VMCS the current one of this CPU, or of none. */
void vmcs_load(struct vmcs *vmcs);
void vmcs_clear(struct vmcs *vmcs);

/* Of the current VMCS. */
u64 vmcs_read64(enum vmcs_field field);
void vmcs_write64(enum vmcs_field field, u64 value);

/* Runs the guest until it exits; what it leaves behind is in the VMCS. */
void __vmx_vcpu_run(struct vmcs *vmcs, unsigned long *regs);

static inline u32 vmcs_read32(enum vmcs_field field)
{
	return vmcs_read64(field);
}

static inline void vmcs_write32(enum vmcs_field field, u32 value)
{
	vmcs_write64(field, value);
}

static inline void vmcs_set_bits(enum vmcs_field field, u32 mask)
{
	vmcs_write32(field, vmcs_read32(field) | mask);
}

static inline void vmcs_clear_bits(enum vmcs_field field, u32 mask)
{
	vmcs_write32(field, vmcs_read32(field) & ~mask);
}

#endif
