// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC of a vCPU: registers, priorities and the timer.
 *
 * The timer has two motors.  An hrtimer of the host always works; where the
 * CPU has one, a timer that counts while the guest runs (the hv timer) is
 * preferred.  Either ends in apic_timer_expired(), which marks the interrupt
 * pending; the vCPU delivers it to itself before it enters the guest again.
 */

#include <linux/kvm_host.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/apicdef.h>
#include <asm/msr.h>

#include "irq.h"
#include "lapic.h"
#include "x86.h"

#define APIC_VERSION	0x50014		/* version 0x14, six LVT entries */
#define APIC_NR_REGS	8		/* of 32 vectors each */

/* Adjust the advance in eighths of itself until 100 cycles are missing. */
#define LAPIC_TIMER_ADVANCE_INIT_NS	1000
#define LAPIC_TIMER_ADVANCE_MAX_NS	5000
#define LAPIC_TIMER_ADVANCE_ADJUST_DONE	100
#define LAPIC_TIMER_ADVANCE_ADJUST_STEP	8

static bool apic_enabled(struct kvm_lapic *apic)
{
	return kvm_apic_hw_enabled(apic) && kvm_apic_sw_enabled(apic);
}

static bool apic_lvt_enabled(struct kvm_lapic *apic, int lvt_type)
{
	return !(kvm_lapic_get_reg(apic, lvt_type) & APIC_LVT_MASKED);
}

static bool apic_lvtt_oneshot(struct kvm_lapic *apic)
{
	return apic->lapic_timer.timer_mode == APIC_LVT_TIMER_ONESHOT;
}

static bool apic_lvtt_period(struct kvm_lapic *apic)
{
	return apic->lapic_timer.timer_mode == APIC_LVT_TIMER_PERIODIC;
}

static bool apic_lvtt_tscdeadline(struct kvm_lapic *apic)
{
	return apic->lapic_timer.timer_mode == APIC_LVT_TIMER_TSCDEADLINE;
}

static bool apic_test_vector(int vec, void *bitmap)
{
	return test_bit(VEC_POS(vec), bitmap + REG_POS(vec));
}

static void apic_clear_vector(int vec, void *bitmap)
{
	clear_bit(VEC_POS(vec), bitmap + REG_POS(vec));
}

static int find_highest_vector(void *bitmap)
{
	int reg;

	for (reg = APIC_NR_REGS - 1; reg >= 0; reg--) {
		u32 word = *(u32 *)(bitmap + REG_POS(reg * 32));

		if (word)
			return reg * 32 + fls(word) - 1;
	}

	return -1;
}

static int apic_find_highest_irr(struct kvm_lapic *apic)
{
	if (!apic->irr_pending)
		return -1;

	return find_highest_vector(apic->regs + APIC_IRR);
}

static int apic_find_highest_isr(struct kvm_lapic *apic)
{
	return find_highest_vector(apic->regs + APIC_ISR);
}

/* Clears the hint before it looks again, so that none is missed. */
static void apic_clear_irr(int vec, struct kvm_lapic *apic)
{
	struct kvm_vcpu *vcpu = apic->vcpu;

	if (vcpu->arch.apicv_active) {
		apic_clear_vector(vec, apic->regs + APIC_IRR);
		kvm_x86_ops->hwapic_irr_update(vcpu,
					       apic_find_highest_irr(apic));
		return;
	}

	apic->irr_pending = false;
	apic_clear_vector(vec, apic->regs + APIC_IRR);
	if (find_highest_vector(apic->regs + APIC_IRR) != -1)
		apic->irr_pending = true;
}

static void apic_set_isr(int vec, struct kvm_lapic *apic)
{
	kvm_lapic_set_vector(vec, apic->regs + APIC_ISR);
	if (apic->vcpu->arch.apicv_active)
		kvm_x86_ops->hwapic_isr_update(apic->vcpu, vec);
}

