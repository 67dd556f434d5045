/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __KVM_X86_LAPIC_H
#define __KVM_X86_LAPIC_H

#include <linux/kvm_host.h>
#include <asm/apicdef.h>
#include <asm/msr.h>

/* The timer counts at 1 GHz, divided by what the guest sets. */
#define APIC_BUS_CYCLE_NS	1

/* A bitmap of vectors is spread over eight registers of 32 bits. */
#define VEC_POS(v)	((v) & 31)
#define REG_POS(v)	(((v) >> 5) << 4)

struct kvm_timer {
	struct hrtimer timer;
	s64 period;			/* in ns; 0 while the guest set none */
	ktime_t target_expiration;	/* one-shot and periodic mode */
	u32 timer_mode;
	u32 timer_mode_mask;
	u64 tscdeadline;		/* in guest time; 0 if not armed */
	u64 expired_tscdeadline;	/* to be waited for at the next entry */
	u32 timer_advance_ns;
	atomic_t pending;		/* expired, but not yet delivered */
	bool hv_timer_in_use;
	bool timer_advance_adjust_done;
};

struct kvm_lapic {
	struct kvm_timer lapic_timer;
	u32 divide_count;
	struct kvm_vcpu *vcpu;
	bool irr_pending;		/* only a hint if APICv is active */
	void *regs;			/* the register page, as hardware has it */
};

struct kvm_lapic_irq {
	u32 vector;
	u32 delivery_mode;
	u32 level;
	u32 trig_mode;
};

/* Notes which vCPUs took an interrupt, for whoever wants to know. */
struct dest_map {
	unsigned long map;
};

int kvm_create_lapic(struct kvm_vcpu *vcpu, int timer_advance_ns);
void kvm_free_lapic(struct kvm_vcpu *vcpu);
void kvm_lapic_reset(struct kvm_vcpu *vcpu, bool init_event);

int kvm_apic_has_interrupt(struct kvm_vcpu *vcpu);
int kvm_get_apic_interrupt(struct kvm_vcpu *vcpu);
int kvm_apic_set_irq(struct kvm_vcpu *vcpu, struct kvm_lapic_irq *irq,
		     struct dest_map *dest_map);
int kvm_apic_local_deliver(struct kvm_lapic *apic, int lvt_type);
bool kvm_apic_update_irr(struct kvm_vcpu *vcpu, u32 *pir, int *max_irr);
int kvm_lapic_find_highest_irr(struct kvm_vcpu *vcpu);

int kvm_lapic_reg_write(struct kvm_lapic *apic, u32 reg, u32 val);
int kvm_lapic_reg_read(struct kvm_lapic *apic, u32 reg, u32 *val);
int kvm_x2apic_msr_write(struct kvm_vcpu *vcpu, u32 msr, u64 data);
int kvm_x2apic_msr_read(struct kvm_vcpu *vcpu, u32 msr, u64 *data);
u64 kvm_get_lapic_tscdeadline_msr(struct kvm_vcpu *vcpu);
void kvm_set_lapic_tscdeadline_msr(struct kvm_vcpu *vcpu, u64 data);

void wait_lapic_expire(struct kvm_vcpu *vcpu);
bool kvm_lapic_hv_timer_in_use(struct kvm_vcpu *vcpu);
void kvm_lapic_expired_hv_timer(struct kvm_vcpu *vcpu);
void kvm_lapic_restart_hv_timer(struct kvm_vcpu *vcpu);
void kvm_lapic_switch_to_hv_timer(struct kvm_vcpu *vcpu);
void kvm_lapic_switch_to_sw_timer(struct kvm_vcpu *vcpu);

static inline u32 kvm_lapic_get_reg(struct kvm_lapic *apic, int reg_off)
{
	return *(u32 *)(apic->regs + reg_off);
}

static inline void kvm_lapic_set_reg(struct kvm_lapic *apic, int reg_off,
				     u32 val)
{
	*(u32 *)(apic->regs + reg_off) = val;
}

static inline void kvm_lapic_set_vector(int vec, void *bitmap)
{
	set_bit(VEC_POS(vec), bitmap + REG_POS(vec));
}

/* The hint comes last: who sees it must see the vector as well. */
static inline void kvm_lapic_set_irr(int vec, struct kvm_lapic *apic)
{
	kvm_lapic_set_vector(vec, apic->regs + APIC_IRR);
	apic->irr_pending = true;
}

static inline bool lapic_in_kernel(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.apic;
}

static inline bool kvm_apic_hw_enabled(struct kvm_lapic *apic)
{
	return apic->vcpu->arch.apic_base & MSR_IA32_APICBASE_ENABLE;
}

static inline bool kvm_apic_sw_enabled(struct kvm_lapic *apic)
{
	return kvm_lapic_get_reg(apic, APIC_SPIV) & APIC_SPIV_APIC_ENABLED;
}

static inline bool kvm_lapic_enabled(struct kvm_vcpu *vcpu)
{
	return lapic_in_kernel(vcpu) && kvm_apic_hw_enabled(vcpu->arch.apic) &&
	       kvm_apic_sw_enabled(vcpu->arch.apic);
}

static inline bool kvm_vcpu_apicv_active(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.apic && vcpu->arch.apicv_active;
}

#endif
