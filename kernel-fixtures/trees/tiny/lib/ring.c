// SPDX-License-Identifier: GPL-2.0
/*
 * A ring of integers.
 */
#include <linux/ring.h>

void ring_init(struct ring *ring)
{
	ring->head = 0;
	ring->tail = 0;
}

int ring_push(struct ring *ring, int value)
{
	if (ring->head - ring->tail == RING_SIZE)
		return -1;
	ring->slots[ring->head++ % RING_SIZE] = value;
	return 0;
}

int ring_pop(struct ring *ring, int *value)
{
	if (ring->head == ring->tail)
		return -1;
	*value = ring->slots[ring->tail++ % RING_SIZE];
	return 0;
}

int ring_find(const struct ring *ring, int value)
{
	int index;

	/* Compares signed with unsigned: the one warning of this tree. */
	for (index = ring->tail; index != ring->head; index++)
		if (ring->slots[index % RING_SIZE] == value)
			return index;
	return -1;
}
