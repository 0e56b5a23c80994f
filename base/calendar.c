// calendar.c — see calendar.h.
//
// Days are counted in years that begin in March, so that the odd day is the last one,
// and in eras of 400 years, after which the calendar repeats (Howard Hinnant,
// chrono-Compatible Low-Level Date Algorithms, 2021).

#include "base/calendar.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum {
    DAYS_OF_ERA = 146097,
    EPOCH = 719468, // 1970-01-01 in days after 0000-03-01
    SECONDS_OF_DAY = 86400,
    NANOSECONDS = 1000000000, // of a second
    MOST_YEAR_DIGITS = 18,    // which are more than fit any unit
    FRACTION_DIGITS = 9,
};

typedef struct moment {
    int64_t year;
    int month;
    int day;
    int second;         // of the day
    int64_t nanosecond; // of the second
    bool is_finer;      // than nanoseconds
    int offset;         // from UTC, in seconds
} moment;

static const char *const unit_names[] = {
#define X(unit, constant) [constant] = #unit,
        HM_TIME_TYPE_LIST(X)
#undef X
};

hm_time_unit hm_time_unit_find(const char *name) {
    for (hm_time_unit unit = HM_TIME_DAY; unit <= HM_TIME_NS; unit++) {
        if (strcmp(name, unit_names[unit]) == 0) {
            return unit;
        }
    }
    return HM_TIME_NONE;
}

const char *hm_time_unit_name(hm_time_unit unit) {
    return unit_names[unit];
}

// How many of the unit are in a second; 0 for days.
static int64_t units_of_second(hm_time_unit unit) {
    switch (unit) {
    case HM_TIME_S:
        return 1;
    case HM_TIME_MS:
        return 1000;
    case HM_TIME_US:
        return 1000000;
    case HM_TIME_NS:
        return NANOSECONDS;
    default:
        return 0;
    }
}

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool accept(cursor *text, char c) {
    bool is_there = text->at < text->end && *text->at == c;
    text->at += is_there;
    return is_there;
}

static bool is_digit(const cursor *text) {
    return text->at < text->end && *text->at >= '0' && *text->at <= '9';
}

// Takes from least to most digits.
static bool take(cursor *text, int least, int most, int64_t *number) {
    int count = 0;
    *number = 0;
    for (; count < most && is_digit(text); count++) {
        *number = *number * 10 + (*text->at++ - '0');
    }
    return count >= least;
}

static bool take_two(cursor *text, int *number) {
    int64_t taken;
    bool is_taken = take(text, 2, 2, &taken);
    *number = (int)taken;
    return is_taken;
}

static bool take_date(cursor *text, moment *found) {
    bool is_negative = accept(text, '-');
    bool is_signed = is_negative || accept(text, '+');
    if (!take(text, 4, is_signed ? MOST_YEAR_DIGITS : 4, &found->year)) {
        return false;
    }
    found->year = is_negative ? -found->year : found->year;
    return accept(text, '-') && take_two(text, &found->month) && accept(text, '-') &&
           take_two(text, &found->day);
}

static bool take_fraction(cursor *text, moment *found) {
    if (!accept(text, '.') && !accept(text, ',')) {
        return true;
    }
    const char *first = text->at;
    if (!take(text, 1, FRACTION_DIGITS, &found->nanosecond)) {
        return false;
    }
    for (ptrdiff_t i = text->at - first; i < FRACTION_DIGITS; i++) {
        found->nanosecond *= 10;
    }
    for (; is_digit(text); text->at++) {
        found->is_finer = found->is_finer || *text->at != '0';
    }
    return true;
}

// Hours and minutes are in range where this is true.
static bool take_offset(cursor *text, moment *found, bool *is_there) {
    if (accept(text, 'Z') || accept(text, 'z') || text->at == text->end) {
        return true;
    }
    bool is_negative = accept(text, '-');
    int hour;
    int minute = 0;
    if ((!is_negative && !accept(text, '+')) || !take_two(text, &hour)) {
        return false;
    }
    if ((accept(text, ':') || is_digit(text)) && !take_two(text, &minute)) {
        return false;
    }
    *is_there = *is_there && hour < 24 && minute < 60;
    int offset = (hour * 60 + minute) * 60;
    found->offset = is_negative ? -offset : offset;
    return true;
}

static bool take_time(cursor *text, moment *found, bool *is_there) {
    if (text->at == text->end) {
        return true;
    }
    int hour;
    int minute;
    int second = 0;
    if ((!accept(text, 'T') && !accept(text, 't') && !accept(text, ' ')) ||
            !take_two(text, &hour) || !accept(text, ':') || !take_two(text, &minute)) {
        return false;
    }
    if (accept(text, ':') &&
            (!take_two(text, &second) || !take_fraction(text, found))) {
        return false;
    }
    *is_there = hour < 24 && minute < 60 && second < 60;
    found->second = (hour * 60 + minute) * 60 + second;
    return take_offset(text, found, is_there);
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool is_day(const moment *date) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date->month < 1 || date->month > 12 || date->day < 1) {
        return false;
    }
    int length = lengths[date->month - 1] + (date->month == 2 && is_leap(date->year));
    return date->day <= length;
}

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

