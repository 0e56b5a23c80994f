// checked.h — what who runs checks has to know of them, and what those that only warn
// found. gate is the function of a call that is HM_CALL_PASSES, results the value of
// its second parameter.

#ifndef HM_GRAPH_CHECKED_H
#define HM_GRAPH_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "base/text.h"

// The validator that keeps the checks of a node, whose name is *node, from looking at
// one value: it judges an array. look is the function of a call that is HM_CALL_LOOKS
// and does not reduce.
const char *hm_check_of_all(const hm_function *look, const char **node);

// The first check from an index on that only warns, or HM_NONE.
uint32_t hm_check_that_warns(const hm_function *gate, uint32_t index);

// Whether this check passed. If not, what it found is appended, unless text is NULL.
bool hm_check_is_passed(
        const hm_function *gate, const void *results, uint32_t index, hm_text *text);

#endif
