// check.h — what the checks of a module's tables share.

#ifndef HM_GRAPH_CHECK_H
#define HM_GRAPH_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"
#include "graph/check_type.h"

typedef struct hm_check hm_check;

struct hm_check {
    hm_build *build;
    hm_type_checker types;
    const hm_module *module;
    uint32_t module_number;
    const hm_function *function; // NULL while the module itself is checked
    const hm_modifier *modifier; // of it, while one is checked, or NULL
    bool *has_length; // an element per dimension of it: some parameter is an array over
                      // it
    size_t has_length_capacity;
};

// Reports a fault of the function, or of the module. mend may be NULL.
void hm_check_complain(hm_check *check, const char *mend, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

// Whether a name is missing.
bool hm_check_is_empty(const char *text);

// Each of these looks at a part of the function whose tables are there, and returns
// HM_OK or HM_NO_MEMORY.

// Names, types and shapes, one parameter and output after the other.
hm_status hm_check_declaration(hm_check *check);

// That no two of them have one name; their names are there.
hm_status hm_check_names(hm_check *check);

// That no two tags have one key and no two nodes of HM_PARAMETERIZE or of HM_SUBDAG_AS
// one name; the
// modifiers are sound.
hm_status hm_check_modifier_names(hm_check *check);

hm_status hm_check_modifiers(hm_check *check);

// What modifiers say of other functions of the module, all of which are sound.
hm_status hm_check_relations(hm_check *check);

// The function that a modifier names, which can be called; else NULL, and the fault is
// told. macro: "HM_STEP".
hm_status hm_check_find_function(hm_check *check, const char *macro, const char *name,
        const hm_function **found);

#endif
