// lender.h — threads for helpers. As many as libuv's pool can spare are borrowed from
// it (one is always left to the embedding service), through a loop on a thread of its
// own, since only a loop's thread may queue work; the others are threads of ours.

#ifndef HM_SCHEDULER_LENDER_H
#define HM_SCHEDULER_LENDER_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

typedef struct hm_lender hm_lender;

// What a helper does with its thread. is_lent: it belongs to libuv, who wants it back
// when it is idle.
typedef void hm_lent_work(void *argument, bool is_lent);

// Keeps allocator. Starts nothing yet. NULL if memory ran out.
hm_lender *hm_lender_create(const hm_allocator *allocator);

// Waits for all work to end that has begun; what has not never begins. Accepts NULL.
void hm_lender_destroy(hm_lender *lender);

// Has work done by a thread, soon. False if no thread can be had. One thread at a time.
bool hm_lender_lend(hm_lender *lender, hm_lent_work *work, void *argument);

#endif
