// roll.h — what an adapter keeps of names, over all plans that have them: a record for
// each, which stays where it is.

#ifndef HM_ADAPTERS_ROLL_ROLL_H
#define HM_ADAPTERS_ROLL_ROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/allocator.h>

#include "base/arena.h"

// What each record begins with.
typedef struct hm_rolled {
    const char *name;
    struct hm_rolled *next; // in the order in which they came
    struct hm_rolled *same; // in a row of the table
    uint64_t digest;
} hm_rolled;

typedef struct hm_roll {
    size_t record_size;
    uv_mutex_t lock; // protects all that follows
    hm_arena arena;
    hm_rolled **table; // of a power of two rows; NULL before the first record
    size_t row_count;
    size_t record_count;
    hm_rolled *first;
    hm_rolled **last; // where the next one is linked
} hm_roll;

// Keeps allocator. False if the system has no more locks.
bool hm_roll_init(hm_roll *roll, const hm_allocator *allocator, size_t record_size);
void hm_roll_finish(hm_roll *roll);

// The record of a name, zeroed if it is new, or NULL if memory ran out. Any thread.
void *hm_roll_record(hm_roll *roll, const char *name);

// The first record; what comes after it by `next` may grow. Any thread: records that
// are reached so are complete.
hm_rolled *hm_roll_first(hm_roll *roll, size_t *count);

#endif
