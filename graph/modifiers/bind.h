// bind.h — a definition whose function is another with some parameters bound.

#ifndef HM_GRAPH_MODIFIERS_BIND_H
#define HM_GRAPH_MODIFIERS_BIND_H

#include <stddef.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/bindings.h"
#include "graph/build.h"
#include "graph/check.h"

// Gives the definition a function of its own, that of the declaration with parameters
// bound as the arguments say, which have been checked: to the values of literals for
// good, or to other names. The function may be changed further.
hm_status hm_definition_bind(hm_build *build, hm_definition *definition,
        const hm_argument *bindings, size_t count, hm_function **function);

// Complains of bindings of the function that is checked, whose name and parameters are
// filled in.
void hm_check_bindings(hm_check *check, hm_bindings bindings);

#endif
