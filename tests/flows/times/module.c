// Dates and times are int64_t that say what they count.

#include <stddef.h>
#include <stdint.h>

#include <hamilton/modifiers.h>

/// The day of a moment.
HM_TIME(day)
int64_t day(HM_TIME(ms) int64_t at) {
    return at / 86400000 - (at % 86400000 < 0);
}

/// Days from one moment to the next, no time any more.
int64_t days_since(HM_TIME(day) int64_t day, HM_TIME(day) HM_DEFAULT("2024-01-01") int64_t start) {
    return day - start;
}

/// The last moment.
void latest(size_t n, HM_TIME(ms) const int64_t at[n], HM_TIME(ms) int64_t *out) {
    *out = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        *out = at[i] > *out ? at[i] : *out;
    }
}

/// One second later each.
void later(size_t n, HM_TIME(ms) const int64_t at[n], HM_TIME(ms) int64_t out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = at[i] + 1000;
    }
}
