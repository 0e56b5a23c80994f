// arguments.h — what several modifiers ask of their arguments.

#ifndef HM_GRAPH_MODIFIERS_ARGUMENTS_H
#define HM_GRAPH_MODIFIERS_ARGUMENTS_H

#include <hamilton/module.h>

// What is wrong with (key, value, ...), or NULL: the key is a word and no value is a
// call.
const char *hm_arguments_check_key_and_values(const hm_modifier *modifier);

#endif
