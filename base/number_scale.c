// number_scale.c — see number_scale.h.
//
// Where digits and power of ten are both exact in the floating type, one multiplication
// or division rounds correctly (Clinger, PLDI 1990). For the others there are integers:
// 10^n is 5^n * 2^n, and 5^n is 5^(16a) * 5^b: the second power is exact, the first a
// table of 128 bits, cut off. What the product lacks is known to be less than two units
// of its last place, so that nearly always both bounds round to the same number. That
// 128 bits of a power of five are enough, and that one looks whether they were, is
// Lemire, Number Parsing at a Gigabyte per Second (2021); bounds in place of his proof
// allow for a table of 41 powers instead of 651.

#include "base/number_scale.h"

#include <float.h>
#include <stddef.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

typedef struct power {
    uint64_t high;
    uint64_t low;
} power;

enum { STEP = 16, LEAST_POWER = -336, GREATEST_POWER = 304 };

// 5^-336, 5^-320, ... 5^304, each times the power of two that sets the highest bit.
static const power coarse[] = {
        {UINT64_C(0xe3e27a444d8d98b7), UINT64_C(0xfd1b1b2308169b25)},
        {UINT64_C(0xfd00b897478238d0), UINT64_C(0x8920b098955522b4)},
        {UINT64_C(0x8c71dcd9ba0b4925), UINT64_C(0x9ff0c08b7f1d0b14)},
        {UINT64_C(0x9becce62836ac577), UINT64_C(0x4ee367f9430aec32)},
        {UINT64_C(0xad1c8eab5ee43b66), UINT64_C(0xda3243650005eecf)},
        {UINT64_C(0xc0314325637a1939), UINT64_C(0xfa911155fefb5308)},
        {UINT64_C(0xd5605fcdcf32e1d6), UINT64_C(0xfb1e4a9a90880a64)},
        {UINT64_C(0xece53cec4a314ebd), UINT64_C(0xa4f8bf5635246428)},
        {UINT64_C(0x8380dea93da4bc60), UINT64_C(0x4247cb9e59f71e6d)},
        {UINT64_C(0x91ff83775423cc06), UINT64_C(0x7b6306a34627ddcf)},
        {UINT64_C(0xa21727db38cb002f), UINT64_C(0xb8ada00e5a506a7c)},
        {UINT64_C(0xb3f4e093db73a093), UINT64_C(0x59ed216765690f56)},
        {UINT64_C(0xc7caba6e7c5382c8), UINT64_C(0xfe64a52ee96b8fc0)},
        {UINT64_C(0xddd0467c64bce4a0), UINT64_C(0xac7cb3f6d05ddbde)},
        {UINT64_C(0xf64335bcf065d37d), UINT64_C(0x4d4617b5ff4a16d5)},
        {UINT64_C(0x88b402f7fd75539b), UINT64_C(0x11dbcb0218ebb414)},
        {UINT64_C(0x97c560ba6b0919a5), UINT64_C(0xdccd879fc967d41a)},
        {UINT64_C(0xa87fea27a539e9a5), UINT64_C(0x3f2398d747b36224)},
        {UINT64_C(0xbb127c53b17ec159), UINT64_C(0x5560c018580d5d52)},
        {UINT64_C(0xcfb11ead453994ba), UINT64_C(0x67de18eda5814af2)},
        {UINT64_C(0xe69594bec44de15b), UINT64_C(0x4c2ebe687989a9b3)},
        {UINT64_C(0x8000000000000000), UINT64_C(0x0000000000000000)},
        {UINT64_C(0x8e1bc9bf04000000), UINT64_C(0x0000000000000000)},
        {UINT64_C(0x9dc5ada82b70b59d), UINT64_C(0xf020000000000000)},
        {UINT64_C(0xaf298d050e4395d6), UINT64_C(0x9670b12b7f410000)},
        {UINT64_C(0xc2781f49ffcfa6d5), UINT64_C(0x3cbf6b71c76b25fb)},
        {UINT64_C(0xd7e77a8f87daf7fb), UINT64_C(0xdc33745ec97be906)},
        {UINT64_C(0xefb3ab16c59b14a2), UINT64_C(0xc5cfe94ef3ea101e)},
        {UINT64_C(0x850fadc09923329e), UINT64_C(0x03e2cf6bc604ddb0)},
        {UINT64_C(0x93ba47c980e98cdf), UINT64_C(0xc66f336c36b10137)},
        {UINT64_C(0xa402b9c5a8d3a6e7), UINT64_C(0x5f16206c9c6209a6)},
        {UINT64_C(0xb616a12b7fe617aa), UINT64_C(0x577b986b314d6009)},
        {UINT64_C(0xca28a291859bbf93), UINT64_C(0x7d7b8f7503cfdcfe)},
        {UINT64_C(0xe070f78d3927556a), UINT64_C(0x85bbe253f47b1417)},
        {UINT64_C(0xf92e0c3537826145), UINT64_C(0xa7709a56ccdf8a82)},
        {UINT64_C(0x8a5296ffe33cc92f), UINT64_C(0x82bd6b70d99aaa6f)},
        {UINT64_C(0x9991a6f3d6bf1765), UINT64_C(0xacca6da1e0a8ef29)},
        {UINT64_C(0xaa7eebfb9df9de8d), UINT64_C(0xddbb901b98feeab7)},
        {UINT64_C(0xbd49d14aa79dbc82), UINT64_C(0x4b2d8644d8a74e18)},
        {UINT64_C(0xd226fc195c6a2f8c), UINT64_C(0x73832eec6fff3111)},
        {UINT64_C(0xe950df20247c83fd), UINT64_C(0x47c6b82ef32a2069)},
};

