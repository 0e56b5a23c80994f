// take.h — elements out of DuckDB's vectors, each copied once to where it stays.

#ifndef HM_ADAPTERS_DUCKDB_TAKE_H
#define HM_ADAPTERS_DUCKDB_TAKE_H

#include <duckdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "adapters/duckdb/conversion.h"
#include "base/arena.h"

enum { HM_RECENT_TEXTS = 256 };

// What one thread has while it takes.
typedef struct hm_taker {
    hm_arena arena; // texts and inner arrays go here

    // Short texts that came lately: columns of names repeat a few.
    struct {
        duckdb_string_t text;
        const char *copy; // or NULL
    } recent[HM_RECENT_TEXTS];

    hm_status status; // why the last hm_take() did not take all
    char message[256];
} hm_taker;

void hm_taker_init(hm_taker *taker, const hm_allocator *allocator);
void hm_taker_finish(hm_taker *taker);

typedef struct hm_place {
    char *elements;
    size_t stride; // bytes from one to the next

    // A bit for each element, from first_bit on: cleared where it is missing. NULL
    // where no element can be marked. Vectors that are taken by several threads share
    // bytes.
    _Atomic(unsigned char) *bits;
    size_t first_bit;
    atomic_bool *has_missing; // set with the first that is; NULL if bits is
} hm_place;

// Takes count elements of a vector, from `first` on. How many it took before one that
// cannot be taken, about which the taker says more. Any thread with a taker of its own.
size_t hm_take(hm_taker *taker, const hm_conversion *conversion, duckdb_vector vector,
        size_t first, size_t count, const hm_place *place);

#endif
