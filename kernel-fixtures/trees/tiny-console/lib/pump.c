// SPDX-License-Identifier: GPL-2.0
/*
 * A pump that moves water from one tank to another.
 */
struct pump {
	int (*move)(struct pump *pump, int amount);
	int level;
};

int pump_fill(struct pump *pump, int amount);
int pump_drain(struct pump *pump, int amount);

int pump_fill(struct pump *pump, int amount)
{
	pump->level += amount;
	return pump->level;
}

int pump_drain(struct pump *pump, int amount)
{
	if (amount > pump->level)
		return -1;
	pump->level -= amount;
	return pump->level;
}