// What is left then, which is not negative.
static int64_t floor_remainder(int64_t a, int64_t b) {
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

// From 1970-01-01.
static wide days_until(const moment *date) {
    int64_t year = date->year - (date->month <= 2);
    int64_t era = floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month = (date->month + 9) % 12; // from March
    int64_t day = (153 * month + 2) / 5 + date->day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day;
    return (wide)era * DAYS_OF_ERA + day_of_era - EPOCH;
}

static hm_time_fit take_moment(const char *text, size_t length, moment *found) {
    *found = (moment){0};
    cursor rest = {text, text + length};
    bool is_there = true;
    if (!take_date(&rest, found) || !take_time(&rest, found, &is_there) ||
            rest.at != rest.end) {
        return HM_TIME_MALFORMED;
    }
    return is_there && is_day(found) ? HM_TIME_FITS : HM_TIME_NOT_THERE;
}

hm_time_fit hm_time_read(
        hm_time_unit unit, const char *text, size_t length, int64_t *value) {
    moment found;
    hm_time_fit fit = take_moment(text, length, &found);
    if (fit != HM_TIME_FITS) {
        return fit;
    }
    wide seconds = days_until(&found) * SECONDS_OF_DAY + found.second - found.offset;
    int64_t per_second = units_of_second(unit);
    int64_t step = per_second > 0 ? NANOSECONDS / per_second : NANOSECONDS;
    if (found.is_finer || found.nanosecond % step != 0 ||
            (per_second == 0 && seconds % SECONDS_OF_DAY != 0)) {
        return HM_TIME_TOO_FINE;
    }
    wide units = per_second > 0 ? seconds * per_second + found.nanosecond / step
                                : seconds / SECONDS_OF_DAY;
    if (units < INT64_MIN || units > INT64_MAX) {
        return HM_TIME_OUT_OF_RANGE;
    }
    *value = (int64_t)units;
    return HM_TIME_FITS;
}

const char *hm_time_complaint(hm_time_fit fit) {
    switch (fit) {
    case HM_TIME_NOT_THERE:
        return "is no day or time that there is";
    case HM_TIME_TOO_FINE:
        return "is finer than that";
    case HM_TIME_OUT_OF_RANGE:
        return "does not fit";
    default:
        return "is neither a number nor a time as 2024-02-29 or 2024-02-29T12:30:00Z";
    }
}

static size_t write_date(int64_t days, char text[HM_NUMBER_SIZE]) {
    int64_t era = floor_divide(days, DAYS_OF_ERA);
    int64_t day_of_era = floor_remainder(days, DAYS_OF_ERA) + EPOCH;
    era += day_of_era / DAYS_OF_ERA;
    day_of_era %= DAYS_OF_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                                  day_of_era / 146096) /
                          365;
    int64_t day =
            day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day + 2) / 153; // from March
    int64_t year = era * 400 + year_of_era + (month >= 10);
    const char *sign = year < 0 ? "-" : year > 9999 ? "+" : "";
    return (size_t)snprintf(text, HM_NUMBER_SIZE, "%s%04" PRId64 "-%02d-%02d", sign,
            year < 0 ? -year : year, (int)(month < 10 ? month + 3 : month - 9),
            (int)(day - (153 * month + 2) / 5 + 1));
}

static size_t write_fraction(hm_time_unit unit, int64_t fraction, char text[16]) {
    int digits = unit == HM_TIME_MS ? 3 : unit == HM_TIME_US ? 6 : 9;
    return fraction == 0 ? 0
                         : (size_t)snprintf(text, 16, ".%0*" PRId64, digits, fraction);
}

size_t hm_time_write(hm_time_unit unit, int64_t value, char text[HM_NUMBER_SIZE]) {
    int64_t per_second = units_of_second(unit);
    if (per_second == 0) {
        return write_date(value, text);
    }
    int64_t seconds = floor_divide(value, per_second);
    int64_t days = floor_divide(seconds, SECONDS_OF_DAY);
    int second = (int)floor_remainder(seconds, SECONDS_OF_DAY);
    size_t length = write_date(days, text);
    length += (size_t)snprintf(text + length, 16, "T%02d:%02d:%02d", second / 3600,
            second / 60 % 60, second % 60);
    length += write_fraction(unit, floor_remainder(value, per_second), text + length);
    text[length++] = 'Z';
    text[length] = '\0';
    return length;
}
