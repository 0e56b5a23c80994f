// given.c — see given.h.

#include "base/given.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/validity.h"

static bool is_aligned(const void *data, size_t alignment) {
    return alignment == 0 || (uintptr_t)data % alignment == 0;
}

static bool refuse_address(
        const char *what, const char *type, size_t alignment, char *fault) {
    snprintf(fault, HM_GIVEN_FAULT_SIZE,
            "%s at an address that is no multiple of %zu, as %.60s needs", what,
            alignment, type);
    return false;
}

static bool check_one(const hm_value *value, char *fault) {
    const hm_type *type = value->type;
    const void *data = hm_value_data(value);
    const char *text = "";
    if (data != NULL && !value->by_reference &&
            (type->kind == HM_KIND_STRING || type->kind == HM_KIND_JSON)) {
        memcpy(&text, data, sizeof text);
    }
    if (data == NULL || text == NULL) {
        snprintf(fault, HM_GIVEN_FAULT_SIZE, "is a null pointer");
        return false;
    }
    // What is given by value is copied.
    return !value->by_reference || is_aligned(data, type->alignment) ||
           refuse_address("is", type->name, type->alignment, fault);
}

// Where an inner array stands in the outer one.
static void name_place(const size_t *element, char place[32]) {
    place[0] = '\0';
    if (element != NULL) {
        snprintf(place, 32, " in element %zu", *element + 1);
    }
}

// Missing elements may be null pointers.
static bool check_pointers(const hm_array *array, const size_t *element, char *fault) {
    const void *const *pointers = array->data;
    for (size_t i = 0; i < array->length; i++) {
        if (__builtin_expect(pointers[i] == NULL, false) && hm_validity_has(array, i)) {
            char place[32];
            name_place(element, place);
            snprintf(fault, HM_GIVEN_FAULT_SIZE,
                    "has a null pointer as element %zu%s: tell which elements are "
                    "missing by the array's validity",
                    i + 1, place);
            return false;
        }
    }
    return true;
}

// As deep as the value has dimensions. element: where it stands in an outer array.
static bool check_array(const hm_value *value, const hm_array *array, uint32_t depth,
        const size_t *element, char *fault) {
    bool has_pointers = value->by_reference || value->type->kind == HM_KIND_STRING;
    size_t alignment = depth > 1      ? _Alignof(hm_array)
                       : has_pointers ? _Alignof(void *)
                                      : value->type->alignment;
    if (array->length == 0) {
        return true;
    }
    if (array->data == NULL) {
        char place[32];
        name_place(element, place);
        snprintf(fault, HM_GIVEN_FAULT_SIZE,
                "counts %zu elements%s, but its data is a null pointer", array->length,
                place);
        return false;
    }
    if (!is_aligned(array->data, alignment)) {
        return refuse_address(
                element == NULL ? "has its elements" : "has elements of an inner array",
                value->type->name, alignment, fault);
    }
    if (depth == 1) {
        return !has_pointers || check_pointers(array, element, fault);
    }
    const hm_array *inner = array->data;
    for (size_t i = 0; i < array->length; i++) {
        if (!check_array(value, &inner[i], depth - 1, &i, fault)) {
            return false;
        }
    }
    return true;
}

bool hm_given_is_sound(const hm_value *value, char fault[HM_GIVEN_FAULT_SIZE]) {
    if (value->type == NULL || value->type->name == NULL) {
        snprintf(fault, HM_GIVEN_FAULT_SIZE,
                value->type == NULL ? "has no type: make it with a function of "
                                      "<hamilton/value.h>"
                                    : "has a type without a name");
        return false;
    }
    return value->depth == 0
                   ? check_one(value, fault)
                   : check_array(value, &value->many, value->depth, NULL, fault);
}
