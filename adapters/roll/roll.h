// roll.h — what an adapter keeps of names, over all plans that have them: a record for
// each, which stays where it is.

#ifndef HM_ADAPTERS_ROLL_ROLL_H
#define HM_ADAPTERS_ROLL_ROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include <hamilton/allocator.h>

#include "base/arena.h"
#include "base/names.h"

// What each record begins with.
typedef struct hm_rolled {
    const char *name;
    struct hm_rolled *next; // in the order in which they came
} hm_rolled;

typedef struct hm_roll {
    size_t record_size;
    uv_mutex_t lock; // protects all that follows
    hm_arena arena;
    hm_names names; // numbers in `records`
    hm_rolled **records;
    size_t count;
} hm_roll;

// Keeps allocator. False if the system has no more locks.
bool hm_roll_init(hm_roll *roll, const hm_allocator *allocator, size_t record_size);
void hm_roll_finish(hm_roll *roll);

// The record of a name, zeroed if it is new, or NULL if memory ran out. Any thread.
void *hm_roll_record(hm_roll *roll, const char *name);

// The first of so many records, of which each has the next. Any thread.
hm_rolled *hm_roll_first(hm_roll *roll, size_t *count);

#endif
