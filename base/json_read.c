// json_read.c — JSON text as a value of a type that is known.
//
// The text is checked as a whole first. So what is wrong with it as JSON is told with
// line and column, and what is wrong with it as a value of the type is told by its
// place in the value; and arrays can be counted before memory is taken for them.

#include "base/json_read.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/allocator.h"
#include "base/calendar.h"
#include "base/element.h"
#include "base/error.h"
#include "base/names.h"
#include "base/number.h"
#include "base/validity.h"

static size_t describe_place(const hm_json_place *place, char *text, size_t size) {
    size_t used = 0;
    if (place->outer != NULL) {
        used = describe_place(place->outer, text, size);
        used += (size_t)snprintf(text + used, size - used, ", ");
    }
    if (used < size) {
        used += place->name != NULL ? (size_t)snprintf(text + used, size - used,
                                              "%s `%s`", place->word, place->name)
                                    : (size_t)snprintf(text + used, size - used,
                                              "%s %zu", place->word, place->index);
    }
    return used < size ? used : size - 1;
}

__attribute__((format(printf, 3, 4))) static hm_status fail(
        const hm_json_reader *reader, const hm_json_place *place, const char *format,
        ...) {
    char where[256] = "";
    if (place != NULL) {
        describe_place(place, where, sizeof where);
    }
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return hm_error_set(reader->error, HM_BAD_DATA, "%s%s%s", where,
            place != NULL ? ": " : "", message);
}

static hm_status fail_expected(const hm_json_reader *reader, const hm_json_scan *scan,
        const char *expected, const hm_json_place *place) {
    char found[HM_JSON_FOUND_SIZE];
    hm_json_found(scan, found);
    return fail(reader, place, "expected %s, but found %s", expected, found);
}

static hm_status read_bool(const hm_json_reader *reader, hm_json_scan *scan,
        void *element, const hm_json_place *place) {
    hm_json_kind kind = hm_json_peek(scan);
    if (kind != HM_JSON_TRUE && kind != HM_JSON_FALSE) {
        return fail_expected(reader, scan, "true or false", place);
    }
    hm_json_literal(scan);
    memcpy(element, &(bool){kind == HM_JSON_TRUE}, sizeof(bool));
    return HM_OK;
}

static hm_status fail_number(const hm_json_reader *reader, const hm_type *type,
        hm_json_slice number, hm_number_fit fit, const hm_json_place *place) {
    int shown = number.length < 32 ? (int)number.length : 32;
    const char *dots = number.length > 32 ? "..." : "";
    if (fit == HM_NUMBER_NOT_AN_INTEGER) {
        return fail(reader, place, "expected %s, but %.*s%s is not an integer",
                type->name, shown, number.text, dots);
    }
    if (type->kind == HM_KIND_FLOAT) {
        return fail(reader, place,
                "%.*s%s is too large for %s, and JSON has no infinity", shown,
                number.text, dots, type->name);
    }
    return fail(reader, place, "%.*s%s does not fit %s, which is %lld to %llu", shown,
            number.text, dots, type->name, (long long)hm_number_least(type),
            (unsigned long long)hm_number_greatest(type));
}

static hm_status read_time(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *element, const hm_json_place *place) {
    char found[HM_JSON_FOUND_SIZE];
    hm_json_found(scan, found);
    hm_json_slice string;
    hm_json_string(scan, &string);
    const char *text = hm_json_unescape(string, reader->arena);
    if (text == NULL) {
        return hm_error_no_memory(reader->error);
    }
    int64_t value;
    hm_time_fit fit = hm_time_read(type->time_unit, text, strlen(text), &value);
    if (fit != HM_TIME_FITS) {
        return fail(reader, place, "expected %s, but %s %s", type->name, found,
                hm_time_complaint(fit));
    }
    memcpy(element, &value, sizeof value);
    return HM_OK;
}

static hm_status read_number(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *element, const hm_json_place *place) {
    hm_json_kind kind = hm_json_peek(scan);
    if (kind == HM_JSON_NULL && type->kind == HM_KIND_FLOAT) {
        hm_json_literal(scan);
        hm_element_store_nan(element, type->size);
        return HM_OK;
    }
    if (kind == HM_JSON_STRING && type->time_unit != HM_TIME_NONE) {
        return read_time(reader, scan, type, element, place);
    }
    if (kind != HM_JSON_NUMBER) {
        return fail_expected(reader, scan, type->name, place);
    }
    if (type->kind != HM_KIND_FLOAT && type->size > 8) {
        return fail(reader, place, "%s cannot be read from JSON", type->name);
    }
    hm_json_slice number;
    hm_json_number(scan, &number);
    hm_number_fit fit = hm_number_read(type, number.text, number.length, element);
    return fit == HM_NUMBER_FITS ? HM_OK
                                 : fail_number(reader, type, number, fit, place);
}

