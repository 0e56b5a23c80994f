// read_nested.c — lists, structs and dictionaries; see read.h.

#include <string.h>

#include "adapters/arrow/bits.h"
#include "adapters/arrow/read.h"
#include "adapters/arrow/shape.h"
#include "base/element.h"
#include "base/error.h"

// Zeroed elements in `to`.
static hm_status take_zeroes(const hm_arrow_reader *reader, hm_arena *to, size_t length,
        size_t size, size_t alignment, hm_arrow_part *part) {
    *part = (hm_arrow_part){.length = length, .size = size};
    part->data = hm_arena_elements(to, length, size, alignment);
    return part->data != NULL ? HM_OK : hm_error_no_memory(reader->error);
}

static bool is_missing(const hm_arrow_view *view, size_t index) {
    const uint8_t *bits = hm_arrow_validity(view);
    return bits != NULL && !hm_bits_get(bits, view->start + index);
}

// Which items of its child a list has: from *first to *last.
static void find_items(
        const hm_arrow_view *view, size_t index, size_t *first, size_t *last) {
    if (view->format.form == HM_ARROW_FIXED_LIST) {
        *first = (view->start + index) * view->format.list_length;
        *last = *first + view->format.list_length;
    } else {
        *first = (size_t)hm_arrow_offset(view, index);
        *last = (size_t)hm_arrow_offset(view, index + 1);
    }
}

// Which items all lists of the view have.
static hm_status find_all_items(
        const hm_arrow_view *view, size_t *first, size_t *last, hm_error *error) {
    const struct ArrowArray *child = view->array->children[0];
    if (child == NULL || child->length < 0) {
        return hm_arrow_fail(error, HM_BAD_DATA, view->place,
                "its items are not there, or of negative length");
    }
    if (view->format.form != HM_ARROW_FIXED_LIST) {
        return hm_arrow_offsets(view, (size_t)child->length, first, last, error);
    }
    if (__builtin_mul_overflow(view->start, view->format.list_length, first) ||
            __builtin_mul_overflow(
                    view->start + view->length, view->format.list_length, last) ||
            *last > (size_t)child->length) {
        return hm_arrow_fail(error, HM_BAD_DATA, view->place,
                "%zu lists of %zu items are more than the %lld that there are",
                view->start + view->length, view->format.list_length,
                (long long)child->length);
    }
    return HM_OK;
}

static hm_status read_list(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    size_t begin;
    size_t end;
    HM_TRY(find_all_items(view, &begin, &end, reader->error));
    hm_arrow_place place = {view->place, NULL};
    hm_arrow_view child;
    hm_arrow_part items;
    HM_TRY(hm_arrow_view_open(&child, view->schema->children[0],
            view->array->children[0], begin, end - begin, &place, reader->error));
    HM_TRY(hm_arrow_read(reader, &child, type, reader->kept, &items));
    HM_TRY(take_zeroes(
            reader, to, view->length, sizeof(hm_array), _Alignof(hm_array), part));
    part->depth = items.depth + 1;
    part->is_shared = items.is_shared;
    for (size_t i = 0; i < view->length; i++) {
        size_t first;
        size_t last;
        find_items(view, i, &first, &last);
        if (first == last || is_missing(view, i)) {
            continue;
        }
        hm_array *list = (hm_array *)(void *)part->data + i;
        list->data = items.data + (first - begin) * items.size;
        list->length = last - first;
        bool is_shared; // as the items' own is
        HM_TRY(hm_arrow_take_validity(reader, reader->kept, items.validity,
                first - begin, list->length, &list->validity, &is_shared));
    }
    return hm_arrow_take_validity(reader, to, hm_arrow_validity(view), view->start,
            view->length, &part->validity, &part->is_shared);
}

// One field of all structs: elements of its type, or as many of them as it is long.
static hm_status read_field(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_field *field, const hm_arrow_place *place, hm_arrow_part *part) {
    int64_t index = hm_arrow_child(view->schema, field->name);
    const struct ArrowSchema *schema = view->schema->children[index];
    const struct ArrowArray *array = view->array->children[index];
    hm_arrow_view child;
    HM_TRY(hm_arrow_view_open(
            &child, schema, array, view->start, view->length, place, reader->error));
    child.within = view;
    child.count_within = 1;
    if (field->length == 0) {
        return hm_arrow_read(reader, &child, field->type, reader->scratch, part);
    }
    size_t first;
    size_t last;
    HM_TRY(find_all_items(&child, &first, &last, reader->error));
    hm_arrow_view items;
    HM_TRY(hm_arrow_view_open(&items, schema->children[0], array->children[0], first,
            last - first, place, reader->error));
    items.within = view;
    items.count_within = field->length;
    return hm_arrow_read(reader, &items, field->type, reader->scratch, part);
}

