// controlled.h — nodes whose ends a test decides, of doubles over the input "x", in
// memory that is counted:
//
//     hm_controlled_begin();
//     hm_controlled_add("a", "x", hm_controlled_next);
//     hm_driver *driver = hm_controlled_driver(2);
//
// One test at a time uses them: what they share is in `controlled`.

#ifndef HM_TESTS_SUPPORT_CONTROLLED_H
#define HM_TESTS_SUPPORT_CONTROLLED_H

#include <stdatomic.h>

#include <hamilton/hamilton.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"

#define HM_SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))
#define HM_MILLISECONDS UINT64_C(1000000)

typedef struct hm_controlled {
    hm_module_builder builder;
    hm_failing_allocator memory;
    atomic_bool is_released; // ends hm_controlled_stuck()
    atomic_int begun;        // calls of it that were begun
    atomic_int ended;        // calls of hm_controlled_next() and _slow()
    atomic_int under_way;    // of hm_controlled_slow() now,
    atomic_int most;         // and at most
} hm_controlled;

extern hm_controlled controlled;

void hm_controlled_begin(void);

// A function of one parameter; the returned struct may be changed further.
hm_function *hm_controlled_add(
        const char *name, const char *source, hm_call_thunk *call);

// A function that adds up two others.
void hm_controlled_add_sum(const char *name, const char *a, const char *b);

// Tags a function with the limit "db".
void hm_controlled_limit(hm_function *function);

// x + 1, at once; after a fifth of a millisecond; once it is released; once its run
// need not go on, as a failure; a failure.
int hm_controlled_next(void *frame, const uint32_t *at, void *self);
int hm_controlled_slow(void *frame, const uint32_t *at, void *self);
int hm_controlled_stuck(void *frame, const uint32_t *at, void *self);
int hm_controlled_patient(void *frame, const uint32_t *at, void *self);
int hm_controlled_bad(void *frame, const uint32_t *at, void *self);

// Options for a driver of these nodes, and such drivers; of the last one so many nodes
// that are tagged with the limit may be under way.
hm_driver_options hm_controlled_options(uint32_t thread_count);
hm_driver *hm_controlled_driver(const hm_driver_options *options);
hm_driver *hm_controlled_limited_driver(uint32_t thread_count, uint32_t limit_count);

// Asks for nodes with x = 1, of which nothing is known, so that their run is shared.
hm_request hm_controlled_request(const char *const *wanted, size_t count);

// A plan for one node with x = 1, shared if that pays, and a run of a plan.
hm_plan *hm_controlled_plan(hm_driver *driver, const char *wanted, uint64_t deadline);
hm_run *hm_controlled_run(const hm_plan *plan);

double hm_controlled_value(const hm_results *results, size_t index);

void hm_controlled_nap(uint64_t nanoseconds);

// Waits until so much was counted.
void hm_controlled_wait(atomic_int *count, int least);

// Waits until nothing of the counted memory is left: threads may still be giving it
// back.
void hm_controlled_end(void);

#endif
