// identity.c — see identity.h. What it takes is copied: a value is one node's own.

#include "graph/identity.h"

#include <string.h>

#include <hamilton/value.h>

typedef struct hm_identity {
    size_t size; // of a slot, or of an element of an array
    hm_parameter parameter;
    hm_output output;
    hm_function function;
} hm_identity;

static int call_one(void *frame, const uint32_t *at, void *self) {
    const hm_identity *identity = self;
    memcpy((char *)frame + at[1], (const char *)frame + at[0], identity->size);
    return 0;
}

static int call_array(void *frame, const uint32_t *at, void *self) {
    const hm_identity *identity = self;
    hm_array from;
    hm_array to;
    memcpy(&from, (const char *)frame + at[0], sizeof from);
    memcpy(&to, (const char *)frame + at[1], sizeof to);
    if (from.length > 0) {
        memcpy(to.data, from.data, from.length * identity->size);
    }
    return 0;
}

static int map_one(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    const hm_identity *identity = self;
    const char *from = lanes[0].data;
    char *to = lanes[1].data;
    if (lanes[0].stride == 1) {
        memcpy(to, from, count * identity->size);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * identity->size, from, identity->size);
    }
    return 0;
}

static bool points(const hm_output *output) {
    return output->pass == HM_BY_REFERENCE || output->ownership != HM_OWNED;
}

hm_status hm_identity_describe(hm_arena *arena, const hm_output *of, const char *name,
        hm_function **function) {
    static const char *const dimensions[] = {"n"};
    hm_identity *identity = hm_arena_array(arena, 1, sizeof *identity);
    if (identity == NULL) {
        return HM_NO_MEMORY;
    }
    bool is_array = of->shape != HM_ONE;
    *identity = (hm_identity){
            .size = of->pass == HM_BY_REFERENCE ? sizeof(void *) : of->type->size,
            .parameter = {.name = of->name,
                    .type = of->type,
                    .shape = is_array ? HM_ARRAY : HM_ONE,
                    .pass = of->pass,
                    .dimension = is_array ? 0 : HM_NONE},
            .output = {.name = name,
                    .type = of->type,
                    .shape = is_array ? HM_ARRAY : HM_ONE,
                    .pass = of->pass,
                    .ownership = points(of) ? HM_BORROWED : HM_OWNED,
                    .dimension = is_array ? 0 : HM_NONE},
    };
    identity->function = (hm_function){.name = name,
            .parameters = &identity->parameter,
            .parameter_count = 1,
            .outputs = &identity->output,
            .output_count = 1,
            .dimensions = dimensions,
            .dimension_count = is_array,
            .call = is_array ? call_array : call_one,
            .map = is_array ? NULL : map_one,
            .self = identity};
    *function = &identity->function;
    return HM_OK;
}
