// canonical.c — see canonical.h.

#include "base/canonical.h"

#include <float.h>
#include <stdint.h>
#include <string.h>

#include "base/element.h"
#include "base/validity.h"

enum {
    PART = 16 << 10, // bytes of a part at most; decides what a large array's hash is
    DEEPEST = 64     // structs in structs
};

size_t hm_canonical_number_size(const hm_type *type) {
    enum { EXTENDED = 10 }; // bytes that x87 stores; the others of the 12 or 16 are any
    bool is_extended = type->kind == HM_KIND_FLOAT && type->size > sizeof(double) &&
                       LDBL_MANT_DIG == 64;
    return is_extended ? EXTENDED : type->size;
}

size_t hm_canonical_field_length(const hm_field *field) {
    return field->length > 0 ? field->length : 1;
}

bool hm_canonical_is_own(const hm_type *type, hm_canonical_use use) {
    bool speaks = use == HM_CANONICAL_TO_HASH
                          ? type->write != NULL || type->hash != NULL
                          : type->write != NULL && type->read != NULL &&
                                    type->destroy != NULL;
    return speaks && type->version != NULL;
}

static const hm_type *find_obstacle(
        const hm_type *type, hm_canonical_use use, unsigned depth) {
    if (hm_canonical_is_own(type, use)) {
        return NULL;
    }
    // Whoever has to be destroyed owns something that no field tells of.
    if (type->kind == HM_KIND_OPAQUE || type->destroy != NULL || depth > DEEPEST) {
        return type;
    }
    if (type->kind != HM_KIND_STRUCT) {
        return NULL;
    }
    if (type->has_hidden || (type->field_count == 0 && type->size > 0)) {
        return type; // nobody said what is in it
    }
    const hm_type *obstacle = NULL;
    for (size_t i = 0; i < type->field_count && obstacle == NULL; i++) {
        obstacle = find_obstacle(type->fields[i].type, use, depth + 1);
    }
    return obstacle;
}

const hm_type *hm_canonical_obstacle(const hm_type *type, hm_canonical_use use) {
    return find_obstacle(type, use, 0);
}

// Fields are in the order in which they lie, as C has it; others are taken for gaps.
static bool has_no_gaps(const hm_type *type) {
    size_t end = 0;
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        bool is_next = field->offset == end && field->bit_width == 0;
        if (!is_next || !hm_canonical_is_solid(field->type)) {
            return false;
        }
        end += hm_canonical_field_length(field) * field->type->size;
    }
    return end == type->size;
}

bool hm_canonical_is_solid(const hm_type *type) {
    if (type->size == 0 || type->size > PART ||
            type->alignment > HM_CANONICAL_ALIGNMENT ||
            hm_canonical_is_own(type, HM_CANONICAL_TO_HASH)) {
        return false;
    }
    switch (type->kind) {
    case HM_KIND_BOOL:
    case HM_KIND_INT:
    case HM_KIND_UINT:
    case HM_KIND_FLOAT:
        return hm_canonical_number_size(type) == type->size;
    case HM_KIND_STRUCT:
        return has_no_gaps(type);
    case HM_KIND_STRING:
    case HM_KIND_JSON:
    case HM_KIND_OPAQUE:
    default:
        return false;
    }
}

static void write_number(hm_canonical_sink *sink, uint64_t number) {
    sink->add(sink, &number, sizeof number);
}

static void write_flag(hm_canonical_sink *sink, bool flag) {
    sink->add(sink, &(uint8_t){flag}, 1);
}

static void write_text(hm_canonical_sink *sink, const char *text) {
    if (text == NULL) {
        write_number(sink, UINT64_MAX);
        return;
    }
    size_t length = strlen(text);
    write_number(sink, length);
    sink->add(sink, text, length + 1);
}

static void write_element(
        hm_canonical_sink *sink, const hm_type *type, const unsigned char *element);

// Recursive, as structs lie in structs; whoever lies too deep is an obstacle.
static void write_struct(
        hm_canonical_sink *sink, const hm_type *type, const unsigned char *object) {
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        if (field->bit_width > 0) {
            unsigned char value[8];
            hm_bit_field_load(field, object, value);
            sink->add(sink, value, field->type->size);
            continue;
        }
        for (size_t k = 0; k < hm_canonical_field_length(field); k++) {
            write_element(
                    sink, field->type, object + field->offset + k * field->type->size);
        }
    }
}

