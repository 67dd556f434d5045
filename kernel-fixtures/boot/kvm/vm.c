// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "parameter.h"
#include "vm.h"

#define CPUID_ENTRIES	128
#define ECX_DEADLINE	(1u << 24)
#define TSS		0xfffbd000
#define SELECTOR_CODE	8
#define SELECTOR_DATA	16

static int kvm;
static size_t run_size;

static void awake(int signal)
{
	(void)signal;		/* it is sent to have KVM_RUN return */
}

const char *kvm_open(void)
{
	struct sigaction action = { .sa_handler = awake };

	sigaction(SIGUSR1, &action, NULL);
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		return errno == ENOENT || errno == ENODEV || errno == ENXIO ?
			"there is no KVM here, or no CPU that it knows" : strerror(errno);
	run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	return NULL;
}

int vm_can_leave_in_guest(void)
{
	int can = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_X86_DISABLE_EXITS);

	return can < 0 ? 0 : can;
}

static bool failed(struct vm *vm, const char *call)
{
	vm->failed = call;
	return false;
}

static uint64_t gate(uint32_t to)
{
	return (to & 0xffff) | SELECTOR_CODE << 16 | 0x8e00ull << 32 |
	       (uint64_t)(to >> 16) << 48;
}

static void load(uint8_t *memory)
{
	uint64_t *gdt = (uint64_t *)(memory + GUEST_GDT);
	uint64_t *idt = (uint64_t *)(memory + GUEST_IDT);

	memcpy(memory + GUEST_CODE, guest_start, guest_end - guest_start);
	idt[GUEST_VECTOR] = gate(GUEST_CODE + (guest_tick - guest_start));
	gdt[SELECTOR_CODE / 8] = 0x00cf9b000000ffff;
	gdt[SELECTOR_DATA / 8] = 0x00cf93000000ffff;
}

static bool add_memory(struct vm *vm)
{
	struct kvm_userspace_memory_region region = { .memory_size = GUEST_MEMORY };

	vm->memory = mmap(NULL, GUEST_MEMORY, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (vm->memory == MAP_FAILED)
		return failed(vm, "mmap");
	region.userspace_addr = (uintptr_t)vm->memory;
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region))
		return failed(vm, "KVM_SET_USER_MEMORY_REGION");
	load(vm->memory);
	return true;
}

/* Without a CPUID the timer has no modes but one. */
static int set_cpuid(int vcpu)
{
	struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 entries[CPUID_ENTRIES];
	} cpuid = { .head.nent = CPUID_ENTRIES };

	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid))
		return -1;
	for (unsigned int i = 0; i < cpuid.head.nent; i++)
		if (cpuid.head.entries[i].function == 1)
			cpuid.head.entries[i].ecx |= ECX_DEADLINE;
	return ioctl(vcpu, KVM_SET_CPUID2, &cpuid);
}

static struct kvm_segment segment(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){
		.limit = ~0u, .selector = selector, .type = type,
		.present = 1, .db = 1, .s = 1, .g = 1,
	};
}

static int set_registers(const struct vcpu *vcpu)
{
	uint64_t page = GUEST_PAGE + vcpu->number * GUEST_PAGE_SIZE;
	struct kvm_regs regs = {
		.rip = GUEST_CODE, .rsp = page + GUEST_PAGE_SIZE, .rsi = page, .rflags = 2,
	};
	struct kvm_sregs sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs))
		return -1;
	sregs.cr0 |= 1;
	sregs.gdt.base = GUEST_GDT;
	sregs.gdt.limit = 3 * 8 - 1;
	sregs.idt.base = GUEST_IDT;
	sregs.idt.limit = 256 * 8 - 1;
	sregs.cs = segment(SELECTOR_CODE, 11);
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = segment(SELECTOR_DATA, 3);
	return ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) ?:
	       ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

static bool add_vcpu(struct vm *vm)
{
	struct kvm_mp_state runnable = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct vcpu *vcpu = &vm->vcpus[vm->count];

	*vcpu = (struct vcpu){ .number = vm->count };
	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, vcpu->number);
	if (vcpu->fd < 0)
		return failed(vm, "KVM_CREATE_VCPU");
	vm->count++;
	vcpu->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	vcpu->guest = (struct guest *)(vm->memory + GUEST_PAGE +
				       vcpu->number * GUEST_PAGE_SIZE);
	if (vcpu->run == MAP_FAILED)
		return failed(vm, "mmap of a vCPU");
	if (set_cpuid(vcpu->fd))
		return failed(vm, "KVM_SET_CPUID2");
	if (set_registers(vcpu))
		return failed(vm, "KVM_SET_SREGS");
	if (ioctl(vcpu->fd, KVM_SET_MP_STATE, &runnable))
		return failed(vm, "KVM_SET_MP_STATE");
	return true;
}

