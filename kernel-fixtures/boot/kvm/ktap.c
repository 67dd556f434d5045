// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "ktap.h"

static const char *group;
static char name[128];
static int groups, cases, failed;

void ktap_start(int count)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%d\n", count);
}

void ktap_group(const char *title, int count)
{
	group = title;
	cases = failed = 0;
	printf("    KTAP version 1\n    # Subtest: %s\n    1..%d\n", group, count);
}

void ktap_group_ends(void)
{
	printf("%sok %d %s\n", failed ? "not " : "", ++groups, group);
}

void ktap_case(const char *format, ...)
{
	va_list words;

	va_start(words, format);
	vsnprintf(name, sizeof(name), format, words);
	va_end(words);
	printf("    # case: %s\n", name);
}

void ktap_metric(const char *what, double value, const char *unit)
{
	printf("    # metric: %s %.6g %s\n", what, value, unit);
}

static void result(bool ok, const char *directive, const char *format, va_list words)
{
	printf("    %sok %d %s%s", ok ? "" : "not ", ++cases, name, directive);
	vprintf(format, words);
	printf("\n");
	failed += !ok;
}

void ktap_pass(void)
{
	printf("    ok %d %s\n", ++cases, name);
}

void ktap_fail(const char *format, ...)
{
	va_list words;

	va_start(words, format);
	result(false, " # ", format, words);
	va_end(words);
}

void ktap_skip(const char *format, ...)
{
	va_list words;

	va_start(words, format);
	result(true, " # SKIP ", format, words);
	va_end(words);
}
