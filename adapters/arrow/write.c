// write.c — numbers, bools and text; see write.h.

#include "adapters/arrow/write.h"

#include <math.h>
#include <string.h>

#include "adapters/arrow/bits.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/utf8.h"

// What a buffer of no bytes points at: some readers do not like NULL.
static const uint64_t nothing[8];

bool hm_arrow_is_there(const struct ArrowArray *array, size_t index) {
    return array->buffers[0] == NULL || hm_bits_get(array->buffers[0], index);
}

hm_arena *hm_arrow_arena_of(const hm_arrow_writer *writer, const hm_type *type) {
    bool is_number = type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
                     type->kind == HM_KIND_FLOAT;
    return is_number && type->time_unit != HM_TIME_DAY ? &writer->data->arena
                                                       : writer->scratch;
}

// Clears bits of a copy of the bitmap, which is made when it is first needed.
static hm_status add_absent(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, hm_arrow_absent *absent,
        const uint8_t **validity) {
    const hm_array *many = &elements->many;
    uint8_t *copy = NULL;
    for (size_t i = 0; i < many->length; i++) {
        if (!absent(elements->type,
                    (const char *)many->data + i * elements->type->size)) {
            continue;
        }
        if (copy == NULL) {
            copy = hm_bits_take(&writer->data->arena, many->length);
            if (copy == NULL) {
                return hm_error_no_memory(writer->error);
            }
            hm_bits_copy(copy, 0, many->validity, 0, many->length);
            *validity = copy;
        }
        hm_bits_clear(copy, i);
    }
    return HM_OK;
}

hm_status hm_arrow_begin(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        const char *format, size_t buffer_count, hm_arrow_absent *absent,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    const hm_array *many = &elements->many;
    const uint8_t *validity = many->validity;
    if (absent != NULL) {
        HM_TRY(add_absent(writer, elements, absent, &validity));
    }
    size_t missing = validity != NULL ? hm_bits_zeros(validity, 0, many->length) : 0;
    schema->format = format;
    schema->name = hm_arena_text(
            &writer->types->arena, place->name != NULL ? place->name : "item");
    schema->flags = ARROW_FLAG_NULLABLE;
    array->length = (int64_t)many->length;
    array->null_count = (int64_t)missing;
    array->n_buffers = (int64_t)(1 + buffer_count);
    array->buffers = hm_arena_array(
            &writer->data->arena, 1 + buffer_count, sizeof *array->buffers);
    if (schema->name == NULL || array->buffers == NULL) {
        return hm_error_no_memory(writer->error);
    }
    array->buffers[0] = missing > 0 ? validity : NULL;
    hm_arrow_hold_schema(writer->types, schema);
    hm_arrow_hold_array(writer->data, array);
    return HM_OK;
}

void *hm_arrow_offsets_take(
        const hm_arrow_writer *writer, size_t count, bool is_large) {
    return hm_arena_array(
            &writer->data->arena, count, is_large ? sizeof(int64_t) : sizeof(int32_t));
}

void hm_arrow_offsets_put(void *offsets, size_t index, size_t offset, bool is_large) {
    if (is_large) {
        ((int64_t *)offsets)[index] = (int64_t)offset;
    } else {
        ((int32_t *)offsets)[index] = (int32_t)offset;
    }
}

// The format of a number, or NULL if Arrow has none.
static const char *format_of(const hm_type *type) {
    static const char *const formats[3][4] = {
            {"c", "s", "i", "l"}, {"C", "S", "I", "L"}, {NULL, NULL, "f", "g"}};
    static const char *const times[] = {[HM_TIME_S] = "tss:",
            [HM_TIME_MS] = "tsm:",
            [HM_TIME_US] = "tsu:",
            [HM_TIME_NS] = "tsn:"};
    if (type->time_unit != HM_TIME_NONE) {
        return times[type->time_unit];
    }
    if (type->size != 1 && type->size != 2 && type->size != 4 && type->size != 8) {
        return NULL;
    }
    return formats[type->kind - HM_KIND_INT][__builtin_ctz(type->size)];
}

static bool is_nan(const hm_type *type, const void *element) {
    if (type->size == sizeof(float)) {
        float number;
        memcpy(&number, element, sizeof number);
        return isnan(number);
    }
    double number;
    memcpy(&number, element, sizeof number);
    return isnan(number);
}

static hm_status write_days(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    const hm_array *many = &elements->many;
    const int64_t *wide = many->data;
    HM_TRY(hm_arrow_begin(writer, elements, place, "tdD", 1, NULL, schema, array));
    int32_t *days = hm_arena_array(&writer->data->arena, many->length, sizeof *days);
    if (days == NULL) {
        return hm_error_no_memory(writer->error);
    }
    for (size_t i = 0; i < many->length; i++) {
        int64_t day = hm_arrow_is_there(array, i) ? wide[i] : 0;
        if (day < INT32_MIN || day > INT32_MAX) {
            char text[HM_NUMBER_SIZE];
            hm_time_write(HM_TIME_DAY, day, text);
            return hm_arrow_fail_at(writer->error, place, i,
                    "%s does not fit date32, Arrow's type for days; count seconds",
                    text);
        }
        days[i] = (int32_t)day;
    }
    array->buffers[1] = days;
    return HM_OK;
}

