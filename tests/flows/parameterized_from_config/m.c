// HM_PARAMETERIZE_FROM_CONFIG: config says which nodes a function makes.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/modifiers.h>

/** Mean of the last {days} days of {values}, as {output_name}. */
HM_TAG(owner, shop)
HM_PARAMETERIZE_FROM_CONFIG(windows)
double mean_of_last(size_t n, const double values[n], int days) {
    size_t first = n > (size_t)days ? n - (size_t)days : 0;
    double sum = 0;
    for (size_t i = first; i < n; i++) {
        sum += values[i];
    }
    return n > first ? sum / (double)(n - first) : 0;
}

HM_WHEN(with, tops)
HM_PARAMETERIZE_FROM_CONFIG("tops")
double top(size_t n, const double x[n], float factor, bool negate, const char *note) {
    double top = x[0];
    for (size_t i = 1; i < n; i++) {
        top = x[i] > top ? x[i] : top;
    }
    return top * (double)factor * (negate ? -1 : 1) + (double)strlen(note);
}

/** Exists unless config makes it of `mean_of_last`. */
HM_OTHERWISE
HM_NAME(week)
double fixed_week(double base) {
    return base / 7;
}

double rows(double x, double week) {
    return x + week;
}

HM_WHEN(with, names)
HM_PARAMETERIZE_FROM_CONFIG(names)
int64_t length(size_t n, const char *const names[n], HM_TIME(day) int64_t day) {
    return (int64_t)(n * strlen(names[0])) + day;
}
