// Modifiers are checked when the file is reflected.

#include <hamilton/modifiers.h>

HM_NAME(other)
double named_without_variants(double x) {
    return x;
}

double wrong_default(HM_DEFAULT("text") double x) {
    return x;
}

double lossy_default(HM_DEFAULT(1.5) int y) {
    return y;
}

double unknown_default(HM_DEFAULT(some_name) double z) {
    return z;
}

HM_WHEN(region)
double no_values(double x) {
    return x;
}

HM_TAG(owner)
double no_tag_value(double x) {
    return x;
}

HM_DESTROYS
double destroys_nothing(double x) {
    return x;
}

HM_WHEN(region, us) HM_NAME(no-name)
double badly_named(double x) {
    return x;
}

static double helper(HM_DEFAULT(1) double x) {
    HM_TAG(unit, "m") double doubled = 2 * x;
    return doubled;
}

struct record {
    HM_TAG(unit, "m") double length;
};

double tagged_parameter(HM_TAG(unit, "m") double x) {
    return helper(x);
}
