// number_quick.c — the numbers that data files are full of: some digits, perhaps with a
// point or a short exponent, read where they stand. hm_number_read() says of a number
// what this says of it; it knows the others too.

#include <string.h>

#include "base/element.h"
#include "base/number.h"
#include "base/number_scale.h"

enum { MOST_DIGITS = 19, MOST_EXPONENT_DIGITS = 4 };

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The number of eight digits as values, not as letters, the first one in the lowest
// byte: neighbours are put together, digits, then pairs, then fours.
static uint64_t join_digits(uint64_t digits) {
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
    return (digits * 10000 + (digits >> 32)) & UINT64_C(0xFFFFFFFF);
}

// Takes the digits that eight bytes begin with, and returns how many there are. How
// many is not to be foreseen, so there is no branch for it: adding sets the highest bit
// of what is more than 9, at least in the first such byte; and zeros go before too few.
static size_t take_eight(const char *at, uint64_t *number) {
    static const uint64_t powers[] = {
            1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint64_t digits;
    memcpy(&digits, at, sizeof digits);
    digits ^= UINT64_C(0x3030303030303030);
    uint64_t others = (digits | (digits + UINT64_C(0x7676767676767676))) &
                      UINT64_C(0x8080808080808080);
    size_t count = others == 0 ? 8 : (size_t)__builtin_ctzll(others) / 8;
    uint64_t aligned = count == 0 ? 0 : digits << (8 - count) * 8;
    *number = *number * powers[count] + join_digits(aligned);
    return count;
}

static const char *pass_digits(const char *at, const char *end, uint64_t *number) {
    while (end - at >= 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
        size_t count = take_eight(at, number);
        at += count;
        if (count < 8) {
            return at;
        }
    }
    for (; at < end && is_digit(*at); at++) {
        *number = *number * 10 + (unsigned)(*at - '0');
    }
    return at;
}

typedef struct quick {
    const char *end;
    uint64_t digits;
    int64_t exponent;
    bool is_negative;
} quick;

static bool take_exponent(quick *number, const char *end) {
    const char *at = number->end + 1;
    bool is_negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    uint64_t exponent = 0;
    number->end = pass_digits(at, end, &exponent);
    if (number->end == at || number->end - at > MOST_EXPONENT_DIGITS) {
        return false;
    }
    number->exponent += is_negative ? -(int64_t)exponent : (int64_t)exponent;
    return true;
}

static bool take(const char *at, const char *end, quick *number) {
    *number = (quick){.is_negative = at < end && *at == '-'};
    at += number->is_negative;
    const char *first = at;
    at = pass_digits(at, end, &number->digits);
    ptrdiff_t count = at - first;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = pass_digits(fraction, end, &number->digits);
        number->exponent = fraction - at;
        count += at - fraction;
    }
    number->end = at;
    if (count == 0 || count > MOST_DIGITS) {
        return false;
    }
    return at == end || (*at != 'e' && *at != 'E') || take_exponent(number, end);
}

static bool store_integer(const hm_type *type, const quick *number, void *element) {
    uint64_t limit = hm_number_greatest(type);
    if (number->is_negative) {
        limit = type->kind == HM_KIND_INT ? limit + 1 : 0;
    }
    if (number->exponent != 0 || number->digits > limit) {
        return false;
    }
    hm_element_store(element, type->size,
            number->is_negative ? -number->digits : number->digits);
    return true;
}

static bool store_float(const quick *number, void *element) {
    float value = 0;
    if (number->digits != 0 &&
            !hm_number_scale_float(number->digits, number->exponent, &value)) {
        return false;
    }
    value = number->is_negative ? -value : value;
    memcpy(element, &value, sizeof value);
    return true;
}

static bool store_double(const quick *number, void *element) {
    double value = 0;
    if (number->digits != 0 &&
            !hm_number_scale_double(number->digits, number->exponent, &value)) {
        return false;
    }
    value = number->is_negative ? -value : value;
    memcpy(element, &value, sizeof value);
    return true;
}

size_t hm_number_begin(
        const hm_type *type, const char *text, const char *end, void *element) {
    quick number;
    if (!take(text, end, &number)) {
        return 0;
    }
    bool is_stored = false;
    if (type->kind != HM_KIND_FLOAT) {
        is_stored = store_integer(type, &number, element);
    } else if (type->size == sizeof(float)) {
        is_stored = store_float(&number, element);
    } else if (type->size == sizeof(double)) {
        is_stored = store_double(&number, element);
    }
    return is_stored ? (size_t)(number.end - text) : 0;
}