/* Since v5.6 a PIT that injects what the guest has missed keeps AVIC off. */
static bool inhibit_avic(const struct vm *vm)
{
	struct kvm_pit_config pit = { .flags = 0 };

	return !parameter_is_on("kvm_amd", "avic") || !ioctl(vm->fd, KVM_CREATE_PIT2, &pit);
}

bool vm_create(struct vm *vm, int vcpus, unsigned int flags)
{
	struct kvm_enable_cap leave = { .cap = KVM_CAP_X86_DISABLE_EXITS };

	*vm = (struct vm){ .memory = MAP_FAILED };
	vm->fd = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		return failed(vm, "KVM_CREATE_VM");
	leave.args[0] = flags & VM_IN_GUEST ? vm_can_leave_in_guest() : 0;
	if (leave.args[0] && ioctl(vm->fd, KVM_ENABLE_CAP, &leave))
		return failed(vm, "KVM_ENABLE_CAP");
	if (ioctl(vm->fd, KVM_SET_TSS_ADDR, TSS) && errno != EINVAL)
		return failed(vm, "KVM_SET_TSS_ADDR");
	if (ioctl(vm->fd, KVM_CREATE_IRQCHIP, 0))
		return failed(vm, "KVM_CREATE_IRQCHIP");
	if (!(flags & VM_APICV) && !inhibit_avic(vm))
		return failed(vm, "KVM_CREATE_PIT2");
	if (!add_memory(vm))
		return false;
	while (vm->count < vcpus)
		if (!add_vcpu(vm))
			return false;
	return true;
}

void vm_destroy(struct vm *vm)
{
	while (vm->count) {
		struct vcpu *vcpu = &vm->vcpus[--vm->count];

		if (vcpu->run != MAP_FAILED)
			munmap(vcpu->run, run_size);
		close(vcpu->fd);
	}
	if (vm->fd >= 0)
		close(vm->fd);
	if (vm->memory != MAP_FAILED)
		munmap(vm->memory, GUEST_MEMORY);
}

static void *work(void *argument)
{
	struct vcpu *vcpu = argument;

	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, 0)) {
			vcpu->error = errno;
			break;
		}
		if (vcpu->run->exit_reason != KVM_EXIT_IRQ_WINDOW_OPEN)
			break;
	}
	vcpu->ended = true;
	return NULL;
}

void vm_start(struct vm *vm, const struct guest *what)
{
	for (int i = 0; i < vm->count; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		*vcpu->guest = *what;
		vcpu->ended = false;
		vcpu->error = 0;
		pthread_create(&vcpu->thread, NULL, work, vcpu);
	}
}

static void move(const struct vm *vm, int round)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);

	for (int i = 0; i < vm->count; i++) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET((round + i) % cpus, &set);
		pthread_setaffinity_np(vm->vcpus[i].thread, sizeof(set), &set);
	}
}

static bool all_ended(const struct vm *vm)
{
	for (int i = 0; i < vm->count; i++)
		if (!vm->vcpus[i].ended)
			return false;
	return true;
}

bool vm_wait(struct vm *vm, int milliseconds, bool moving)
{
	const struct timespec pause = { .tv_nsec = 500 * 1000 };
	struct timespec began, now;
	bool good = true;
	int round = 0;

	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		nanosleep(&pause, NULL);
		if (moving)
			move(vm, round++);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (!all_ended(vm) &&
		 (now.tv_sec - began.tv_sec) * 1000 +
		 (now.tv_nsec - began.tv_nsec) / 1000000 < milliseconds);

	for (int i = 0; i < vm->count; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		/* A signal that comes between two calls of KVM_RUN would be lost. */
		vcpu->run->immediate_exit = !vcpu->ended;
		good = good && vcpu->ended;
		if (!vcpu->ended)
			pthread_kill(vcpu->thread, SIGUSR1);
		pthread_join(vcpu->thread, NULL);
		good = good && !vcpu->error && vcpu->run->exit_reason == KVM_EXIT_IO;
	}
	return good;
}
