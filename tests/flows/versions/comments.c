#include "factor.h"

// A comment, and other white space.
static double helper(double x) {
    return x * FACTOR;
}

double uses_helper(double x) {
    return helper(x); // the same
}

double alone(double x) {
    return x + 2;
}

double added(double x) {
    return x;
}
