// unpack.c — the way back of pack.c. Whoever wrote the bytes may have been anybody.

#include <stdint.h>
#include <string.h>

#include "base/canonical.h"
#include "base/element.h"
#include "base/error.h"
#include "base/pack.h"
#include "base/validity.h"

typedef struct hm_unpacker {
    const hm_form *form;
    const unsigned char *begin;
    const unsigned char *at;
    const unsigned char *end;
    hm_arena *arena;
    hm_objects *objects;
} hm_unpacker;

// The next bytes, or NULL if there are fewer.
static const unsigned char *take(hm_unpacker *unpacker, size_t length) {
    if ((size_t)(unpacker->end - unpacker->at) < length) {
        return NULL;
    }
    const unsigned char *bytes = unpacker->at;
    unpacker->at += length;
    return bytes;
}

static bool take_number(hm_unpacker *unpacker, uint64_t *number) {
    const unsigned char *bytes = take(unpacker, sizeof *number);
    if (bytes != NULL) {
        memcpy(number, bytes, sizeof *number);
    }
    return bytes != NULL;
}

static bool take_flag(hm_unpacker *unpacker, bool *flag) {
    const unsigned char *byte = take(unpacker, 1);
    if (byte == NULL || *byte > 1) {
        return false;
    }
    *flag = *byte == 1;
    return true;
}

static bool align(hm_unpacker *unpacker) {
    size_t passed = (size_t)(unpacker->at - unpacker->begin);
    return take(unpacker, -passed & (HM_CANONICAL_ALIGNMENT - 1)) != NULL;
}

static hm_status read_text(hm_unpacker *unpacker, unsigned char *element) {
    uint64_t length;
    const char *text = NULL;
    if (!take_number(unpacker, &length)) {
        return HM_BAD_DATA;
    }
    if (length != UINT64_MAX) {
        size_t room = (size_t)(unpacker->end - unpacker->at);
        text = length < room ? (const char *)take(unpacker, (size_t)length + 1) : NULL;
        if (text == NULL || text[length] != '\0') {
            return HM_BAD_DATA;
        }
    }
    memcpy(element, &text, sizeof text);
    return HM_OK;
}

static hm_status read_element(
        hm_unpacker *unpacker, const hm_type *type, unsigned char *element);

// Recursive, as hm_canonical_write is.
static hm_status read_struct(
        hm_unpacker *unpacker, const hm_type *type, unsigned char *object) {
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        if (field->bit_width > 0) {
            const unsigned char *value = take(unpacker, field->type->size);
            if (value == NULL || !hm_bit_field_store(field, object, value)) {
                return HM_BAD_DATA;
            }
            continue;
        }
        for (size_t k = 0; k < hm_canonical_field_length(field); k++) {
            HM_TRY(read_element(unpacker, field->type,
                    object + field->offset + k * field->type->size));
        }
    }
    return HM_OK;
}

// What a type reads itself.
static hm_status read_own(hm_unpacker *unpacker, const hm_type *type, void **object) {
    uint64_t length;
    if (!take_number(unpacker, &length) ||
            length > (size_t)(unpacker->end - unpacker->at)) {
        return HM_BAD_DATA;
    }
    const unsigned char *bytes = take(unpacker, (size_t)length);
    return hm_objects_read(
            unpacker->objects, type, bytes, (size_t)length, unpacker->arena, object);
}

static hm_status read_element(
        hm_unpacker *unpacker, const hm_type *type, unsigned char *element) {
    if (hm_canonical_is_own(type, HM_CANONICAL_TO_KEEP)) {
        void *object; // which lives as long as what points into it
        HM_TRY(read_own(unpacker, type, &object));
        memcpy(element, object, type->size);
        return HM_OK;
    }
    if (type->kind == HM_KIND_STRING || type->kind == HM_KIND_JSON) {
        return read_text(unpacker, element);
    }
    if (type->kind == HM_KIND_STRUCT) {
        return read_struct(unpacker, type, element);
    }
    size_t size = hm_canonical_number_size(type);
    const unsigned char *bytes = take(unpacker, size);
    if (bytes == NULL || (type->kind == HM_KIND_BOOL && bytes[0] > 1)) {
        return HM_BAD_DATA;
    }
    memcpy(element, bytes, size);
    return HM_OK;
}

// Zeroed, for a number of elements that comes from the bytes.
static hm_status take_elements(hm_unpacker *unpacker, size_t count, size_t size,
        size_t alignment, void **elements) {
    *elements = hm_arena_elements(unpacker->arena, count, size, alignment);
    if (*elements == NULL) {
        return HM_NO_MEMORY;
    }
    memset(*elements, 0, count * size);
    return HM_OK;
}

