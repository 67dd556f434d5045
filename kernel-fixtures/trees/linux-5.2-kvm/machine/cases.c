// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cases: every combination of hardware, parameter, instance and host, and
 * in each the guest's timers in every mode and situation.  Results are KTAP.
 */

#include "machine.h"

#define NR_GROUPS	(1 + NR_VENDORS * 2 * NR_INSTANCES * 2)
#define BAILED_OUT	3
#define NR_LEAVES	(NR_MODES * NR_BEHAVIOURS)

static const char *const vendor_names[] = {
	[INTEL_APICV] = "intel-apicv",
	[INTEL_NO_APICV] = "intel-no-apicv",
	[AMD] = "amd",
};

static const char *const instance_names[] = {
	[DEDICATED] = "dedicated",
	[MWAIT_ONLY] = "mwait-only",
	[SHARED] = "shared",
};

static const char *const mode_names[] = {
	[ONESHOT] = "oneshot",
	[PERIODIC] = "periodic",
	[TSCDEADLINE] = "tscdeadline",
};

static const char *const behaviour_names[] = {
	[STAYS] = "stays",
	[MOVES] = "moves",
	[HALTS] = "halts",
	[APF_HALTED] = "apf-halted",
	[PREEMPTED] = "preempted",
	[MOVED_WHILE_FIRING] = "moved-while-firing",
	[REARMED_WHILE_FIRING] = "rearmed-while-firing",
	[CANCELLED_WHILE_FIRING] = "cancelled-while-firing",
	[INTERRUPTED_WHILE_FIRING] = "interrupted-while-firing",
	[APICV_SWITCHED_OFF] = "apicv-switched-off",
	[BEFORE_HOST_TICK] = "before-host-tick",
};

struct group group;

static const char *only_leaf;
static int number, failures;

void print(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	host_print(format, args);
	__builtin_va_end(args);
}

static void metric(const char *name, u64 value, const char *unit)
{
	print("    # metric: %s %llu %s\n", name, value, unit);
}

static void exits(const char *name, u64 value)
{
	u64 ticks = counts.armed ? counts.armed : 1;

	metric(name, (value * 1000 + ticks / 2) / ticks, "per 1000 ticks");
}

static void metrics(void)
{
	metric("ticks-armed", counts.armed, "ticks");
	metric("ticks-delivered", counts.delivered, "ticks");
	metric("ticks-withdrawn", counts.withdrawn, "ticks");
	metric("ticks-lost", counts.lost, "ticks");
	metric("ticks-duplicated", counts.duplicated, "ticks");
	metric("ticks-early", counts.early, "ticks");
	metric("delay-max", counts.delay_max, "ns");
	exits("exits-timer-expiry", counts.exits_by_tick);
	exits("exits-kick", counts.exits_kick);
	exits("exits-hlt", counts.exits_hlt);
	exits("exits-mwait", counts.exits_mwait);
	exits("exits-preemption-timer", counts.exits_preempt);
	exits("exits-external-interrupt", counts.exits_external);
	exits("exits-arming", counts.exits_arming);
	exits("exits-other", counts.exits_other);
	metric("timer-migrations", counts.migrations, "count");
	metric("fired-on-isolated", counts.fired_isolated, "count");
	metric("fired-on-housekeeping", counts.fired_housekeeping, "count");
	metric("fired-on-other-cpu", counts.fired_elsewhere, "count");
}

static void result(const char *first, const char *slash, const char *second,
		   const char *skip)
{
	const char *why = failure();

	number++;
	if (skip) {
		print("    ok %d %s%s%s # SKIP %s\n", number, first, slash,
		      second, skip);
	} else if (why) {
		failures++;
		print("    # %s\n", why);
		print("    not ok %d %s%s%s # %s\n", number, first, slash,
		      second, why);
	} else {
		print("    ok %d %s%s%s\n", number, first, slash, second);
	}
}

static void announce(const char *first, const char *slash, const char *second)
{
	print("    # case: %s%s%s\n", first, slash, second);
	host_flush();
}

/* Selected from outside, as MODE/BEHAVIOUR or by the name of a self-test. */
static bool selected(const char *first, const char *second)
{
	const char *wanted = only_leaf;

	if (!wanted)
		return true;

	while (*first && *wanted == *first) {
		wanted++;
		first++;
	}
	if (*first)
		return false;
	if (second && *wanted++ != '/')
		return false;

	return host_same(wanted, second ? second : "");
}

/* The user space of a VM, which is one thread. */
static void user_space(void)
{
	struct kvm *kvm = kvm_create_vm();
	struct kvm_enable_cap cap = { .cap = KVM_CAP_X86_DISABLE_EXITS };
	struct kvm_run run;

	if (group.instance != SHARED)
		cap.args[0] |= KVM_X86_DISABLE_EXITS_MWAIT;
	if (group.instance == DEDICATED)
		cap.args[0] |= KVM_X86_DISABLE_EXITS_HLT |
			       KVM_X86_DISABLE_EXITS_PAUSE;
	WARN_ON(kvm_vm_ioctl_enable_cap(kvm, &cap));

	vcpu = kvm_vm_ioctl_create_vcpu(kvm, 0);
	if (WARN_ON(!vcpu))
		return machine_stop();

	while (!guest.finished)
		if (kvm_arch_vcpu_ioctl_run(vcpu, &run) != -EINTR) {
			fail("KVM_RUN returns with exit reason %lld",
			     (long long)run.exit_reason);
			break;
		}

	vcpu = NULL;
	kvm_destroy_vm(kvm);
	machine_stop();
}

