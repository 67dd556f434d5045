// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a guest get the ticks of its local APIC timer, each once and none early,
 * in every mode of the timer, and what does that cost?
 *
 * Cases of the group "timer" are SETTING/EXITS/DOES/MODE: which parameter of KVM
 * is set, whether HLT, PAUSE and MWAIT exit, what the guest does besides, and the
 * mode of the timer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "parameter.h"
#include "posted.h"
#include "stats.h"
#include "vm.h"

#define TICKS		10
#define PERIOD		500000	/* ns, and of the order of cycles */
#define LONG_ENOUGH	10000	/* ms */
#define ROUNDS		3
#define COUNT(array)	(int)(sizeof(array) / sizeof(*(array)))

#define NO_EXACT_NUMBERS "with several CPUs the machine runs by the clock, boot it with one"

static const struct mode {
	const char *name;
	uint32_t value;
} modes[] = {
	{ "oneshot", MODE_ONESHOT },
	{ "periodic", MODE_PERIODIC },
	{ "tscdeadline", MODE_DEADLINE },
};

static const struct setting {
	const char *name, *parameter, *value;
} settings[] = {
	{ "default", NULL, NULL },
	{ "pi_inject_timer=0", "pi_inject_timer", "0" },
	{ "pi_inject_timer=1", "pi_inject_timer", "1" },
	{ "lapic_timer_advance_ns=0", "lapic_timer_advance_ns", "0" },
};

static const struct situation {
	const char *name;
	uint32_t does;
	int vcpus;
	bool moves;
} situations[] = {
	{ "runs", GUEST_RUNS, 1, false },
	{ "halts", GUEST_HALTS, 1, false },
	{ "moves", GUEST_RUNS, 1, true },
	{ "three-vcpus", GUEST_HALTS, VCPUS, false },
};

/* What costs a host something, and what the guest is told; if KVM counts it. */
static const char *const costs[] = {
	"exits", "halt_exits", "irq_exits",
	"timer_pending_injections", "timer_posted_injections",
};

/*
 * QEMU counts the instructions of one CPU, but several run by the clock.  The
 * machine may then stand still at any time, which no exact number survives: a
 * timer may have expired before it is armed, and a tick be taken for two.
 */
static bool by_the_clock(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > 1;
}

static bool counted(const struct vm *vm, uint64_t *count)
{
	uint64_t posted;

	if (!stat_of(vm, "timer_pending_injections", count))
		return false;
	if (stat_of(vm, "timer_posted_injections", &posted))
		*count += posted;
	return true;
}

static void measure(const struct vm *vm, const struct mode *mode)
{
	uint32_t ticks = 0, early = 0, wanted = 0;
	uint64_t count;

	for (int i = 0; i < vm->count; i++) {
		const struct guest *guest = vm->vcpus[i].guest;

		ticks += guest->ticks;
		early += guest->early;
		wanted += guest->wanted;
	}
	ktap_metric("ticks-lost", wanted > ticks ? wanted - ticks : 0, "ticks");
	if (mode->value != MODE_PERIODIC && !by_the_clock())
		ktap_metric("ticks-duplicated", ticks > wanted ? ticks - wanted : 0, "ticks");
	if (mode->value == MODE_DEADLINE && !by_the_clock())
		ktap_metric("ticks-early", early, "ticks");
	for (int i = 0; i < COUNT(costs); i++)
		if (stat_of(vm, costs[i], &count))
			ktap_metric(costs[i], count, "");
	/*
	 * The host's own interrupts have a guest that runs exit, too, and a
	 * periodic timer goes on while the guest is on its way to stop it.
	 */
	if (ticks && vm->vcpus[0].guest->does == GUEST_HALTS &&
	    mode->value != MODE_PERIODIC && stat_of(vm, "exits", &count))
		ktap_metric("exits-per-tick", (double)count / ticks, "");
	if (ticks && !by_the_clock() && counted(vm, &count))
		ktap_metric("counted-per-tick", (double)count / ticks, "");
}

static void judge(struct vm *vm, const struct mode *mode, bool ended)
{
	for (int i = 0; i < vm->count; i++) {
		const struct vcpu *vcpu = &vm->vcpus[i];
		const struct guest *guest = vcpu->guest;

		if (vcpu->error && vcpu->error != EINTR)
			return ktap_fail("KVM_RUN of vCPU %d: %s", i, strerror(vcpu->error));
		if (guest->ticks < guest->wanted)
			return ktap_fail("vCPU %d got %u of %u ticks", i, guest->ticks, guest->wanted);
		if (guest->ticks > guest->wanted && mode->value != MODE_PERIODIC &&
		    !by_the_clock())
			return ktap_fail("vCPU %d got %u ticks for %u", i, guest->ticks, guest->wanted);
		if (guest->early && !by_the_clock())
			return ktap_fail("vCPU %d got %u ticks early", i, guest->early);
		if (!ended)
			return ktap_fail("vCPU %d ended by exit %u", i, vcpu->run->exit_reason);
	}
	ktap_pass();
}

static struct guest told(const struct mode *mode, uint32_t does)
{
	return (struct guest){
		.mode = mode->value, .wanted = TICKS, .period = PERIOD, .does = does,
	};
}

static void take_ticks(const struct situation *situation, const struct mode *mode, bool in_guest)
{
	struct guest what = told(mode, situation->does);
	struct vm vm;
	bool ended;

	if (vm_create(&vm, situation->vcpus, in_guest ? VM_IN_GUEST : 0)) {
		vm_start(&vm, &what);
		ended = vm_wait(&vm, LONG_ENOUGH, situation->moves);
		measure(&vm, mode);
		judge(&vm, mode, ended);
	} else {
		ktap_fail("%s: %s", vm.failed, strerror(errno));
	}
	vm_destroy(&vm);
}

