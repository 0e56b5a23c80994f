// component.h — components: shared objects that are loaded when something needs them,
// and not before, since few users have what they need.

#ifndef HM_CLI_COMPONENT_H
#define HM_CLI_COMPONENT_H

#include <stddef.h>

#include <hamilton/status.h>

#include "cli/session.h"

typedef struct hm_component {
    const char *name;  // libhamilton_<name>
    const char *needs; // what it was, or was not, built with, for messages
    const char *mend;  // how one gets that
} hm_component;

// A function of a component, and the function pointer that becomes its address.
typedef struct hm_component_function {
    const char *name;
    void *pointer;
} hm_component_function;

// Loads a component and finds its functions; `what` is wanted of it, for the message if
// it is not there. It is never unloaded, as threads may be on their way out of it.
hm_status hm_component_load(hm_session *session, const hm_component *component,
        const char *what, const hm_component_function *functions,
        size_t function_count);

#endif
