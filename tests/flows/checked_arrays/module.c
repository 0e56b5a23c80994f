// Checks by functions that judge all rows of a column, or a whole array.

#include <hamilton/check.h>
#include <hamilton/modifiers.h>
#include <hamilton/node.h>
#include <stddef.h>

static _Bool is_sorted(size_t n, const double x[n]) {
    for (size_t i = 1; i < n; i++) {
        if (x[i - 1] > x[i]) {
            return 0;
        }
    }
    return 1;
}

HM_EXCLUDE _Bool is_filled(size_t n, const double x[n]) {
    return n > 0;
}

// Beside checks of the values, of which more than one chunk is looked at.
HM_CHECK(is_sorted, fail)
HM_CHECK_RANGE(0, 1e6, fail)
HM_CHECK(is_filled, warn)
double level(double depth) {
    return 2 * depth;
}

double level_total(size_t n, const double level[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += level[i];
    }
    return sum;
}

/** Of what a check found. */
_Bool is_fine(struct hm_check_result level_is_sorted) {
    return level_is_sorted.passed;
}

// A whole array.
HM_CHECK(is_sorted, warn)
void shifted(size_t n, const double z[n], double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = z[i] + 1;
    }
}

static _Bool is_rising(size_t n, const int x[n]) {
    for (size_t i = 1; i < n; i++) {
        if (x[i - 1] >= x[i]) {
            return 0;
        }
    }
    return 1;
}

HM_CHECK(is_rising, fail)
HM_CHECK_MAX_NAN_FRACTION(0.5, fail)
int stage(int number) {
    return number;
}

// Asks which are missing, and wants the first one.
static _Bool begins(size_t n, HM_NULLABLE const int x[n]) {
    const unsigned char *there = hm_validity(x);
    return n == 0 || there == NULL || (there[0] & 1) != 0;
}

HM_CHECK(begins, fail)
int count(int number) {
    return number;
}

static _Bool is_unique(size_t n, const char *const x[n]) {
    return n < 2 || x[0] == NULL || x[1] == NULL || x[0][0] != x[1][0];
}

HM_CHECK(is_unique, warn)
const char *label(const char *text) {
    return text;
}

struct span {
    double from;
    double to;
};

static _Bool is_gapless(size_t n, const struct span x[n]) {
    for (size_t i = 1; i < n; i++) {
        if (x[i - 1].to != x[i].from) {
            return 0;
        }
    }
    return 1;
}

HM_CHECK(is_gapless, fail)
struct span span(double from, double to) {
    return (struct span){from, to};
}
