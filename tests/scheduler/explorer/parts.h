// parts.h — deque, inbox, limit and parker, each alone between two or three threads: so
// small that all ways can be gone under weak memory too.

#ifndef HM_TESTS_EXPLORER_PARTS_H
#define HM_TESTS_EXPLORER_PARTS_H

#include <stdbool.h>
#include <stdint.h>

// Tickets that the owner puts into a deque, two at once if there is room, and pops,
// while thieves steal; the deque has room for two.
typedef struct hm_deque_part {
    uint32_t tickets;
    uint32_t thieves;
    uint32_t batch; // so many are published at once
    uint32_t tries; // of each thief
} hm_deque_part;

void hm_deque_part_begin(const void *part);
void hm_deque_part_end(void);

// Threads that put and take.
typedef struct hm_inbox_part {
    uint32_t givers; // a ticket each
    uint32_t takers;
    uint32_t tries; // of each taker
    bool is_picky;  // one taker takes those of one job only
} hm_inbox_part;

void hm_inbox_part_begin(const void *part);
void hm_inbox_part_end(void);

// Threads that enter a limit and leave it.
typedef struct hm_limit_part {
    uint32_t visitors;
    uint32_t limit;
    bool is_cancelled; // another thread withdraws who waits
} hm_limit_part;

void hm_limit_part_begin(const void *part);
void hm_limit_part_end(void);

// A thread that parks so often, and one that unparks it each time.
typedef struct hm_parker_part {
    uint32_t times;
    bool is_timed; // it may be late
} hm_parker_part;

void hm_parker_part_begin(const void *part);
void hm_parker_part_end(void);

#endif