static void apic_clear_isr(int vec, struct kvm_lapic *apic)
{
	apic_clear_vector(vec, apic->regs + APIC_ISR);
	if (apic->vcpu->arch.apicv_active)
		kvm_x86_ops->hwapic_isr_update(apic->vcpu,
					       apic_find_highest_isr(apic));
}

int kvm_lapic_find_highest_irr(struct kvm_vcpu *vcpu)
{
	return apic_find_highest_irr(vcpu->arch.apic);
}

/*
 * Moves posted vectors to the IRR.  Returns whether the highest of them all is
 * among those that were moved, and leaves the highest in @max_irr.
 */
bool kvm_apic_update_irr(struct kvm_vcpu *vcpu, u32 *pir, int *max_irr)
{
	struct kvm_lapic *apic = vcpu->arch.apic;
	int highest_moved = -1;
	int reg;

	for (reg = 0; reg < APIC_NR_REGS; reg++) {
		u32 *irr = apic->regs + APIC_IRR + REG_POS(reg * 32);
		u32 posted;

		if (!READ_ONCE(pir[reg]))
			continue;

		posted = xchg(&pir[reg], 0) & ~*irr;
		*irr |= posted;
		if (posted)
			highest_moved = reg * 32 + fls(posted) - 1;
	}

	*max_irr = find_highest_vector(apic->regs + APIC_IRR);
	if (*max_irr != -1)
		apic->irr_pending = true;

	return highest_moved != -1 && highest_moved == *max_irr;
}

/* A vector gets through if its class is above that of the task and the ISR. */
static u32 apic_update_ppr(struct kvm_lapic *apic)
{
	u32 tpr = kvm_lapic_get_reg(apic, APIC_TASKPRI);
	int isr = apic_find_highest_isr(apic);
	u32 in_service = isr == -1 ? 0 : isr & 0xf0;
	u32 ppr = (tpr & 0xf0) >= in_service ? tpr & 0xff : in_service;

	kvm_lapic_set_reg(apic, APIC_PROCPRI, ppr);
	return ppr;
}

int kvm_apic_has_interrupt(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;
	u32 ppr;
	int irr;

	if (!apic_enabled(apic))
		return -1;

	ppr = apic_update_ppr(apic);
	if (vcpu->arch.apicv_active)
		irr = kvm_x86_ops->sync_pir_to_irr(vcpu);
	else
		irr = apic_find_highest_irr(apic);

	return irr != -1 && (u32)(irr & 0xf0) > (ppr & 0xf0) ? irr : -1;
}

int kvm_get_apic_interrupt(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;
	int vector = kvm_apic_has_interrupt(vcpu);

	if (vector == -1)
		return -1;

	apic_clear_irr(vector, apic);
	apic_set_isr(vector, apic);
	apic_update_ppr(apic);
	return vector;
}

static void apic_set_eoi(struct kvm_lapic *apic)
{
	int vector = apic_find_highest_isr(apic);

	if (vector == -1)
		return;

	apic_clear_isr(vector, apic);
	apic_update_ppr(apic);
	kvm_make_request(KVM_REQ_EVENT, apic->vcpu);
}

/*
 * Accepts one interrupt, from any context and any CPU.  Returns 0 if the APIC
 * does not take it.
 */
static int __apic_accept_irq(struct kvm_lapic *apic, int delivery_mode,
			     int vector, int level, int trig_mode,
			     struct dest_map *dest_map)
{
	struct kvm_vcpu *vcpu = apic->vcpu;

	switch (delivery_mode) {
	case APIC_DM_LOWEST:
		vcpu->arch.apic_arb_prio++;
		fallthrough;
	case APIC_DM_FIXED:
		if (!apic_enabled(apic) || (trig_mode && !level))
			return 0;

		if (dest_map)
			set_bit(vcpu->vcpu_id, &dest_map->map);

		if (trig_mode)
			kvm_lapic_set_vector(vector, apic->regs + APIC_TMR);
		else
			apic_clear_vector(vector, apic->regs + APIC_TMR);

		if (vcpu->arch.apicv_active) {
			kvm_x86_ops->deliver_posted_interrupt(vcpu, vector);
		} else {
			kvm_lapic_set_irr(vector, apic);
			kvm_make_request(KVM_REQ_EVENT, vcpu);
			kvm_vcpu_kick(vcpu);
		}
		return 1;

	case APIC_DM_NMI:
		kvm_inject_nmi(vcpu);
		kvm_vcpu_kick(vcpu);
		return 1;
	}

