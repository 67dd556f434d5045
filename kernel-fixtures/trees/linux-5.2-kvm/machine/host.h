/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_HOST_H
#define MACHINE_HOST_H

/*
 * What the machine needs of the system it runs on.  host.c sees nothing but
 * the headers of that system, the rest nothing but those of this tree, and
 * both see this, in types that need no header.
 */

/* Stacks to run on.  The first is that of main(). */
enum fiber {
	FIBER_MAIN,
	FIBER_THREAD,		/* the thread of the vCPU */
	FIBER_GUEST,
	FIBER_CPU,		/* the interrupts of CPU 0, and so on */
	NR_FIBERS = FIBER_CPU + 4
};

/* Sets a fiber to begin with @fn, which never returns, when switched to. */
void host_fiber_start(int fiber, void (*fn)(void));
void host_fiber_switch(int fiber);

/* Zeroed; a page or more begins at a page. */
void *host_alloc(unsigned long size);
void host_free(void *p);

void host_print(const char *format, __builtin_va_list args);
void host_flush(void);
int host_same(const char *a, const char *b);

/*
 * Calls @fn, from which the machine goes on as FIBER_MAIN, if too much CPU time
 * passes until this is called again.  NULL turns it off.
 */
void host_watch(void (*fn)(void));

/*
 * Runs @fn in a process of its own, with everything as it is now, and returns
 * what it did.  A crash is passed on.
 */
int host_apart(int (*fn)(void));

/* Runs the cases that the arguments select; 0 if they all passed. */
int machine_main(const char *group, const char *leaf);

#endif
