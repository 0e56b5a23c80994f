// checked.c — a column that is computed in one pass, with checks and without.

#include <hamilton/modifiers.h>

double unchecked(double part, double whole) {
    return part / (1 + whole);
}

HM_CHECK_RANGE(0, 1, fail)
HM_CHECK_FINITE(fail)
HM_CHECK_MAX_NAN_FRACTION(0.01, fail)
HM_CHECK_MEAN_IN_RANGE(0.1, 0.9, warn)
double checked(double part, double whole) {
    return part / (1 + whole);
}

// The same, where nobody needs the column but who computes the next.
double unchecked_next(double unchecked, double whole) {
    return 2 * unchecked - whole;
}

double checked_next(double checked, double whole) {
    return 2 * checked - whole;
}
