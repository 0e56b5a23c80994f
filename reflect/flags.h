// flags.h — how the parser is called: as the compiler will be, as far as that changes
// what the source means.

#ifndef HM_REFLECT_FLAGS_H
#define HM_REFLECT_FLAGS_H

#include <stddef.h>

#include "base/arena.h"
#include "reflect/reflect.h"

typedef struct hm_flags {
    const char **items; // NULL if memory ran out
    size_t count;
} hm_flags;

// Borrows the options' texts.
void hm_flags_init(hm_flags *flags, hm_arena *arena, const hm_reflect_options *options);

// What a code version depends on: all flags but the folders of the user's headers, of
// which only what is found there counts. Borrows the options' texts.
void hm_flags_select_meaning(
        hm_flags *flags, hm_arena *arena, const hm_reflect_options *options);

#endif
