// arguments.h — the arguments of a modifier, from the text of its annotation.

#ifndef HM_REFLECT_ARGUMENTS_H
#define HM_REFLECT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>

#include "reflect/source.h"

typedef struct hm_arguments {
    const hm_argument *items;
    size_t count;
    const char *fault; // what is wrong with the text, then count is 0; or NULL
} hm_arguments;

// Whether a word that is a macro stands for what the macro says: true of the macros of
// files, not of those that the compiler defines (`linux`, `unix`).
typedef bool hm_is_macro(const char *word, const void *context);

// Reads arguments from what was written and what that expands to. Literals, names, true
// and false count as written; a macro that expands to literals counts as expanded.
hm_arguments hm_arguments_read(hm_source *source, const char *spelled,
        const char *expanded, hm_is_macro *is_macro, const void *context);

#endif