static hm_status read_string(const hm_json_reader *reader, hm_json_scan *scan,
        void *element, const hm_json_place *place) {
    hm_json_slice string = {"", 0};
    if (hm_json_peek(scan) == HM_JSON_NULL && reader->null_is_empty) {
        hm_json_literal(scan);
    } else if (hm_json_peek(scan) != HM_JSON_STRING) {
        return fail_expected(reader, scan, "a string", place);
    } else {
        hm_json_string(scan, &string);
    }
    const char *copy = hm_json_unescape(string, reader->arena);
    if (copy == NULL) {
        return hm_error_no_memory(reader->error);
    }
    memcpy(element, &copy, sizeof copy);
    return HM_OK;
}

static hm_status read_text(
        const hm_json_reader *reader, hm_json_scan *scan, void *element) {
    hm_json_slice slice;
    hm_json_skip(scan, &slice);
    const char *copy = hm_arena_slice(reader->arena, slice.text, slice.length);
    if (copy == NULL) {
        return hm_error_no_memory(reader->error);
    }
    memcpy(element, &copy, sizeof copy);
    return HM_OK;
}

static hm_status read_struct(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *element, const hm_json_place *place);

static hm_status read_element(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *element, const hm_json_place *place) {
    switch (type->kind) {
    case HM_KIND_BOOL:
        return read_bool(reader, scan, element, place);
    case HM_KIND_INT:
    case HM_KIND_UINT:
    case HM_KIND_FLOAT:
        return read_number(reader, scan, type, element, place);
    case HM_KIND_STRING:
        return read_string(reader, scan, element, place);
    case HM_KIND_STRUCT:
        return read_struct(reader, scan, type, element, place);
    case HM_KIND_JSON:
        return read_text(reader, scan, element);
    case HM_KIND_OPAQUE:
        break;
    }
    return fail(reader, place, "%s is only known by pointer: JSON cannot make one",
            type->name);
}

// An array of plain char is text: it takes a string that leaves room for the NUL.
static hm_status read_characters(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_field *field, char *characters, const hm_json_place *place) {
    const char *text;
    HM_TRY(read_string(reader, scan, &text, place));
    size_t length = strlen(text);
    if (length >= field->length) {
        return fail(reader, place, "a text of %zu bytes does not fit char [%zu]",
                length, field->length);
    }
    memcpy(characters, text, length);
    return HM_OK;
}

static hm_status read_array_field(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_field *field, char *elements, const hm_json_place *place) {
    if (hm_json_peek(scan) != HM_JSON_ARRAY) {
        return fail_expected(reader, scan, "an array", place);
    }
    hm_json_open(scan);
    size_t count = 0;
    for (bool is_first = true; hm_json_next(scan, ']', &is_first); count++) {
        if (count < field->length) {
            hm_json_place inner = {place, "element", .index = count + 1};
            HM_TRY(read_element(reader, scan, field->type,
                    elements + count * field->type->size, &inner));
        } else {
            hm_json_skip(scan, NULL);
        }
    }
    if (count != field->length) {
        return fail(reader, place, "expected %zu elements, but found %zu",
                field->length, count);
    }
    return HM_OK;
}

static hm_status read_bit_field(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_field *field, void *object, const hm_json_place *place) {
    uint64_t element = 0;
    HM_TRY(read_element(reader, scan, field->type, &element, place));
    if (!hm_bit_field_store(field, object, &element)) {
        return fail(reader, place, "the number does not fit a bit-field of width %u",
                field->bit_width);
    }
    return HM_OK;
}

static hm_status read_field(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_field *field, char *object, const hm_json_place *place) {
    if (field->bit_width > 0) {
        return read_bit_field(reader, scan, field, object, place);
    }
    if (field->length == 0) {
        return read_element(reader, scan, field->type, object + field->offset, place);
    }
    if (strcmp(field->type->name, hm_type_char.name) == 0 &&
            hm_json_peek(scan) == HM_JSON_STRING) {
        return read_characters(reader, scan, field, object + field->offset, place);
    }
    return read_array_field(reader, scan, field, object + field->offset, place);
}

