// limit.h — at most so many at once. Who finds no room is parked in the limit, and with
// it no thread: a waiter is admitted by whoever leaves next, in the order of levels and
// then of coming.

#ifndef HM_SCHEDULER_LIMIT_H
#define HM_SCHEDULER_LIMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "scheduler/job.h"

typedef struct hm_waiter {
    // It has entered. Any thread; it may be gone as soon as this begins.
    void (*admit)(struct hm_waiter *waiter);
    hm_level level;
    struct hm_waiter *next;
} hm_waiter;

typedef struct hm_limit {
    uv_mutex_t lock;
    uint32_t free_count; // how many may still enter; protected by lock, as all
    hm_waiter *first[HM_LEVEL_COUNT];
    hm_waiter *last[HM_LEVEL_COUNT];
} hm_limit;

// A zeroed limit. count is at least 1. False if the system has no more locks.
bool hm_limit_init(hm_limit *limit, uint32_t count);

// Nobody is in it.
void hm_limit_finish(hm_limit *limit);

typedef enum hm_entry {
    HM_ENTERED,
    HM_PARKED, // admit will be called, unless it is withdrawn: it may have been already
    HM_STOPPED, // there is no room, and *stop is not 0
} hm_entry;

// Any thread, as all that follow. What is entered must be left.
hm_entry hm_limit_enter(
        hm_limit *limit, hm_waiter *waiter, const _Atomic(uint32_t) *stop);
void hm_limit_leave(hm_limit *limit);

// True if the waiter was parked: it is not any more, and is not admitted. Whoever sets
// *stop before withdraws everybody who waits: none is parked afterwards.
bool hm_limit_withdraw(hm_limit *limit, hm_waiter *waiter);

#endif