static const uint64_t fine[STEP] = {1, 5, 25, 125, 625, 3125, 15625, 78125, 390625,
        1953125, 9765625, 48828125, 244140625, 1220703125, 6103515625, 30517578125};

static int leading_zeros(wide value) {
    uint64_t high = (uint64_t)(value >> 64);
    return high != 0 ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)value);
}

// The upper half of the product, what the lower carries included.
static wide multiply(wide a, power b) {
    wide high = (a >> 64) * b.high;
    wide middle = (a >> 64) * b.low;
    wide other = (uint64_t)a * (wide)b.high;
    wide low = (uint64_t)a * (wide)b.low;
    wide carry = (low >> 64) + (uint64_t)middle + (uint64_t)other;
    return high + (middle >> 64) + (other >> 64) + (carry >> 64);
}

// digits * 10^n lies in [least, least + 2) * 2^two: less than one unit was cut off by
// the table, and less than one here. digits has at most 64 bits, and a bit.
static wide times_power_of_ten(uint64_t digits, int n, int *two) {
    size_t step = (size_t)(n - LEAST_POWER) / STEP;
    int five = LEAST_POWER + (int)step * STEP;
    wide exact = (wide)digits * fine[n - five]; // below 2^99
    int shift = leading_zeros(exact);
    int of_five = (five * 152170 >> 16) - 127; // the floor of the binary logarithm
    *two = n + of_five + 128 - shift;
    return multiply(exact << shift, coarse[step]);
}

// A floating type: how many bits its digits have, and how its exponents are stored.
typedef struct binary {
    int precision;
    int bias;
} binary;

static bool scale(
        uint64_t digits, int64_t exponent, const binary *type, uint64_t *bits) {
    if (digits == 0 || exponent < LEAST_POWER || exponent >= GREATEST_POWER + STEP) {
        return false;
    }
    int two;
    wide least = times_power_of_ten(digits, (int)exponent, &two);

    int highest = 127 - leading_zeros(least);
    int cut = highest + 1 - type->precision;
    wide half = (wide)1 << (cut - 1);
    wide rest = least & (half * 2 - 1);
    if (rest <= half && rest + 2 > half) {
        return false;
    }
    uint64_t rounded = (uint64_t)(least >> cut) + (rest > half);
    int top = two + highest; // the exponent of the highest bit, before rounding
    if (top <= -type->bias || top >= type->bias) {
        return false;
    }
    // The highest bit is not stored: it adds one to the exponent, as one that came from
    // rounding does.
    uint64_t stored = (uint64_t)(top + type->bias - 1);
    *bits = (stored << (type->precision - 1)) + rounded;
    return true;
}

// Powers of ten that double holds exactly; float does up to FLOAT_POWERS - 1.
static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
        1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { DOUBLE_POWERS = sizeof powers / sizeof *powers, FLOAT_POWERS = 11 };

// Whether digits and power are both exact, so that one operation on them rounds once;
// that needs arithmetic in the type itself.
static bool are_exact(
        uint64_t digits, int64_t exponent, int precision, int power_count) {
    return FLT_EVAL_METHOD == 0 && digits <= UINT64_C(1) << precision &&
           exponent > -power_count && exponent < power_count;
}

bool hm_number_scale_double(uint64_t digits, int64_t exponent, double *value) {
    if (are_exact(digits, exponent, DBL_MANT_DIG, DOUBLE_POWERS)) {
        double exact = (double)digits;
        *value = exponent < 0 ? exact / powers[-exponent] : exact * powers[exponent];
        return true;
    }
    static const binary binary64 = {.precision = 53, .bias = 1023};
    uint64_t bits;
    if (!scale(digits, exponent, &binary64, &bits)) {
        return false;
    }
    memcpy(value, &bits, sizeof bits);
    return true;
}

bool hm_number_scale_float(uint64_t digits, int64_t exponent, float *value) {
    if (are_exact(digits, exponent, FLT_MANT_DIG, FLOAT_POWERS)) {
        float exact = (float)digits;
        *value = exponent < 0 ? exact / (float)powers[-exponent]
                              : exact * (float)powers[exponent];
        return true;
    }
    static const binary binary32 = {.precision = 24, .bias = 127};
    uint64_t bits;
    if (!scale(digits, exponent, &binary32, &bits)) {
        return false;
    }
    memcpy(value, &(uint32_t){(uint32_t)bits}, sizeof *value);
    return true;
}

bool hm_number_leading_digits(double value, uint64_t *digits, int *exponent) {
    static const uint64_t least_digits = UINT64_C(1000000000000000000);
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int stored = (int)(bits >> 52 & 0x7ff);
    if (stored == 0 || stored == 0x7ff) {
        return false;
    }
    uint64_t significand = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    int power_of_two = stored - 1075;
    // The decimal logarithm, or one less.
    int magnitude = (stored - 1023) * 78913 >> 18;
    for (int n = 18 - magnitude; n >= 17 - magnitude; n--) {
        if (n < LEAST_POWER || n >= GREATEST_POWER + STEP) {
            return false;
        }
        int two;
        wide least = times_power_of_ten(significand, n, &two);
        int cut = -(two + power_of_two);
        if (cut < 1 || cut > 127) {
            return false;
        }
        wide unit = (wide)1 << cut;
        wide whole = least >> cut;
        if ((least & (unit - 1)) + 2 > unit) {
            return false;
        }
        if (whole < (wide)least_digits * 10) {
            *digits = (uint64_t)whole;
            *exponent = -n;
            return whole >= least_digits;
        }
    }
    return false;
}