// Members mostly stand in the order of the fields, so the search begins at the one that
// is expected. SIZE_MAX if there is none of this name.
static size_t find_field(const hm_type *type, const char *name, size_t expected) {
    for (size_t i = 0; i < type->field_count; i++) {
        size_t at = (expected + i) % type->field_count;
        if (strcmp(type->fields[at].name, name) == 0) {
            return at;
        }
    }
    return SIZE_MAX;
}

static hm_status fail_unknown(const hm_json_reader *reader, const hm_type *type,
        const char *name, const hm_json_place *place) {
    size_t distance = hm_names_tolerance(name);
    const char *nearest = NULL;
    for (size_t i = 0; i < type->field_count; i++) {
        size_t found = hm_names_distance(name, type->fields[i].name, distance);
        if (found <= distance && (nearest == NULL || found < distance)) {
            nearest = type->fields[i].name;
            distance = found;
        }
    }
    return fail(reader, place, "%s has no field `%s`%s%s%s", type->name, name,
            nearest != NULL ? "; did you mean `" : "", nearest != NULL ? nearest : "",
            nearest != NULL ? "`?" : "");
}

static hm_status read_member(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *object, bool *seen, size_t *expected,
        const hm_json_place *place) {
    hm_json_slice slice;
    hm_json_name(scan, &slice);
    const char *name = hm_json_unescape(slice, reader->arena);
    if (name == NULL) {
        return hm_error_no_memory(reader->error);
    }
    size_t at = find_field(type, name, *expected);
    if (at == SIZE_MAX) {
        return fail_unknown(reader, type, name, place);
    }
    if (seen[at]) {
        return fail(reader, place, "member `%s` is given twice", name);
    }
    seen[at] = true;
    *expected = at + 1;
    hm_json_place inner = {place, "member", .name = name};
    return read_field(reader, scan, &type->fields[at], object, &inner);
}

static hm_status read_members(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *object, bool *seen, const hm_json_place *place) {
    size_t expected = 0;
    hm_json_open(scan);
    for (bool is_first = true; hm_json_next(scan, '}', &is_first);) {
        HM_TRY(read_member(reader, scan, type, object, seen, &expected, place));
    }
    for (size_t i = 0; i < type->field_count; i++) {
        if (!seen[i]) {
            return fail(reader, place, "member `%s` of %s is missing",
                    type->fields[i].name, type->name);
        }
    }
    return HM_OK;
}

static hm_status read_struct(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, void *element, const hm_json_place *place) {
    if (hm_json_peek(scan) != HM_JSON_OBJECT) {
        char expected[128];
        snprintf(expected, sizeof expected, "%s as an object", type->name);
        return fail_expected(reader, scan, expected, place);
    }
    const hm_allocator *allocator = reader->arena->allocator;
    bool *seen = hm_allocate_array(allocator, type->field_count, sizeof *seen);
    if (seen == NULL) {
        return hm_error_no_memory(reader->error);
    }
    memset(element, 0, type->size);
    hm_status status = read_members(reader, scan, type, element, seen, place);
    hm_deallocate_array(allocator, seen, type->field_count, sizeof *seen);
    return status;
}

// Whether null follows as an element of an array, and there is no value for it.
static bool is_missing(hm_json_scan *scan, const hm_type *type, uint32_t depth) {
    bool has_value = type->kind == HM_KIND_FLOAT || type->kind == HM_KIND_JSON;
    return (depth > 1 || !has_value) && hm_json_peek(scan) == HM_JSON_NULL;
}

// Passes null. The element is zeros already.
static hm_status read_missing(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, uint32_t depth, hm_array *array, size_t i) {
    hm_json_literal(scan);
    if (type->kind == HM_KIND_STRING && depth == 1) {
        ((const char **)array->data)[i] = "";
    }
    if (array->validity == NULL) {
        array->validity = hm_validity_take(reader->arena, array->length);
    }
    if (array->validity == NULL) {
        return hm_error_no_memory(reader->error);
    }
    hm_validity_clear(array->validity, i);
    return HM_OK;
}

