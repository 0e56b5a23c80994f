// observed.h — runs of the nodes of controlled.h under adapters that observe:
//
//     hm_controlled_begin();
//     hm_controlled_add("a", "x", hm_controlled_next);
//     hm_driver *driver = hm_observed_driver(2, adapter, NULL);
//     ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);

#ifndef HM_TESTS_SUPPORT_OBSERVED_H
#define HM_TESTS_SUPPORT_OBSERVED_H

#include <hamilton/hamilton.h>

#include "tests/support/controlled.h"

// A driver with an adapter, and one further in, or NULL.
hm_driver *hm_observed_driver(
        uint32_t thread_count, const hm_adapter *outer, const hm_adapter *inner);

// Destroys it, and waits until its memory is freed: adapters live longer. Accepts NULL.
void hm_observed_end_driver(hm_driver *driver);

// Asks for nodes, separated by blanks, with x = 0, or, if row_count is not 1, with
// x = 0, 1, 2... as an array. All that can be computed is, and checked: each node adds
// one to x.
hm_status hm_observed_execute(hm_driver *driver, const char *wanted, size_t row_count);

// Asks for a node that does not come back before a deadline, on another thread.
hm_status hm_observed_leave(hm_driver *driver, const char *wanted);

#endif