static hm_status read_object(hm_unpacker *unpacker, void **object) {
    const hm_type *type = unpacker->form->type;
    bool is_there;
    *object = NULL;
    if (!take_flag(unpacker, &is_there)) {
        return HM_BAD_DATA;
    }
    if (!is_there) {
        return HM_OK;
    }
    if (hm_canonical_is_own(type, HM_CANONICAL_TO_KEEP)) {
        return read_own(unpacker, type, object);
    }
    HM_TRY(take_elements(unpacker, 1, type->size, type->alignment, object));
    return read_element(unpacker, type, *object);
}

// The engine only reads what it gets.
static void *unconst(const unsigned char *bytes) {
    void *memory;
    memcpy(&memory, &bytes, sizeof memory);
    return memory;
}

static hm_status read_validity(hm_unpacker *unpacker, hm_array *array) {
    if (!align(unpacker)) {
        return HM_BAD_DATA;
    }
    const unsigned char *bits = take(unpacker, (array->length + 7) / 8);
    array->validity = unconst(bits);
    return bits != NULL ? HM_OK : HM_BAD_DATA;
}

static hm_status read_solid(hm_unpacker *unpacker, hm_array *array) {
    const hm_type *type = unpacker->form->type;
    if (!align(unpacker) ||
            array->length > (size_t)(unpacker->end - unpacker->at) / type->size) {
        return HM_BAD_DATA;
    }
    array->data = unconst(take(unpacker, array->length * type->size));
    return HM_OK;
}

static hm_status read_array(hm_unpacker *unpacker, hm_array *array, uint32_t depth);

static hm_status read_item(
        hm_unpacker *unpacker, hm_array *array, size_t i, uint32_t depth) {
    const hm_form *form = unpacker->form;
    bool is_there = hm_validity_has(array, i);
    if (depth > 1) {
        hm_array *inner = &((hm_array *)array->data)[i];
        return is_there ? read_array(unpacker, inner, depth - 1) : HM_OK;
    }
    if (form->by_reference) {
        void **object = &((void **)array->data)[i];
        return is_there ? read_object(unpacker, object) : HM_OK;
    }
    unsigned char *element = (unsigned char *)array->data + i * form->type->size;
    if (is_there) {
        return read_element(unpacker, form->type, element);
    }
    if (form->type->kind == HM_KIND_STRING) {
        memcpy(element, &(const char *){""}, sizeof(const char *));
    }
    return HM_OK;
}

// Fewest bytes that an element takes, so that a false length asks for no memory that
// the bytes do not pay for. Those that are missing have their bit.
static bool may_be_so_long(const hm_unpacker *unpacker, uint64_t length) {
    size_t rest = (size_t)(unpacker->end - unpacker->at);
    return length / 8 <= rest;
}

// Recursive, as arrays lie in arrays, of which the engine allows few.
static hm_status read_array(hm_unpacker *unpacker, hm_array *array, uint32_t depth) {
    const hm_form *form = unpacker->form;
    uint64_t length;
    bool is_missing;
    if (!take_number(unpacker, &length) || !take_flag(unpacker, &is_missing) ||
            !may_be_so_long(unpacker, length)) {
        return HM_BAD_DATA;
    }
    *array = (hm_array){.length = (size_t)length};
    if (is_missing) {
        HM_TRY(read_validity(unpacker, array));
    }
    if (depth == 1 && !form->by_reference && hm_canonical_is_solid(form->type)) {
        return read_solid(unpacker, array);
    }
    size_t size = depth > 1            ? sizeof(hm_array)
                  : form->by_reference ? sizeof(void *)
                                       : form->type->size;
    size_t alignment = depth > 1            ? _Alignof(hm_array)
                       : form->by_reference ? _Alignof(void *)
                                            : form->type->alignment;
    HM_TRY(take_elements(unpacker, array->length, size, alignment, &array->data));
    for (size_t i = 0; i < array->length; i++) {
        HM_TRY(read_item(unpacker, array, i, depth));
    }
    return HM_OK;
}

static hm_status read_one(hm_unpacker *unpacker, hm_value *value) {
    const hm_type *type = unpacker->form->type;
    void *data = value->one.bytes;
    if (unpacker->form->by_reference) {
        HM_TRY(read_object(unpacker, &data));
        value->data = data;
        return HM_OK;
    }
    if (type->size > sizeof value->one) {
        HM_TRY(take_elements(unpacker, 1, type->size, type->alignment, &data));
        value->data = data;
    }
    return read_element(unpacker, type, data);
}

hm_status hm_unpack(const hm_form *form, const void *bytes, size_t length,
        hm_arena *arena, hm_objects *objects, hm_value *value) {
    hm_unpacker unpacker = {.form = form,
            .begin = bytes,
            .at = bytes,
            .end = (const unsigned char *)bytes + length,
            .arena = arena,
            .objects = objects};
    hm_value made = {.type = form->type,
            .depth = form->depth,
            .by_reference = form->by_reference};
    HM_TRY(form->depth > 0 ? read_array(&unpacker, &made.many, form->depth)
                           : read_one(&unpacker, &made));
    if (unpacker.at != unpacker.end) {
        return HM_BAD_DATA;
    }
    *value = made;
    return HM_OK;
}
