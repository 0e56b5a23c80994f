// given_results.h — results of any types and shapes: a run whose inputs are asked for.
//
//     hm_results *results = hm_given_results(bindings, 2);
//     ...
//     hm_results_destroy(results);
//     hm_given_end();

#ifndef HM_TESTS_SUPPORT_GIVEN_RESULTS_H
#define HM_TESTS_SUPPORT_GIVEN_RESULTS_H

#include <hamilton/results.h>
#include <hamilton/value.h>

// The values as results, under their names; they stay where they are. The test fails if
// that cannot be.
hm_results *hm_given_results(const hm_binding *values, size_t count);

// Beside them there is one that failed, "bad".
hm_results *hm_given_results_and_bad(const hm_binding *values, size_t count);

// After the results.
void hm_given_end(void);

#endif
