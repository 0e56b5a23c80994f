// What checks found, and the last step under its own name, are for who asks.

#include <stdbool.h>

#include <hamilton/check.h>
#include <hamilton/modifiers.h>

static double doubled(double x) {
    return 2 * x;
}

HM_CHECK_RANGE(0, 10, warn)
HM_PIPE_OUTPUT(HM_STEP(doubled))
double a(double x) {
    return x + 1;
}

HM_CHECK_RANGE(0, 10, warn)
double b(double x) {
    return x + 1;
}

HM_CHECK_RANGE(0, 10, warn)
double c(double x) {
    return x + 2;
}

bool is_c_fine(struct hm_check_result c_range) {
    return c_range.passed;
}
