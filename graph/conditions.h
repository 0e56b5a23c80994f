// conditions.h — what is told of variants: which conditions hold or do not, and what
// config says to that.

#ifndef HM_GRAPH_CONDITIONS_H
#define HM_GRAPH_CONDITIONS_H

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/text.h"
#include "graph/build.h"

// Appends "HM_WHEN(region, us) and HM_OTHERWISE".
void hm_conditions_append(hm_text *text, const hm_function *function);

// Appends "config has region = \"us\" and no kind": the keys that the conditions of the
// functions ask for, each once, as they are inside the scope.
void hm_conditions_append_config(hm_text *text, const hm_build *build,
        const hm_scope *scope, const hm_function *const *functions, size_t count);

// Notes that the conditions of a function do not hold inside the scope. Kept.
hm_status hm_conditions_note_absent(
        hm_build *build, const hm_scope *scope, const hm_function *function);

// Gives the graph a text for each name that nobody makes, but for which there are such
// functions. The names are wired.
hm_status hm_conditions_explain_absent(hm_build *build);

#endif
