// field.c — see field.h.

#include "graph/modifiers/field.h"

#include <string.h>

#include <hamilton/node.h>

#include "base/arena.h"
#include "base/element.h"
#include "base/error.h"
#include "graph/check_type.h"

// One field's function: its tables, and what its thunks get as `self`.
typedef struct hm_extractor {
    const hm_field *field;
    size_t struct_size;
    hm_parameter parameter;
    hm_output output;
    hm_function function;
} hm_extractor;

static void copy(const hm_field *field, const void *object, void *to) {
    if (field->bit_width > 0) {
        hm_bit_field_load(field, object, to);
    } else {
        memcpy(to, (const char *)object + field->offset, field->type->size);
    }
}

static int call_by_value(void *frame, const uint32_t *at, void *self) {
    const hm_extractor *extractor = self;
    copy(extractor->field, (char *)frame + at[0], (char *)frame + at[1]);
    return 0;
}

static int refuse_null(const hm_extractor *extractor) {
    return hm_fail("there is no `%s` to take it from: the pointer is NULL",
            extractor->parameter.name);
}

static int call_by_reference(void *frame, const uint32_t *at, void *self) {
    const hm_extractor *extractor = self;
    const void *object;
    memcpy(&object, (char *)frame + at[0], sizeof object);
    if (object == NULL) {
        return refuse_null(extractor);
    }
    copy(extractor->field, object, (char *)frame + at[1]);
    return 0;
}

// With a size that is known here, so that no row calls anything.
#define COPY_ROWS(size)                                                                \
    for (size_t i = 0; i < count; i++) {                                               \
        memcpy(to + i * (size), from + i * step, size);                                \
    }

static int map_by_value(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    const hm_extractor *extractor = self;
    const hm_field *field = extractor->field;
    const char *object = lanes[0].data;
    const char *from = object + field->offset;
    char *to = lanes[1].data;
    size_t step = lanes[0].stride * extractor->struct_size;
    switch (field->bit_width > 0 ? 0 : field->type->size) {
    case 1:
        COPY_ROWS(1)
        break;
    case 4:
        COPY_ROWS(4)
        break;
    case 8:
        COPY_ROWS(8)
        break;
    default:
        for (size_t i = 0; i < count; i++) {
            copy(field, object + i * step, to + i * field->type->size);
        }
    }
    return 0;
}

static int map_by_reference(
        const hm_lane *lanes, size_t count, size_t *row, void *self) {
    const hm_extractor *extractor = self;
    const void *const *objects = lanes[0].data;
    char *to = lanes[1].data;
    for (size_t i = 0; i < count; i++) {
        const void *object = objects[i * lanes[0].stride];
        if (object == NULL) {
            *row = i;
            return refuse_null(extractor);
        }
        copy(extractor->field, object, to + i * extractor->field->type->size);
    }
    return 0;
}

// Whether a value of the type points at something: what that is belongs to whoever made
// the struct.
static bool points(const hm_type *type) {
    if (type->kind != HM_KIND_STRUCT) {
        return type->kind == HM_KIND_STRING || type->kind == HM_KIND_OPAQUE;
    }
    for (size_t i = 0; i < type->field_count; i++) {
        if (points(type->fields[i].type)) { // at most HM_TYPE_DEEPEST inside each other
            return true;
        }
    }
    return false;
}

hm_status hm_definition_add_field(hm_applying *applying, const hm_definition *maker,
        const hm_output *own, const hm_field *field, hm_field_node node) {
    hm_build *build = applying->build;
    const hm_function *from = maker->function;
    hm_extractor *extractor =
            hm_arena_array(&build->graph->arena, 1, sizeof *extractor);
    hm_definition *definition = hm_build_add_definition(build, applying->definitions);
    if (extractor == NULL || definition == NULL) {
        return HM_NO_MEMORY;
    }
    bool is_by_value = own->pass == HM_BY_VALUE;
    *extractor = (hm_extractor){
            .field = field,
            .struct_size = own->type->size,
            .parameter = {.name = own->name,
                    .type = own->type,
                    .pass = own->pass,
                    .dimension = HM_NONE},
            .output = {.name = node.name,
                    .type = field->type,
                    .ownership = points(field->type) ? HM_BORROWED : HM_OWNED,
                    .dimension = HM_NONE},
            .function = {.name = node.name,
                    .doc = node.doc,
                    .file = from->file,
                    .line = from->line,
                    .flags = is_by_value ? 0 : HM_FUNCTION_FALLIBLE,
                    .parameters = &extractor->parameter,
                    .parameter_count = 1,
                    .outputs = &extractor->output,
                    .output_count = 1,
                    .call = is_by_value ? call_by_value : call_by_reference,
                    .map = is_by_value ? map_by_value : map_by_reference,
                    .self = extractor},
    };
    *definition = (hm_definition){
            .declared = maker->declared,
            .function = &extractor->function,
            .made_by = node.made_by,
            .expanded_by = maker->expanded_by,
            .parameters = &extractor->parameter,
            .outputs = &extractor->output,
            .parameter_count = 1,
            .output_count = 1,
            .module = maker->module,
            .is_variant = maker->is_variant,
            .role = HM_ROLE_FIELD,
            .is_aside = maker->role == HM_ROLE_LOOKS,
    };
    return hm_build_derive_version(
            build, from->version, field->name, &extractor->function.version);
}