static hm_status write_numbers(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    const hm_type *type = elements->type;
    const char *format = format_of(type);
    if (format == NULL) {
        return hm_arrow_fail(writer->error, HM_TYPE_MISMATCH, place,
                "it is %s, which Arrow does not have; make it a double", type->name);
    }
    bool looks = writer->nan_is_missing && type->kind == HM_KIND_FLOAT;
    HM_TRY(hm_arrow_begin(
            writer, elements, place, format, 1, looks ? is_nan : NULL, schema, array));
    array->buffers[1] = elements->many.length > 0 ? elements->many.data : nothing;
    return HM_OK;
}

static hm_status write_bools(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    const hm_array *many = &elements->many;
    HM_TRY(hm_arrow_begin(writer, elements, place, "b", 1, NULL, schema, array));
    uint8_t *bits = hm_bits_take(&writer->data->arena, many->length);
    if (bits == NULL) {
        return hm_error_no_memory(writer->error);
    }
    const unsigned char *bytes = many->data;
    for (size_t i = 0; i < many->length; i++) {
        bits[i / 8] = (uint8_t)(bits[i / 8] | (bytes[i] != 0) << i % 8);
    }
    array->buffers[1] = bits;
    return HM_OK;
}

static bool is_no_text(const hm_type *type, const void *element) {
    (void)type;
    const char *text;
    memcpy(&text, element, sizeof text);
    return text == NULL;
}

static const char *text_at(const hm_arrow_elements *elements,
        const struct ArrowArray *array, size_t index) {
    const char *const *texts = elements->many.data;
    return hm_arrow_is_there(array, index) ? texts[index] : "";
}

static hm_status measure_texts(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        const struct ArrowArray *array, size_t *bytes) {
    *bytes = 0;
    for (size_t i = 0; i < elements->many.length; i++) {
        const char *text = text_at(elements, array, i);
        size_t length = strlen(text);
        if (!hm_utf8_is(text, length)) {
            return hm_arrow_fail_at(
                    writer->error, place, i, "the text is not UTF-8, as Arrow's is");
        }
        *bytes += length;
    }
    return HM_OK;
}

static hm_status write_texts(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    size_t count = elements->many.length;
    HM_TRY(hm_arrow_begin(writer, elements, place, "u", 2, is_no_text, schema, array));
    size_t bytes;
    HM_TRY(measure_texts(writer, elements, place, array, &bytes));
    bool is_large = bytes > (size_t)writer->longest_offset;
    schema->format = is_large ? "U" : "u";
    void *offsets = hm_arrow_offsets_take(writer, count + 1, is_large);
    char *content = hm_arena_take(&writer->data->arena, bytes, 1);
    if (offsets == NULL || content == NULL) {
        return hm_error_no_memory(writer->error);
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text = text_at(elements, array, i);
        size_t length = strlen(text);
        hm_arrow_offsets_put(offsets, i, at, is_large);
        memcpy(content + at, text, length);
        at += length;
    }
    hm_arrow_offsets_put(offsets, count, at, is_large);
    array->buffers[1] = offsets;
    array->buffers[2] = content;
    return HM_OK;
}

// Elements that are pointers, as what they point at; a NULL one is missing.
static hm_status dereference(
        const hm_arrow_writer *writer, hm_arrow_elements *elements) {
    const hm_array *many = &elements->many;
    const hm_type *type = elements->type;
    const void *const *pointers = many->data;
    char *objects = hm_arena_elements(
            hm_arrow_arena_of(writer, type), many->length, type->size, type->alignment);
    uint8_t *validity = hm_bits_take(&writer->data->arena, many->length);
    if (objects == NULL || validity == NULL) {
        return hm_error_no_memory(writer->error);
    }
    hm_bits_copy(validity, 0, many->validity, 0, many->length);
    for (size_t i = 0; i < many->length; i++) {
        if (hm_bits_get(validity, i) && pointers[i] != NULL) {
            memcpy(objects + i * type->size, pointers[i], type->size);
        } else {
            hm_bits_clear(validity, i);
        }
    }
    elements->many = (hm_array){objects, many->length, validity};
    elements->by_reference = false;
    return HM_OK;
}

hm_status hm_arrow_write(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    if (elements->depth > 0) {
        return hm_arrow_write_lists(writer, elements, place, schema, array);
    }
    const hm_type *type = elements->type;
    if (type->kind == HM_KIND_OPAQUE || type->kind == HM_KIND_JSON || type->size == 0) {
        return hm_arrow_fail(writer->error, HM_TYPE_MISMATCH, place,
                "it is %s, which only C knows how to read: export values that are made "
                "of it",
                type->name);
    }
    hm_arrow_elements values = *elements;
    if (values.by_reference) {
        HM_TRY(dereference(writer, &values));
    }
    switch (type->kind) {
    case HM_KIND_BOOL:
        return write_bools(writer, &values, place, schema, array);
    case HM_KIND_STRING:
        return write_texts(writer, &values, place, schema, array);
    case HM_KIND_STRUCT:
        return hm_arrow_write_structs(writer, &values, place, schema, array);
    default:
        return type->time_unit == HM_TIME_DAY
                       ? write_days(writer, &values, place, schema, array)
                       : write_numbers(writer, &values, place, schema, array);
    }
}
