// names.h — a map from names to numbers: open addressing, never shrinks, no removal.

#ifndef HM_BASE_NAMES_H
#define HM_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>

typedef struct hm_names_slot {
    const char *name; // NULL while free
    uint32_t hash;
    uint32_t number;
} hm_names_slot;

typedef struct hm_names {
    const hm_allocator *allocator;
    hm_names_slot *slots;
    size_t slot_count; // a power of two, or 0
    size_t used;
} hm_names;

#define HM_NAMES_ABSENT UINT32_MAX

// Keeps allocator. Allocates nothing yet.
void hm_names_init(hm_names *names, const hm_allocator *allocator);
void hm_names_finish(hm_names *names);

// Makes room for count names, so that as many can be put without failing.
bool hm_names_reserve(hm_names *names, size_t count);

// The number of a name, or HM_NAMES_ABSENT.
uint32_t hm_names_find(const hm_names *names, const char *name);

// The number slot of a name, which is added with HM_NAMES_ABSENT if it is new; NULL if
// memory ran out. Keeps name. Valid until the next put.
uint32_t *hm_names_put(hm_names *names, const char *name);

// How many single-character edits lead from one name to the other (Levenshtein),
// counted up to `limit`; anything above is limit + 1.
size_t hm_names_distance(const char *a, const char *b, size_t limit);

// How far a name may be for being proposed instead of a misspelt one.
size_t hm_names_tolerance(const char *name);

// A name of a list of somebody's; NULL is passed over.
typedef const char *hm_names_at(const void *list, size_t index);

// The name of a list that is proposed instead of a misspelt one, or NULL.
const char *hm_names_nearest(
        const char *name, const void *list, size_t count, hm_names_at *at);

#endif
