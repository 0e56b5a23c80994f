// cache_values.h — what tests of the cache ask about values.

#ifndef HM_TESTS_SUPPORT_CACHE_VALUES_H
#define HM_TESTS_SUPPORT_CACHE_VALUES_H

#include <stdbool.h>

#include <hamilton/value.h>

#include "base/content.h"

// Two doubles x and y each.
extern const hm_type hm_test_point;
extern const hm_type hm_test_vector;

hm_hash hm_test_content(const hm_value *value);
bool hm_test_same(hm_value a, hm_value b);

// Packs and unpacks a value: its content is the same afterwards.
void hm_test_packing(const hm_value *value);

#endif
