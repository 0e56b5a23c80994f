// Mistakes in groups.

#include <stddef.h>

#include <hamilton/modifiers.h>

HM_INJECT(HM_GROUP(x, a, b))
double single(double x) {
    return x;
}

HM_INJECT(HM_GROUP(x, a, 1.5, "1", HM_VALUE(a, 1)))
int literals(size_t n, const int x[n]) {
    return x[0];
}

HM_INJECT(HM_GROUP(x, a, 1.5))
int fraction(size_t n, const int x[n]) {
    return x[0];
}

HM_INJECT(HM_GROUP(x, a, b))
double half(size_t n, const double x[n], const double y[n]) {
    return x[0] + y[0];
}

HM_INJECT(HM_GROUP(x, a, b), HM_GROUP(y, a))
double uneven(size_t n, const double x[n], const double y[n]) {
    return x[0] + y[0];
}

HM_INJECT(HM_GROUP(x, a, b))
void made(size_t n, const double x[n], double out[n]) {
    out[0] = x[0];
}

struct large {
    double values[300];
};

struct large large(double a) {
    return (struct large){{a}};
}

HM_INJECT(HM_GROUP(x, large, large))
double too_large(size_t n, const struct large x[n]) {
    return x[0].values[0];
}

struct small {
    double value;
};

struct small small(double a) {
    return (struct small){a};
}

HM_INJECT(HM_GROUP(x, small))
const struct small *pointer(size_t n, const struct small x[n]) {
    return &x[n - 1];
}

HM_INJECT(HM_GROUP(x))
double empty(size_t n, const double x[n]) {
    return x[0];
}
