// number_read.c — decimal text to a number of any type.
//
// Text is taken apart once into sign, digits and exponent, which are mostly scaled
// without more ado. The rest goes to the C library, with the decimal point moved into
// the exponent so that the locale does not matter.

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/element.h"
#include "base/number.h"
#include "base/number_scale.h"

typedef struct decimal {
    bool negative;
    uint64_t digits;   // the first significant ones, as many as fit
    int digit_count;   // how many these are
    int64_t exponent;  // of ten: the value is digits * 10^exponent, if complete
    bool complete;     // no digit but zeros was left out of `digits`
    const char *first; // the first significant digit in the text, or NULL for zero
    const char *end;   // of digits and point, before the exponent
} decimal;

enum {
    // No number that lies between two neighbours of a floating type, long double
    // included, needs more digits to tell on which side of their middle it is.
    DIGITS_THAT_COUNT = 11600,

    // Beyond it everything is zero or infinite, however many digits stand before it.
    EXPONENT_LIMIT = 30000,
};

// Exponents are added to lengths of texts: this bound keeps the sums in range.
static const int64_t exponent_bound = INT64_C(1) << 60;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void add_digit(decimal *number, const char *at, bool after_point) {
    unsigned digit = (unsigned)(*at - '0');
    if (number->first == NULL) {
        if (digit == 0) {
            number->exponent -= after_point;
            return;
        }
        number->first = at;
    }
    uint64_t digits;
    if (number->complete && !__builtin_mul_overflow(number->digits, 10u, &digits) &&
            !__builtin_add_overflow(digits, digit, &digits)) {
        number->digits = digits;
        number->digit_count++;
        number->exponent -= after_point;
        return;
    }
    number->complete = number->complete && digit == 0;
    number->exponent += !after_point;
}

// [+-]digits, which is all that is left; or false.
static bool parse_exponent(const char *at, const char *end, int64_t *exponent) {
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end) {
        return false;
    }
    int64_t value = 0;
    for (; at < end; at++) {
        if (!is_digit(*at)) {
            return false;
        }
        if (value < exponent_bound / 10) {
            value = value * 10 + (*at - '0');
        }
    }
    *exponent += negative ? -value : value;
    return true;
}

static bool parse_decimal(const char *text, size_t length, decimal *number) {
    const char *at = text;
    const char *end = text + length;
    *number = (decimal){.negative = at < end && *at == '-', .complete = true};
    at += at < end && (*at == '-' || *at == '+');

    const char *digits = at;
    for (; at < end && is_digit(*at); at++) {
        add_digit(number, at, false);
    }
    ptrdiff_t digit_count = at - digits;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        for (; at < end && is_digit(*at); at++) {
            add_digit(number, at, true);
        }
        digit_count += at - fraction;
    }
    if (digit_count == 0) {
        return false;
    }
    number->end = at;
    if (at == end) {
        return true;
    }
    return (*at == 'e' || *at == 'E') && parse_exponent(at + 1, end, &number->exponent);
}

// The absolute value, if it is an integer below 2^64.
static hm_number_fit magnitude_of(const decimal *number, uint64_t *magnitude) {
    uint64_t value = number->digits;
    if (value == 0) {
        *magnitude = 0;
        return HM_NUMBER_FITS;
    }
    int64_t exponent = number->exponent;
    if (!number->complete) {
        // More digits than 64 bits hold: too large, unless it is a fraction that is
        // cut.
        return exponent < 0 ? HM_NUMBER_NOT_AN_INTEGER : HM_NUMBER_OUT_OF_RANGE;
    }
    for (; exponent < 0; exponent++) {
        if (value % 10 != 0) {
            return HM_NUMBER_NOT_AN_INTEGER;
        }
        value /= 10;
    }
    for (; exponent > 0; exponent--) {
        if (__builtin_mul_overflow(value, UINT64_C(10), &value)) {
            return HM_NUMBER_OUT_OF_RANGE;
        }
    }
    *magnitude = value;
    return HM_NUMBER_FITS;
}

int64_t hm_number_least(const hm_type *type) {
    return type->kind == HM_KIND_UINT
                   ? 0
                   : (int64_t)(-(UINT64_C(1) << (type->size * 8 - 1)));
}

