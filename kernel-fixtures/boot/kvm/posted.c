// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does KVM post the interrupt of a timer that expires on another CPU than the
 * vCPU's, and which of its counters does that move?
 *
 * KVM takes the machine to have AVIC when its CPUID says so.  It then puts the
 * interrupt into the IRR of the virtual APIC and rings a doorbell, and leaves
 * the rest to the hardware.  QEMU has no such hardware.  So nothing takes the
 * interrupt out of there, and the guest, which looks for it, must find it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "parameter.h"
#include "posted.h"
#include "stats.h"
#include "vm.h"

#define TICKS	10
/*
 * Longer than the tick of a host with 100 HZ: a timer moves to another CPU
 * only if that will look at its timers before it is due.
 */
#define PERIOD		30000000	/* ns, and of the order of cycles */
#define LONG_ENOUGH	5000		/* ms */
#define COUNT(array)	(int)(sizeof(array) / sizeof(*(array)))

static const struct mode {
	const char *name;
	uint32_t value;
} modes[] = {
	{ "oneshot", MODE_ONESHOT },
	{ "tscdeadline", MODE_DEADLINE },
};

/* The first CPU without a tick of its own, or -1. */
static int isolated_cpu(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/nohz_full", "r");
	int cpu = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%d", &cpu) != 1)
		cpu = -1;
	fclose(file);
	return cpu;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void judge(struct vm *vm, bool ended)
{
	const struct vcpu *vcpu = &vm->vcpus[0];
	uint64_t pending, posted;
	uint32_t ticks = vcpu->guest->ticks;

	if (stat_of(vm, "timer_pending_injections", &pending))
		ktap_metric("timer_pending_injections", pending, "");
	if (stat_of(vm, "timer_posted_injections", &posted)) {
		ktap_metric("timer_posted_injections", posted, "");
		if (ticks)
			ktap_metric("counted-per-tick", (double)(pending + posted) / ticks, "");
	}
	if (vcpu->error && vcpu->error != EINTR)
		ktap_fail("KVM_RUN: %s", strerror(vcpu->error));
	else if (ticks != vcpu->guest->wanted)
		ktap_fail("%u of %u ticks are in the IRR", ticks, vcpu->guest->wanted);
	else if (!ended)
		ktap_fail("the vCPU ended by exit %u", vcpu->run->exit_reason);
	else
		ktap_pass();
}

static void look_for_ticks(const struct mode *mode, int isolated)
{
	struct guest what = {
		.mode = mode->value, .wanted = TICKS, .period = PERIOD, .does = GUEST_LOOKS,
	};
	struct vm vm;

	if (vm_create(&vm, 1, VM_IN_GUEST | VM_APICV)) {
		/* Threads begin where the one that makes them is. */
		stay_on(isolated);
		vm_start(&vm, &what);
		stay_on(0);
		judge(&vm, vm_wait(&vm, LONG_ENOUGH, false));
	} else {
		ktap_fail("%s: %s", vm.failed, strerror(errno));
	}
	vm_destroy(&vm);
}

void posted(void)
{
	int isolated = isolated_cpu();
	char before[32] = "";
	const char *missing = NULL;

	if (!parameter_is_on("kvm_amd", "avic"))
		missing = "KVM uses no AVIC: two CPUs and kvm_amd.avic=1 are needed";
	else if (isolated <= 0 || isolated >= sysconf(_SC_NPROCESSORS_ONLN))
		missing = "no CPU is left to guests: two CPUs and nohz_full=1 are needed";
	else if (!vm_can_leave_in_guest())
		missing = "KVM cannot leave HLT to the guest here";
	else if (!parameter_set("kvm", "pi_inject_timer", "1", before, sizeof(before)))
		missing = "this KVM has no pi_inject_timer that can be changed";

	ktap_group("posted", COUNT(modes));
	for (int i = 0; i < COUNT(modes); i++) {
		ktap_case("%s", modes[i].name);
		if (missing)
			ktap_skip("%s", missing);
		else
			look_for_ticks(&modes[i], isolated);
	}
	if (!missing)
		parameter_set("kvm", "pi_inject_timer", before, NULL, 0);
	ktap_group_ends();
}
