#include <stddef.h>

#include <hamilton/modifiers.h>

struct thing;

struct shape {
    double corners[4];
};

HM_LOAD_FROM(csv, thing, HM_VALUE(path, "x.csv"))
double f(const struct thing *thing, double a) {
    return a;
}

HM_LOAD_FROM(csv, shape, HM_VALUE(path, "x.csv"))
double g(struct shape shape) {
    return shape.corners[0];
}

HM_LOAD_FROM(raw, x, HM_VALUE(path, "x"))
double h(double x) {
    return x;
}

HM_SAVE_TO(raw, HM_VALUE(path, "x"))
struct shape i(double x) {
    return (struct shape){{x}};
}
