// binding.h — NAME=VALUE, as -i, --override and -c take it.

#ifndef HM_CLI_BINDING_H
#define HM_CLI_BINDING_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/value.h>

#include "cli/session.h"

// A growing list. Zeroed at first; its memory, and the texts of its values, are the
// session's.
typedef struct hm_bindings {
    hm_binding *items;
    size_t count;
    size_t capacity;
} hm_bindings;

hm_status hm_bindings_add(
        hm_session *session, hm_bindings *bindings, const char *name, hm_value value);

// The binding of a name, or NULL.
hm_binding *hm_bindings_find(const hm_bindings *bindings, const char *name);

// Adds what stands after an option of this name, each time it was given. A value is
// JSON text; @FILE stands for what is in the file; other words mean strings.
hm_status hm_bindings_read(
        hm_session *session, const char *option, hm_bindings *bindings);

// Reads --config-file and --config; what comes later replaces what came before, and
// --config replaces what files say.
hm_status hm_bindings_read_config(hm_session *session, hm_bindings *bindings);

// The JSON text that a VALUE means; `name` is for messages.
hm_status hm_binding_json(
        hm_session *session, const char *name, const char *value, const char **json);

#endif
