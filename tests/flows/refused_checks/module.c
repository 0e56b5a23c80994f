// Checks are checked when the file is reflected.

#include <hamilton/modifiers.h>
#include <stdint.h>

struct pair {
    double a;
    double b;
};

HM_CHECK_RANGE(0, 1)
double no_importance(double x) {
    return x;
}

HM_CHECK_RANGE(0, 1, error)
double other_importance(double x) {
    return x;
}

HM_CHECK_RANGE(1, fail)
double one_bound(double x) {
    return x;
}

HM_CHECK_RANGE(2, 1, fail)
double reversed(double x) {
    return x;
}

HM_CHECK_RANGE(0, 1, fail)
const char *range_of_text(double x) {
    return "";
}

HM_CHECK_RANGE(0.5, 1, fail)
int no_int(double x, int *out) {
    *out = 1;
    return 0;
}

HM_CHECK_RANGE("2024-13-01", "2024-12-01", fail)
HM_TIME(day)
int64_t no_day(double x) {
    return 0;
}

HM_CHECK_FINITE(warn)
long always_finite(double x) {
    return 1;
}

HM_CHECK_VALUES_IN(fail)
double no_values(double x) {
    return x;
}

HM_CHECK_VALUES_IN(1, "two", fail)
double text_of_number(double x) {
    return x;
}

HM_CHECK_VALUES_IN(red, fail)
const char *unquoted(double x) {
    return "";
}

HM_CHECK_MAX_NAN_FRACTION(1.5, fail)
double fraction(double x) {
    return x;
}

HM_CHECK_MAX_STD_DEV(-1, fail)
double deviation(double x) {
    return x;
}

HM_CHECK_MEAN_IN_RANGE(0, high, fail)
double mean(double x) {
    return x;
}

HM_CHECK_CONTAINS("a", fail)
double contains(double x) {
    return x;
}

HM_CHECK_MAX_NAN_FRACTION(0, fail)
struct pair of_struct(double x) {
    return (struct pair){x, x};
}

HM_CHECK_FINITE(fail)
void not_own(double x, double *low, double *high) {
    *low = x;
    *high = x;
}

static int number(double x) {
    return x > 0;
}

static _Bool of_float(float x) {
    return x > 0;
}

HM_CHECK(number, fail)
double no_bool(double x) {
    return x;
}

HM_CHECK(of_float, fail)
double other_type(double x) {
    return x;
}

HM_CHECK(nobody, fail)
double unknown(double x) {
    return x;
}

HM_CHECK(of_float)
double unimportant(double x) {
    return x;
}

double on_parameter(HM_CHECK_FINITE(fail) double x) {
    return x;
}

#include <stddef.h>

static _Bool are_floats(size_t n, const float x[n]) {
    return n > 0 && x[0] > 0;
}

static int judge(size_t n, const double x[n], _Bool *passed) {
    *passed = n > 0 && x[0] > 0;
    return 0;
}

static _Bool are_pairs(size_t n, const struct pair *const x[n]) {
    return n > 0 && x[0]->a > 0;
}

static _Bool are_equal(size_t n, const double x[n], const double y[n]) {
    return n > 0 && x[0] == y[0];
}

HM_CHECK(are_floats, fail)
double other_array(double x) {
    return x;
}

HM_CHECK(judge, fail)
double with_status(double x) {
    return x;
}

HM_CHECK(are_pairs, fail)
struct pair by_reference(double x) {
    return (struct pair){x, x};
}

HM_CHECK(are_equal, fail)
double two_arrays(double x) {
    return x;
}

HM_CHECK(are_floats, fail)
const char *text(double x) {
    return "";
}