static hm_status store_field(const hm_arrow_reader *reader, const hm_field *field,
        const hm_arrow_place *place, const hm_arrow_part *part, size_t row,
        char *object) {
    size_t count = field->length > 0 ? field->length : 1;
    bool can_miss =
            field->type->kind == HM_KIND_FLOAT || field->type->kind == HM_KIND_STRING;
    for (size_t i = row * count; i < (row + 1) * count; i++) {
        if (!can_miss && part->validity != NULL && !hm_bits_get(part->validity, i)) {
            return hm_arrow_fail_at(reader->error, place, row,
                    "a value is missing, which %s within a struct cannot express",
                    field->type->name);
        }
    }
    const char *elements = part->data + row * count * part->size;
    if (field->bit_width == 0) {
        memcpy(object + field->offset, elements, count * part->size);
    } else if (!hm_bit_field_store(field, object, elements)) {
        return hm_arrow_fail_at(reader->error, place, row,
                "the number does not fit into a field of %u bits",
                (unsigned)field->bit_width);
    }
    return HM_OK;
}

static hm_status read_struct(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    HM_TRY(take_zeroes(reader, to, view->length, type->size, type->alignment, part));
    for (size_t i = 0; i < view->length; i++) {
        if (is_missing(view, i)) {
            hm_element_store_missing(type, part->data + i * type->size);
        }
    }
    for (size_t f = 0; f < type->field_count; f++) {
        const hm_field *field = &type->fields[f];
        hm_arrow_place place = {view->place, field->name};
        hm_arrow_part values;
        HM_TRY(read_field(reader, view, field, &place, &values));
        for (size_t i = 0; i < view->length; i++) {
            if (!is_missing(view, i)) {
                HM_TRY(store_field(reader, field, &place, &values, i,
                        part->data + i * type->size));
            }
        }
    }
    return hm_arrow_take_validity(reader, to, hm_arrow_validity(view), view->start,
            view->length, &part->validity, &part->is_shared);
}

// Which value of the dictionary an element is; a negative one is beyond all.
static uint64_t index_at(const hm_arrow_view *view, size_t element) {
    const hm_type *type = view->format.stored;
    const char *indexes = view->array->buffers[1];
    const char *at = indexes + (view->start + element) * type->size;
    return type->kind == HM_KIND_INT ? (uint64_t)hm_element_int(type, at)
                                     : hm_element_uint(type, at);
}

// Copies the value that an element is, if it is there; *is_there says so.
static hm_status look_up(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_arrow_part *values, size_t row, char *element, bool *is_there) {
    *is_there = !is_missing(view, row);
    if (!*is_there) {
        return HM_OK;
    }
    uint64_t index = index_at(view, row);
    if (index >= values->length) {
        return hm_arrow_fail_at(reader->error, view->place, row,
                "index %lld is not one of the %zu values of its dictionary",
                (long long)index, values->length);
    }
    memcpy(element, values->data + index * values->size, values->size);
    *is_there = values->validity == NULL || hm_bits_get(values->validity, index);
    return HM_OK;
}

// Elements that are not there: floating ones are NaN, others are told by a bitmap.
static hm_status decode(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_arrow_part *values, const hm_type *type, hm_arena *to,
        hm_arrow_part *part) {
    bool has_nan = type->kind == HM_KIND_FLOAT && values->depth == 0;
    uint8_t *validity = hm_bits_take(to, view->length);
    if (validity == NULL) {
        return hm_error_no_memory(reader->error);
    }
    hm_bits_copy(validity, 0, NULL, 0, view->length);
    for (size_t i = 0; i < view->length; i++) {
        char *element = part->data + i * part->size;
        bool is_there;
        HM_TRY(look_up(reader, view, values, i, element, &is_there));
        if (is_there) {
            continue;
        }
        hm_bits_clear(validity, i);
        part->validity = has_nan ? NULL : validity;
        if (values->depth == 0) {
            hm_element_store_missing(type, element);
        }
    }
    return HM_OK;
}

static hm_status read_dictionary(const hm_arrow_reader *reader,
        const hm_arrow_view *view, const hm_type *type, hm_arena *to,
        hm_arrow_part *part) {
    const struct ArrowArray *dictionary = view->array->dictionary;
    hm_arrow_view all;
    hm_arrow_part values;
    HM_TRY(hm_arrow_view_open(&all, view->schema->dictionary, dictionary, 0,
            dictionary->length > 0 ? (size_t)dictionary->length : 0, view->place,
            reader->error));
    HM_TRY(hm_arrow_read(reader, &all, type, reader->scratch, &values));
    HM_TRY(take_zeroes(reader, to, view->length, values.size, type->alignment, part));
    part->depth = values.depth;
    part->is_shared = values.is_shared && values.depth > 0;
    return decode(reader, view, &values, type, to, part);
}

hm_status hm_arrow_read_nested(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    if (view->schema->dictionary != NULL) {
        return read_dictionary(reader, view, type, to, part);
    }
    return view->format.form == HM_ARROW_STRUCT
                   ? read_struct(reader, view, type, to, part)
                   : read_list(reader, view, type, to, part);
}
