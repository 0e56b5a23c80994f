// flights.c — what can be said of flights: of each one, and of all together.
//
// The inputs are the columns of flights-3m.parquet: `date`, when a flight was to leave,
// a time in UTC; `delay` in minutes, negative if it was early; `distance`
// in miles; `origin`, the code of an airport.

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/modifiers.h>

#define HOUR INT64_C(3600000000) // in microseconds
#define DAY (24 * HOUR)

enum { HOURS = 24, WINDOW = 100, LATE = 15 };

// Of each flight.

/// The hour of the day, 0 to 23.
int hour(HM_TIME(us) int64_t date) {
    return (int)(date % DAY / HOUR);
}

/// The day of the week, from 0, which is Monday. The first of January 1970 was a
/// Thursday.
int weekday(HM_TIME(us) int64_t date) {
    return (int)((date / DAY + 3) % 7);
}

/// Where the hand of a clock with 24 hours is, so that midnight is near to midnight.
double hour_sine(int hour) {
    return sin(hour * (2 * 3.14159265358979323846 / HOURS));
}

double kilometres(double distance) {
    return distance * 1.609344;
}

double log_distance(double distance) {
    return log(distance + 1);
}

/// How long a flight takes that is on time: an estimate.
double planned_hours(double kilometres) {
    return kilometres / 800 + 0.5;
}

double hours_on_the_way(double planned_hours, double delay) {
    return planned_hours + delay / 60;
}

/// In kilometres an hour, seen by who waits.
double speed(double kilometres, double hours_on_the_way) {
    return hours_on_the_way > 0.25 ? kilometres / hours_on_the_way : NAN;
}

/// Minutes of delay, where being early counts as being on time.
double lateness(double delay) {
    return delay > 0 ? delay : 0;
}

int is_late(double delay) {
    return delay > LATE;
}

double lateness_per_100_km(double lateness, double kilometres) {
    return 100 * lateness / (kilometres + 1);
}

// Of all flights together.

double delay_mean(size_t flights, const double delay[flights]) {
    double sum = 0;
    for (size_t i = 0; i < flights; i++) {
        sum += delay[i];
    }
    return sum / (double)flights;
}

double delay_deviation(size_t flights, const double delay[flights], double delay_mean) {
    double sum = 0;
    for (size_t i = 0; i < flights; i++) {
        sum += (delay[i] - delay_mean) * (delay[i] - delay_mean);
    }
    return sqrt(sum / (double)flights);
}

/// How many standard deviations a flight's delay is above the mean.
double delay_z(double delay, double delay_mean, double delay_deviation) {
    return (delay - delay_mean) / delay_deviation;
}

double late_share(size_t flights, const int is_late[flights]) {
    size_t late = 0;
    for (size_t i = 0; i < flights; i++) {
        late += is_late[i] != 0;
    }
    return (double)late / (double)flights;
}

/// The mean delay of a flight and the 99 that left before it; of fewer at the
/// beginning. Delays are whole minutes, so the sum that slides along stays exact.
void rolling_delay(size_t flights, const double delay[flights], double out[flights]) {
    double sum = 0;
    for (size_t i = 0; i < flights; i++) {
        sum += delay[i] - (i >= WINDOW ? delay[i - WINDOW] : 0);
        out[i] = sum / (double)(i < WINDOW ? i + 1 : WINDOW);
    }
}

/// For each hour of the day, in their order: the mean delay, and how many flights. An
/// hour without flights has NaN.
int by_hour(size_t flights, const int hour[flights], const double delay[flights],
        double **hour_delay, size_t **hour_flights, size_t *count) {
    *hour_delay = calloc(HOURS, sizeof **hour_delay);
    *hour_flights = calloc(HOURS, sizeof **hour_flights);
    if (*hour_delay == NULL || *hour_flights == NULL) {
        free(*hour_delay); // what a function that fails has made stays its own
        free(*hour_flights);
        return 1;
    }
    for (size_t i = 0; i < flights; i++) {
        (*hour_delay)[hour[i]] += delay[i];
        (*hour_flights)[hour[i]]++;
    }
    for (size_t h = 0; h < HOURS; h++) {
        (*hour_delay)[h] /= (double)(*hour_flights)[h];
    }
    *count = HOURS;
    return 0;
}

