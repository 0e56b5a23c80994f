// settle_linux.c — see settle.h.

#define _GNU_SOURCE

#include <sched.h>

#include "bench/settle.h"

void hm_settle(int number) {
    cpu_set_t allowed;
    cpu_set_t own;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return;
    }
    CPU_ZERO(&own);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&own) == 0; i++) {
        if (CPU_ISSET(i, &allowed) && number-- == 0) {
            CPU_SET(i, &own);
        }
    }
    if (CPU_COUNT(&own) > 0) {
        sched_setaffinity(0, sizeof own, &own);
    }
}
