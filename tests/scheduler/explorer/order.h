// order.h — what loads see, as C11 lets them.
//
// Every value that a location ever had is a message, in the one order of time that all
// agree on. A thread has a view: of each location the oldest message it may still see.
// A release writes its view into the message, an acquire that sees the message takes
// it over. Sequentially consistent accesses share one more view: each sees what was
// written by those before. (Kang et al., "A promising semantics", POPL 2017, without
// promises; release sequences are those of C++20.)
//
// Two things that C11 allows are left out: loads that see what is stored later, which
// no compiler makes of orders like ours, and stores that come before an older one in
// the order of time. Without weakness all loads see the newest value.

#ifndef HM_TESTS_EXPLORER_ORDER_H
#define HM_TESTS_EXPLORER_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/scheduler/explorer/world.h"

// Forgets all messages; all locations too.
void hm_order_reset(void);
void hm_order_forget_locations(void);

// The location of an address.
uint32_t hm_order_location(const void *at);

// A location of one, four or eight bytes; order is a memory_order.
uint64_t hm_order_load(const void *at, size_t size, int order);
void hm_order_store(void *at, size_t size, uint64_t value, int order);

// Replaces the newest value, which it returns.
uint64_t hm_order_replace(void *at, size_t size,
        uint64_t (*next)(uint64_t before, uint64_t with), uint64_t with, int order);

// Replaces the value if it is the one expected, or tells another.
bool hm_order_compare(void *at, size_t size, uint64_t *expected, uint64_t value,
        int order, int otherwise);

// What this thread knows is known to another one that begins; it is told what one knew
// that has ended.
void hm_order_release_to(hm_view *view);
void hm_order_acquire_from(const hm_view *view);

#endif
