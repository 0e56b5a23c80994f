// copy.c — arrays of arrays are copied level by level, so that their depth does not
// matter.

#include "base/copy.h"

#include <string.h>

// Arrays of one depth whose contents are still those of the original.
typedef struct hm_copy_level {
    struct hm_copy_level *next;
    hm_array *arrays;
    size_t count;
    uint32_t depth;
} hm_copy_level;

static bool copy_bytes(
        hm_arena *arena, void **data, size_t count, size_t size, size_t alignment) {
    void *copy = hm_arena_elements(arena, count, size, alignment);
    if (copy != NULL && count > 0 && size > 0) {
        memcpy(copy, *data, count * size);
    }
    *data = copy;
    return copy != NULL;
}

static bool copy_texts(hm_arena *arena, const char **texts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (texts[i] != NULL) {
            texts[i] = hm_arena_text(arena, texts[i]);
            if (texts[i] == NULL) {
                return false;
            }
        }
    }
    return true;
}

// Replaces the strings in count elements by copies. Structs in structs are as deep as
// the C type nests them.
static bool copy_strings(
        hm_arena *arena, const hm_type *type, char *elements, size_t count) {
    if (type->kind == HM_KIND_STRING) {
        return copy_texts(arena, (const char **)(void *)elements, count);
    }
    for (size_t f = 0; type->kind == HM_KIND_STRUCT && f < type->field_count; f++) {
        const hm_field *field = &type->fields[f];
        if (field->type->kind != HM_KIND_STRING &&
                field->type->kind != HM_KIND_STRUCT) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            if (!copy_strings(arena, field->type,
                        elements + i * type->size + field->offset,
                        field->length > 0 ? field->length : 1)) {
                return false;
            }
        }
    }
    return true;
}

static bool copy_validity(hm_arena *arena, hm_array *array) {
    if (array->validity == NULL) {
        return true;
    }
    void *bits = array->validity;
    bool is_copied = copy_bytes(arena, &bits, (array->length + 7) / 8, 1, 1);
    array->validity = bits;
    return is_copied;
}

// Copies the elements of an array: arrays again, which then wait in *waiting, or
// values.
static bool copy_array(hm_arena *arena, const hm_value *value, hm_array *array,
        uint32_t depth, hm_copy_level **waiting) {
    size_t size = depth > 1             ? sizeof(hm_array)
                  : value->by_reference ? sizeof(void *)
                                        : value->type->size;
    if (array->data == NULL) {
        array->length = 0;
    }
    if (!copy_validity(arena, array) || !copy_bytes(arena, &array->data, array->length,
                                                size, value->type->alignment)) {
        return false;
    }
    if (depth == 1) {
        return value->by_reference ||
               copy_strings(arena, value->type, array->data, array->length);
    }
    hm_copy_level *level = hm_arena_take(arena, sizeof *level, _Alignof(hm_copy_level));
    if (level == NULL) {
        return false;
    }
    *level = (hm_copy_level){*waiting, array->data, array->length, depth - 1};
    *waiting = level;
    return true;
}

static bool copy_many(hm_arena *arena, hm_value *copy) {
    hm_copy_level *waiting = NULL;
    if (!copy_array(arena, copy, &copy->many, copy->depth, &waiting)) {
        return false;
    }
    while (waiting != NULL) {
        hm_copy_level level = *waiting;
        waiting = waiting->next;
        for (size_t i = 0; i < level.count; i++) {
            if (!copy_array(arena, copy, &level.arrays[i], level.depth, &waiting)) {
                return false;
            }
        }
    }
    return true;
}

static bool copy_one(hm_arena *arena, hm_value *copy) {
    const hm_type *type = copy->type;
    if (type->kind == HM_KIND_OPAQUE || type->size == 0 ||
            hm_value_data(copy) == NULL) {
        return true; // an object by reference
    }
    void *data = hm_arena_elements(arena, 1, type->size, type->alignment);
    if (data == NULL) {
        return false;
    }
    memcpy(data, hm_value_data(copy), type->size);
    copy->data = data;
    return copy_strings(arena, type, data, 1);
}

bool hm_value_copy(const hm_value *value, hm_arena *arena, hm_value *copy) {
    *copy = *value;
    copy->release = NULL;
    copy->context = NULL;
    return copy->depth > 0 ? copy_many(arena, copy) : copy_one(arena, copy);
}
