// give.c — see give.h.

#include "adapters/duckdb/give.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

// What lies in memory side by side, at a distance that need not be its size: fields of
// structs are elements too.
typedef struct hm_given {
    const hm_type *type;
    uint32_t depth; // 0 for the elements of an array that is not one of arrays
    bool by_reference;
    const char *elements;
    size_t stride;
    const uint8_t *validity; // or NULL
    hm_give_fault *fault;
} hm_given;

static duckdb_type plain_type(const hm_type *type) {
    if (type->time_unit != HM_TIME_NONE) {
        return hm_times_type(type->time_unit);
    }
    bool is_signed = type->kind == HM_KIND_INT;
    switch (type->kind) {
    case HM_KIND_BOOL:
        return DUCKDB_TYPE_BOOLEAN;
    case HM_KIND_FLOAT:
        return type->size == sizeof(float)    ? DUCKDB_TYPE_FLOAT
               : type->size == sizeof(double) ? DUCKDB_TYPE_DOUBLE
                                              : DUCKDB_TYPE_INVALID;
    case HM_KIND_STRING:
        return DUCKDB_TYPE_VARCHAR;
    case HM_KIND_INT:
    case HM_KIND_UINT:
        break;
    default:
        return DUCKDB_TYPE_INVALID;
    }
    switch (type->size) {
    case 1:
        return is_signed ? DUCKDB_TYPE_TINYINT : DUCKDB_TYPE_UTINYINT;
    case 2:
        return is_signed ? DUCKDB_TYPE_SMALLINT : DUCKDB_TYPE_USMALLINT;
    case 4:
        return is_signed ? DUCKDB_TYPE_INTEGER : DUCKDB_TYPE_UINTEGER;
    case 8:
        return is_signed ? DUCKDB_TYPE_BIGINT : DUCKDB_TYPE_UBIGINT;
    default:
        return DUCKDB_TYPE_INVALID;
    }
}

static hm_status field_types(const hm_type *type, duckdb_logical_type *types,
        const char **names, hm_error *error) {
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        if (field->length > 0 || field->bit_width > 0) {
            return hm_error_set(error, HM_TYPE_MISMATCH,
                    "field `%s` of %s is %s, for which DuckDB has no type", field->name,
                    type->name, field->length > 0 ? "an array" : "a bit-field");
        }
        names[i] = field->name;
        HM_TRY(hm_give_type(field->type, 0, &types[i], error));
    }
    return HM_OK;
}

static hm_status struct_type(
        const hm_type *type, duckdb_logical_type *found, hm_error *error) {
    enum { MOST_FIELDS = 1024 };
    duckdb_logical_type types[MOST_FIELDS] = {0};
    const char *names[MOST_FIELDS];
    if (type->field_count == 0 || type->field_count > MOST_FIELDS) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "%s has %zu fields; DuckDB wants 1 to %d", type->name,
                type->field_count, MOST_FIELDS);
    }
    hm_status status = field_types(type, types, names, error);
    if (status == HM_OK) {
        *found = duckdb_create_struct_type(types, names, type->field_count);
    }
    for (size_t i = 0; i < type->field_count; i++) {
        duckdb_destroy_logical_type(&types[i]);
    }
    return status;
}

hm_status hm_give_type(const hm_type *type, uint32_t depth, duckdb_logical_type *found,
        hm_error *error) {
    if (depth > 0) {
        duckdb_logical_type inner;
        HM_TRY(hm_give_type(type, depth - 1, &inner, error));
        *found = duckdb_create_list_type(inner);
        duckdb_destroy_logical_type(&inner);
        return HM_OK;
    }
    if (type->kind == HM_KIND_STRUCT) {
        return struct_type(type, found, error);
    }
    duckdb_type plain = plain_type(type);
    if (plain == DUCKDB_TYPE_INVALID) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "DuckDB has no type for %s; want %s instead", type->name,
                type->kind == HM_KIND_FLOAT ? "a double" : "its fields or a text");
    }
    *found = duckdb_create_logical_type(plain);
    return HM_OK;
}

static bool is_present(const hm_given *given, size_t i) {
    return given->validity == NULL || (given->validity[i / 8] >> i % 8 & 1) != 0;
}

// A struct that is NULL has members that are.
static void set_missing(duckdb_vector vector, size_t at) {
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), at);
    duckdb_logical_type type = duckdb_vector_get_column_type(vector);
    if (duckdb_get_type_id(type) == DUCKDB_TYPE_STRUCT) {
        for (idx_t i = 0; i < duckdb_struct_type_child_count(type); i++) {
            set_missing(duckdb_struct_vector_get_child(vector, i), at);
        }
    }
    duckdb_destroy_logical_type(&type);
}

static size_t give(duckdb_vector vector, size_t at, const hm_given *given, size_t first,
        size_t count);

static size_t give_plain(duckdb_vector vector, size_t at, const hm_given *given,
        size_t first, size_t count) {
    size_t size = given->type->size;
    char *to = (char *)duckdb_vector_get_data(vector) + at * size;
    const char *from = given->elements + first * given->stride;
    if (given->stride == size) {
        memcpy(to, from, count * size);
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * size, from + i * given->stride, size);
    }
    return count;
}

// Days are narrower there.
static size_t give_times(duckdb_vector vector, size_t at, const hm_given *given,
        size_t first, size_t count) {
    hm_time_unit unit = given->type->time_unit;
    void *to = duckdb_vector_get_data(vector);
    for (size_t i = 0; i < count; i++) {
        int64_t time = 0;
        if (is_present(given, first + i)) {
            memcpy(&time, given->elements + (first + i) * given->stride, sizeof time);
        }
        if (!hm_times_fit(unit, time, given->fault->message)) {
            given->fault->status = HM_BAD_DATA;
            return i;
        }
        if (unit == HM_TIME_DAY) {
            ((int32_t *)to)[at + i] = (int32_t)time;
        } else {
            ((int64_t *)to)[at + i] = time;
        }
    }
    return count;
}

