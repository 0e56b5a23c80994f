// arguments.c — see arguments.h.

#include "graph/modifiers/arguments.h"

#include <stddef.h>

#include "base/literal.h"

const char *hm_arguments_check_key_and_values(const hm_modifier *modifier) {
    if (!hm_argument_is_word(&modifier->arguments[0])) {
        return "its first argument is no key";
    }
    for (size_t i = 1; i < modifier->argument_count; i++) {
        if (modifier->arguments[i].kind == HM_ARGUMENT_CALL) {
            return "a value must be a literal or a name";
        }
    }
    return NULL;
}
