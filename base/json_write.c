// json_write.c — values as JSON text, streamed: nothing is built first.

#include "base/json_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/element.h"
#include "base/utf8.h"
#include "base/validity.h"

static void put_character(hm_sink *sink, unsigned char c) {
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    const char *meaning = strchr(meanings, c);
    char text[8];
    if (meaning != NULL) {
        snprintf(text, sizeof text, "\\%c", letters[meaning - meanings]);
    } else {
        snprintf(text, sizeof text, "\\u%04x", c);
    }
    hm_sink_text(sink, text);
}

void hm_json_put_string(hm_sink *sink, const char *text) {
    if (text == NULL) {
        hm_sink_text(sink, "null");
        return;
    }
    const char *end = text + strlen(text);
    hm_sink_put(sink, "\"", 1);
    const char *plain = text; // up to `at` the text is written as it is
    for (const char *at = text; at < end;) {
        unsigned char c = (unsigned char)*at;
        size_t character = hm_utf8_length(at, end);
        if (character > 0 && c >= ' ' && c != '"' && c != '\\') {
            at += character;
            continue;
        }
        hm_sink_put(sink, plain, (size_t)(at - plain));
        if (character == 0) {
            hm_sink_text(sink, "\xEF\xBF\xBD"); // U+FFFD
            sink->is_replaced = true;
        } else {
            put_character(sink, c);
        }
        plain = ++at;
    }
    hm_sink_put(sink, plain, (size_t)(end - plain));
    hm_sink_put(sink, "\"", 1);
}

static void put_number(hm_sink *sink, const hm_type *type, const void *element) {
    char text[HM_NUMBER_SIZE];
    size_t length = hm_number_format(type, element, text);
    if (type->kind == HM_KIND_FLOAT &&
            (text[length - 1] == 'n' || text[length - 1] == 'f')) {
        hm_sink_text(sink, "null"); // nan, inf, -inf
    } else if (type->time_unit != HM_TIME_NONE) {
        hm_json_put_string(sink, text);
    } else {
        hm_sink_put(sink, text, length);
    }
}

// JSON as it is, but on one line: a line's end can only stand between its words.
static void put_text(hm_sink *sink, const char *text) {
    if (text == NULL) {
        hm_sink_text(sink, "null");
        return;
    }
    for (size_t length; *text != '\0'; text += length) {
        length = strcspn(text, "\r\n");
        hm_sink_put(sink, text, length);
        if (text[length] != '\0') {
            hm_sink_put(sink, " ", 1);
            length++;
        }
    }
}

static void put_placeholder(hm_sink *sink, const hm_type *type) {
    hm_sink_text(sink, "\"<");
    const char *name = type->name;
    for (const char *at = name; *at != '\0'; at++) {
        if (*at != '"' && *at != '\\') {
            hm_sink_put(sink, at, 1);
        }
    }
    hm_sink_text(sink, ">\"");
}

static void put_struct(hm_sink *sink, const hm_type *type, const char *object);

static void put_element(hm_sink *sink, const hm_type *type, const void *element) {
    const char *text;
    switch (type->kind) {
    case HM_KIND_BOOL:
    case HM_KIND_INT:
    case HM_KIND_UINT:
    case HM_KIND_FLOAT:
        put_number(sink, type, element);
        break;
    case HM_KIND_STRING:
        memcpy(&text, element, sizeof text);
        hm_json_put_string(sink, text);
        break;
    case HM_KIND_JSON:
        memcpy(&text, element, sizeof text);
        put_text(sink, text);
        break;
    case HM_KIND_STRUCT:
        put_struct(sink, type, element);
        break;
    case HM_KIND_OPAQUE:
        put_placeholder(sink, type);
        break;
    }
}

// Whether an array of plain char can be read back from a string.
static bool is_text(const hm_field *field, const char *characters) {
    size_t length = strnlen(characters, field->length);
    return strcmp(field->type->name, hm_type_char.name) == 0 &&
           length < field->length && hm_utf8_is(characters, length);
}

static void put_field(hm_sink *sink, const hm_field *field, const char *object) {
    if (field->bit_width > 0) {
        uint64_t element;
        hm_bit_field_load(field, object, &element);
        put_element(sink, field->type, &element);
        return;
    }
    const char *element = object + field->offset;
    if (field->length == 0) {
        put_element(sink, field->type, element);
        return;
    }
    if (is_text(field, element)) {
        hm_json_put_string(sink, element);
        return;
    }
    hm_sink_put(sink, "[", 1);
    for (size_t i = 0; i < field->length; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        put_element(sink, field->type, element + i * field->type->size);
    }
    hm_sink_put(sink, "]", 1);
}

// As deep as structs nest in the C type.
static void put_struct(hm_sink *sink, const hm_type *type, const char *object) {
    hm_sink_put(sink, "{", 1);
    for (size_t i = 0; i < type->field_count; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        hm_json_put_string(sink, type->fields[i].name);
        hm_sink_put(sink, ": ", 2);
        put_field(sink, &type->fields[i], object);
    }
    hm_sink_put(sink, "}", 1);
}

// What a pointer leads to.
static void put_object(hm_sink *sink, const hm_type *type, const void *object) {
    if (object == NULL) {
        hm_sink_text(sink, "null");
    } else {
        put_element(sink, type, object);
    }
}

static void put_array(
        hm_sink *sink, const hm_value *value, const hm_array *array, uint32_t depth);

static void put_array_element(hm_sink *sink, const hm_value *value,
        const hm_array *array, uint32_t depth, size_t i) {
    const char *data = array->data;
    if (!hm_validity_has(array, i)) {
        hm_sink_text(sink, "null");
    } else if (depth > 1) {
        put_array(sink, value, (const hm_array *)array->data + i, depth - 1);
    } else if (value->by_reference) {
        const void *element;
        memcpy(&element, data + i * sizeof element, sizeof element);
        put_object(sink, value->type, element);
    } else {
        put_element(sink, value->type, data + i * value->type->size);
    }
}

// As deep as the value has dimensions.
static void put_array(
        hm_sink *sink, const hm_value *value, const hm_array *array, uint32_t depth) {
    hm_sink_put(sink, "[", 1);
    for (size_t i = 0; i < array->length && !sink->failed; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        put_array_element(sink, value, array, depth, i);
    }
    hm_sink_put(sink, "]", 1);
}

void hm_json_put_value(hm_sink *sink, const hm_value *value) {
    if (value->depth > 0) {
        put_array(sink, value, &value->many, value->depth);
    } else {
        put_object(sink, value->type, hm_value_data(value));
    }
}

void hm_json_put_element(hm_sink *sink, const hm_value *value, size_t i) {
    put_array_element(sink, value, &value->many, value->depth, i);
}

hm_status hm_json_write(const hm_value *value, hm_write *write, void *to) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    hm_json_put_value(&sink, value);
    hm_status status = hm_sink_flush(&sink);
    return status == HM_OK && sink.is_replaced ? HM_BAD_DATA : status;
}

hm_status hm_json_write_string(const char *text, hm_write *write, void *to) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    hm_json_put_string(&sink, text);
    return hm_sink_flush(&sink);
}
