/* SPDX-License-Identifier: GPL-2.0-only */
/* Virtual machines with the guest in them. */
#ifndef VM_H
#define VM_H

#include <pthread.h>
#include <stdbool.h>

#include <linux/kvm.h>

#include "guest.h"

#define VCPUS 3

struct vcpu {
	int fd;
	int number;
	struct kvm_run *run;
	struct guest *guest;
	pthread_t thread;
	volatile bool ended;
	int error;		/* of KVM_RUN, if it failed */
};

struct vm {
	int fd;
	int count;
	uint8_t *memory;
	struct vcpu vcpus[VCPUS];
	const char *failed;	/* the call that failed, with errno */
};

/* Open /dev/kvm; what is wrong, or NULL. */
const char *kvm_open(void);

#define VM_IN_GUEST	1	/* HLT, PAUSE and MWAIT do not exit, as far as that can be done */
#define VM_APICV	2	/* AVIC is used, if KVM does; else it is not */

/*
 * Make a machine with an irqchip and so many vCPUs; false, with "failed", when
 * the kernel refuses.  To be destroyed either way.
 */
bool vm_create(struct vm *vm, int vcpus, unsigned int flags);
void vm_destroy(struct vm *vm);

/* Which of the exits can be switched off: flags of KVM_CAP_X86_DISABLE_EXITS. */
int vm_can_leave_in_guest(void);

/* Have all vCPUs do this, each on a thread of its own. */
void vm_start(struct vm *vm, const struct guest *what);

/*
 * Wait until all have ended, at most so long; false when one has not, or has
 * failed.  With "moving" they are taken from CPU to CPU meanwhile.
 */
bool vm_wait(struct vm *vm, int milliseconds, bool moving);

#endif