	return 0;
}

int kvm_apic_set_irq(struct kvm_vcpu *vcpu, struct kvm_lapic_irq *irq,
		     struct dest_map *dest_map)
{
	return __apic_accept_irq(vcpu->arch.apic, irq->delivery_mode,
				 irq->vector, irq->level, irq->trig_mode,
				 dest_map);
}

int kvm_apic_local_deliver(struct kvm_lapic *apic, int lvt_type)
{
	u32 lvt = kvm_lapic_get_reg(apic, lvt_type);

	if (!kvm_apic_hw_enabled(apic) || (lvt & APIC_LVT_MASKED))
		return 0;

	return __apic_accept_irq(apic, lvt & APIC_MODE_MASK,
				 lvt & APIC_VECTOR_MASK, 1,
				 lvt & APIC_LVT_LEVEL_TRIGGER, NULL);
}

/* The divisor is a power of two whose exponent is stored less one. */
static void update_divide_count(struct kvm_lapic *apic)
{
	u32 tdcr = kvm_lapic_get_reg(apic, APIC_TDCR);
	u32 exponent = ((tdcr & 3) | ((tdcr & 8) >> 1)) + 1;

	apic->divide_count = 1 << (exponent & 7);
}

/* A guest must not keep the host busy with nothing but its ticks. */
static void limit_periodic_timer_frequency(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	s64 min_period = min_timer_period_us * NSEC_PER_USEC;

	if (!apic_lvtt_period(apic) || !ktimer->period ||
	    ktimer->period >= min_period)
		return;

	pr_info("kvm: vcpu %d: timer period of %lld ns raised to %lld ns\n",
		apic->vcpu->vcpu_id, ktimer->period, min_period);
	ktimer->period = min_period;
}

static void apic_update_lvtt(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	u32 mode = kvm_lapic_get_reg(apic, APIC_LVTT) & ktimer->timer_mode_mask;
	bool was_tscdeadline = apic_lvtt_tscdeadline(apic);

	if (ktimer->timer_mode == mode)
		return;

	/* To or from TSC-deadline mode, the timer is disarmed. */
	if (was_tscdeadline || mode == APIC_LVT_TIMER_TSCDEADLINE) {
		hrtimer_cancel(&ktimer->timer);
		kvm_lapic_set_reg(apic, APIC_TMICT, 0);
		ktimer->period = 0;
		ktimer->tscdeadline = 0;
	}

	ktimer->timer_mode = mode;
	limit_periodic_timer_frequency(apic);
}

static void apic_timer_expired(struct kvm_lapic *apic)
{
	struct kvm_vcpu *vcpu = apic->vcpu;
	struct swait_queue_head *q = &vcpu->wq;
	struct kvm_timer *ktimer = &apic->lapic_timer;

	/* The guest has not had the last tick yet: this one merges into it. */
	if (atomic_read(&ktimer->pending))
		return;

	atomic_inc(&apic->lapic_timer.pending);
	kvm_set_pending_timer(vcpu);

	/* The increment orders this test after whatever it announces. */
	if (swait_active(q))
		swake_up_one(q);

	if (apic_lvtt_tscdeadline(apic) || ktimer->hv_timer_in_use)
		ktimer->expired_tscdeadline = ktimer->tscdeadline;
}

/* Is the timer's interrupt what the guest is about to be entered for? */
static bool lapic_timer_int_injected(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;
	int vec = kvm_lapic_get_reg(apic, APIC_LVTT) & APIC_VECTOR_MASK;
	int bitmap = vcpu->arch.apicv_active ? APIC_IRR : APIC_ISR;

	return kvm_apic_hw_enabled(apic) &&
	       apic_test_vector(vec, apic->regs + bitmap);
}

