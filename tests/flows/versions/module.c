#include "factor.h"

static double helper(double x) {
    return x * FACTOR;
}

double uses_helper(double x) {
    return helper(x);
}

double alone(double x) {
    return x + 1;
}
