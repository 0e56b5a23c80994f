// What comes from the cache was checked when it was made.

#include <stddef.h>

#include <hamilton/modifiers.h>

HM_CHECK_RANGE(0, 10, fail)
HM_CHECK_RANGE(0, 5, warn)
double score(double points) {
    return points / 2;
}

double bonus(double score) {
    return 10 * score;
}

HM_CHECK_RANGE(0, 5, warn)
void scaled(size_t n, const double points[n], double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = points[i] * 2;
    }
}
