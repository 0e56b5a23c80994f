// calendar.h — dates and times as text, as ISO 8601 has them, in the Gregorian calendar
// from first to last.

#ifndef HM_BASE_CALENDAR_H
#define HM_BASE_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/json.h>
#include <hamilton/type.h>

// The unit of a name as HM_TIME takes it: HM_TIME_NONE if it is none.
hm_time_unit hm_time_unit_find(const char *name);

// The other way round.
const char *hm_time_unit_name(hm_time_unit unit);

typedef enum hm_time_fit {
    HM_TIME_FITS,
    HM_TIME_MALFORMED,
    HM_TIME_NOT_THERE, // the 30th of February, 25 o'clock
    HM_TIME_TOO_FINE,  // a part of the unit would be lost
    HM_TIME_OUT_OF_RANGE,
} hm_time_fit;

// Reads the whole text, a date alone or with a time:
//
//     2024-02-29    2024-02-29T12:30    2024-02-29 12:30:00.25Z 2024-02-29T12:30+01:00
//
// A year of more than four digits has a sign. Without an offset it is UTC; a date alone
// is its midnight. *value is untouched unless it fits.
hm_time_fit hm_time_read(
        hm_time_unit unit, const char *text, size_t length, int64_t *value);

// What is wrong with a text: "is no day ...".
const char *hm_time_complaint(hm_time_fit fit);

// Writes a time so that it reads back as the same, NUL-terminated, and returns its
// length: the date of a day, else date and time in UTC, with a fraction if there is
// one.
size_t hm_time_write(hm_time_unit unit, int64_t value, char text[HM_NUMBER_SIZE]);

#endif
