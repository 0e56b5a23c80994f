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

void hm_settle_apart(pthread_t other) {
    cpu_set_t allowed;
    int own = sched_getcpu();
    if (own < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0 ||
            CPU_COUNT(&allowed) < 2) {
        return;
    }
    CPU_CLR((size_t)own, &allowed);
    pthread_setaffinity_np(other, sizeof allowed, &allowed);
}
