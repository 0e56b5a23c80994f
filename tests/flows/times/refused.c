#include <stddef.h>
#include <stdint.h>

#include <hamilton/modifiers.h>

HM_TIME(us) double real(double x) {
    return x;
}

HM_TIME(us) void two(int64_t x, int64_t *first, int64_t *second) {
    *first = *second = x;
}

int64_t unit(HM_TIME(minutes) int64_t x) {
    return x;
}

int64_t length(HM_TIME(s) size_t n, const int64_t y[n]) {
    return (int64_t)n + y[0];
}

int64_t bad_day(HM_TIME(day) HM_DEFAULT("2023-02-29") int64_t z) {
    return z;
}