/* Tunes the advance by how far from its deadline the guest would be entered. */
static void adjust_lapic_timer_advance(struct kvm_vcpu *vcpu, s64 late_cycles)
{
	struct kvm_timer *ktimer = &vcpu->arch.apic->lapic_timer;
	u64 off = late_cycles < 0 ? -late_cycles : late_cycles;
	u32 advance = ktimer->timer_advance_ns;
	u32 step = advance / LAPIC_TIMER_ADVANCE_ADJUST_STEP;
	u64 off_ns = off * 1000000;

	do_div(off_ns, vcpu->arch.virtual_tsc_khz);
	step = off_ns < step ? (u32)off_ns : step;
	advance = late_cycles < 0 ? advance - step : advance + step;

	if (off < LAPIC_TIMER_ADVANCE_ADJUST_DONE)
		ktimer->timer_advance_adjust_done = true;

	/* Something is odd here; better no advance than one that grows. */
	if (advance > LAPIC_TIMER_ADVANCE_MAX_NS) {
		advance = 0;
		ktimer->timer_advance_adjust_done = true;
	}

	ktimer->timer_advance_ns = advance;
}

/* Waits, before the guest is entered, for the rest of the advance. */
void wait_lapic_expire(struct kvm_vcpu *vcpu)
{
	struct kvm_timer *ktimer = &vcpu->arch.apic->lapic_timer;
	u64 guest_tsc, tsc_deadline = ktimer->expired_tscdeadline;

	if (!tsc_deadline || !lapic_timer_int_injected(vcpu))
		return;

	ktimer->expired_tscdeadline = 0;
	guest_tsc = kvm_read_l1_tsc(vcpu, rdtsc());

	if (guest_tsc < tsc_deadline)
		__delay(min(tsc_deadline - guest_tsc,
			    nsec_to_cycles(vcpu, ktimer->timer_advance_ns)));

	if (!ktimer->timer_advance_adjust_done)
		adjust_lapic_timer_advance(vcpu, guest_tsc - tsc_deadline);
}

static void start_sw_tscdeadline(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	struct kvm_vcpu *vcpu = apic->vcpu;
	u64 guest_tsc, ns, tscdeadline = ktimer->tscdeadline;
	u32 this_tsc_khz = vcpu->arch.virtual_tsc_khz;
	unsigned long flags;
	ktime_t now, expire;

	if (!tscdeadline || !this_tsc_khz)
		return;

	/* Both clocks are read at the same moment. */
	local_irq_save(flags);
	now = ktime_get();
	guest_tsc = kvm_read_l1_tsc(vcpu, rdtsc());

	ns = (tscdeadline - guest_tsc) * 1000000ULL;
	do_div(ns, this_tsc_khz);

	if (tscdeadline > guest_tsc && ns > ktimer->timer_advance_ns) {
		expire = ktime_add_ns(now, ns);
		expire = ktime_sub_ns(expire, ktimer->timer_advance_ns);
		hrtimer_start(&ktimer->timer, expire, HRTIMER_MODE_ABS_PINNED);
	} else {
		apic_timer_expired(apic);
	}

	local_irq_restore(flags);
}

static bool set_target_expiration(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	u64 tsc = kvm_read_l1_tsc(apic->vcpu, rdtsc());
	ktime_t now = ktime_get();

	ktimer->period = (u64)kvm_lapic_get_reg(apic, APIC_TMICT) *
			 APIC_BUS_CYCLE_NS * apic->divide_count;
	if (!ktimer->period) {
		ktimer->tscdeadline = 0;
		return false;
	}

	limit_periodic_timer_frequency(apic);
	ktimer->tscdeadline = tsc + nsec_to_cycles(apic->vcpu, ktimer->period);
	ktimer->target_expiration = ktime_add_ns(now, ktimer->period);
	return true;
}

