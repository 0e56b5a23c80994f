// records.c — see records.h.

#include "graph/records.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/element.h"
#include "base/error.h"
#include "base/validity.h"

static bool is_text(const hm_field *field) {
    return field->length > 0 && field->type->kind == HM_KIND_INT &&
           strcmp(field->type->name, "char") == 0;
}

const hm_type *hm_record_column_type(const hm_field *field) {
    return field->length == 0 ? field->type : is_text(field) ? &hm_type_string : NULL;
}

static hm_status refuse(
        hm_error *error, const hm_field *field, size_t row, const char *why) {
    return hm_error_set(
            error, HM_BAD_DATA, "row %zu, column `%s`: %s", row + 1, field->name, why);
}

static bool put_text(const hm_field *field, const char *element, char *to) {
    const char *text;
    memcpy(&text, element, sizeof text);
    size_t length = text != NULL ? strlen(text) : 0;
    if (length >= field->length) {
        return false;
    }
    memset(to, 0, field->length);
    memcpy(to, length > 0 ? text : "", length);
    return true;
}

// Puts an element of a column into the field of a struct.
static hm_status put(const hm_field *field, const hm_array *column, size_t row,
        char *record, hm_error *error) {
    const hm_type *type = hm_record_column_type(field);
    const char *element = (const char *)column->data + row * type->size;
    if (!hm_validity_has(column, row) && type->kind != HM_KIND_STRING) {
        char why[256];
        snprintf(why, sizeof why, "it is missing, and the field is a %s", type->name);
        return refuse(error, field, row, why);
    }
    if (is_text(field)) {
        return put_text(field, element, record + field->offset)
                       ? HM_OK
                       : refuse(error, field, row,
                                 "the text is too long for the field");
    }
    if (field->bit_width > 0) {
        return hm_bit_field_store(field, record, element)
                       ? HM_OK
                       : refuse(error, field, row, "the field is too narrow for it");
    }
    memcpy(record + field->offset, element, type->size);
    return HM_OK;
}

hm_status hm_records_gather(const hm_type *type, const hm_value *columns, size_t count,
        hm_arena *arena, hm_value *records, hm_error *error) {
    char *made = hm_arena_elements(arena, count, type->size, type->alignment);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    if (count > 0) {
        memset(made, 0, count * type->size);
    }
    for (size_t f = 0; f < type->field_count; f++) {
        for (size_t row = 0; row < count; row++) {
            HM_TRY(put(&type->fields[f], &columns[f].many, row, made + row * type->size,
                    error));
        }
    }
    *records = hm_value_many(type, made, count);
    return HM_OK;
}

// The struct of a row, or NULL.
static const char *record_at(const hm_value *records, size_t row) {
    if (records->depth == 0) {
        return hm_value_data(records);
    }
    if (!hm_validity_has(&records->many, row)) {
        return NULL;
    }
    if (records->by_reference) {
        return ((const char *const *)records->many.data)[row];
    }
    return (const char *)records->many.data + row * records->type->size;
}

// Text of a field as a string, cut where it has no NUL.
static const char *take_text(
        const hm_field *field, const char *record, hm_arena *arena) {
    const char *text = record + field->offset;
    const char *end = memchr(text, '\0', field->length);
    return end != NULL ? text : hm_arena_slice(arena, text, field->length);
}

static hm_status take(
        const hm_field *field, const char *record, hm_arena *arena, char *element) {
    if (is_text(field)) {
        const char *text = take_text(field, record, arena);
        memcpy(element, &text, sizeof text);
        return text != NULL ? HM_OK : HM_NO_MEMORY;
    }
    if (field->bit_width > 0) {
        hm_bit_field_load(field, record, element);
    } else {
        memcpy(element, record + field->offset, field->type->size);
    }
    return HM_OK;
}

static hm_status split_field(const hm_value *records, const hm_field *field,
        size_t count, hm_arena *arena, hm_value *column) {
    const hm_type *type = hm_record_column_type(field);
    char *elements = hm_arena_elements(arena, count, type->size, type->alignment);
    if (elements == NULL) {
        return HM_NO_MEMORY;
    }
    if (count > 0) {
        memset(elements, 0, count * type->size);
    }
    *column = hm_value_many(type, elements, count);
    for (size_t row = 0; row < count; row++) {
        const char *record = record_at(records, row);
        if (record != NULL) {
            HM_TRY(take(field, record, arena, elements + row * type->size));
            continue;
        }
        if (column->many.validity == NULL) {
            column->many.validity = hm_validity_take(arena, count);
        }
        if (column->many.validity == NULL) {
            return HM_NO_MEMORY;
        }
        hm_validity_clear(column->many.validity, row);
    }
    return HM_OK;
}

hm_status hm_records_split(
        const hm_value *records, hm_arena *arena, hm_value *columns, hm_error *error) {
    size_t count = records->depth > 0 ? records->many.length : 1;
    for (size_t f = 0; f < records->type->field_count; f++) {
        if (split_field(records, &records->type->fields[f], count, arena,
                    &columns[f]) != HM_OK) {
            return hm_error_no_memory(error);
        }
    }
    return HM_OK;
}
