// literal.c — see literal.h. Numbers are the C library's to read: the reflector runs in
// the C locale.

#include "reflect/literal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

hm_slice hm_slice_trim(hm_slice slice) {
    while (slice.length > 0 && isspace((unsigned char)slice.text[0])) {
        slice.text++;
        slice.length--;
    }
    while (slice.length > 0 && isspace((unsigned char)slice.text[slice.length - 1])) {
        slice.length--;
    }
    return slice;
}

bool hm_is_word_byte(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

static bool is_word(hm_slice slice) {
    for (size_t i = 0; i < slice.length; i++) {
        if (!hm_is_word_byte(slice.text[i])) {
            return false;
        }
    }
    return slice.length > 0 && !isdigit((unsigned char)slice.text[0]);
}

static bool is_text(hm_slice slice, const char *text) {
    return strlen(text) == slice.length && memcmp(slice.text, text, slice.length) == 0;
}

static bool begins_with(hm_slice slice, const char *text) {
    return slice.length >= strlen(text) && memcmp(slice.text, text, strlen(text)) == 0;
}

// The value of a digit in a base, or -1.
static int digit_value(char byte, int base) {
    int value = isdigit((unsigned char)byte) ? byte - '0'
                : isxdigit((unsigned char)byte)
                        ? tolower((unsigned char)byte) - 'a' + 10
                        : base;
    return value < base ? value : -1;
}

// A code point as UTF-8. Returns how many bytes that is.
static size_t encode(uint32_t point, char *to) {
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    to[0] = (char)(lead[more] | point >> 6 * more);
    for (size_t i = 1; i <= more; i++) {
        to[i] = (char)(0x80 | (point >> 6 * (more - i) & 0x3f));
    }
    return more + 1;
}

// Reads up to `most` digits of a base from *at on.
static uint32_t read_digits(hm_slice slice, size_t *at, int base, size_t most) {
    uint32_t value = 0;
    for (size_t i = 0; i < most && *at < slice.length; i++, (*at)++) {
        int digit = digit_value(slice.text[*at], base);
        if (digit < 0) {
            break;
        }
        value = value * (uint32_t)base + (uint32_t)digit;
    }
    return value;
}

// Reads the escape whose backslash is before *at; writes its bytes and returns how
// many.
static size_t read_escape(hm_slice slice, size_t *at, char *to) {
    static const char from[] = "abfnrtv";
    static const char into[] = "\a\b\f\n\r\t\v";
    char letter = slice.text[*at];
    if (digit_value(letter, 8) >= 0) {
        *to = (char)read_digits(slice, at, 8, 3);
        return 1;
    }
    (*at)++;
    if (letter == 'x') {
        *to = (char)read_digits(slice, at, 16, SIZE_MAX);
        return 1;
    }
    if (letter == 'u' || letter == 'U') {
        return encode(read_digits(slice, at, 16, letter == 'u' ? 4 : 8), to);
    }
    const char *found = memchr(from, letter, sizeof from - 1);
    *to = found != NULL ? into[found - from] : letter;
    return 1;
}

// Decodes one quoted literal that begins at *at; appends to text and returns its new
// end, or NULL if the literal does not end.
static char *read_quoted(hm_slice slice, size_t *at, char *to) {
    char quote = slice.text[(*at)++];
    while (*at < slice.length && slice.text[*at] != quote) {
        if (slice.text[*at] == '\\' && *at + 1 < slice.length) {
            (*at)++;
            to += read_escape(slice, at, to);
        } else {
            *to++ = slice.text[(*at)++];
        }
    }
    if (*at >= slice.length) {
        return NULL;
    }
    (*at)++;
    return to;
}

static bool read_strings(hm_source *source, hm_slice slice, hm_argument *argument) {
    char *text = hm_source_array(source, slice.length + 1, 1);
    char *end = text;
    size_t at = 0;
    while (end != NULL && at < slice.length) {
        if (slice.text[at] != '"') {
            return false;
        }
        end = read_quoted(slice, &at, end);
        while (at < slice.length && isspace((unsigned char)slice.text[at])) {
            at++;
        }
    }
    if (end == NULL || memchr(text, '\0', (size_t)(end - text)) != NULL) {
        return false;
    }
    *argument = (hm_argument){.kind = HM_ARGUMENT_STRING, .text = text};
    return true;
}

static bool read_character(hm_source *source, hm_slice slice, hm_argument *argument) {
    char bytes[8];
    size_t at = 0;
    if (slice.length > 12) {
        return false;
    }
    char text[16] = {0};
    char *end = read_quoted(slice, &at, text);
    if (end != text + 1 || at != slice.length) {
        return false;
    }
    bytes[0] = text[0];
    *argument = (hm_argument){
            .kind = HM_ARGUMENT_INT,
            .text = hm_source_format(source, "%d", bytes[0]),
            .integer = bytes[0],
            .real = bytes[0],
    };
    return true;
}

// Whether what follows the digits is a suffix of integers, or of floating numbers.
static bool is_suffix(const char *end, const char *letters) {
    size_t length = strspn(end, letters);
    return end[length] == '\0' && length <= 3;
}

// `text` has no sign.
static bool read_integer(const char *text, uint64_t *value) {
    char *end;
    errno = 0;
    bool binary = text[0] == '0' && (text[1] == 'b' || text[1] == 'B');
    *value = binary ? strtoull(text + 2, &end, 2) : strtoull(text, &end, 0);
    return errno == 0 && end != text && is_suffix(end, "uUlL");
}

static bool read_real(const char *text, double *value) {
    char *end;
    *value = strtod(text, &end);
    return end != text && is_suffix(end, "fFlL") && strlen(end) <= 1;
}

// `text` has no sign; it is what <math.h> makes of NAN, INFINITY and HUGE_VAL.
static bool read_special(hm_slice slice, double *value) {
    if (begins_with(slice, "__builtin_nan")) {
        *value = (double)NAN;
        return true;
    }
    if (begins_with(slice, "__builtin_inf") ||
            begins_with(slice, "__builtin_huge_val")) {
        *value = (double)INFINITY;
        return true;
    }
    return false;
}

// Whether one pair of parentheses goes around everything.
static bool is_wrapped(hm_slice slice) {
    if (slice.length < 2 || slice.text[0] != '(') {
        return false;
    }
    size_t depth = 0;
    for (size_t i = 0; i < slice.length; i++) {
        depth += slice.text[i] == '(';
        if (slice.text[i] == ')' && --depth == 0) {
            return i + 1 == slice.length;
        }
    }
    return false;
}

static hm_slice unwrap(hm_slice slice) {
    while (is_wrapped(slice)) {
        slice = hm_slice_trim((hm_slice){slice.text + 1, slice.length - 2});
    }
    return slice;
}

static bool read_number(hm_source *source, hm_slice slice, hm_argument *argument) {
    bool negative = false;
    hm_slice digits = slice;
    while (digits.length > 0 && (digits.text[0] == '-' || digits.text[0] == '+')) {
        negative ^= digits.text[0] == '-';
        digits = hm_slice_trim((hm_slice){digits.text + 1, digits.length - 1});
        digits = unwrap(digits);
    }
    if (digits.length == 0) {
        return false;
    }
    bool special = digits.text[0] == '_';
    if (!special && !isdigit((unsigned char)digits.text[0]) && digits.text[0] != '.') {
        return false;
    }
    const char *text = hm_source_format(
            source, "%s%.*s", negative ? "-" : "", (int)digits.length, digits.text);
    const char *unsigned_text = text + negative;
    uint64_t integer;
    double real;
    uint64_t most = (uint64_t)INT64_MAX + negative;
    if (!special && read_integer(unsigned_text, &integer)) {
        bool fits = integer <= most;
        *argument = (hm_argument){
                .kind = fits ? HM_ARGUMENT_INT : HM_ARGUMENT_REAL,
                .text = text,
                .integer = !fits      ? 0
                           : negative ? (int64_t)(0 - integer)
                                      : (int64_t)integer,
                .real = negative ? -(double)integer : (double)integer,
        };
        return true;
    }
    if (special ? read_special(digits, &real) : read_real(unsigned_text, &real)) {
        *argument = (hm_argument){
                .kind = HM_ARGUMENT_REAL,
                .text = text,
                .real = negative ? -real : real,
        };
        return true;
    }
    return false;
}

static bool read_word(hm_source *source, hm_slice slice, hm_argument *argument) {
    bool is_true = is_text(slice, "true");
    bool is_bool = is_true || is_text(slice, "false");
    *argument = (hm_argument){
            .kind = is_bool ? HM_ARGUMENT_BOOL : HM_ARGUMENT_NAME,
            .text = hm_source_format(source, "%.*s", (int)slice.length, slice.text),
            .integer = is_true,
            .real = is_true ? 1 : 0,
    };
    return true;
}

bool hm_literal_read(hm_source *source, hm_slice slice, hm_argument *argument) {
    slice = unwrap(slice);
    if (slice.length == 0) {
        return false;
    }
    if (begins_with(slice, "u8\"")) {
        slice = (hm_slice){slice.text + 2, slice.length - 2};
    }
    if (slice.text[0] == '"') {
        return read_strings(source, slice, argument);
    }
    if (slice.text[0] == '\'') {
        return read_character(source, slice, argument);
    }
    if (read_number(source, slice, argument)) {
        return true;
    }
    return is_word(slice) && read_word(source, slice, argument);
}
