// place.h — where in a column something is, for messages: column `region.codes[]`.

#ifndef HM_ADAPTERS_ARROW_PLACE_H
#define HM_ADAPTERS_ARROW_PLACE_H

#include <stddef.h>

#include <hamilton/status.h>

typedef struct hm_arrow_place {
    const struct hm_arrow_place *parent; // NULL for a column
    const char *name;                    // NULL for the elements of a list
} hm_arrow_place;

// Writes "column `region.codes[]`: " and the sentence; returns status. A NULL place is
// the record batch.
hm_status hm_arrow_fail(hm_error *error, hm_status status, const hm_arrow_place *place,
        const char *format, ...) __attribute__((format(printf, 4, 5)));

// The same for an element, counted from 0 here and from 1 in the message: HM_BAD_DATA.
hm_status hm_arrow_fail_at(hm_error *error, const hm_arrow_place *place, size_t index,
        const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
