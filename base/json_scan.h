// json_scan.h — walks through JSON text (RFC 8259) without building anything: the
// caller knows which type it wants and asks for it.
//
//     hm_json_scan scan;
//     hm_json_scan_init(&scan, text, length);
//     if (hm_json_peek(&scan) == HM_JSON_NUMBER && hm_json_number(&scan, &slice)) ...
//
// Why not jansson, which the specification takes for small documents: it has no
// unsigned 64-bit integers, rounds numbers to double before a float or long double can
// see them, keeps no positions for messages, and takes its memory from a process-wide
// allocator.
//
// A function that meets what is no JSON writes the error and returns false; the scan is
// then of no further use. Owner only.

#ifndef HM_BASE_JSON_SCAN_H
#define HM_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "base/arena.h"

// Arrays and objects may nest so deep in text that is passed over or kept as it is.
enum { HM_JSON_DEPTH_LIMIT = 1024 };

typedef struct hm_json_scan {
    const char *start;
    const char *at;
    const char *end;
    hm_error *error; // or NULL
    bool failed;     // some function returned false because the text is wrong
} hm_json_scan;

// What begins at the next byte that is no white space.
typedef enum hm_json_kind {
    HM_JSON_END, // of the text
    HM_JSON_NULL,
    HM_JSON_TRUE,
    HM_JSON_FALSE,
    HM_JSON_NUMBER,
    HM_JSON_STRING,
    HM_JSON_ARRAY,
    HM_JSON_OBJECT,
    HM_JSON_OTHER, // a comma, a bracket that closes, or what is no JSON
} hm_json_kind;

// A piece of the text.
typedef struct hm_json_slice {
    const char *text;
    size_t length;
} hm_json_slice;

// text is kept. error gets what is wrong with the text; it may be NULL.
void hm_json_scan_init(
        hm_json_scan *scan, const char *text, size_t length, hm_error *error);

// Passes white space and tells what follows. Judges by the first byte alone.
hm_json_kind hm_json_peek(hm_json_scan *scan);

// Passes white space and then c, if it follows; else is false, which is no error.
bool hm_json_accept(hm_json_scan *scan, char c);

// Begins an array or object: after it, hm_json_next() tells whether an element or
// member is there, and passes commas and the closing bracket.
void hm_json_open(hm_json_scan *scan);

// *is_first is true for the first call after hm_json_open() and becomes false. Returns
// false at the end, and also when the text is wrong: look at `failed`.
bool hm_json_next(hm_json_scan *scan, char closing, bool *is_first);

// Reads what hm_json_peek() told. A literal is null, true or false.
bool hm_json_literal(hm_json_scan *scan);
bool hm_json_number(hm_json_scan *scan, hm_json_slice *number);

// What is between the quotes, checked, with its escapes. A NUL in it is refused, since
// C strings end there.
bool hm_json_string(hm_json_scan *scan, hm_json_slice *string);

// The same for a member's name, and passes the colon behind it.
bool hm_json_name(hm_json_scan *scan, hm_json_slice *name);

// A copy of a checked string without escapes, NUL-terminated; NULL if memory ran out.
char *hm_json_unescape(hm_json_slice string, hm_arena *arena);

// Passes any value, checking it; slice, if not NULL, is its text.
bool hm_json_skip(hm_json_scan *scan, hm_json_slice *slice);

// How many elements the array that follows has; the count ends where the text is wrong.
size_t hm_json_count(const hm_json_scan *scan);

// Nothing but white space may follow.
bool hm_json_finish(hm_json_scan *scan);

// Writes an error of this form: `expected a number, but found "x" (line 2, column 5)`.
// Returns false.
bool hm_json_expected(hm_json_scan *scan, const char *expected);

// Describes what follows for a message, shortened: `an array`, `"text"`, `12`, `the
// end`.
enum { HM_JSON_FOUND_SIZE = 48 };
void hm_json_found(const hm_json_scan *scan, char found[HM_JSON_FOUND_SIZE]);

// Writes an error of the caller's own making, followed by the position. Returns false.
bool hm_json_fail(hm_json_scan *scan, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

#endif
