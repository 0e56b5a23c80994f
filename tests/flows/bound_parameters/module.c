// HM_INJECT: parameters come from other nodes and inputs, or are set for good.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/modifiers.h>

#define RATE 0.25

enum mode { DOWN, UP = 5 };

/** The price without anything. */
double base_price(double cost) {
    return cost * 2;
}

HM_INJECT(HM_SOURCE(price, base_price), HM_VALUE(rate, RATE))
double gross(double price, double rate) {
    return price * (1 + rate);
}

/** Of every type. */
HM_INJECT(HM_VALUE(flag, true), HM_VALUE(small, -3), HM_VALUE(large, 18446744073709551615u),
        HM_VALUE(single, 0.1), HM_VALUE(text, "a,\"b"), HM_VALUE(day, "2024-02-29"),
        HM_VALUE(mode, UP))
double all(bool flag, signed char small, uint64_t large, float single, const char *text,
        HM_TIME(day) int64_t day, enum mode mode, double x) {
    double bits = flag + (small == -3) * 2 + (large == UINT64_MAX) * 4 + (single == 0.1f) * 8;
    return x * (bits + (text[2] == '"') * 16 + (day == 19782) * 32 + (mode == UP) * 64);
}

/** A name that C cannot give to a parameter, twice, and a default that nobody may change. */
HM_INJECT(HM_SOURCE(a, "default"), HM_SOURCE(b, "default"), HM_VALUE(k, 3))
double squared(double a, double b, HM_DEFAULT(7) int k) {
    return a * b * k;
}

HM_INJECT(HM_SOURCE(values, cost), HM_VALUE(scale, 10))
double total(size_t n, const double values[n], double scale) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum * scale;
}

HM_INJECT(HM_VALUE(at, 4))
HM_EXTRACT_FIELDS(low)
struct range {
    double low;
    double high;
} range(double at, double width) {
    return (struct range){at - width, at + width};
}

/** All of it is bound. */
HM_INJECT(HM_VALUE(x, 1), HM_VALUE(y, 2))
int constant(int x, int y) {
    return x + y;
}
