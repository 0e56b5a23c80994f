// lender.h — threads for helpers. As many as libuv's pool can spare are borrowed from
// it (one is always left to the embedding service); the others are threads of ours.
// Only a loop's thread may queue work, and an embedder's loop may be busy with anything
// else, so it is always our own. It is also the loop of drivers that were given none.

#ifndef HM_SCHEDULER_LENDER_H
#define HM_SCHEDULER_LENDER_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "scheduler/loop.h"

typedef struct hm_lender hm_lender;

// What a helper does with its thread. is_lent: it belongs to libuv, who wants it back
// when it is idle.
typedef void hm_lent_work(void *argument, bool is_lent);

// Keeps allocator. Starts nothing yet. NULL if memory ran out.
hm_lender *hm_lender_create(const hm_allocator *allocator);

// Waits for all work to end that has begun; what has not never begins. Not on a thread
// that was lent, nor on the loop's. Accepts NULL.
void hm_lender_destroy(hm_lender *lender);

// The same, but the lender itself stays; or only what libuv lent is taken back. For the
// end of the process, whose libuv ends after us.
void hm_lender_close(hm_lender *lender);
void hm_lender_recall(hm_lender *lender);

// Has work done by a thread, soon. False if no thread can be had. One thread at a time.
bool hm_lender_lend(hm_lender *lender, hm_lent_work *work, void *argument);

// The loop, which is started if it is not running, or NULL if it cannot be. Any thread.
hm_loop *hm_lender_loop(hm_lender *lender);

// Whether this is the loop's thread. Any thread.
bool hm_lender_is_here(hm_lender *lender);

// How many threads libuv has lent. Any thread.
uint32_t hm_lender_lent_count(hm_lender *lender);

#endif
