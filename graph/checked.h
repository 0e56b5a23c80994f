// checked.h — what checks that only warn found, for who has run them.

#ifndef HM_GRAPH_CHECKED_H
#define HM_GRAPH_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>

#include "base/text.h"

// Appends what the check at an index found if it warns and did not pass. gate is the
// function of a call that is HM_CALL_PASSES, results the value of its second parameter.
// False after the last check.
bool hm_check_warning(
        const hm_function *gate, const void *results, size_t index, hm_text *text);

#endif
