// SPDX-License-Identifier: GPL-2.0
/*
 * A counter of ticks.
 */
#include <linux/tick.h>

/**
 * tick_start - begin to count
 * @tick: the counter
 * @period: time units in a tick
 */
void tick_start(struct tick *tick, unsigned int period)
{
	tick->count = 0;
	tick->period = period;
	tick->running = 1;
}

/**
 * tick_stop - count no more
 * @tick: the counter
 */
void tick_stop(struct tick *tick)
{
	tick->running = 0;
}

/**
 * tick_advance - let time pass
 * @tick: the counter
 * @elapsed: how much of it
 *
 * Return: the ticks in it, or -1 when the counter does not run.
 */
int tick_advance(struct tick *tick, unsigned int elapsed)
{
	unsigned int ticks;

	if (!tick->running || !tick->period)
		return -1;

	ticks = elapsed / tick->period;
	tick->count += ticks;
	return ticks;
}
