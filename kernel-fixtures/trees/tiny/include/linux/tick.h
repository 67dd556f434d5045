/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_TICK_H
#define _LINUX_TICK_H

#define TICKS_PER_SECOND	250

struct tick {
	unsigned long count;
	unsigned int period;
	int running;
};

void tick_start(struct tick *tick, unsigned int period);
void tick_stop(struct tick *tick);
int tick_advance(struct tick *tick, unsigned int elapsed);

#endif /* _LINUX_TICK_H */