/* The next tick counts from the last one that was due, not from now. */
static void advance_periodic_target_expiration(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	u64 tsc = kvm_read_l1_tsc(apic->vcpu, rdtsc());
	ktime_t now = ktime_get();
	s64 left;

	ktimer->target_expiration = ktime_add_ns(ktimer->target_expiration,
						 ktimer->period);
	left = ktime_to_ns(ktime_sub(ktimer->target_expiration, now));

	ktimer->tscdeadline = left > 0 ?
		tsc + nsec_to_cycles(apic->vcpu, left) : tsc;
}

static void start_sw_period(struct kvm_lapic *apic)
{
	/* A one-shot timer that has fired has no target any more. */
	if (!apic->lapic_timer.period || !apic->lapic_timer.target_expiration)
		return;

	if (ktime_after(ktime_get(), apic->lapic_timer.target_expiration)) {
		apic_timer_expired(apic);
		if (apic_lvtt_oneshot(apic))
			return;
		advance_periodic_target_expiration(apic);
	}

	hrtimer_start(&apic->lapic_timer.timer,
		apic->lapic_timer.target_expiration,
		HRTIMER_MODE_ABS_PINNED);
}

bool kvm_lapic_hv_timer_in_use(struct kvm_vcpu *vcpu)
{
	return lapic_in_kernel(vcpu) &&
	       vcpu->arch.apic->lapic_timer.hv_timer_in_use;
}

static void cancel_hv_timer(struct kvm_lapic *apic)
{
	WARN_ON(preemptible());
	WARN_ON(!apic->lapic_timer.hv_timer_in_use);

	kvm_x86_ops->cancel_hv_timer(apic->vcpu);
	apic->lapic_timer.hv_timer_in_use = false;
}

/* Returns false if the hrtimer has to do. */
static bool start_hv_timer(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	bool expired;

	WARN_ON(preemptible());
	if (!kvm_x86_ops->set_hv_timer || !ktimer->tscdeadline)
		return false;

	if (kvm_x86_ops->set_hv_timer(apic->vcpu, ktimer->tscdeadline,
				      &expired))
		return false;

	ktimer->hv_timer_in_use = true;
	hrtimer_cancel(&ktimer->timer);

	/* A periodic timer goes on anyway, and is seen to at the next exit. */
	if (apic_lvtt_period(apic))
		return true;

	if (atomic_read(&ktimer->pending)) {
		/* The hrtimer was faster than we in cancelling it. */
		cancel_hv_timer(apic);
	} else if (expired) {
		apic_timer_expired(apic);
		cancel_hv_timer(apic);
	}

	return true;
}

static void start_sw_timer(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;

	WARN_ON(preemptible());
	if (ktimer->hv_timer_in_use)
		cancel_hv_timer(apic);

	if (apic_lvtt_period(apic))
		start_sw_period(apic);
	else if (atomic_read(&ktimer->pending))
		return;
	else if (apic_lvtt_oneshot(apic))
		start_sw_period(apic);
	else
		start_sw_tscdeadline(apic);
}

static void restart_apic_timer(struct kvm_lapic *apic)
{
	preempt_disable();

	/* Once expired, only a periodic timer has anything left to do. */
	if (apic_lvtt_period(apic) ||
	    !atomic_read(&apic->lapic_timer.pending)) {
		if (!start_hv_timer(apic))
			start_sw_timer(apic);
	}

	preempt_enable();
}

void kvm_lapic_expired_hv_timer(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	preempt_disable();

	/* Having been preempted since the exit, it has changed motors. */
	if (!apic->lapic_timer.hv_timer_in_use)
		goto out;

	WARN_ON(swait_active(&vcpu->wq));
	apic_timer_expired(apic);
	cancel_hv_timer(apic);

	if (apic_lvtt_period(apic) && apic->lapic_timer.period) {
		advance_periodic_target_expiration(apic);
		restart_apic_timer(apic);
	}
out:
	preempt_enable();
}
EXPORT_SYMBOL_GPL(kvm_lapic_expired_hv_timer);

