// climate.c — what takes many days to say. Needs the days of daily.c, in order and
// without gaps.

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

// The sum over each day and the ones before it, window days in all; unknown until there
// are so many. Summed anew for every day, so that nothing is carried on: neither
// rounding errors nor a missing value.
static void rolling_sum(size_t days, size_t window, const double *x, double *sum) {
    for (size_t i = 0; i < days; i++) {
        sum[i] = i + 1 < window ? NAN : 0;
        for (size_t back = 0; back < window && back <= i; back++) {
            sum[i] += x[i - back];
        }
    }
}

/** Mean temperature of the last seven days. */
HM_TAG(unit, "°C")
void temp_mean_7d(size_t days, const double temp_mean[days], double out[days]) {
    rolling_sum(days, 7, temp_mean, out);
    for (size_t i = 0; i < days; i++) {
        out[i] /= 7;
    }
}

/** Precipitation of the last thirty days. */
HM_TAG(unit, mm)
void precipitation_30d(
        size_t days, const double precipitation[days], double out[days]) {
    rolling_sum(days, 30, precipitation, out);
}

/** How many dry days in a row end with this one. */
HM_TAG(unit, d)
void dry_spell(size_t days, const bool dry_day[days], int out[days]) {
    int length = 0;
    for (size_t i = 0; i < days; i++) {
        length = dry_day[i] ? length + 1 : 0;
        out[i] = length;
    }
}

/** The longest dry spell, and its last day. */
HM_TAG(unit, d)
void longest_dry_spell(size_t days, const int dry_spell[days],
        const char *const date[days], int *out, const char **longest_dry_spell_end) {
    *out = 0;
    *longest_dry_spell_end = "never";
    for (size_t i = 0; i < days; i++) {
        if (dry_spell[i] > *out) {
            *out = dry_spell[i];
            *longest_dry_spell_end = date[i];
        }
    }
}

/** The day with the highest temperature. */
const char *hottest_day(
        size_t days, const double temp_max[days], const char *const date[days]) {
    size_t hottest = 0;
    for (size_t i = 1; i < days; i++) {
        if (temp_max[i] > temp_max[hottest]) {
            hottest = i;
        }
    }
    return days == 0 ? "never" : date[hottest];
}

/** What the difference between day and night is like. */
struct range_statistics {
    double smallest;
    double mean;
    double largest;
};

/** Smallest, mean and largest difference between day and night. */
HM_TAG(unit, "°C")
struct range_statistics temp_range_statistics(
        size_t days, const double temp_range[days]) {
    struct range_statistics range = {INFINITY, 0, -INFINITY};
    for (size_t i = 0; i < days; i++) {
        range.smallest = fmin(range.smallest, temp_range[i]);
        range.largest = fmax(range.largest, temp_range[i]);
        range.mean += temp_range[i];
    }
    range.mean /= (double)days;
    return range;
}

/** The usual temperature of each month; NaN for a month that was not observed. */
struct month_normals {
    double temp_mean[12];
};

/** Mean temperature of each month, over all years. */
HM_TAG(unit, "°C")
struct month_normals month_normals(
        size_t days, const int month[days], const double temp_mean[days]) {
    struct month_normals normals = {{0}};
    int observed[12] = {0};
    for (size_t i = 0; i < days; i++) {
        normals.temp_mean[month[i] - 1] += temp_mean[i];
        observed[month[i] - 1]++;
    }
    for (size_t i = 0; i < 12; i++) {
        normals.temp_mean[i] /= observed[i];
    }
    return normals;
}

/** How much warmer the day was than is usual in its month. */
HM_TAG(unit, "°C")
double temp_anomaly(
        double temp_mean, int month, const struct month_normals *month_normals) {
    return temp_mean - month_normals->temp_mean[month - 1];
}

/** Mean temperature of the whole record. */
HM_TAG(unit, "°C")
double record_mean(size_t days, const double temp_mean[days]) {
    double sum = 0;
    for (size_t i = 0; i < days; i++) {
        sum += temp_mean[i];
    }
    return sum / (double)days;
}

/** One year of the record. */
struct year_summary {
    int year;
    int days;
    double temp_mean;
    double precipitation;
    double heating_degree_days;
    int frost_days;
    int snow_days;
    int longest_dry_spell; // as far as it lies in the year or the one before
};

static size_t count_years(size_t days, const int *year) {
    size_t count = 0;
    for (size_t i = 0; i < days; i++) {
        count += i == 0 || year[i] != year[i - 1];
    }
    return count;
}

// Observations have tenths, so their sums and means of two have no more than
// hundredths: what lies beyond is the rounding of binary numbers.
static double hundredths(double sum) {
    return round(sum * 100) / 100;
}

/** The record year by year: as many summaries as there are years in it. */
int yearly_summary(size_t days, const int year[days], const double temp_mean[days],
        const double precipitation[days], const double heating_degree_days[days],
        const bool frost[days], const bool snow_day[days], const int dry_spell[days],
        struct year_summary **out, size_t *count) {
    size_t year_count = count_years(days, year);
    struct year_summary *summaries = calloc(year_count + 1, sizeof *summaries);
    if (summaries == NULL) {
        return hm_fail("out of memory");
    }
    struct year_summary *summary = summaries;
    for (size_t i = 0; i < days; i++) {
        if (i > 0 && year[i] != year[i - 1]) {
            summary++;
        }
        summary->year = year[i];
        summary->days++;
        summary->temp_mean += temp_mean[i]; // the sum, until all days are in
        summary->precipitation += precipitation[i];
        summary->heating_degree_days += heating_degree_days[i];
        summary->frost_days += frost[i];
        summary->snow_days += snow_day[i];
        if (dry_spell[i] > summary->longest_dry_spell) {
            summary->longest_dry_spell = dry_spell[i];
        }
    }
    for (size_t i = 0; i < year_count; i++) {
        summaries[i].temp_mean /= summaries[i].days;
        summaries[i].precipitation = hundredths(summaries[i].precipitation);
        summaries[i].heating_degree_days = hundredths(summaries[i].heating_degree_days);
    }
    *out = summaries;
    *count = year_count;
    return 0;
}

/** How much warmer the year was than the record: runs once a year. */
HM_TAG(unit, "°C")
double year_anomaly(const struct year_summary *yearly_summary, double record_mean) {
    return yearly_summary->temp_mean - record_mean;
}

/** The warmest year of the record, from all years together again. */
int warmest_year(size_t years, const struct year_summary yearly_summary[years]) {
    size_t warmest = 0;
    for (size_t i = 1; i < years; i++) {
        if (yearly_summary[i].temp_mean > yearly_summary[warmest].temp_mean) {
            warmest = i;
        }
    }
    return years == 0 ? 0 : yearly_summary[warmest].year;
}
