// doubles.c — see doubles.h. Each type has a plain loop over its elements, which the
// compiler can unroll.

#include "adapters/results/doubles.h"

#include <math.h>
#include <stdint.h>

#include "base/validity.h"

// 2^63 and 2^64: what a double is below if it can be turned back into the integer.
#define BEHIND_INT64 0x1p63
#define BEHIND_UINT64 0x1p64

static bool is_any(double number) {
    (void)number;
    return true;
}

static bool is_int64(int64_t value, double number) {
    return number < BEHIND_INT64 && (int64_t)number == value;
}

static bool is_uint64(uint64_t value, double number) {
    return number < BEHIND_UINT64 && (uint64_t)number == value;
}

static bool is_within(long double value, double number) {
    return !isinf(number) || isinf(value);
}

// Word, type, and whether the double is what the element says.
#define NUMBERS(X)                                                                     \
    X(bool, bool, is_any(number))                                                      \
    X(int8, int8_t, is_any(number))                                                    \
    X(int16, int16_t, is_any(number))                                                  \
    X(int32, int32_t, is_any(number))                                                  \
    X(int64, int64_t, is_int64(from[i], number))                                       \
    X(uint8, uint8_t, is_any(number))                                                  \
    X(uint16, uint16_t, is_any(number))                                                \
    X(uint32, uint32_t, is_any(number))                                                \
    X(uint64, uint64_t, is_uint64(from[i], number))                                    \
    X(float, float, is_any(number))                                                    \
    X(double, double, is_any(number))                                                  \
    X(longdouble, long double, is_within(from[i], number))

typedef size_t convert(const void *elements, size_t count, const hm_doubles *doubles);

#define X(word, type, fits)                                                            \
    static size_t convert_##word(                                                      \
            const void *elements, size_t count, const hm_doubles *doubles) {           \
        const type *from = elements;                                                   \
        for (size_t i = 0; i < count; i++) {                                           \
            double number = (double)from[i];                                           \
            if (!(fits)) {                                                             \
                return i;                                                              \
            }                                                                          \
            doubles->to[i * doubles->stride] = number;                                 \
        }                                                                              \
        return count;                                                                  \
    }
NUMBERS(X)
#undef X

static convert *by_size(
        uint32_t size, convert *one, convert *two, convert *four, convert *eight) {
    switch (size) {
    case 1:
        return one;
    case 2:
        return two;
    case 4:
        return four;
    case 8:
        return eight;
    default:
        return NULL;
    }
}

static convert *conversion_of(const hm_type *type) {
    if (type->time_unit != HM_TIME_NONE) {
        return NULL;
    }
    switch (type->kind) {
    case HM_KIND_BOOL:
        return convert_bool;
    case HM_KIND_INT:
        return by_size(
                type->size, convert_int8, convert_int16, convert_int32, convert_int64);
    case HM_KIND_UINT:
        return by_size(type->size, convert_uint8, convert_uint16, convert_uint32,
                convert_uint64);
    case HM_KIND_FLOAT:
        return type->size == sizeof(float)    ? convert_float
               : type->size == sizeof(double) ? convert_double
                                              : convert_longdouble;
    default:
        return NULL;
    }
}

bool hm_doubles_are(const hm_value *value) {
    return conversion_of(value->type) != NULL;
}

// Where element i is, or NULL if it is missing.
static const void *element_at(const hm_value *value, size_t i) {
    if (value->depth == 0) {
        return hm_value_data(value);
    }
    if (!hm_validity_has(&value->many, i)) {
        return NULL;
    }
    const char *elements = value->many.data;
    return value->by_reference ? ((const void *const *)value->many.data)[i]
                               : elements + i * value->type->size;
}

static size_t store_one_by_one(
        const hm_doubles *doubles, const hm_value *value, size_t first, size_t count) {
    convert *conversion = conversion_of(value->type);
    for (size_t i = 0; i < count; i++) {
        const void *element = element_at(value, first + i);
        hm_doubles one = {doubles->to + i * doubles->stride, 1};
        if (element == NULL) {
            *one.to = (double)NAN;
        } else if (conversion(element, 1, &one) < 1) {
            return i;
        }
    }
    return count;
}

size_t hm_doubles_store(
        const hm_doubles *doubles, const hm_value *value, size_t first, size_t count) {
    if (value->depth == 0 || value->by_reference || value->many.validity != NULL) {
        return store_one_by_one(doubles, value, first, count);
    }
    return conversion_of(value->type)(
            (const char *)value->many.data + first * value->type->size, count, doubles);
}

const char *hm_doubles_fault(const hm_type *type) {
    return type->kind == HM_KIND_FLOAT ? "the number is too large for a double"
                                       : "no double is exactly this integer";
}
