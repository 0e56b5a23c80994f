// watch.c — see watch.h.

#include "scheduler/watch.h"

#include <stddef.h>

bool hm_watches_init(hm_watches *watches) {
    return uv_rwlock_init(&watches->lock) == 0;
}

void hm_watches_finish(hm_watches *watches) {
    uv_rwlock_destroy(&watches->lock);
}

void hm_watches_add(hm_watches *watches, hm_watch *watch) {
    uv_rwlock_wrlock(&watches->lock);
    watch->next = watches->first;
    watches->first = watch;
    // Relaxed: who has not seen it yet does not tell of this sleep.
    atomic_fetch_add_explicit(&watches->count, 1, memory_order_relaxed);
    uv_rwlock_wrunlock(&watches->lock);
}

void hm_watches_remove(hm_watches *watches, hm_watch *watch) {
    uv_rwlock_wrlock(&watches->lock);
    hm_watch **link = &watches->first;
    while (*link != watch) {
        link = &(*link)->next;
    }
    *link = watch->next;
    atomic_fetch_sub_explicit(&watches->count, 1, memory_order_relaxed);
    uv_rwlock_wrunlock(&watches->lock);
}

uint64_t hm_watches_begin(hm_watches *watches) {
    static _Atomic(uint64_t) count;
    if (atomic_load_explicit(&watches->count, memory_order_relaxed) == 0) {
        return 0;
    }
    // Relaxed: numbers are only told apart.
    uint64_t sleep = 1 + atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    hm_watches_tell(watches, HM_SLEEP_BEGAN, sleep);
    return sleep;
}

void hm_watches_tell(hm_watches *watches, hm_watched what, uint64_t sleep) {
    if (sleep == 0) {
        return;
    }
    uv_rwlock_rdlock(&watches->lock);
    for (hm_watch *watch = watches->first; watch != NULL; watch = watch->next) {
        watch->tell(watch, what, sleep);
    }
    uv_rwlock_rdunlock(&watches->lock);
}
