/* SPDX-License-Identifier: GPL-2.0-only */
/* Printing results in KTAP: groups of cases, numbers that cases measure. */
#ifndef KTAP_H
#define KTAP_H

#define printf_like(at) __attribute__((format(printf, at, at + 1)))

/* Before all groups, of which there are so many. */
void ktap_start(int groups);

/* Around the cases of a group, of which there are so many. */
void ktap_group(const char *name, int cases);
void ktap_group_ends(void);

/* A case begins; what it measures; how it ends: by one of the last three. */
void ktap_case(const char *format, ...) printf_like(1);
void ktap_metric(const char *name, double value, const char *unit);
void ktap_pass(void);
void ktap_fail(const char *format, ...) printf_like(1);
void ktap_skip(const char *format, ...) printf_like(1);

#endif
