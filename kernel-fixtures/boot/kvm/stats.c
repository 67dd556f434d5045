// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stats.h"

static bool read_at(int fd, void *to, size_t size, off_t offset)
{
	return pread(fd, to, size, offset) == (ssize_t)size;
}

static bool in_file(int fd, const char *name, uint64_t *value)
{
	struct kvm_stats_header header;
	struct kvm_stats_desc *desc;
	bool found = false;
	size_t size;

	if (!read_at(fd, &header, sizeof(header), 0))
		return false;
	size = sizeof(*desc) + header.name_size;
	desc = malloc(size + 1);
	for (uint32_t i = 0; desc && !found && i < header.num_desc; i++) {
		if (!read_at(fd, desc, size, header.desc_offset + i * size))
			break;
		((char *)desc)[size] = 0;
		found = !strcmp(desc->name, name) &&
			read_at(fd, value, sizeof(*value), header.data_offset + desc->offset);
	}
	free(desc);
	return found;
}

static bool in_debugfs(const struct vm *vm, const char *name, uint64_t *value)
{
	unsigned long long number;
	char path[128];
	FILE *file;
	bool found;

	snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%d-%d/%s", getpid(), vm->fd, name);
	file = fopen(path, "r");
	if (!file)
		return false;
	found = fscanf(file, "%llu", &number) == 1;
	*value = number;
	fclose(file);
	return found;
}

bool stat_of(const struct vm *vm, const char *name, uint64_t *value)
{
	uint64_t one;

	*value = 0;
	for (int i = 0; i < vm->count; i++) {
		int fd = ioctl(vm->vcpus[i].fd, KVM_GET_STATS_FD, NULL);
		bool found;

		if (fd < 0)
			return in_debugfs(vm, name, value);
		found = in_file(fd, name, &one);
		close(fd);
		if (!found)
			return false;
		*value += one;
	}
	return true;
}
