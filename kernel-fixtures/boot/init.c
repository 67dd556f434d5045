// SPDX-License-Identifier: GPL-2.0-only
/*
 * /init: run /test and hand each line that it prints to the kernel's log, so
 * that it comes out on the console in one piece, in order with what the kernel
 * has to say.  Then stop the machine: QEMU ends where others would reboot.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

/* A record of the log takes less than a kilobyte. */
#define LINE 900

static int log_fd;

static void say(const char *line, size_t length)
{
	char record[LINE + 8];
	int size = snprintf(record, sizeof(record), "<5>%.*s\n", (int)length, line);

	if (write(log_fd, record, size) < 0)
		write(STDOUT_FILENO, record + 3, size - 3);
}

static void copy(int from)
{
	char line[LINE];
	size_t held = 0;
	ssize_t got;

	while ((got = read(from, line + held, sizeof(line) - held)) > 0) {
		char *start = line, *end;

		held += got;
		while ((end = memchr(start, '\n', line + held - start))) {
			say(start, end - start);
			start = end + 1;
		}
		held -= start - line;
		memmove(line, start, held);
		if (held == sizeof(line)) {
			say(line, held);
			held = 0;
		}
	}
	if (held)
		say(line, held);
}

static int test(void)
{
	int ends[2], status;
	pid_t child;

	if (pipe(ends))
		return -1;
	child = fork();
	if (child < 0)
		return -1;
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/test", "/test", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	copy(ends[0]);
	return waitpid(child, &status, 0) == child ? status : -1;
}

int main(void)
{
	char last[64] = "";
	int status;

	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	log_fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	status = test();
	if (status == -1)
		strcpy(last, "Bail out! /init cannot start /test");
	else if (WIFSIGNALED(status))
		sprintf(last, "Bail out! /test was killed by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) == 127)
		strcpy(last, "Bail out! /test is no program that runs here");
	if (*last)
		say(last, strlen(last));
	sync();
	reboot(RB_AUTOBOOT);
	return 1;
}