static void timer_with(const struct setting *setting, bool in_guest)
{
	/* All that a guest can do is tried with the parameters as they are. */
	int all = setting->parameter ? 1 : COUNT(situations);
	char before[32] = "";
	bool set = !setting->parameter ||
		   parameter_set("kvm", setting->parameter, setting->value, before, sizeof(before));

	for (int i = 0; i < all * COUNT(modes); i++) {
		const struct situation *situation = &situations[i / COUNT(modes)];
		const struct mode *mode = &modes[i % COUNT(modes)];

		ktap_case("%s/%s/%s/%s", setting->name, in_guest ? "in-guest" : "exiting",
			  situation->name, mode->name);
		if (!set)
			ktap_skip("this KVM has no such parameter that can be changed");
		else if (in_guest && !vm_can_leave_in_guest())
			ktap_skip("KVM cannot leave HLT to the guest here");
		else if (situation->moves && !by_the_clock())
			ktap_skip("there is only one CPU");
		else if (!situation->moves && by_the_clock())
			ktap_skip(NO_EXACT_NUMBERS);
		else
			take_ticks(situation, mode, in_guest);
	}
	if (setting->parameter && set)
		parameter_set("kvm", setting->parameter, before, NULL, 0);
}

static void timers(void)
{
	int cases = 2 * COUNT(situations) * COUNT(modes);

	ktap_group("timer", cases + (COUNT(settings) - 1) * COUNT(modes));
	timer_with(&settings[0], false);
	timer_with(&settings[0], true);
	for (int i = 1; i < COUNT(settings); i++)
		timer_with(&settings[i], true);
	ktap_group_ends();
}

/* False if the timer has expired before the guest could mask it. */
static bool is_masked(const struct mode *mode)
{
	struct guest what = told(mode, GUEST_MASKS);
	uint64_t count;
	struct vm vm;
	bool in_time = true;

	if (vm_create(&vm, 1, 0)) {
		const struct guest *guest = vm.vcpus[0].guest;
		bool ended;

		vm_start(&vm, &what);
		ended = vm_wait(&vm, LONG_ENOUGH, false);
		in_time = !guest->early;
		if (in_time && counted(&vm, &count))
			ktap_metric("counted-when-masked", count, "");
		if (in_time && !ended)
			ktap_fail("the vCPU does not come to its end");
		else if (in_time && guest->ticks)
			ktap_fail("the guest got %u ticks", guest->ticks);
		else if (in_time)
			ktap_pass();
	} else {
		ktap_fail("%s: %s", vm.failed, strerror(errno));
	}
	vm_destroy(&vm);
	return in_time;
}

/* A timer that the guest masks after it has armed it is not seen, nor counted. */
static void masked(void)
{
	ktap_group("masked", COUNT(modes));
	for (int i = 0; i < COUNT(modes); i++) {
		bool done = false;

		ktap_case("%s", modes[i].name);
		for (int tries = 0; !done && !by_the_clock() && tries < 5; tries++)
			done = is_masked(&modes[i]);
		if (by_the_clock())
			ktap_skip(NO_EXACT_NUMBERS);
		else if (!done)
			ktap_skip("the timer is too fast to be masked in time");
	}
	ktap_group_ends();
}

/* The machine goes while its timers run; they must not fire into what is gone. */
static bool destroy(const struct mode *mode)
{
	const struct timespec longer = { .tv_nsec = 3 * PERIOD };
	struct guest what = told(mode, GUEST_LEAVES);

	for (int round = 0; round < ROUNDS; round++) {
		struct vm vm;
		bool good = vm_create(&vm, VCPUS, 0);

		if (good) {
			vm_start(&vm, &what);
			good = vm_wait(&vm, LONG_ENOUGH, false);
		}
		vm_destroy(&vm);
		if (!good)
			return false;
	}
	nanosleep(&longer, NULL);
	return true;
}

static void destroyed(void)
{
	ktap_group("destroy", COUNT(modes));
	for (int i = 0; i < COUNT(modes); i++) {
		ktap_case("%s", modes[i].name);
		if (destroy(&modes[i]))
			ktap_pass();
		else
			ktap_fail("a vCPU does not come to its end");
	}
	ktap_group_ends();
}

static bool created(void)
{
	struct vm vm;
	const char *wrong = kvm_open();
	bool good;

	ktap_group("create", 1);
	ktap_case("machine");
	if (wrong) {
		ktap_skip("%s", wrong);
		ktap_group_ends();
		return false;
	}
	good = vm_create(&vm, VCPUS, 0);
	if (good)
		ktap_pass();
	else
		ktap_fail("%s: %s", vm.failed, strerror(errno));
	vm_destroy(&vm);
	ktap_group_ends();
	return good;
}

int main(void)
{
	static void (*const groups[])(void) = { timers, masked, destroyed, posted };

	ktap_start(1 + COUNT(groups));
	if (!created()) {
		for (int i = 0; i < COUNT(groups); i++)
			printf("ok %d %s # SKIP no machine can be made\n", i + 2,
			       (const char *[]){ "timer", "masked", "destroy", "posted" }[i]);
		return 0;
	}
	for (int i = 0; i < COUNT(groups); i++)
		groups[i]();
	return 0;
}
