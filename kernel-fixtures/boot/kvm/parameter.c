// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parameter.h"

static int open_parameter(const char *module, const char *name, int how)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module, name);
	return open(path, how | O_CLOEXEC);
}

bool parameter_is_on(const char *module, const char *name)
{
	int fd = open_parameter(module, name, O_RDONLY);
	char value = 0;
	bool on;

	if (fd < 0)
		return false;
	on = read(fd, &value, 1) == 1 && (value == 'Y' || value == '1');
	close(fd);
	return on;
}

bool parameter_set(const char *module, const char *name, const char *value,
		   char *before, size_t size)
{
	int fd = open_parameter(module, name, O_RDWR);
	ssize_t got = 1;
	bool set;

	if (fd < 0)
		return false;
	if (before) {
		got = pread(fd, before, size - 1, 0);
		before[got > 0 ? strcspn(before, "\n") : 0] = 0;
	}
	set = got > 0 && write(fd, value, strlen(value)) > 0;
	close(fd);
	return set;
}
