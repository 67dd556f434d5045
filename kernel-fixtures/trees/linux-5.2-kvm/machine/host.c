// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system below the machine: memory, stacks, processes, output.
 */

#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "host.h"

#define STACK_SIZE	(256UL << 10)
#define PAGE_SIZE	4096UL
#define WATCH_SECONDS	1

#ifndef __has_feature
#define __has_feature(x)	0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define SANITIZED
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

static struct stack {
	ucontext_t context;
	jmp_buf jump;
	int started;
	void (*fn)(void);
	void *bottom;
	size_t size;
} stacks[NR_FIBERS];

static int running = FIBER_MAIN;
static void (*watcher)(void);

#ifdef SANITIZED
/* The sanitizer wants to know on which stack it is, and so do we of main's. */
static void leave_for(struct stack *to)
{
	__sanitizer_start_switch_fiber(NULL, to->bottom, to->size);
}

static void arrived(void)
{
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(NULL, &bottom, &size);
	if (!stacks[FIBER_MAIN].bottom) {
		stacks[FIBER_MAIN].bottom = (void *)bottom;
		stacks[FIBER_MAIN].size = size;
	}
}
#else
static void leave_for(struct stack *to)
{
	(void)to;
}

static void arrived(void)
{
}
#endif

/* Contexts are good to begin with, but make a system call every time. */
void host_fiber_switch(int fiber)
{
	struct stack *from = &stacks[running], *to = &stacks[fiber];

	if (_setjmp(from->jump)) {
		arrived();
		return;
	}

	running = fiber;
	leave_for(to);
	if (to->started || fiber == FIBER_MAIN)
		_longjmp(to->jump, 1);

	to->started = 1;
	setcontext(&to->context);
}

static void begin(void)
{
	arrived();
	stacks[running].fn();
	abort();
}

void host_fiber_start(int fiber, void (*fn)(void))
{
	struct stack *stack = &stacks[fiber];

	if (!stack->bottom) {
		char *memory = mmap(NULL, PAGE_SIZE + STACK_SIZE,
				    PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		/* What recurses for ever shall crash where it is. */
		if (memory == MAP_FAILED ||
		    mprotect(memory, PAGE_SIZE, PROT_NONE)) {
			perror("stack");
			exit(2);
		}
		stack->bottom = memory + PAGE_SIZE;
		stack->size = STACK_SIZE;
	}

#ifdef SANITIZED
	__asan_unpoison_memory_region(stack->bottom, stack->size);
#endif
	getcontext(&stack->context);
	stack->context.uc_stack.ss_sp = stack->bottom;
	stack->context.uc_stack.ss_size = stack->size;
	stack->context.uc_link = NULL;
	makecontext(&stack->context, begin, 0);
	stack->fn = fn;
	stack->started = 0;
}

void *host_alloc(unsigned long size)
{
	unsigned long align = size < PAGE_SIZE ? 64 : PAGE_SIZE;
	unsigned long whole = (size + align - 1) / align * align;
	void *p = aligned_alloc(align, whole);

	if (!p) {
		perror("memory");
		exit(2);
	}

	return memset(p, 0, whole);
}

void host_free(void *p)
{
	free(p);
}

void host_print(const char *format, __builtin_va_list args)
{
	vprintf(format, args);
}

void host_flush(void)
{
	fflush(stdout);
}

int host_same(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static void on_alarm(int sig)
{
	(void)sig;
	if (running == FIBER_MAIN)
		abort();
	watcher();
}

void host_watch(void (*fn)(void))
{
	struct itimerval timer = { .it_value.tv_sec = fn ? WATCH_SECONDS : 0 };
	struct sigaction action = {
		.sa_handler = on_alarm,
		.sa_flags = SA_NODEFER,
	};

	watcher = fn;
	sigaction(SIGVTALRM, &action, NULL);
	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

int host_apart(int (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (!pid) {
		status = fn();
		exit(status);
	}

	while (waitpid(pid, &status, 0) < 0)
		;
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}

	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

int main(int argc, char **argv)
{
	return machine_main(argc > 1 ? argv[1] : NULL,
			    argc > 2 ? argv[2] : NULL);
}