void kvm_lapic_switch_to_hv_timer(struct kvm_vcpu *vcpu)
{
	restart_apic_timer(vcpu->arch.apic);
}
EXPORT_SYMBOL_GPL(kvm_lapic_switch_to_hv_timer);

void kvm_lapic_switch_to_sw_timer(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	preempt_disable();
	if (apic->lapic_timer.hv_timer_in_use)
		start_sw_timer(apic);
	preempt_enable();
}
EXPORT_SYMBOL_GPL(kvm_lapic_switch_to_sw_timer);

void kvm_lapic_restart_hv_timer(struct kvm_vcpu *vcpu)
{
	WARN_ON(!kvm_lapic_hv_timer_in_use(vcpu));
	restart_apic_timer(vcpu->arch.apic);
}

static void start_apic_timer(struct kvm_lapic *apic)
{
	atomic_set(&apic->lapic_timer.pending, 0);

	if (apic_lvtt_tscdeadline(apic) || set_target_expiration(apic)) {
		restart_apic_timer(apic);
		return;
	}

	preempt_disable();
	if (apic->lapic_timer.hv_timer_in_use)
		cancel_hv_timer(apic);
	preempt_enable();
}

u64 kvm_get_lapic_tscdeadline_msr(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	if (!lapic_in_kernel(vcpu) || !apic_lvtt_tscdeadline(apic))
		return 0;

	return apic->lapic_timer.tscdeadline;
}

void kvm_set_lapic_tscdeadline_msr(struct kvm_vcpu *vcpu, u64 data)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	if (!lapic_in_kernel(vcpu) || !apic_lvtt_tscdeadline(apic))
		return;

	hrtimer_cancel(&apic->lapic_timer.timer);
	apic->lapic_timer.tscdeadline = data;
	start_apic_timer(apic);
}

static u32 apic_get_tmcct(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;
	s64 left = ktime_sub(ktimer->target_expiration, ktime_get());

	if (!ktimer->period || left <= 0)
		return 0;

	return left % ktimer->period / (APIC_BUS_CYCLE_NS * apic->divide_count);
}

static void apic_set_spiv(struct kvm_lapic *apic, u32 val)
{
	kvm_lapic_set_reg(apic, APIC_SPIV, val);
	if (val & APIC_SPIV_APIC_ENABLED)
		return;

	/* Disabled by software: all entries are masked, nothing is pending. */
	kvm_lapic_set_reg(apic, APIC_LVTT,
			  kvm_lapic_get_reg(apic, APIC_LVTT) | APIC_LVT_MASKED);
	kvm_lapic_set_reg(apic, APIC_LVT0,
			  kvm_lapic_get_reg(apic, APIC_LVT0) | APIC_LVT_MASKED);
	apic_update_lvtt(apic);
	atomic_set(&apic->lapic_timer.pending, 0);
}

