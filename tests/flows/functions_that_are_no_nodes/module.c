// A node is a function that the file defines with external linkage.

#include <hamilton/modifiers.h>

double declared_only(double x);

static double twice(double x) {
    return 2 * x;
}

static inline double thrice(double x) {
    return 3 * x;
}

HM_EXCLUDE
double excluded(double x) {
    return x + 1;
}

double node(double x) {
    return excluded(twice(x)) + thrice(x);
}
