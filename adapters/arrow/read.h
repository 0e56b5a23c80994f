// read.h — the elements of an array as those of a C type.

#ifndef HM_ADAPTERS_ARROW_READ_H
#define HM_ADAPTERS_ARROW_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/arrow/view.h"
#include "base/arena.h"

typedef struct hm_arrow_reader {
    hm_arena *kept;    // what elements point at: text and lists
    hm_arena *scratch; // what is only on its way into other elements
    hm_error *error;
} hm_arrow_reader;

// Elements that were read.
typedef struct hm_arrow_part {
    char *data;
    uint8_t *validity; // from bit 0 on; NULL if nothing is missing
    size_t length;
    size_t size;    // of an element: of the type, or of an hm_array
    uint32_t depth; // as of hm_arrow_shape
    bool is_shared; // some of it lies in the array's own memory
} hm_arrow_part;

// Reads all elements of a view as the type that its schema was found to fit. What is
// not in the array's own memory is put into `to`, which is one of the reader's arenas.
// HM_BAD_DATA or HM_NO_MEMORY.
hm_status hm_arrow_read(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part);

// The same for text, which becomes const char *.
hm_status hm_arrow_read_text(const hm_arrow_reader *reader, const hm_arrow_view *view,
        hm_arena *to, hm_arrow_part *part);

// The same for those that have parts: lists, structs, dictionaries.
hm_status hm_arrow_read_nested(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part);

// Sets the part's validity to `count` bits from `start` on, where they lie if they
// begin at a byte. NULL bits, or some that are all ones, become NULL.
hm_status hm_arrow_take_validity(const hm_arrow_reader *reader, hm_arena *to,
        const uint8_t *bits, size_t start, size_t count, uint8_t **validity,
        bool *is_shared);

#endif