uint64_t hm_number_greatest(const hm_type *type) {
    unsigned bits = type->size * 8 - (type->kind == HM_KIND_INT);
    return UINT64_MAX >> (64 - bits);
}

static hm_number_fit read_integer(
        const hm_type *type, const decimal *number, void *element) {
    uint64_t magnitude;
    hm_number_fit fit = magnitude_of(number, &magnitude);
    if (fit != HM_NUMBER_FITS) {
        return fit;
    }
    uint64_t limit = hm_number_greatest(type);
    if (number->negative) {
        limit = type->kind == HM_KIND_INT ? limit + 1 : 0;
    }
    if (magnitude > limit) {
        return HM_NUMBER_OUT_OF_RANGE;
    }
    hm_element_store(element, type->size, number->negative ? -magnitude : magnitude);
    return HM_NUMBER_FITS;
}

// The number as text without a point, which alone depends on the locale.
static void without_point(const decimal *number, char text[DIGITS_THAT_COUNT + 32]) {
    char *to = text;
    int64_t exponent = number->exponent + number->digit_count;
    const char *at = number->first;
    for (; at < number->end && to < text + DIGITS_THAT_COUNT; at++) {
        if (*at != '.') {
            *to++ = *at;
            exponent--;
        }
    }
    if (at < number->end) {
        *to++ = '1'; // stands for all that was cut: a little more than nothing
        exponent--;
    }
    exponent = exponent > EXPONENT_LIMIT    ? EXPONENT_LIMIT
               : exponent < -EXPONENT_LIMIT ? -EXPONENT_LIMIT
                                            : exponent;
    snprintf(to, 32, "e%d", (int)exponent);
}

// Where digits were left out, the number lies between two others, which mostly round
// alike.
static double read_double(const decimal *number) {
    double value;
    double above;
    if (hm_number_scale_double(number->digits, number->exponent, &value) &&
            (number->complete || (hm_number_scale_double(number->digits + 1,
                                          number->exponent, &above) &&
                                         value == above))) {
        return value;
    }
    char text[DIGITS_THAT_COUNT + 32];
    without_point(number, text);
    return strtod(text, NULL);
}

static float read_float(const decimal *number) {
    float value;
    float above;
    if (hm_number_scale_float(number->digits, number->exponent, &value) &&
            (number->complete || (hm_number_scale_float(number->digits + 1,
                                          number->exponent, &above) &&
                                         value == above))) {
        return value;
    }
    char text[DIGITS_THAT_COUNT + 32];
    without_point(number, text);
    return strtof(text, NULL);
}

static long double read_long_double(const decimal *number) {
    char text[DIGITS_THAT_COUNT + 32];
    without_point(number, text);
    return strtold(text, NULL);
}

static hm_number_fit read_floating(
        const hm_type *type, const decimal *number, void *element) {
    bool is_zero = number->first == NULL;
    bool is_finite;
    if (type->size == sizeof(float)) {
        float value = is_zero ? 0 : read_float(number);
        value = number->negative ? -value : value;
        is_finite = isfinite(value);
        memcpy(element, &value, is_finite ? sizeof value : 0);
    } else if (type->size == sizeof(double)) {
        double value = is_zero ? 0 : read_double(number);
        value = number->negative ? -value : value;
        is_finite = isfinite(value);
        memcpy(element, &value, is_finite ? sizeof value : 0);
    } else {
        long double value = is_zero ? 0 : read_long_double(number);
        value = number->negative ? -value : value;
        is_finite = isfinite(value);
        memcpy(element, &value, is_finite ? sizeof value : 0);
    }
    return is_finite ? HM_NUMBER_FITS : HM_NUMBER_OUT_OF_RANGE;
}

hm_number_fit hm_number_read(
        const hm_type *type, const char *text, size_t length, void *element) {
    decimal number;
    if (!parse_decimal(text, length, &number)) {
        return HM_NUMBER_MALFORMED;
    }
    return type->kind == HM_KIND_FLOAT ? read_floating(type, &number, element)
                                       : read_integer(type, &number, element);
}
