// json_read.h — checked JSON text as elements of a type; what hm_json_read() and the
// table readers have in common.

#ifndef HM_BASE_JSON_READ_H
#define HM_BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>
#include <hamilton/type.h>

#include "base/arena.h"
#include "base/json_scan.h"

// So deep may arrays nest that become a value.
enum { HM_JSON_VALUE_DEPTH_LIMIT = 32 };

// Where in a value the reader is, from the inside out: "element 3, member `price`".
typedef struct hm_json_place {
    const struct hm_json_place *outer; // or NULL
    const char *word;                  // "element", "member", "row", "column"
    const char *name;                  // of the member or column, or NULL
    size_t index;                      // of the element or row, from 1
} hm_json_place;

typedef struct hm_json_reader {
    hm_arena *arena;    // where arrays and strings go
    bool null_is_empty; // for a string, null is "" and not an error
    hm_error *error;    // or NULL
} hm_json_reader;

// How many arrays stand around the first value of the text that is neither an array nor
// null. The text
// is one that hm_json_skip() passed.
uint32_t hm_json_depth(hm_json_slice text);

// Reads such a text. into is an element of the type if depth is 0, else an hm_array,
// whose data belong to the arena. place may be NULL.
hm_status hm_json_read_slice(const hm_json_reader *reader, hm_json_slice text,
        const hm_type *type, uint32_t depth, void *into, const hm_json_place *place);

#endif
