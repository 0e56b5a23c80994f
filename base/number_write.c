// number_write.c — the shortest text of a number.
//
// A floating number is written with the fewest digits that read back to the same bits
// of its own type; of several such texts, the one that is nearest to it. The form is
// that of RFC 8785 (and so of ECMAScript): plain digits as long as they are few, else
// an exponent; but -0 keeps its sign, and integers turn to the exponent form at 1e16
// rather than 1e21, before zeros would stand for digits that are not known.

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/calendar.h"
#include "base/element.h"
#include "base/number.h"
#include "base/number_scale.h"

enum {
    MOST_DIGITS = 36, // of any long double (IEEE quadruple)
    LEAST_PLAIN = -6, // 0.000001 is plain, 1e-7 is not
    MOST_PLAIN = 15,  // 1000000000000000 is plain, 1e+16 is not
    MOST_PLACES = 15, // behind the point, of numbers that are found fast
};

// The absolute value of a floating number: 0.d1d2d3... * 10^point.
typedef struct shortest {
    char digits[MOST_DIGITS + 1]; // NUL-terminated, no zero at either end
    int point;
} shortest;

static void strip_zeros(shortest *number) {
    size_t length = strlen(number->digits);
    while (length > 1 && number->digits[length - 1] == '0') {
        number->digits[--length] = '\0';
    }
}

// Adds one unit of the last place.
static void increment(shortest *number) {
    size_t at = strlen(number->digits);
    while (at > 0 && number->digits[at - 1] == '9') {
        number->digits[--at] = '0';
    }
    if (at > 0) {
        number->digits[at - 1]++;
    } else {
        memset(number->digits + 1, '0', strlen(number->digits + 1));
        number->digits[0] = '1';
        number->point++;
    }
}

