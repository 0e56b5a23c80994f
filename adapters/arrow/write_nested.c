// write_nested.c — lists and structs; see write.h.

#include <stdio.h>
#include <string.h>

#include "adapters/arrow/bits.h"
#include "adapters/arrow/write.h"
#include "base/element.h"
#include "base/error.h"

static size_t list_length(
        const struct ArrowArray *array, const hm_array *lists, size_t index) {
    bool is_empty = !hm_arrow_is_there(array, index) || lists[index].data == NULL;
    return is_empty ? 0 : lists[index].length;
}

static size_t item_size(const hm_arrow_elements *items) {
    return items->depth > 0      ? sizeof(hm_array)
           : items->by_reference ? sizeof(void *)
                                 : items->type->size;
}

// Whether the items of all lists follow one another in memory; *first is where.
static bool are_in_a_row(const struct ArrowArray *array, const hm_array *lists,
        size_t size, char **first) {
    const char *next = NULL;
    *first = NULL;
    for (size_t i = 0; i < (size_t)array->length; i++) {
        size_t length = list_length(array, lists, i);
        if (length == 0) {
            continue;
        }
        if (next != NULL && lists[i].data != next) {
            return false;
        }
        *first = next == NULL ? lists[i].data : *first;
        next = (const char *)lists[i].data + length * size;
    }
    return true;
}

// Bits of all items, if any of them is missing.
static hm_status join_validity(const hm_arrow_writer *writer,
        const struct ArrowArray *array, const hm_array *lists, hm_array *items) {
    uint8_t *validity = NULL;
    size_t at = 0;
    for (size_t i = 0; i < (size_t)array->length; i++) {
        size_t length = list_length(array, lists, i);
        if (length > 0 && lists[i].validity != NULL) {
            if (validity == NULL) {
                validity = hm_bits_take(&writer->data->arena, items->length);
                if (validity == NULL) {
                    return hm_error_no_memory(writer->error);
                }
                hm_bits_copy(validity, 0, NULL, 0, items->length);
            }
            hm_bits_copy(validity, at, lists[i].validity, 0, length);
        }
        at += length;
    }
    items->validity = validity;
    return HM_OK;
}

// The items of all lists as one array, copied if they are apart.
static hm_status join_items(const hm_arrow_writer *writer,
        const struct ArrowArray *array, const hm_array *lists,
        hm_arrow_elements *items) {
    size_t size = item_size(items);
    char *first;
    HM_TRY(join_validity(writer, array, lists, &items->many));
    if (are_in_a_row(array, lists, size, &first)) {
        items->many.data = first;
        return HM_OK;
    }
    bool are_values = items->depth == 0 && !items->by_reference;
    char *copy = hm_arena_elements(
            are_values ? hm_arrow_arena_of(writer, items->type) : writer->scratch,
            items->many.length, size, items->type->alignment);
    if (copy == NULL) {
        return hm_error_no_memory(writer->error);
    }
    items->many.data = copy;
    for (size_t i = 0; i < (size_t)array->length; i++) {
        size_t length = list_length(array, lists, i);
        if (length > 0) {
            memcpy(copy, lists[i].data, length * size);
            copy += length * size;
        }
    }
    return HM_OK;
}

static hm_status take_children(const hm_arrow_writer *writer, size_t count,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    schema->children = hm_arrow_holder_schemas(writer->types, count);
    array->children = hm_arrow_holder_arrays(writer->data, count);
    if (schema->children == NULL || array->children == NULL) {
        return hm_error_no_memory(writer->error);
    }
    schema->n_children = (int64_t)count;
    array->n_children = (int64_t)count;
    return HM_OK;
}

hm_status hm_arrow_write_lists(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    const hm_array *lists = elements->many.data;
    size_t count = elements->many.length;
    HM_TRY(hm_arrow_begin(writer, elements, place, "+l", 1, NULL, schema, array));
    hm_arrow_elements items = {.type = elements->type,
            .depth = elements->depth - 1,
            .by_reference = elements->by_reference};
    for (size_t i = 0; i < count; i++) {
        items.many.length += list_length(array, lists, i);
    }
    bool is_large = items.many.length > (size_t)writer->longest_offset;
    schema->format = is_large ? "+L" : "+l";
    void *offsets = hm_arrow_offsets_take(writer, count + 1, is_large);
    if (offsets == NULL) {
        return hm_error_no_memory(writer->error);
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        hm_arrow_offsets_put(offsets, i, at, is_large);
        at += list_length(array, lists, i);
    }
    hm_arrow_offsets_put(offsets, count, at, is_large);
    array->buffers[1] = offsets;
    HM_TRY(take_children(writer, 1, schema, array));
    HM_TRY(join_items(writer, array, lists, &items));
    hm_arrow_place below = {place, NULL};
    return hm_arrow_write(
            writer, &items, &below, schema->children[0], array->children[0]);
}

// One field of all structs, or `count` of them each, behind one another.
// What is in a struct that is missing does not count.
static hm_status gather(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_field *field, size_t count,
        hm_array *gathered) {
    size_t size = field->type->size * count;
    size_t length = elements->many.length;
    const uint8_t *validity = elements->many.validity;
    char *copy = hm_arena_elements(hm_arrow_arena_of(writer, field->type), length, size,
            field->type->alignment);
    if (copy == NULL) {
        return hm_error_no_memory(writer->error);
    }
    for (size_t i = 0; i < length; i++) {
        const char *object =
                (const char *)elements->many.data + i * elements->type->size;
        if (validity != NULL && !hm_bits_get(validity, i)) {
            continue;
        }
        if (field->bit_width > 0) {
            hm_bit_field_load(field, object, copy + i * size);
        } else {
            memcpy(copy + i * size, object + field->offset, size);
        }
    }
    *gathered = (hm_array){.data = copy, .length = length * count};
    return HM_OK;
}

static hm_status write_field(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_field *field,
        const hm_arrow_place *place, struct ArrowSchema *schema,
        struct ArrowArray *array) {
    size_t count = field->length > 0 ? field->length : 1;
    hm_arrow_elements values = {.type = field->type};
    HM_TRY(gather(writer, elements, field, count, &values.many));
    if (field->length == 0) {
        return hm_arrow_write(writer, &values, place, schema, array);
    }
    char format[32];
    snprintf(format, sizeof format, "+w:%zu", count);
    const char *kept = hm_arena_text(&writer->types->arena, format);
    if (kept == NULL) {
        return hm_error_no_memory(writer->error);
    }
    hm_arrow_elements lists = {.many = {.length = elements->many.length}};
    HM_TRY(hm_arrow_begin(writer, &lists, place, kept, 0, NULL, schema, array));
    HM_TRY(take_children(writer, 1, schema, array));
    hm_arrow_place below = {place, NULL};
    return hm_arrow_write(
            writer, &values, &below, schema->children[0], array->children[0]);
}

hm_status hm_arrow_write_structs(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    const hm_type *type = elements->type;
    HM_TRY(hm_arrow_begin(writer, elements, place, "+s", 0, NULL, schema, array));
    HM_TRY(take_children(writer, type->field_count, schema, array));
    for (size_t f = 0; f < type->field_count; f++) {
        const hm_field *field = &type->fields[f];
        hm_arrow_place below = {place, field->name};
        HM_TRY(write_field(writer, elements, field, &below, schema->children[f],
                array->children[f]));
    }
    return HM_OK;
}
