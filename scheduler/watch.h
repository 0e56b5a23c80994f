// watch.h — who wants to hear when threads sleep that execute tasks, and when they are
// woken. While nobody does, a sleep costs one look at a counter more.

#ifndef HM_SCHEDULER_WATCH_H
#define HM_SCHEDULER_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

typedef enum hm_watched {
    HM_SLEEP_BEGAN,
    HM_SLEEP_ENDED,
    HM_WAKE_SENT,
} hm_watched;

typedef struct hm_watch hm_watch;

// Told on the thread that it is about, several at a time.
struct hm_watch {
    void (*tell)(hm_watch *watch, hm_watched what, uint64_t sleep);
    hm_watch *next; // protected by the lock of the watches
};

// All who watch a pool.
typedef struct hm_watches {
    uv_rwlock_t lock; // shared while they are told, so that who goes is told no more
    hm_watch *first;  // protected by lock
    _Atomic(uint32_t) count;
} hm_watches;

// False if the system has no more locks.
bool hm_watches_init(hm_watches *watches);
void hm_watches_finish(hm_watches *watches);

// Any thread, but not while it is told. A watch that was removed is told no more.
void hm_watches_add(hm_watches *watches, hm_watch *watch);
void hm_watches_remove(hm_watches *watches, hm_watch *watch);

// A sleep begins: its number, of which there is no other in this process, or 0 if
// nobody watches.
uint64_t hm_watches_begin(hm_watches *watches);

// Somebody is about to end a sleep, or its end has come. Nothing for 0.
void hm_watches_tell(hm_watches *watches, hm_watched what, uint64_t sleep);

#endif