static void late(long arg)
{
	(void)arg;
	machine_stop();
}

void run_case(enum timer_mode mode, enum behaviour behaviour)
{
	machine_reset(number);
	memory_reset();
	cpus_reset(&group.host);
	virt_reset();
	guest_boot(mode, behaviour);
	thread_start(2, user_space);
	at(now + 5000 * NSEC_PER_MSEC, late, 0);
	machine_run();

	guest_judge();
	if (memory_leaked())
		fail("memory is not freed");
}

static const char *impossible(enum behaviour behaviour)
{
	if (behaviour == APICV_SWITCHED_OFF && group.vendor != INTEL_APICV)
		return "there is no APICv to switch off";

	return NULL;
}

static void leaf(enum timer_mode mode, enum behaviour behaviour)
{
	const char *first = mode_names[mode];
	const char *second = behaviour_names[behaviour];
	const char *skip = impossible(behaviour);

	if (!selected(first, second))
		return;

	announce(first, "/", second);
	if (!skip) {
		run_case(mode, behaviour);
		metrics();
	}
	result(first, "/", second, skip);
}

static void print_group(void)
{
	print("%s/%s/%s/%s", vendor_names[group.vendor],
	      group.parameter ? "on" : "off", instance_names[group.instance],
	      group.host.nohz_full ? "nohz_full" : "no-housekeeping");
}

bool load_modules(void)
{
	hardware = (struct hardware){
		.vmx = group.vendor != AMD,
		.svm = group.vendor == AMD,
		.apicv = group.vendor == INTEL_APICV,
	};
	/* Off is not set, but what it is if nobody says otherwise. */
	if (group.parameter)
		set_parameter("pi_inject_timer", true);

	return boot();
}

static int run_group(void)
{
	int i;

	print("    KTAP version 1\n    # Subtest: ");
	print_group();
	print("\n    1..%d\n", only_leaf ? 1 : NR_LEAVES);

	if (!load_modules()) {
		print("Bail out! no module finds its hardware\n");
		return BAILED_OUT;
	}

	for (i = 0; i < NR_LEAVES && !hung; i++)
		leaf(i / NR_BEHAVIOURS, i % NR_BEHAVIOURS);
	if (hung) {
		print("Bail out! the others may take as long\n");
		return BAILED_OUT;
	}

	return failures != 0;
}

static int run_selftests(void)
{
	int i;

	print("    KTAP version 1\n    # Subtest: machine\n");
	print("    1..%d\n", only_leaf ? 1 : nr_selftests);

	for (i = 0; i < nr_selftests; i++) {
		if (!selected(selftests[i].name, NULL))
			continue;
		announce(selftests[i].name, "", "");
		machine_reset(i);
		memory_reset();
		selftests[i].test();
		result(selftests[i].name, "", "", NULL);
	}

	return failures != 0;
}

/* Each in a process of its own, for modules are loaded only once. */
static void set_group(int i)
{
	i--;
	group.host.nohz_full = i % 2 == 0;
	i /= 2;
	group.instance = i % NR_INSTANCES;
	i /= NR_INSTANCES;
	group.parameter = i % 2;
	group.vendor = i / 2;
}

static bool is_group(const char *wanted)
{
	const char *parts[] = {
		vendor_names[group.vendor], group.parameter ? "on" : "off",
		instance_names[group.instance],
		group.host.nohz_full ? "nohz_full" : "no-housekeeping", NULL,
	};
	const char **part;

	for (part = parts; *part; part++) {
		const char *name = *part;

		while (*name && *wanted == *name) {
			wanted++;
			name++;
		}
		if (*name || *wanted++ != (part[1] ? '/' : '\0'))
			return false;
	}

	return true;
}

int machine_main(const char *wanted, const char *wanted_leaf)
{
	int i, nr = 0, failed = 0;

	only_leaf = wanted_leaf;
	print("KTAP version 1\n1..%d\n", wanted ? 1 : NR_GROUPS);
	for (i = 0; i < NR_GROUPS; i++) {
		bool self = i == 0;
		int status;

		set_group(self ? 1 : i);
		if (wanted && !(self ? host_same(wanted, "machine") :
				       is_group(wanted)))
			continue;

		status = host_apart(self ? run_selftests : run_group);
		if (status == BAILED_OUT)
			return BAILED_OUT;
		failed += status != 0;
		print("%s %d ", status ? "not ok" : "ok", ++nr);
		if (self)
			print("machine");
		else
			print_group();
		print("\n");
		host_flush();
	}

	return failed != 0;
}
