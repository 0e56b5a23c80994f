// widen.h — numbers of one type as numbers of a wider one, which every value fits.

#ifndef HM_ADAPTERS_ARROW_WIDEN_H
#define HM_ADAPTERS_ARROW_WIDEN_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/type.h>

// Whether the numbers of two types lie in memory alike.
bool hm_number_is_same(const hm_type *a, const hm_type *b);

// Whether every number of one type is one of the other: the same, or a wider one.
bool hm_number_widens(const hm_type *from, const hm_type *to);

// Copies `count` numbers; from need not be aligned. The types widen.
void hm_number_widen(const hm_type *from_type, const void *from, const hm_type *to_type,
        void *to, size_t count);

#endif
