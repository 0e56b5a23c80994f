// bind.h — a definition whose function is another with some parameters bound.

#ifndef HM_GRAPH_MODIFIERS_BIND_H
#define HM_GRAPH_MODIFIERS_BIND_H

#include <stddef.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/bindings.h"
#include "graph/build.h"
#include "graph/check.h"

// Gives the definition a function of its own, which is its present one with the
// parameters of the declared one bound as the arguments say, which have been checked:
// to the values of literals for good, or to other names. The function may be changed
// further.
hm_status hm_definition_bind(hm_build *build, hm_definition *definition,
        const hm_function *declared, const hm_argument *bindings, size_t count,
        hm_function **function);

// Gives the definition a function of its own whose only output has another name.
hm_status hm_definition_rename(
        hm_build *build, hm_definition *definition, const char *name);

// Gives the definition a function of its own once more, of which one parameter has been
// bound by other means than its modifiers: for good if there is a literal, which fits.
// The text tells how, for the code version.
hm_status hm_definition_rebind(hm_build *build, hm_definition *definition,
        uint32_t parameter, const hm_argument *literal, const char *text);

// A function of the definition's own, with parameters and outputs that can be changed.
typedef struct hm_own_function {
    hm_function *function;
    hm_parameter *parameters;
    hm_output *outputs;
} hm_own_function;

hm_status hm_definition_own(
        hm_build *build, hm_definition *definition, hm_own_function *made);

// What a definition's own node is called, or else what its function is.
const char *hm_definition_base(const hm_definition *definition);

// The index of the declared function's parameter among the definition's; HM_NONE if it
// is bound to what nothing can stand before, as only config can have it there.
uint32_t hm_definition_place(const hm_definition *definition, const char *parameter);

// What a function takes and makes, without bindings.
hm_bindings hm_bindings_of_function(const hm_function *function);

// Complains of bindings of the function that is checked, whose name and parameters are
// filled in.
void hm_check_bindings(hm_check *check, hm_bindings bindings);

#endif
