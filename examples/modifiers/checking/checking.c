// checking.c — what a shop expects of its figures, and what happens if they are not so.

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <hamilton/check.h>
#include <hamilton/modifiers.h>

/** What a visit brings: never less than nothing, and some bring something. */
HM_CHECK_FINITE(fail)
HM_CHECK_RANGE(0, 500, fail)
HM_CHECK_MEAN_IN_RANGE(0.5, 50, warn)
double sales_per_visit(double sales, double visits) {
    return sales / visits;
}

static bool is_whole(double count) {
    return floor(count) == count;
}

/** Visits, of which there are no halves. Some counters fail now and then. */
HM_CHECK(is_whole, fail)
HM_CHECK_MAX_NAN_FRACTION(0.25, warn)
double visits(double counted) {
    return counted;
}

HM_CHECK_VALUES_IN("web", "shop", fail)
const char *channel(const char *source) {
    return source;
}

static bool is_complete(size_t n, const double part[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += part[i];
    }
    return fabs(sum - 1) < 1e-9;
}

/** What a branch has of all sales: a check of the whole column. */
HM_CHECK(is_complete, fail)
double share(double branch_sales, double all_sales) {
    return branch_sales / all_sales;
}

/** All checks of a node are one value, and each is a node that others may read. */
bool is_reliable(struct hm_check_result visits_max_nan_fraction) {
    return visits_max_nan_fraction.missing == 0;
}

double best_day(size_t n, const double sales_per_visit[n]) {
    double best = 0;
    for (size_t i = 0; i < n; i++) {
        best = sales_per_visit[i] > best ? sales_per_visit[i] : best;
    }
    return best;
}
