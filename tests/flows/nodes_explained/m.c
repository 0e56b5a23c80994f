// How nodes came to be.

#include <stddef.h>
#include <stdint.h>

#include <hamilton/modifiers.h>

struct range {
    double low;
    double high;
    int marks[3];
};

/**
 * Mean of {days} days.
 *
 * Of {values}.
 */
HM_TAG(owner, "growth \"team\"", 3)
HM_PARAMETERIZE(week, HM_VALUE(days, 7))
HM_PARAMETERIZE(month, HM_SOURCE(values, "all values"), HM_VALUE(days, 30))
double mean(size_t n, const double values[n], int days, HM_DEFAULT(0.5) double weight) {
    return n > 0 ? values[0] * days * weight : 0;
}

HM_EXTRACT_FIELDS(low)
HM_INJECT(HM_GROUP(x, week, 4, month), HM_VALUE(note, "a \"b\""))
HM_OTHERWISE
HM_NAME(range)
struct range range_of(size_t n, const double x[n], const char *note, double factor) {
    (void)note;
    return (struct range){x[0], x[n - 1] * factor, {0}};
}

HM_WHEN_NOT(season, summer, winter)
HM_WHEN(region, us)
double tax__us(double low, HM_TIME(day) HM_DEFAULT("2026-01-02") int64_t since) {
    return low * (double)since;
}

double taxed(double tax) {
    return tax;
}

void both(double week, double week_before, double *sum, double *difference) {
    *sum = week + week_before;
    *difference = week - week_before;
}
