// json.h — values from and to JSON text.
//
// Numbers are written with the fewest digits that read back to the same bits of their
// own type; NaN and infinities as null; dates and times as text in ISO 8601. Structs
// are objects with a member for each field, arrays are arrays, arrays of arrays nest. A
// field that is an array of plain char is text, which ends with its NUL, unless that is
// not NUL-terminated UTF-8. What is only known by pointer is written as "<its type>"
// and cannot be read.

#ifndef HAMILTON_JSON_H
#define HAMILTON_JSON_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/results.h>
#include <hamilton/status.h>
#include <hamilton/value.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Reads JSON text as values of a type. How deep its arrays nest is the value's depth,
/// at most 32; text that becomes no value may nest 1024 deep. An integer type takes a
/// number that it holds exactly (3, 3.0 and 3e0 are one), a floating type the nearest
/// that is finite, a date or time also its text. null is NaN for floating types; an
/// element of an array that is null is missing for others, as is an array that stands
/// in another; anywhere else null is an error for them, as are members that are
/// missing, unknown or given twice. The type JSON takes any text as it is. Messages
/// count elements from 1. allocator is kept until the value is released; NULL means the
/// default. Any thread. The caller releases *value.
HM_API HM_MUST_CHECK hm_status hm_json_read(const char *text, const hm_type *type,
        const hm_allocator *allocator, hm_value *value, hm_error *error);

/// Writes a value as JSON on one line. HM_BAD_DATA if text in it was no UTF-8: all is
/// written, with U+FFFD for such bytes. Any thread.
HM_API HM_MUST_CHECK hm_status hm_json_write(
        const hm_value *value, hm_write *write, void *to);

/// Writes results as one JSON object on one line, with a member for each in the order
/// in which they were asked for; those that are not ready are left out. HM_BAD_DATA as
/// for hm_json_write(), with the name of the first; HM_IO if write ended it. Any
/// thread.
HM_API HM_MUST_CHECK hm_status hm_json_write_results(
        const hm_results *results, hm_write *write, void *to, hm_error *error);

/// Writes text as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
HM_API HM_MUST_CHECK hm_status hm_json_write_string(
        const char *text, hm_write *write, void *to);

/// The longest text of a number, with its final NUL.
#define HM_NUMBER_SIZE 64

/// Writes one element as text, as in JSON but for NaN and infinities, which are "nan",
/// "inf" and "-inf"; times are text without quotes. The type is BOOL, INT, UINT or
/// FLOAT. Any thread; whatever the locale.
HM_API size_t hm_number_format(
        const hm_type *type, const void *element, char text[HM_NUMBER_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
