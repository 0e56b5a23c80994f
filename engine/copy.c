// copy.c — see copy.h. A copy lives in an arena of its own.

#include "engine/copy.h"

#include <stdint.h>
#include <string.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "engine/plan.h"

static hm_status copy_text(hm_arena *arena, const char **text) {
    if (*text == NULL) {
        return HM_OK;
    }
    *text = hm_arena_text(arena, *text);
    return *text != NULL ? HM_OK : HM_NO_MEMORY;
}

// Replaces the strings in count elements by copies. Structs in structs are as deep as
// the C type nests them.
static hm_status copy_strings(
        hm_arena *arena, const hm_type *type, char *elements, size_t count) {
    if (type->kind == HM_KIND_STRING) {
        for (size_t i = 0; i < count; i++) {
            HM_TRY(copy_text(arena, (const char **)(void *)elements + i));
        }
    }
    for (size_t f = 0; type->kind == HM_KIND_STRUCT && f < type->field_count; f++) {
        const hm_field *field = &type->fields[f];
        if (field->type->kind != HM_KIND_STRING &&
                field->type->kind != HM_KIND_STRUCT) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            HM_TRY(copy_strings(arena, field->type,
                    elements + i * type->size + field->offset,
                    field->length > 0 ? field->length : 1));
        }
    }
    return HM_OK;
}

static hm_status copy_elements(
        hm_arena *arena, const hm_value *value, hm_array *array) {
    size_t size = value->by_reference ? sizeof(void *) : value->type->size;
    size_t bytes = array->length * size; // cannot overflow: the caller has the array
    char *elements = hm_arena_take(arena, bytes, 64);
    if (elements == NULL) {
        return HM_NO_MEMORY;
    }
    if (bytes > 0) {
        memcpy(elements, array->data, bytes);
    }
    array->data = elements;
    if (array->validity != NULL) {
        array->validity = (uint8_t *)hm_arena_slice(
                arena, (const char *)array->validity, array->length / 8 + 1);
        if (array->validity == NULL) {
            return HM_NO_MEMORY;
        }
    }
    if (value->by_reference) {
        return HM_OK;
    }
    return copy_strings(arena, value->type, elements, array->length);
}

// Goes through the arrays of a value of any depth without recursion: path[k] is the
// array that is being copied at level k, at[k] the element of it that comes next.
static hm_status copy_arrays(hm_arena *arena, const hm_value *value, hm_array *root) {
    hm_array *path[HM_DEPTH_LIMIT] = {root};
    size_t at[HM_DEPTH_LIMIT] = {0};
    uint32_t level = 0;
    for (;;) {
        if (at[level] == 0) {
            if (level + 1 == value->depth) {
                HM_TRY(copy_elements(arena, value, path[level]));
            } else {
                size_t bytes = path[level]->length * sizeof(hm_array);
                char *arrays = hm_arena_take(arena, bytes, 64);
                if (arrays == NULL) {
                    return HM_NO_MEMORY;
                }
                if (bytes > 0) {
                    memcpy(arrays, path[level]->data, bytes);
                }
                path[level]->data = arrays;
            }
        }
        if (level + 1 < value->depth && at[level] < path[level]->length) {
            path[level + 1] = (hm_array *)path[level]->data + at[level]++;
            at[++level] = 0;
        } else if (level == 0) {
            return HM_OK;
        } else {
            level--;
        }
    }
}

static hm_status copy_one(hm_arena *arena, const hm_value *value, hm_value *copy) {
    if (value->type->kind == HM_KIND_OPAQUE || value->type->size == 0) {
        return HM_OK; // an object by reference
    }
    char *data = hm_arena_take(arena, value->type->size, value->type->alignment);
    if (data == NULL) {
        return HM_NO_MEMORY;
    }
    memcpy(data, hm_value_data(value), value->type->size);
    copy->data = data;
    return copy_strings(arena, value->type, data, 1);
}

static void release_copy(hm_value *value) {
    hm_arena arena = *(hm_arena *)value->context;
    hm_arena_finish(&arena); // which holds the arena itself
    value->release = NULL;
}

hm_status hm_value_copy(
        const hm_value *value, const hm_allocator *allocator, hm_value *copy) {
    hm_arena arena;
    hm_arena_init(&arena, allocator);
    hm_value made = *value;
    hm_status status = value->depth > 0 ? copy_arrays(&arena, value, &made.many)
                                        : copy_one(&arena, value, &made);
    hm_arena *kept = status == HM_OK ? hm_arena_array(&arena, 1, sizeof *kept) : NULL;
    if (kept == NULL) {
        hm_arena_finish(&arena);
        return HM_NO_MEMORY;
    }
    *kept = arena;
    made.context = kept;
    made.release = release_copy;
    *copy = made;
    return HM_OK;
}