/* Returns nonzero if the guest gets a #GP for it. */
int kvm_lapic_reg_write(struct kvm_lapic *apic, u32 reg, u32 val)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;

	switch (reg) {
	case APIC_TASKPRI:
		kvm_lapic_set_reg(apic, APIC_TASKPRI, val & 0xff);
		apic_update_ppr(apic);
		kvm_make_request(KVM_REQ_EVENT, apic->vcpu);
		return 0;

	case APIC_EOI:
		apic_set_eoi(apic);
		return 0;

	case APIC_SPIV:
		apic_set_spiv(apic, val & 0x3ff);
		return 0;

	case APIC_LVTT:
		if (!kvm_apic_sw_enabled(apic))
			val |= APIC_LVT_MASKED;
		val &= APIC_VECTOR_MASK | APIC_SEND_PENDING | APIC_LVT_MASKED |
		       ktimer->timer_mode_mask;
		kvm_lapic_set_reg(apic, APIC_LVTT, val);
		apic_update_lvtt(apic);
		return 0;

	case APIC_LVT0:
		if (!kvm_apic_sw_enabled(apic))
			val |= APIC_LVT_MASKED;
		kvm_lapic_set_reg(apic, APIC_LVT0, val);
		return 0;

	case APIC_TMICT:
		if (apic_lvtt_tscdeadline(apic))
			return 0;
		hrtimer_cancel(&ktimer->timer);
		kvm_lapic_set_reg(apic, APIC_TMICT, val);
		start_apic_timer(apic);
		return 0;

	case APIC_TDCR:
		/* Here a running timer keeps its pace until it is set anew. */
		kvm_lapic_set_reg(apic, APIC_TDCR, val & 0xb);
		update_divide_count(apic);
		return 0;

	case APIC_SELF_IPI:
		return !__apic_accept_irq(apic, APIC_DM_FIXED,
					  val & APIC_VECTOR_MASK, 1, 0, NULL);
	}

	return 1;
}
EXPORT_SYMBOL_GPL(kvm_lapic_reg_write);

int kvm_lapic_reg_read(struct kvm_lapic *apic, u32 reg, u32 *val)
{
	if (reg > APIC_TDCR)
		return 1;

	*val = reg == APIC_TMCCT ? apic_get_tmcct(apic) :
				   kvm_lapic_get_reg(apic, reg);
	return 0;
}
EXPORT_SYMBOL_GPL(kvm_lapic_reg_read);

static bool apic_x2apic_mode(struct kvm_vcpu *vcpu)
{
	return lapic_in_kernel(vcpu) && (vcpu->arch.apic_base & X2APIC_ENABLE);
}

int kvm_x2apic_msr_write(struct kvm_vcpu *vcpu, u32 msr, u64 data)
{
	if (!apic_x2apic_mode(vcpu))
		return 1;

	return kvm_lapic_reg_write(vcpu->arch.apic, (msr - APIC_BASE_MSR) << 4,
				   data);
}

int kvm_x2apic_msr_read(struct kvm_vcpu *vcpu, u32 msr, u64 *data)
{
	u32 val;

	if (!apic_x2apic_mode(vcpu) ||
	    kvm_lapic_reg_read(vcpu->arch.apic, (msr - APIC_BASE_MSR) << 4,
			       &val))
		return 1;

	*data = val;
	return 0;
}

void kvm_lapic_reset(struct kvm_vcpu *vcpu, bool init_event)
{
	struct kvm_lapic *apic = vcpu->arch.apic;
	int reg;

	if (!apic)
		return;

	hrtimer_cancel(&apic->lapic_timer.timer);

	/* INIT leaves the base and its mode alone. */
	if (!init_event) {
		vcpu->arch.apic_base = MSR_IA32_APICBASE_ENABLE | X2APIC_ENABLE;
		if (!vcpu->vcpu_id)
			vcpu->arch.apic_base |= MSR_IA32_APICBASE_BSP;
		kvm_lapic_set_reg(apic, APIC_ID, vcpu->vcpu_id);
	}

	kvm_lapic_set_reg(apic, APIC_LVR, APIC_VERSION);
	kvm_lapic_set_reg(apic, APIC_LVTT, APIC_LVT_MASKED);
	kvm_lapic_set_reg(apic, APIC_LVT0, APIC_LVT_MASKED);
	apic_update_lvtt(apic);
	apic_set_spiv(apic, 0xff);
	kvm_lapic_set_reg(apic, APIC_TASKPRI, 0);
	kvm_lapic_set_reg(apic, APIC_TMICT, 0);
	kvm_lapic_set_reg(apic, APIC_TDCR, 0);
	update_divide_count(apic);

	for (reg = 0; reg < APIC_NR_REGS; reg++) {
		kvm_lapic_set_reg(apic, APIC_IRR + REG_POS(reg * 32), 0);
		kvm_lapic_set_reg(apic, APIC_ISR + REG_POS(reg * 32), 0);
		kvm_lapic_set_reg(apic, APIC_TMR + REG_POS(reg * 32), 0);
	}

	apic->irr_pending = vcpu->arch.apicv_active;
	atomic_set(&apic->lapic_timer.pending, 0);
	apic_update_ppr(apic);

	if (vcpu->arch.apicv_active) {
		if (kvm_x86_ops->apicv_post_state_restore)
			kvm_x86_ops->apicv_post_state_restore(vcpu);
		kvm_x86_ops->hwapic_irr_update(vcpu, -1);
		kvm_x86_ops->hwapic_isr_update(vcpu, -1);
	}

	vcpu->arch.apic_arb_prio = 0;
}

