// deque.h — the ready tasks of one worker. The worker that owns the deque pushes and
// pops at the bottom, newest first; every other worker steals at the top, oldest first.

#ifndef HM_SCHEDULER_DEQUE_H
#define HM_SCHEDULER_DEQUE_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HM_CACHE_LINE 64

typedef struct hm_job hm_job;       // scheduler/job.h
typedef struct hm_ticket hm_ticket; // likewise

typedef struct hm_deque {
    // Thieves write top, the owner writes bottom: on lines apart, so neither waits.
    alignas(HM_CACHE_LINE) _Atomic(int64_t) top;    // next to steal; only ever grows
    alignas(HM_CACHE_LINE) _Atomic(int64_t) bottom; // next free; written by the owner
    _Atomic(hm_ticket *) *slots;
    int64_t mask;
} hm_deque;

typedef enum hm_steal {
    HM_STEAL_TAKEN,
    HM_STEAL_EMPTY, // there was nothing: a worker that hears this of all may sleep
    HM_STEAL_LOST,  // another worker was faster: there may be more, look again
} hm_steal;

// Owner only. Keeps slots. capacity is a power of two. The deque is zeroed, and empty:
// thieves may look into it before, and meanwhile.
void hm_deque_init(hm_deque *deque, _Atomic(hm_ticket *) *slots, uint32_t capacity);

// Owner only. How many tickets it has room for, at least.
int64_t hm_deque_room(hm_deque *deque);

// Owner only. Puts a ticket behind `count` others that were put in since the last
// publishing; there is room. Nobody sees it yet.
void hm_deque_put(hm_deque *deque, int64_t count, hm_ticket *ticket);

// Owner only. Makes as many tickets available as were put in, at once: thieves look at
// the bottom all the time, and each change of it costs as much as if it were many. True
// if thieves have taken all there was before: somebody idle may want to know.
// Afterwards a sequentially consistent load sees everybody who went idle without having
// seen them.
bool hm_deque_publish(hm_deque *deque, int64_t count);

// Owner only. NULL when empty.
hm_ticket *hm_deque_pop(hm_deque *deque);

// Owner only. What pop would return, unless it is stolen before; NULL when empty.
hm_ticket *hm_deque_peek(hm_deque *deque);

// Any thread. Takes a ticket of one job alone if that is not NULL; another's on top
// counts as nothing. Writes *ticket only when it returns HM_STEAL_TAKEN.
hm_steal hm_deque_steal(hm_deque *deque, const hm_job *only, hm_ticket **ticket);

// Any thread: how many tickets there are, or were a moment ago.
int64_t hm_deque_count(hm_deque *deque);

// Any thread: whether such a thief would find something now. Sequentially consistent.
bool hm_deque_has_work(hm_deque *deque, const hm_job *only);

#endif
