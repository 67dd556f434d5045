/* SPDX-License-Identifier: GPL-2.0-only */
/* What KVM counts. */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "vm.h"

/*
 * One of KVM's statistics, over all vCPUs: from the binary ones that it has
 * since v5.14, before that from debugfs.  False when it does not count this.
 */
bool stat_of(const struct vm *vm, const char *name, uint64_t *value);

#endif
