// Tags of all that a function makes, and of one of its nodes.

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

HM_TAG_OUTPUT(mean, unit, "°C")
HM_TAG(owner, weather)
HM_TAG_OUTPUT(count, unit, days, 3, 2.5, true)
HM_TAG_OUTPUT(count, owner, statistics)
HM_TAG(unit, none)
void statistics(size_t n, const double t[n], double *mean, int *count, double *last) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += t[i];
    }
    *mean = n > 0 ? sum / (double)n : 0;
    *count = (int)n;
    *last = n > 0 ? t[n - 1] : 0;
}

HM_PARAMETERIZE(warm, HM_VALUE(bound, 20))
HM_PARAMETERIZE(hot, HM_VALUE(bound, 30))
HM_TAG(level, 1)
HM_TAG_OUTPUT(hot, level, 2)
HM_TAG_OUTPUT(hot, alarm, true)
bool above(double last, double bound) {
    return last > bound;
}

struct range {
    double low;
    double high;
};

HM_EXTRACT_FIELDS()
HM_TAG_OUTPUT("low", unit, "°C")
HM_TAG_OUTPUT(range, kind, both)
HM_OTHERWISE
struct range range__of_two(double mean, double last) {
    return (struct range){mean < last ? mean : last, mean < last ? last : mean};
}
