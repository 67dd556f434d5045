/* SPDX-License-Identifier: GPL-2.0-only */
/* Timers whose interrupts KVM posts to a vCPU that runs. */
#ifndef POSTED_H
#define POSTED_H

/* The group "posted"; cases are modes of the timer. */
void posted(void);

#endif
