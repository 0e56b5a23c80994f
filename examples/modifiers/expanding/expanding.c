// expanding.c — one function makes several nodes, or takes its parameters from nodes
// and inputs of other names.

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

/** Mean of the last {days} days of {values}. */
HM_PARAMETERIZE(sales_week, HM_SOURCE(values, sales), HM_VALUE(days, 7))
HM_PARAMETERIZE(sales_month, HM_SOURCE(values, sales), HM_VALUE(days, 30))
HM_PARAMETERIZE(visits_week, HM_SOURCE(values, visits), HM_VALUE(days, 7))
double mean_of_last(size_t n, const double values[n], int days) {
    size_t first = n > (size_t)days ? n - (size_t)days : 0;
    double sum = 0;
    for (size_t i = first; i < n; i++) {
        sum += values[i];
    }
    return sum / (double)(n - first);
}

/** The greatest of the last {days} days of {values}; config says which there are. */
HM_PARAMETERIZE_FROM_CONFIG(peaks)
double greatest_of_last(size_t n, const double values[n], int days) {
    double greatest = values[n - 1];
    for (size_t i = 0; i < n && i < (size_t)days; i++) {
        greatest = values[n - 1 - i] > greatest ? values[n - 1 - i] : greatest;
    }
    return greatest;
}

/** What a visit brings. */
HM_INJECT(HM_SOURCE(part, sales_week), HM_SOURCE(whole, visits_week))
double sales_per_visit(double part, double whole) {
    return part / whole;
}

// A group fills an array with single values: nodes, inputs and literals.

struct range {
    double low;
    double high;
};

/** From the least to the greatest of what is expected of a day. */
HM_INJECT(HM_GROUP(days, sales_week, sales_month, target))
HM_EXTRACT_FIELDS()
struct range expected(size_t n, const double days[n]) {
    struct range range = {days[0], days[0]};
    for (size_t i = 1; i < n; i++) {
        range.low = days[i] < range.low ? days[i] : range.low;
        range.high = days[i] > range.high ? days[i] : range.high;
    }
    return range;
}

/** Whether it is as good as every day that was expected. */
bool good_day(double today, double high) {
    return today >= high;
}
