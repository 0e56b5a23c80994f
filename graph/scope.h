// scope.h — where names are looked up: at the top, or in the namespace of a subdag.
//
//     top        price      us(total)
//                  ▲         │ is made inside of
//     "us."        └─ cost   ▼   total   tax(rate)
//                              is made inside of
//     "us.tax."                          rate
//
// The nodes of a scope have its path before their names. A name that a scope neither
// makes nor binds is looked up in the scope around it.

#ifndef HM_GRAPH_SCOPE_H
#define HM_GRAPH_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/subdag.h"
#include "graph/graph.h"
#include "graph/scalar.h"

typedef struct hm_build hm_build;           // graph/build.h
typedef struct hm_definition hm_definition; // likewise
typedef struct hm_scope hm_scope;

// What HM_SOURCE, HM_VALUE or HM_CONFIG says of a name inside.
typedef struct hm_scope_item {
    const char *name;
    const hm_argument *said;
    bool is_read;
} hm_scope_item;

struct hm_scope {
    const hm_scope *outer; // NULL: it is the top
    hm_scope *next;        // in the order in which they are defined
    const char *path;      // "us.tax.", or "" at the top
    size_t path_length;
    const hm_graph_space *space; // the same for the graph; NULL at the top
    uint32_t module;  // whose functions it holds; the top has those of all modules that
                      // give nodes
    uint32_t origin;  // the module at the top through which it came
    bool is_left_out; // a later module has the function at the top, or no module was
                      // found: it is not defined

    // What makes it; NULL at the top.
    const hm_function *function;
    const hm_modifier *modifier;
    hm_subdag subdag;
    hm_scope_item *items; // sorted by name
    size_t item_count;
};

// Places a definition inside of a scope of its own under this modifier, of the
// functions of a module; of none if that is HM_NONE. Reports if another scope has its
// path.
hm_status hm_scope_add(hm_build *build, hm_definition *definition,
        const hm_modifier *modifier, uint32_t module);

// What config says of a key inside the scope: of kind HM_SCALAR_NONE if it is absent.
hm_scalar hm_scope_config(hm_build *build, const hm_scope *scope, const char *key);

// What HM_CONFIG says of a key inside the scope, or NULL: it is as config has it.
const hm_argument *hm_scope_literal(const hm_scope *scope, const char *key);

// Makes the definition one of the scope: what it makes, and its function, have their
// full names.
hm_status hm_scope_enter(
        hm_build *build, const hm_scope *scope, hm_definition *definition);

// The full name that something of this name in the scope has, or NULL if memory ran
// out.
const char *hm_scope_join(hm_build *build, const hm_scope *scope, const char *name);

// What the scope says of the name, or NULL.
hm_scope_item *hm_scope_item_find(const hm_scope *scope, const char *name);

// The full name of the node that the scope makes by this name, as the graph has it, or
// NULL. All results have been wired.
hm_status hm_scope_find(
        hm_build *build, const hm_scope *scope, const char *name, const char **found);

// The node or input that a parameter takes, or NULL: it has a literal, and is now bound
// to it for good. All results have been wired.
hm_status hm_scope_look_up(hm_build *build, hm_definition *definition,
        uint32_t parameter, const char **name);

#endif