// Airports by their codes: a table in which a code is looked for from where its letters
// say, and that has always a free place.

struct airport {
    const char *code; // NULL where the place is free
    double delay;     // the sum of delays
    size_t flights;
};

struct airports {
    struct airport *places;
    size_t place_count; // a power of two
    size_t used;
};

static struct airport *find(const struct airports *airports, const char *code) {
    size_t at = 5381;
    for (const char *letter = code; *letter != '\0'; letter++) {
        at = at * 33 + (unsigned char)*letter;
    }
    for (;; at++) {
        struct airport *place = &airports->places[at & (airports->place_count - 1)];
        if (place->code == NULL || strcmp(place->code, code) == 0) {
            return place;
        }
    }
}

static int grow(struct airports *airports) {
    struct airports larger = {
            .place_count = airports->place_count * 2, .used = airports->used};
    larger.places = calloc(larger.place_count, sizeof *larger.places);
    if (larger.places == NULL) {
        return 1;
    }
    for (size_t i = 0; i < airports->place_count; i++) {
        if (airports->places[i].code != NULL) {
            *find(&larger, airports->places[i].code) = airports->places[i];
        }
    }
    free(airports->places);
    *airports = larger;
    return 0;
}

static int count_flights(struct airports *airports, size_t flights,
        const char *const origin[flights], const double delay[flights]) {
    for (size_t i = 0; i < flights; i++) {
        struct airport *airport = find(airports, origin[i]);
        if (airport->code == NULL) {
            if (2 * ++airports->used > airports->place_count) {
                if (grow(airports) != 0) {
                    return 1;
                }
                airport = find(airports, origin[i]);
            }
            airport->code = origin[i];
        }
        airport->delay += delay[i];
        airport->flights++;
    }
    return 0;
}

// Codes in their order, free places at the end.
static int compare(const void *a, const void *b) {
    const char *left = ((const struct airport *)a)->code;
    const char *right = ((const struct airport *)b)->code;
    return left == NULL || right == NULL ? (left == NULL) - (right == NULL)
                                         : strcmp(left, right);
}

static char *copy(const char *code) {
    size_t size = strlen(code) + 1;
    char *copy = malloc(size);
    return copy != NULL ? memcpy(copy, code, size) : NULL;
}

/// For each airport, by its code: the mean delay of the flights that left it, and how
/// many they were.
int by_airport(size_t flights, const char *const origin[flights],
        const double delay[flights], char ***airport, double **airport_delay,
        size_t **airport_flights, size_t *count) {
    struct airports airports = {.place_count = 1024};
    airports.places = calloc(airports.place_count, sizeof *airports.places);
    if (airports.places == NULL ||
            count_flights(&airports, flights, origin, delay) != 0) {
        free(airports.places);
        return 1;
    }
    qsort(airports.places, airports.place_count, sizeof *airports.places, compare);
    size_t size = airports.used + 1; // of none there is memory too
    *airport = calloc(size, sizeof **airport);
    *airport_delay = calloc(size, sizeof **airport_delay);
    *airport_flights = calloc(size, sizeof **airport_flights);
    int failed = *airport == NULL || *airport_delay == NULL || *airport_flights == NULL;
    *count = airports.used;
    for (size_t i = 0; i < airports.used && !failed; i++) {
        const struct airport *place = &airports.places[i];
        (*airport)[i] = copy(place->code);
        (*airport_delay)[i] = place->delay / (double)place->flights;
        (*airport_flights)[i] = place->flights;
        failed = (*airport)[i] == NULL;
    }
    for (size_t i = 0; failed && *airport != NULL && i < airports.used; i++) {
        free((*airport)[i]);
    }
    if (failed) {
        free(*airport);
        free(*airport_delay);
        free(*airport_flights);
    }
    free(airports.places);
    return failed;
}
