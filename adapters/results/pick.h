// pick.h — results by name, for what is built of some of them.

#ifndef HM_ADAPTERS_RESULTS_PICK_H
#define HM_ADAPTERS_RESULTS_PICK_H

#include <hamilton/results.h>

// The value at an index. What hm_results_status() says if it is not ready.
HM_MUST_CHECK hm_status hm_pick_at(const hm_results *results, size_t index,
        const hm_value **value, hm_error *error);

// The value of a name. HM_UNKNOWN_NAME if it was not asked for.
HM_MUST_CHECK hm_status hm_pick_find(const hm_results *results, const char *name,
        const hm_value **value, hm_error *error);

#endif
