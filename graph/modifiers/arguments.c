// arguments.c — see arguments.h.

#include "graph/modifiers/arguments.h"

#include <stddef.h>

bool hm_argument_is_word(const hm_argument *argument) {
    return (argument->kind == HM_ARGUMENT_NAME ||
                   argument->kind == HM_ARGUMENT_STRING) &&
           argument->text[0] != '\0';
}

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
