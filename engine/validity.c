// validity.c — see validity.h.

#include "engine/validity.h"

#include <stddef.h>
#include <string.h>

#include <hamilton/node.h>

// A call that is under way.
typedef struct hm_asked {
    const hm_function *function;
    const char *frame;
    const uint32_t *at;
} hm_asked;

static _Thread_local const hm_asked *asked;

const uint8_t *hm_validity(const void *array) {
    for (size_t p = 0; asked != NULL && p < asked->function->parameter_count; p++) {
        if (asked->function->parameters[p].is_nullable) {
            hm_array taken;
            memcpy(&taken, asked->frame + asked->at[p], sizeof taken);
            if (taken.data == array) {
                return taken.validity;
            }
        }
    }
    return NULL;
}

int hm_validity_call(const hm_function *function, char *frame, const uint32_t *at) {
    const hm_asked own = {function, frame, at};
    const hm_asked *before = asked;
    asked = &own;
    int code = function->call(frame, at, function->self);
    asked = before;
    return code;
}
