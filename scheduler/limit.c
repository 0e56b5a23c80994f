// limit.c — see limit.h.

#include "scheduler/limit.h"

#include <stddef.h>

bool hm_limit_init(hm_limit *limit, uint32_t count) {
    limit->free_count = count;
    return uv_mutex_init(&limit->lock) == 0;
}

void hm_limit_finish(hm_limit *limit) {
    uv_mutex_destroy(&limit->lock);
}

static void park(hm_limit *limit, hm_waiter *waiter) {
    hm_level level = waiter->level;
    waiter->next = NULL;
    if (limit->last[level] != NULL) {
        limit->last[level]->next = waiter;
    } else {
        limit->first[level] = waiter;
    }
    limit->last[level] = waiter;
}

static void remove_waiter(hm_limit *limit, hm_level level, hm_waiter *before) {
    hm_waiter **link = before != NULL ? &before->next : &limit->first[level];
    hm_waiter *waiter = *link;
    *link = waiter->next;
    if (limit->last[level] == waiter) {
        limit->last[level] = before;
    }
}

hm_entry hm_limit_enter(
        hm_limit *limit, hm_waiter *waiter, const _Atomic(uint32_t) *stop) {
    hm_entry entry = HM_ENTERED;
    uv_mutex_lock(&limit->lock);
    if (limit->free_count > 0) {
        limit->free_count--;
    } else if (atomic_load_explicit(stop, memory_order_relaxed) != 0) {
        entry = HM_STOPPED; // relaxed: the lock orders it with withdrawing
    } else {
        park(limit, waiter);
        entry = HM_PARKED;
    }
    uv_mutex_unlock(&limit->lock);
    return entry;
}

void hm_limit_leave(hm_limit *limit) {
    hm_waiter *next = NULL;
    uv_mutex_lock(&limit->lock);
    for (hm_level level = 0; level < HM_LEVEL_COUNT && next == NULL; level++) {
        next = limit->first[level];
        if (next != NULL) {
            remove_waiter(limit, level, NULL);
        }
    }
    limit->free_count += next == NULL;
    uv_mutex_unlock(&limit->lock);
    if (next != NULL) {
        next->admit(next);
    }
}

bool hm_limit_withdraw(hm_limit *limit, hm_waiter *waiter) {
    bool was_parked = false;
    uv_mutex_lock(&limit->lock);
    for (hm_level level = 0; level < HM_LEVEL_COUNT && !was_parked; level++) {
        hm_waiter *before = NULL;
        hm_waiter *at = limit->first[level];
        while (at != NULL && at != waiter) {
            before = at;
            at = at->next;
        }
        was_parked = at != NULL;
        if (was_parked) {
            remove_waiter(limit, level, before);
        }
    }
    uv_mutex_unlock(&limit->lock);
    return was_parked;
}