static void write_element(
        hm_canonical_sink *sink, const hm_type *type, const unsigned char *element) {
    if (hm_canonical_is_own(type, sink->use)) {
        if (sink->status == HM_OK) {
            sink->status = sink->add_object(sink, type, element);
        }
    } else if (type->kind == HM_KIND_STRING || type->kind == HM_KIND_JSON) {
        const char *text;
        memcpy(&text, element, sizeof text);
        write_text(sink, text);
    } else if (type->kind == HM_KIND_STRUCT) {
        write_struct(sink, type, element);
    } else {
        sink->add(sink, element, hm_canonical_number_size(type));
    }
}

static void write_object(
        hm_canonical_sink *sink, const hm_type *type, const unsigned char *object) {
    write_flag(sink, object != NULL);
    if (object != NULL) {
        write_element(sink, type, object);
    }
}

static bool has_missing(const hm_array *array, size_t length) {
    const uint8_t *bits = array->validity;
    if (bits == NULL) {
        return false;
    }
    size_t whole = length / 8;
    uint64_t all = UINT64_MAX;
    size_t i = 0;
    for (; i + sizeof all <= whole; i += sizeof all) {
        if (memcmp(bits + i, &all, sizeof all) != 0) {
            return true;
        }
    }
    for (; i < whole; i++) {
        if (bits[i] != UINT8_MAX) {
            return true;
        }
    }
    unsigned mask = (1u << length % 8) - 1;
    return mask != 0 && (bits[whole] & mask) != mask;
}

static void write_parts(
        hm_canonical_sink *sink, const unsigned char *bytes, size_t length) {
    for (size_t at = 0; at < length; at += PART) {
        sink->add_part(sink, bytes + at, length - at < PART ? length - at : PART);
    }
}

// The bits behind the last element are any.
static void write_validity(
        hm_canonical_sink *sink, const hm_array *array, size_t length) {
    sink->align(sink);
    write_parts(sink, array->validity, length / 8);
    if (length % 8 != 0) {
        unsigned mask = (1u << length % 8) - 1;
        uint8_t last = (uint8_t)(array->validity[length / 8] & mask);
        sink->add(sink, &last, 1);
    }
}

// Elements of a fixed size of which some are missing: under these lies what may be.
static void write_present(
        hm_canonical_sink *sink, const hm_array *array, size_t length, size_t size) {
    unsigned char part[PART];
    size_t most = PART / size;
    for (size_t begin = 0; begin < length; begin += most) {
        size_t count = length - begin < most ? length - begin : most;
        memcpy(part, (const unsigned char *)array->data + begin * size, count * size);
        for (size_t i = 0; i < count; i++) {
            if (!hm_validity_has(array, begin + i)) {
                memset(part + i * size, 0, size);
            }
        }
        sink->add_part(sink, part, count * size);
    }
}

static void write_solid(hm_canonical_sink *sink, const hm_array *array, size_t length,
        size_t size, bool is_missing) {
    sink->align(sink);
    size_t most = PART / size * size; // the same parts either way
    if (is_missing) {
        write_present(sink, array, length, size);
        return;
    }
    const unsigned char *bytes = array->data;
    for (size_t at = 0; at < length * size; at += most) {
        size_t rest = length * size - at;
        sink->add_part(sink, bytes + at, rest < most ? rest : most);
    }
}

// Recursive, as arrays lie in arrays, of which the engine allows few.
static void write_array(hm_canonical_sink *sink, const hm_value *value,
        const hm_array *array, uint32_t depth) {
    const hm_type *type = value->type;
    size_t length = array->data != NULL ? array->length : 0;
    bool is_missing = has_missing(array, length);
    write_number(sink, length);
    write_flag(sink, is_missing);
    if (is_missing) {
        write_validity(sink, array, length);
    }
    if (depth == 1 && !value->by_reference && hm_canonical_is_solid(type)) {
        write_solid(sink, array, length, type->size, is_missing);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (is_missing && !hm_validity_has(array, i)) {
            continue;
        }
        if (depth > 1) {
            write_array(sink, value, &((const hm_array *)array->data)[i], depth - 1);
        } else if (value->by_reference) {
            write_object(sink, type, ((const unsigned char *const *)array->data)[i]);
        } else {
            write_element(
                    sink, type, (const unsigned char *)array->data + i * type->size);
        }
    }
}

hm_status hm_canonical_write(hm_canonical_sink *sink, const hm_value *value) {
    if (value->depth > 0) {
        write_array(sink, value, &value->many, value->depth);
    } else if (value->by_reference) {
        write_object(sink, value->type, hm_value_data(value));
    } else {
        write_element(sink, value->type, hm_value_data(value));
    }
    return sink->status;
}
