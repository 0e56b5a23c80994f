// check_type.h — whether a type that somebody described can be worked with.

#ifndef HM_GRAPH_CHECK_TYPE_H
#define HM_GRAPH_CHECK_TYPE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>
#include <hamilton/type.h>

#include "base/arena.h"

// How deep structs may be inside each other. Whoever walks a type can rely on it.
enum { HM_TYPE_DEEPEST = 64 };

typedef struct hm_known_type {
    const hm_type *type; // NULL while free
    uint32_t
            height; // how deep structs are inside it; 0 if it is bad or not yet checked
} hm_known_type;

// Remembers types by address: each is checked, and its fault told, once.
typedef struct hm_type_checker {
    hm_arena *arena;
    hm_known_type *known; // open addressing
    size_t slot_count;    // a power of two, or 0
    size_t used;
    char fault[256]; // of the type that was checked last, "" if it was told before
} hm_type_checker;

// Keeps arena.
void hm_type_checker_init(hm_type_checker *checker, hm_arena *arena);

// HM_OK, HM_NO_MEMORY, or HM_BAD_MODULE with what is wrong in checker->fault. type may
// be NULL, which is a fault.
hm_status hm_type_check(hm_type_checker *checker, const hm_type *type);

#endif
