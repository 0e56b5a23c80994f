// element.c — see element.h.

#include "base/element.h"

#include <math.h>
#include <string.h>

int64_t hm_element_int(const hm_type *type, const void *element) {
    switch (type->size) {
    case 1: {
        int8_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    case 2: {
        int16_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    case 4: {
        int32_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    default: {
        int64_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    }
}

uint64_t hm_element_uint(const hm_type *type, const void *element) {
    switch (type->size) {
    case 1: {
        uint8_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    case 2: {
        uint16_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    case 4: {
        uint32_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    default: {
        uint64_t value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    }
}

void hm_element_store(void *element, size_t size, uint64_t value) {
    switch (size) {
    case 1:
        memcpy(element, &(uint8_t){(uint8_t)value}, 1);
        break;
    case 2:
        memcpy(element, &(uint16_t){(uint16_t)value}, 2);
        break;
    case 4:
        memcpy(element, &(uint32_t){(uint32_t)value}, 4);
        break;
    default:
        memcpy(element, &value, 8);
        break;
    }
}

void hm_element_store_nan(void *element, size_t size) {
    if (size == sizeof(float)) {
        memcpy(element, &(float){NAN}, size);
    } else if (size == sizeof(double)) {
        memcpy(element, &(double){(double)NAN}, size);
    } else {
        memcpy(element, &(long double){(long double)NAN}, size);
    }
}

void hm_element_store_missing(const hm_type *type, void *element) {
    static const char *const nothing = "";
    switch (type->kind) {
    case HM_KIND_FLOAT:
        hm_element_store_nan(element, type->size);
        break;
    case HM_KIND_STRING:
        memcpy(element, &nothing, sizeof nothing);
        break;
    default:
        memset(element, 0, type->size);
        break;
    }
    for (size_t f = 0; type->kind == HM_KIND_STRUCT && f < type->field_count; f++) {
        const hm_field *field = &type->fields[f];
        size_t count = field->length > 0 ? field->length : 1;
        for (size_t i = 0; i < count && field->bit_width == 0; i++) {
            hm_element_store_missing(field->type,
                    (char *)element + field->offset + i * field->type->size);
        }
    }
}

// Bit-fields fill their bytes from the least significant bit on, as on every processor
// that stores the least significant byte first. They may straddle bytes, so bits are
// moved one by one.

void hm_bit_field_load(const hm_field *field, const void *object, void *element) {
    const unsigned char *bytes = (const unsigned char *)object + field->offset;
    uint64_t value = 0;
    for (unsigned i = 0; i < field->bit_width; i++) {
        unsigned at = field->bit_offset + i;
        value |= (uint64_t)(bytes[at / 8] >> at % 8 & 1) << i;
    }
    uint64_t sign = UINT64_C(1) << (field->bit_width - 1);
    if (field->type->kind == HM_KIND_INT && (value & sign) != 0) {
        value |= ~(sign | (sign - 1));
    }
    hm_element_store(element, field->type->size, value);
}

bool hm_bit_field_store(const hm_field *field, void *object, const void *element) {
    uint64_t value = hm_element_uint(field->type, element);
    if (field->type->kind == HM_KIND_INT) {
        int64_t number = hm_element_int(field->type, element);
        int64_t greatest = (int64_t)((UINT64_C(1) << (field->bit_width - 1)) - 1);
        if (number > greatest || number < -greatest - 1) {
            return false;
        }
    } else if (field->bit_width < 64 && value >> field->bit_width != 0) {
        return false;
    }
    unsigned char *bytes = (unsigned char *)object + field->offset;
    for (unsigned i = 0; i < field->bit_width; i++) {
        unsigned at = field->bit_offset + i;
        unsigned mask = 1u << at % 8;
        bool bit = (value >> i & 1) != 0;
        bytes[at / 8] =
                (unsigned char)(bit ? bytes[at / 8] | mask : bytes[at / 8] & ~mask);
    }
    return true;
}