static hm_status read_level(const hm_json_reader *reader, hm_json_scan *scan,
        const hm_type *type, uint32_t depth, void *into, const hm_json_place *place) {
    if (depth == 0) {
        return read_element(reader, scan, type, into, place);
    }
    if (hm_json_peek(scan) != HM_JSON_ARRAY) {
        return fail_expected(
                reader, scan, "an array, as elsewhere in the value", place);
    }
    size_t size = depth > 1 ? sizeof(hm_array) : type->size;
    hm_array array = {.length = hm_json_count(scan)};
    array.data = hm_arena_elements(reader->arena, array.length, size, type->alignment);
    if (array.data == NULL) {
        return hm_error_no_memory(reader->error);
    }
    hm_json_open(scan);
    bool is_first = true;
    for (size_t i = 0; hm_json_next(scan, ']', &is_first); i++) {
        if (is_missing(scan, type, depth)) {
            HM_TRY(read_missing(reader, scan, type, depth, &array, i));
            continue;
        }
        hm_json_place inner = {place, "element", .index = i + 1};
        HM_TRY(read_level(
                reader, scan, type, depth - 1, (char *)array.data + i * size, &inner));
    }
    *(hm_array *)into = array;
    return HM_OK;
}

uint32_t hm_json_depth(hm_json_slice text) {
    const char *end = text.text + text.length;
    uint32_t depth = 0;
    uint32_t deepest = 0;
    for (const char *at = text.text; at < end; at++) {
        if (*at == '[') {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if (*at == ']') {
            depth--;
        } else if (*at == 'n') {
            at += strlen("null") - 1; // of an array, perhaps
        } else if (strchr(" \n\t\r,", *at) == NULL) {
            break;
        }
    }
    return deepest;
}

hm_status hm_json_read_slice(const hm_json_reader *reader, hm_json_slice text,
        const hm_type *type, uint32_t depth, void *into, const hm_json_place *place) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text.text, text.length, reader->error);
    if (depth > HM_JSON_VALUE_DEPTH_LIMIT) {
        return fail(reader, place, "arrays nest deeper than %d levels",
                HM_JSON_VALUE_DEPTH_LIMIT);
    }
    if (type->kind == HM_KIND_OPAQUE) {
        return read_element(reader, &scan, type, NULL, place);
    }
    return read_level(reader, &scan, type, depth, into, place);
}

// The arena keeps itself: a copy of it stands in its own memory.
static void release(hm_value *value) {
    hm_arena arena = *(hm_arena *)value->context;
    hm_arena_finish(&arena);
    value->release = NULL;
}

static hm_status keep(hm_arena *arena, hm_value *value) {
    hm_arena *kept = hm_arena_take(arena, sizeof *kept, alignof(hm_arena));
    if (kept == NULL) {
        return HM_NO_MEMORY;
    }
    *kept = *arena;
    value->context = kept;
    value->release = release;
    return HM_OK;
}

static hm_status read_value(const hm_json_reader *reader, hm_json_slice text,
        const hm_type *type, hm_value *value) {
    uint32_t depth = type->kind == HM_KIND_JSON ? 0 : hm_json_depth(text);
    *value = (hm_value){.type = type, .depth = depth};
    if (depth > 0) {
        return hm_json_read_slice(reader, text, type, depth, &value->many, NULL);
    }
    void *element = &value->one;
    if (type->size > sizeof value->one || type->alignment > alignof(hm_value)) {
        element = hm_arena_take(reader->arena, type->size, type->alignment);
        value->data = element;
    }
    if (element == NULL) {
        return hm_error_no_memory(reader->error);
    }
    return hm_json_read_slice(reader, text, type, 0, element, NULL);
}

hm_status hm_json_read(const char *text, const hm_type *type,
        const hm_allocator *allocator, hm_value *value, hm_error *error) {
    hm_json_scan scan;
    hm_json_slice slice;
    hm_json_scan_init(&scan, text, strlen(text), error);
    if (!hm_json_skip(&scan, &slice) || !hm_json_finish(&scan)) {
        return HM_BAD_DATA;
    }
    hm_arena arena;
    hm_arena_init(&arena, hm_allocator_or_default(allocator));
    hm_json_reader reader = {.arena = &arena, .error = error};
    hm_value made;
    hm_status status = read_value(&reader, slice, type, &made);
    if (status == HM_OK && arena.newest != NULL && keep(&arena, &made) != HM_OK) {
        status = hm_error_no_memory(error);
    }
    if (status != HM_OK) {
        hm_arena_finish(&arena);
        return status;
    }
    *value = made;
    return HM_OK;
}
