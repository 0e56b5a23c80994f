// times.c — see times.h.

#include "adapters/duckdb/times.h"

#include <stdio.h>

#include "base/calendar.h"
#include "base/time_scale.h"

// The first of a unit is what its times become. The least and greatest are those that
// DuckDB also shows as text, on their way through a Parquet file too, where seconds are
// microseconds. One further is its infinity; -infinity is the opposite of that.
static const struct {
    duckdb_type type;
    const char *name;
    hm_time_unit unit;
    int64_t least;
    int64_t greatest;
} known[] = {
        {DUCKDB_TYPE_DATE, "DATE", HM_TIME_DAY, 1 - INT32_MAX, INT32_MAX - 1},
        {DUCKDB_TYPE_TIMESTAMP_S, "TIMESTAMP_S", HM_TIME_S, -9223372022400,
                9223372036854},
        {DUCKDB_TYPE_TIMESTAMP_MS, "TIMESTAMP_MS", HM_TIME_MS, -9223372022400000,
                9223372036854775},
        {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP", HM_TIME_US, -9223372022400000000,
                INT64_MAX - 1},
        {DUCKDB_TYPE_TIMESTAMP_NS, "TIMESTAMP_NS", HM_TIME_NS, -9223286400000000000,
                INT64_MAX - 1},
        {DUCKDB_TYPE_TIMESTAMP_TZ, "TIMESTAMP WITH TIME ZONE", HM_TIME_US, 0, 0},
};

enum { KNOWN_COUNT = sizeof known / sizeof *known };

hm_time_unit hm_times_unit(duckdb_type type) {
    size_t i = 0;
    while (i < KNOWN_COUNT && known[i].type != type) {
        i++;
    }
    return i < KNOWN_COUNT ? known[i].unit : HM_TIME_NONE;
}

static size_t index_of(hm_time_unit unit) {
    size_t i = 0;
    while (known[i].unit != unit) {
        i++;
    }
    return i;
}

duckdb_type hm_times_type(hm_time_unit unit) {
    return known[index_of(unit)].type;
}

// How many come before one that is infinite, of which there is no time of ours.
static size_t count_finite(hm_time_unit unit, const int64_t *times, size_t count) {
    int64_t infinity = unit == HM_TIME_DAY ? INT32_MAX : INT64_MAX;
    bool has_infinite = false; // a loop without a way out is vectorised
    for (size_t i = 0; i < count; i++) {
        has_infinite |= times[i] == infinity || times[i] == -infinity;
    }
    size_t finite = has_infinite ? 0 : count;
    while (finite < count && times[finite] != infinity && times[finite] != -infinity) {
        finite++;
    }
    return finite;
}

size_t hm_times_take(const hm_numbers *times, hm_time_unit unit, size_t first,
        size_t count, const hm_type *type, int64_t *elements,
        char message[HM_TIMES_MESSAGE_SIZE]) {
    hm_numbers_take(times, first, count, type, elements); // as int64_t they all fit
    size_t finite = count_finite(unit, elements, count);
    size_t taken = hm_time_scale(unit, type->time_unit, elements, finite);
    if (taken == count) {
        return count;
    }
    if (taken == finite) {
        snprintf(message, HM_TIMES_MESSAGE_SIZE,
                "%sinfinity is no time that %s holds; read it with SQL that makes it "
                "NULL",
                elements[taken] < 0 ? "-" : "", type->name);
        return taken;
    }
    char text[HM_NUMBER_SIZE];
    hm_time_write(unit, elements[taken], text);
    snprintf(message, HM_TIMES_MESSAGE_SIZE,
            "%s %s %s; take the column as HM_TIME(%s) int64_t", text,
            hm_time_scale_complaint(unit, type->time_unit), type->name,
            hm_time_unit_name(unit));
    return taken;
}

bool hm_times_fit(
        hm_time_unit unit, int64_t time, char message[HM_TIMES_MESSAGE_SIZE]) {
    size_t i = index_of(unit);
    if (time >= known[i].least && time <= known[i].greatest) {
        return true;
    }
    char text[HM_NUMBER_SIZE];
    hm_time_write(unit, time, text);
    snprintf(message, HM_TIMES_MESSAGE_SIZE,
            "%s does not fit %s, DuckDB's type for it; save it as CSV or JSON", text,
            known[i].name);
    return false;
}