static long double load(const hm_type *type, const void *element) {
    if (type->size == sizeof(float)) {
        float value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    if (type->size == sizeof(double)) {
        double value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    long double value;
    memcpy(&value, element, sizeof value);
    return value;
}

// Whether the digits, read as the type, are value: which is in the type and so exact.
static bool reads_back(const shortest *number, const hm_type *type, long double value) {
    char text[HM_NUMBER_SIZE];
    int length = snprintf(text, sizeof text, "%se%d", number->digits,
            number->point - (int)strlen(number->digits));
    long double element = 0;
    return hm_number_read(type, text, (size_t)length, &element) == HM_NUMBER_FITS &&
           load(type, &element) == value;
}

// The nearest decimal of so many digits. printf rounds correctly; its decimal point,
// which depends on the locale, is passed over.
static void nearest(long double value, int digit_count, shortest *number) {
    char text[HM_NUMBER_SIZE];
    snprintf(text, sizeof text, "%.*Le", digit_count - 1, value);
    char *exponent = strchr(text, 'e');
    int count = 0;
    for (const char *at = text; at < exponent; at++) {
        if (*at >= '0' && *at <= '9') {
            number->digits[count++] = *at;
        }
    }
    number->digits[count] = '\0';
    // Not sscanf or strtol: they know of locales too.
    int magnitude = 0;
    for (const char *at = exponent + 2; *at != '\0'; at++) {
        magnitude = magnitude * 10 + (*at - '0');
    }
    number->point = (exponent[1] == '-' ? -magnitude : magnitude) + 1;
}

static bool is_power_of_two(long double value) {
    int exponent;
    return frexpl(value, &exponent) == 0.5L;
}

// Writes an integer above zero; returns how many digits it has, zeros at its end
// included.
static int write_digits(uint64_t integer, shortest *number) {
    int zeros = 0;
    while (integer % 10 == 0) {
        integer /= 10;
        zeros++;
    }
    int count = 1;
    for (uint64_t rest = integer / 10; rest > 0; rest /= 10) {
        count++;
    }
    for (int i = count; i-- > 0; integer /= 10) {
        number->digits[i] = (char)('0' + integer % 10);
    }
    number->digits[count] = '\0';
    return count + zeros;
}

// Most numbers in data have few digits. If value * 10^places is an integer of up to 15
// digits but for rounding, and the quotient gives value back, then these are the
// digits: no two decimals of 15 digits have the same double. Both operands of the
// division are exact, so it rounds as reading the text would.
static bool find_fast(double value, shortest *number) {
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
            1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (FLT_EVAL_METHOD != 0 || value >= 1e15 || value < 1e-6) {
        return false;
    }
    int places = 0;
    while (places < MOST_PLACES && value * powers[places + 1] < 1e15) {
        places++;
    }
    double digits = nearbyint(value * powers[places]);
    if (digits / powers[places] != value) {
        return false;
    }
    number->point = write_digits((uint64_t)digits, number) - places;
    return true;
}

// The nearest decimal of so many digits to a number of which the first 19 are known.
// False in the middle of two, where what comes behind the 19 decides.
static bool round_digits(uint64_t digits, int cut, uint64_t *rounded) {
    uint64_t unit = 1;
    for (int i = 0; i < cut; i++) {
        unit *= 10;
    }
    uint64_t rest = digits % unit;
    *rounded = digits / unit + (rest > unit / 2);
    return rest != unit / 2;
}

// The fewest digits that read back, of 15 or more: all others have fewer that do only
// if they are these with zeros behind. Below a power of two the neighbours are twice as
// close as above it, which is left to others.
static bool find_leading(double value, shortest *number) {
    enum { LEADING = 19 };
    uint64_t leading;
    int exponent;
    if (is_power_of_two(value) ||
            !hm_number_leading_digits(value, &leading, &exponent)) {
        return false;
    }
    for (int count = DBL_DIG; count <= DBL_DECIMAL_DIG; count++) {
        int cut = LEADING - count;
        uint64_t digits;
        double back = 0;
        if (!round_digits(leading, cut, &digits) ||
                !hm_number_scale_double(digits, exponent + cut, &back)) {
            return false;
        }
        if (back == value) {
            number->point = write_digits(digits, number) + exponent + cut;
            return true;
        }
    }
    return false;
}

// What float.h says of a floating type.
typedef struct precision {
    int sure_digits; // a decimal of so many survives a trip through the type
    int most_digits; // so many always read back
    long double least_normal;
} precision;

static precision precision_of(const hm_type *type) {
    if (type->size == sizeof(float)) {
        return (precision){FLT_DIG, FLT_DECIMAL_DIG, FLT_MIN};
    }
    if (type->size == sizeof(double)) {
        return (precision){DBL_DIG, DBL_DECIMAL_DIG, DBL_MIN};
    }
    return (precision){LDBL_DIG, LDBL_DECIMAL_DIG, LDBL_MIN};
}

// value is finite and above zero.
static void find_shortest(const hm_type *type, long double value, shortest *number) {
    if (type->size == sizeof(double) &&
            (find_fast((double)value, number) || find_leading((double)value, number))) {
        return;
    }
    // If fewer digits than sure_digits read back, they are those of the nearest decimal
    // of sure_digits, with zeros behind; numbers below the normal ones know no
    // sureness.
    precision limits = precision_of(type);
    int digit_count = value < limits.least_normal ? 1 : limits.sure_digits;
    for (;; digit_count++) {
        nearest(value, digit_count, number);
        if (digit_count == limits.most_digits || reads_back(number, type, value)) {
            break;
        }
        // Below a power of two the neighbours are twice as close as above it: where the
        // nearest decimal lies below and misses, the next one above may hit.
        if (is_power_of_two(value)) {
            increment(number);
            if (reads_back(number, type, value)) {
                break;
            }
        }
    }
    strip_zeros(number);
}

static char *append(char *to, const char *from, size_t length) {
    memcpy(to, from, length);
    return to + length;
}

static char *append_zeros(char *to, int count) {
    memset(to, '0', (size_t)count);
    return to + count;
}

static char *lay_out(char *to, const shortest *number) {
    int length = (int)strlen(number->digits);
    int point = number->point;
    if (point - 1 < LEAST_PLAIN || point - 1 > MOST_PLAIN) {
        *to++ = number->digits[0];
        if (length > 1) {
            *to++ = '.';
            to = append(to, number->digits + 1, (size_t)length - 1);
        }
        return to + snprintf(to, 8, "e%+d", point - 1);
    }
    if (point <= 0) {
        to = append(to, "0.", 2);
        to = append_zeros(to, -point);
        return append(to, number->digits, (size_t)length);
    }
    if (point >= length) {
        to = append(to, number->digits, (size_t)length);
        return append_zeros(to, point - length);
    }
    to = append(to, number->digits, (size_t)point);
    *to++ = '.';
    return append(to, number->digits + point, (size_t)(length - point));
}

static size_t format_floating(const hm_type *type, const void *element, char *text) {
    long double value = load(type, element);
    char *to = text;
    if (isnan(value)) {
        to = append(to, "nan", 3);
    } else {
        if (signbit(value)) {
            *to++ = '-';
            value = -value;
        }
        if (isinf(value)) {
            to = append(to, "inf", 3);
        } else if (value == 0) {
            *to++ = '0';
        } else {
            shortest number;
            find_shortest(type, value, &number);
            to = lay_out(to, &number);
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}

size_t hm_number_format(
        const hm_type *type, const void *element, char text[HM_NUMBER_SIZE]) {
    switch (type->kind) {
    case HM_KIND_BOOL:
        return (size_t)snprintf(text, HM_NUMBER_SIZE, "%s",
                hm_element_uint(type, element) != 0 ? "true" : "false");
    case HM_KIND_INT:
        if (type->time_unit != HM_TIME_NONE) {
            return hm_time_write(type->time_unit, hm_element_int(type, element), text);
        }
        return (size_t)snprintf(
                text, HM_NUMBER_SIZE, "%" PRId64, hm_element_int(type, element));
    case HM_KIND_UINT:
        return (size_t)snprintf(
                text, HM_NUMBER_SIZE, "%" PRIu64, hm_element_uint(type, element));
    case HM_KIND_FLOAT:
        return format_floating(type, element, text);
    default:
        assert(false && "not a number");
        text[0] = '\0';
        return 0;
    }
}
