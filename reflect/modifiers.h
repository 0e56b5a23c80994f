// modifiers.h — the modifiers of <hamilton/modifiers.h> that stand on a declaration.
// What there is to know of each is a row of one table; what a modifier means for the
// graph is the graph's.

#ifndef HM_REFLECT_MODIFIERS_H
#define HM_REFLECT_MODIFIERS_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "reflect/macros.h"
#include "reflect/source.h"

// Where a modifier may stand: any of these.
typedef enum hm_stand {
    HM_ON_OTHER = 0,     // where none means anything: a field, a local, ...
    HM_ON_NODE = 1,      // a function that is a node
    HM_ON_PARAMETER = 2, // of such a function
    HM_ON_HELPER = 4,    // any other function
    HM_ON_CALLEE = 8,    // one of those that a modifier of another names
} hm_stand;

typedef struct hm_modifier_kind {
    const char *macro; // "HM_TAG"
    const char *name;  // "tag"
    unsigned stands;   // hm_stand

    // A letter for each argument, the last one for all that follow: `n` a name, bare or
    // quoted; `f` the name of a function of this source; `v` a literal or a name; `c` a
    // call; `s` a call whose first argument is an `f`; `a` whatever is checked later.
    const char *arguments;
    size_t least;
    size_t most;
    const char *usage; // what to write

    bool has_bindings;      // see bindings.h
    uint32_t first_binding; // the arguments from this one on

    bool is_single; // more than one on a declaration is a fault
} hm_modifier_kind;

typedef struct hm_modifiers {
    hm_modifier *items;
    hm_place *places;               // of each
    const hm_modifier_kind **kinds; // of each
    uint32_t count;
} hm_modifiers;

// The kind of this name, or NULL.
const hm_modifier_kind *hm_modifier_kind_find(const char *name);

// The kind whose macro is nearest to a misspelt one, or NULL if none is near.
const hm_modifier_kind *hm_modifier_nearest(const char *macro);

// The modifiers of a declaration, redeclarations included if it is the last one, in the
// order in which they stand. Reports what is wrong with each in itself; `name` is the
// declaration's.
hm_modifiers hm_modifiers_read(hm_source *source, const hm_macros *macros,
        CXCursor declaration, const char *name);

// Faults of modifiers that may not stand where they do: `stand` is any of hm_stand.
void hm_modifiers_check_stand(hm_source *source, const hm_modifiers *modifiers,
        unsigned stand, const char *name);

// The function that an argument of a modifier of this kind names, or NULL.
const hm_argument *hm_modifier_callee(
        const hm_modifier_kind *kind, const hm_modifier *modifier, size_t argument);

// The first modifier of a name, or HM_NONE.
uint32_t hm_modifiers_find(const hm_modifiers *modifiers, const char *name);

// Faults of modifiers that contradict each other.
void hm_modifiers_check(
        hm_source *source, const hm_modifiers *modifiers, const char *name);

#endif