static duckdb_string_t text_of(const char *text, size_t length) {
    duckdb_string_t made = {.value.inlined.length = (uint32_t)length};
    if (length <= sizeof made.value.inlined.inlined) {
        memcpy(made.value.inlined.inlined, text, length);
    } else {
        memcpy(made.value.pointer.prefix, text, sizeof made.value.pointer.prefix);
        memcpy(&made.value.pointer.ptr, &text, sizeof text); // which is only read
    }
    return made;
}

static size_t give_texts(duckdb_vector vector, size_t at, const hm_given *given,
        size_t first, size_t count) {
    duckdb_string_t *texts = duckdb_vector_get_data(vector);
    for (size_t i = 0; i < count; i++) {
        const char *text;
        memcpy(&text, given->elements + (first + i) * given->stride, sizeof text);
        if (text == NULL || !is_present(given, first + i)) {
            texts[at + i] = text_of("", 0);
            set_missing(vector, at + i);
            continue;
        }
        size_t length = strlen(text);
        if (length > UINT32_MAX || !hm_utf8_is(text, length)) {
            given->fault->status = HM_BAD_DATA;
            snprintf(given->fault->message, sizeof given->fault->message,
                    "the text is not UTF-8");
            return i;
        }
        texts[at + i] = text_of(text, length);
    }
    return count;
}

static size_t give_structs(duckdb_vector vector, size_t at, const hm_given *given,
        size_t first, size_t count) {
    for (size_t p = 0; p < given->type->field_count; p++) {
        const hm_field *field = &given->type->fields[p];
        const hm_given part = {.type = field->type,
                .elements = given->elements + field->offset,
                .stride = given->stride,
                .validity = given->validity, // what a missing struct has is nothing
                .fault = given->fault};
        count = give(
                duckdb_struct_vector_get_child(vector, p), at, &part, first, count);
    }
    return count;
}

static size_t give_lists(duckdb_vector vector, size_t at, const hm_given *given,
        size_t first, size_t count) {
    for (size_t i = 0; i < count; i++) {
        hm_array array = {0};
        if (is_present(given, first + i)) {
            memcpy(&array, given->elements + (first + i) * given->stride, sizeof array);
        }
        size_t used = duckdb_list_vector_get_size(vector);
        if (duckdb_list_vector_reserve(vector, used + array.length) != DuckDBSuccess ||
                duckdb_list_vector_set_size(vector, used + array.length) !=
                        DuckDBSuccess) {
            given->fault->status = HM_NO_MEMORY;
            return i;
        }
        duckdb_list_entry *entries = duckdb_vector_get_data(vector);
        entries[at + i] = (duckdb_list_entry){used, array.length};
        const hm_given inner = {.type = given->type,
                .depth = given->depth - 1,
                .by_reference = given->by_reference,
                .elements = array.data,
                .stride = given->depth > 1      ? sizeof(hm_array)
                          : given->by_reference ? sizeof(void *)
                                                : given->type->size,
                .validity = array.validity,
                .fault = given->fault};
        duckdb_vector child = duckdb_list_vector_get_child(vector);
        if (give(child, used, &inner, 0, array.length) < array.length) {
            return i;
        }
    }
    return count;
}

// Pointers to elements; one that is NULL stands for none.
static size_t give_referred(duckdb_vector vector, size_t at, const hm_given *given,
        size_t first, size_t count) {
    for (size_t i = 0; i < count; i++) {
        hm_given one = {.type = given->type,
                .stride = given->type->size,
                .fault = given->fault};
        memcpy(&one.elements, given->elements + (first + i) * given->stride,
                sizeof one.elements);
        if (one.elements == NULL || !is_present(given, first + i)) {
            set_missing(vector, at + i);
        } else if (give(vector, at + i, &one, 0, 1) < 1) {
            return i;
        }
    }
    return count;
}

static size_t give(duckdb_vector vector, size_t at, const hm_given *given, size_t first,
        size_t count) {
    if (count == 0) {
        return 0;
    }
    size_t done = given->depth > 0      ? give_lists(vector, at, given, first, count)
                  : given->by_reference ? give_referred(vector, at, given, first, count)
                  : given->type->kind == HM_KIND_STRING
                          ? give_texts(vector, at, given, first, count)
                  : given->type->kind == HM_KIND_STRUCT
                          ? give_structs(vector, at, given, first, count)
                  : given->type->time_unit != HM_TIME_NONE
                          ? give_times(vector, at, given, first, count)
                          : give_plain(vector, at, given, first, count);
    for (size_t i = 0; given->validity != NULL && i < done; i++) {
        if (!is_present(given, first + i)) {
            set_missing(vector, at + i);
        }
    }
    return done;
}

size_t hm_give(duckdb_vector vector, size_t at, const hm_value *value, size_t first,
        size_t count, hm_give_fault *fault) {
    const hm_given given = {.type = value->type,
            .depth = value->depth - 1,
            .by_reference = value->by_reference,
            .elements = value->many.data,
            .stride = value->depth > 1      ? sizeof(hm_array)
                      : value->by_reference ? sizeof(void *)
                                            : value->type->size,
            .validity = value->many.validity,
            .fault = fault};
    return give(vector, at, &given, first, count);
}
