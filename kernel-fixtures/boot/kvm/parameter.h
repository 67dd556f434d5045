/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters of modules, which may be built in. */
#ifndef PARAMETER_H
#define PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is such a parameter, and it is on. */
bool parameter_is_on(const char *module, const char *name);

/*
 * Set it; false when there is none, or it cannot be changed.  What it was is
 * kept in "before", if that is given.
 */
bool parameter_set(const char *module, const char *name, const char *value,
		   char *before, size_t size);

#endif
