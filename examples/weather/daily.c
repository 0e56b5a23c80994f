// daily.c — what can be said of one day from its own observations.
//
// Every function takes and gives single values: the module answers a request about one
// day and, given columns, runs over all days. Temperatures are in °C, precipitation in
// mm, wind in m/s. A missing observation arrives as NaN and leaves as NaN.

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

/** The parts of a date that is written as 2012-01-31. */
int calendar(const char *date, int *year, int *month, int *day) {
    int length = 0;
    int found = sscanf(date, "%4d-%2d-%2d%n", year, month, day, &length);
    if (found != 3 || date[length] != '\0' || *month < 1 || *month > 12 || *day < 1 ||
            *day > 31) {
        return hm_fail("\"%s\" is no date such as 2012-01-31", date);
    }
    return 0;
}

/** Mean temperature, as weather services say it: half way between the extremes. */
HM_TAG(unit, "°C")
double temp_mean(double temp_max, double temp_min) {
    return (temp_max + temp_min) / 2;
}

/** How much warmer the day was than its night. */
HM_TAG(unit, "°C")
double temp_range(double temp_max, double temp_min) {
    return temp_max - temp_min;
}

// Not fmax(), which would turn a missing value into 0.
static double positive_part(double x) {
    return x < 0 ? 0 : x;
}

/** How far, and so how long, a house has to be heated. */
HM_TAG(unit, "°C d")
HM_TAG(used_for, heating, billing)
double heating_degree_days(double temp_mean, HM_DEFAULT(18.0) double base_temperature) {
    return positive_part(base_temperature - temp_mean);
}

/** How far, and so how long, a house has to be cooled. */
HM_TAG(unit, "°C d")
HM_TAG(used_for, cooling, billing)
double cooling_degree_days(double temp_mean, HM_DEFAULT(18.0) double base_temperature) {
    return positive_part(temp_mean - base_temperature);
}

/** Whether water froze. */
bool frost(double temp_min) {
    return temp_min < 0;
}

// As precisely as temperatures are observed.
static double tenths(double x) {
    return round(x * 10) / 10;
}

/**
 * The coldest that it felt, in °C.
 *
 * The index of 2001 of the weather services of Canada and the United States, which is
 * defined up to 10 °C and for wind above 4.8 km/h.
 */
HM_OTHERWISE
double wind_chill__metric(double temp_min, double wind) {
    double speed = wind * 3.6; // km/h
    if (temp_min > 10 || speed <= 4.8) {
        return temp_min;
    }
    double effect = pow(speed, 0.16);
    return tenths(
            13.12 + 0.6215 * temp_min - 11.37 * effect + 0.3965 * temp_min * effect);
}

static double fahrenheit(double celsius) {
    return celsius * 1.8 + 32;
}

/** The coldest that it felt, in °F: the same index, with its coefficients for mph. */
HM_WHEN(units, imperial)
double wind_chill__imperial(double temp_min, double wind) {
    double coldest = fahrenheit(temp_min);
    double speed = wind / 0.44704; // mph
    if (coldest > 50 || speed <= 3) {
        return tenths(coldest);
    }
    double effect = pow(speed, 0.16);
    return tenths(
            35.74 + 0.6215 * coldest - 35.75 * effect + 0.4275 * coldest * effect);
}

/** Classes of daily precipitation, with the bounds of the ETCCDI climate indices. */
enum rain {
    RAIN_UNKNOWN,
    RAIN_DRY,   // below 1 mm
    RAIN_WET,   // below 10 mm
    RAIN_HEAVY, // below 20 mm
    RAIN_VERY_HEAVY,
};

/** How wet the day was: 1 dry, 2 wet, 3 heavy, 4 very heavy. */
enum rain rain(double precipitation) {
    if (isnan(precipitation)) {
        return RAIN_UNKNOWN;
    }
    return precipitation < 1    ? RAIN_DRY
           : precipitation < 10 ? RAIN_WET
           : precipitation < 20 ? RAIN_HEAVY
                                : RAIN_VERY_HEAVY;
}

/** Whether the day counts as dry. */
bool dry_day(enum rain rain) {
    return rain == RAIN_DRY;
}

enum sky { SKY_DRIZZLE, SKY_RAIN, SKY_SNOW, SKY_SUN, SKY_FOG };

/** The weather of the day as a number: 0 drizzle, 1 rain, 2 snow, 3 sun, 4 fog. */
int sky(const char *weather, enum sky *out) {
    static const char *const names[] = {"drizzle", "rain", "snow", "sun", "fog"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(weather, names[i]) == 0) {
            *out = (enum sky)i;
            return 0;
        }
    }
    return hm_fail("\"%s\" is none of drizzle, rain, snow, sun, fog", weather);
}

/** Whether it snowed. */
bool snow_day(enum sky sky) {
    return sky == SKY_SNOW;
}

// Writes the line that is shown to a person; the engine frees it.
static int describe(const char *date, double low, double high, const char *unit,
        const char *weather, char **out) {
    const char *format = "%s: %.0f to %.0f %s, %s";
    int length = snprintf(NULL, 0, format, date, low, high, unit, weather);
    *out = malloc((size_t)length + 1);
    if (*out == NULL) {
        return hm_fail("out of memory");
    }
    snprintf(*out, (size_t)length + 1, format, date, low, high, unit, weather);
    return 0;
}

/** The day in one line. */
HM_OTHERWISE
int headline__metric(const char *date, double temp_min, double temp_max,
        const char *weather, char **out) {
    return describe(date, temp_min, temp_max, "°C", weather, out);
}

/** The day in one line. */
HM_WHEN(units, imperial)
int headline__imperial(const char *date, double temp_min, double temp_max,
        const char *weather, char **out) {
    return describe(
            date, fahrenheit(temp_min), fahrenheit(temp_max), "°F", weather, out);
}
