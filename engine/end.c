// end.c — see end.h.

#include "engine/end.h"

#include <string.h>

static void end_elements(const hm_plan_value *value, void *elements, size_t count) {
    if (value->ownership != HM_GIVEN) {
        return;
    }
    void (*end)(void *) = value->type->kind == HM_KIND_STRING ? value->module->free
                                                              : value->type->destroy;
    void **given = elements;
    for (size_t i = 0; end != NULL && i < count; i++) {
        if (given[i] != NULL) {
            end(given[i]);
        }
    }
}

static void end_innermost(const hm_plan_value *value, hm_array *array) {
    if (array->data == NULL) {
        return;
    }
    // Structs by value in an expansion own nothing that the engine knows of.
    if (value->type->kind == HM_KIND_STRING || value->pass == HM_BY_REFERENCE) {
        end_elements(value, array->data, array->length);
    }
    if (value->is_expansion && !value->is_view && value->module->free != NULL) {
        value->module->free(array->data);
    }
}

// Goes through the arrays of a value of any depth without recursion: path[k] is the
// array at level k, at[k] the element of it that comes next.
static void end_arrays(const hm_plan_value *value, hm_array *root) {
    hm_array *path[HM_DEPTH_LIMIT] = {root};
    size_t at[HM_DEPTH_LIMIT] = {0};
    uint32_t level = 0;
    for (;;) {
        if (level + 1 == value->depth) {
            end_innermost(value, path[level]);
        } else if (path[level]->data != NULL && at[level] < path[level]->length) {
            path[level + 1] = (hm_array *)path[level]->data + at[level]++;
            at[++level] = 0;
            continue;
        }
        if (level == 0) {
            return;
        }
        level--;
    }
}

void hm_end(const hm_plan_value *value, void *slot) {
    if (value->ownership != HM_GIVEN && !value->is_expansion) {
        return;
    }
    if (value->depth > 0) {
        end_arrays(value, slot);
        memset(slot, 0, sizeof(hm_array));
    } else {
        end_elements(value, slot, 1);
        memset(slot, 0, sizeof(void *));
    }
}
