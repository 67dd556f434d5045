/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RING_H
#define _LINUX_RING_H

#define RING_SIZE	16

struct ring {
	unsigned int head;
	unsigned int tail;
	int slots[RING_SIZE];
};

void ring_init(struct ring *ring);
int ring_push(struct ring *ring, int value);
int ring_pop(struct ring *ring, int *value);
int ring_find(const struct ring *ring, int value);

#endif /* _LINUX_RING_H */
