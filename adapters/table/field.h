// field.h — the text of a CSV field as a value.

#ifndef HM_ADAPTERS_TABLE_FIELD_H
#define HM_ADAPTERS_TABLE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/type.h>

typedef enum hm_field_found {
    HM_FIELD_VALUE,
    HM_FIELD_MISSING, // empty, blank, or a word for it in any case: na, n/a, nan, null,
                      // none
    HM_FIELD_WRONG,   // the message says why, without the place
} hm_field_found;

// Reads a field as a BOOL, INT, UINT or FLOAT; the element is untouched unless there is
// a value. Spaces around it do not count. Numbers are what hm_number_read() takes, inf
// and infinity too for floating types; true, false, 1 and 0 are bool; times are numbers
// or what hm_time_read() takes.
hm_field_found hm_field_read(const hm_type *type, const char *text, size_t length,
        void *element, hm_error *error);

// Whether the text stands for a missing value.
bool hm_field_is_missing(const char *text, size_t length);

// Fills an element with what stands for a missing value: NaN. False if the type has
// none.
bool hm_field_store_missing(const hm_type *type, void *element);

#endif
