// component.c — see component.h.

#include "cli/component.h"

#include <dlfcn.h>
#include <string.h>

#include "cli/installation.h"

// C knows no way from an object's pointer to a function's but through its bytes.
static bool find(void *library, const hm_component_function *function) {
    void *symbol = dlsym(library, function->name);
    memcpy(function->pointer, &symbol, sizeof symbol);
    return symbol != NULL;
}

hm_status hm_component_load(hm_session *session, const hm_component *component,
        const char *what, const hm_component_function *functions,
        size_t function_count) {
    const char *path = hm_installation_component(session, component->name);
    if (path == NULL) {
        return hm_session_fail(session, HM_IO, component->mend,
                "%s needs %s, which this hamilton was built without", what,
                component->needs);
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return hm_session_fail(session, HM_IO,
                hm_session_text(session, "install the library of %s", component->needs),
                "%s needs %s, which cannot be loaded: %s", what, component->needs,
                dlerror());
    }
    for (size_t i = 0; i < function_count; i++) {
        if (!find(library, &functions[i])) {
            return hm_session_fail(session, HM_BAD_MODULE, "install hamilton anew",
                    "`%s` belongs to another version of hamilton", path);
        }
    }
    return HM_OK;
}