static bool lapic_is_periodic(struct kvm_lapic *apic)
{
	return apic_lvtt_period(apic);
}

int apic_has_pending_timer(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	if (!apic_enabled(apic) || !apic_lvt_enabled(apic, APIC_LVTT))
		return 0;

	return atomic_read(&apic->lapic_timer.pending);
}

static enum hrtimer_restart apic_timer_fn(struct hrtimer *data)
{
	struct kvm_timer *ktimer = container_of(data, struct kvm_timer, timer);
	struct kvm_lapic *apic = container_of(ktimer, struct kvm_lapic,
					      lapic_timer);

	apic_timer_expired(apic);
	if (!lapic_is_periodic(apic))
		return HRTIMER_NORESTART;

	advance_periodic_target_expiration(apic);
	hrtimer_add_expires_ns(&ktimer->timer, ktimer->period);
	return HRTIMER_RESTART;
}

int kvm_create_lapic(struct kvm_vcpu *vcpu, int timer_advance_ns)
{
	struct kvm_lapic *apic = kzalloc(sizeof(*apic), GFP_KERNEL_ACCOUNT);
	bool adaptive = timer_advance_ns == -1;

	if (!apic)
		return -ENOMEM;

	apic->regs = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	if (!apic->regs) {
		kfree(apic);
		return -ENOMEM;
	}

	vcpu->arch.apic = apic;
	apic->vcpu = vcpu;

	hrtimer_init(&apic->lapic_timer.timer, CLOCK_MONOTONIC,
		     HRTIMER_MODE_ABS_PINNED);
	apic->lapic_timer.timer.function = apic_timer_fn;
	apic->lapic_timer.timer_mode_mask = 3 << 17;
	apic->lapic_timer.timer_advance_ns = adaptive ?
		LAPIC_TIMER_ADVANCE_INIT_NS : timer_advance_ns;
	apic->lapic_timer.timer_advance_adjust_done = !adaptive;

	vcpu->arch.apic_base = MSR_IA32_APICBASE_ENABLE;
	return 0;
}

void kvm_free_lapic(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	if (!apic)
		return;

	hrtimer_cancel(&apic->lapic_timer.timer);
	free_page((unsigned long)apic->regs);
	kfree(apic);
	vcpu->arch.apic = NULL;
}

/* Delivers what apic_timer_expired() has announced. */
void kvm_inject_apic_timer_irqs(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	if (atomic_read(&apic->lapic_timer.pending) > 0) {
		kvm_apic_local_deliver(apic, APIC_LVTT);

		/* Having fired, a timer that does not repeat is disarmed. */
		if (!apic_lvtt_period(apic))
			apic->lapic_timer.tscdeadline = 0;
		if (apic_lvtt_oneshot(apic))
			apic->lapic_timer.target_expiration = 0;

		atomic_set(&apic->lapic_timer.pending, 0);
	}
}

/* The vCPU has moved to another CPU, and its timer comes along. */
void __kvm_migrate_apic_timer(struct kvm_vcpu *vcpu)
{
	struct hrtimer *timer;

	if (!lapic_in_kernel(vcpu))
		return;

	timer = &vcpu->arch.apic->lapic_timer.timer;
	if (hrtimer_cancel(timer))
		hrtimer_start_expires(timer, HRTIMER_MODE_ABS_PINNED);
}
