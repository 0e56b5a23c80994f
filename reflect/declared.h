// declared.h — the functions that the user's files declare.

#ifndef HM_REFLECT_DECLARED_H
#define HM_REFLECT_DECLARED_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"
#include "reflect/modifiers.h"
#include "reflect/source.h"

typedef struct hm_declared_function {
    const char *name;
    CXCursor definition; // null if there is none
    CXCursor latest;     // the last declaration, which inherits the others' attributes
    hm_place place;      // of the definition's name, else of the last declaration's
    bool has_symbol;     // external linkage, and no C99 inline definition
    bool is_visible;

    hm_modifiers modifiers; // of the last declaration, once all are known
    bool is_callee;         // a modifier names it
    uint32_t function;      // of the model, or HM_NONE
} hm_declared_function;

typedef struct hm_declared {
    hm_source *source;
    hm_names names;
    hm_declared_function *items; // in the order in which they are first declared
    uint32_t count;
} hm_declared;

void hm_declared_init(hm_declared *declared, hm_source *source);
void hm_declared_finish(hm_declared *declared);

// Takes a function's declaration in a user's file.
void hm_declared_note(hm_declared *declared, CXCursor cursor);

// The definition, or of a function that has none the last declaration.
CXCursor hm_declared_cursor(const hm_declared_function *function);

#endif
