// later.h — asynchronous functions whose ends a test decides, for the nodes of
// controlled.h. Each makes x + 1 of x, or fails.
//
//     hm_controlled_begin();
//     hm_later_begin();
//     hm_later_add("a", "x", hm_later_timer);
//     ...
//     hm_later_end();

#ifndef HM_TESTS_SUPPORT_LATER_H
#define HM_TESTS_SUPPORT_LATER_H

#include <stdatomic.h>

#include "tests/support/controlled.h"

typedef struct hm_later {
    atomic_int started;
    atomic_int ended;
    atomic_int under_way; // now,
    atomic_int most;      // and at most
} hm_later;

extern hm_later later;

void hm_later_begin(void);
void hm_later_end(void); // waits for the threads of hm_later_thread()

// Adds a function of one parameter.
hm_function *hm_later_add(const char *name, const char *source, hm_start_thunk *start);

// Ends the call after a millisecond, on a timer of the loop; before it returns; on a
// thread of its own.
hm_start_thunk hm_later_timer;
hm_start_thunk hm_later_now;
hm_start_thunk hm_later_thread;

// Ends the call when hm_later_release() is called, or at once if it was before.
hm_start_thunk hm_later_held;
void hm_later_release(void);

// Fails on a timer, with "x is bad" and the number, if x is 13 or more; else ends well.
hm_start_thunk hm_later_picky;

// The same, but by what it returns.
hm_start_thunk hm_later_pickier;

// Fails with "was told to stop" as soon as it is; asks now and then, on a timer.
hm_start_thunk hm_later_patient;

#endif
