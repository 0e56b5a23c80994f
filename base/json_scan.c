// json_scan.c — see json_scan.h. Nothing here is recursive: what is open is kept as one
// bit a level, for an object or an array.

#include "base/json_scan.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

void hm_json_scan_init(
        hm_json_scan *scan, const char *text, size_t length, hm_error *error) {
    *scan = (hm_json_scan){
            .start = text, .at = text, .end = text + length, .error = error};
}

bool hm_json_fail(hm_json_scan *scan, const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    size_t line = 1;
    size_t column = 1;
    for (const char *at = scan->start; at < scan->at; at++) {
        bool is_end = *at == '\n';
        line += is_end;
        column = is_end ? 1 : column + (((unsigned char)*at & 0xC0) != 0x80);
    }
    scan->failed = true;
    hm_error_set(scan->error, HM_BAD_DATA, "%s (line %zu, column %zu)", message, line,
            column);
    return false;
}

static bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void pass_space(hm_json_scan *scan) {
    while (scan->at < scan->end && is_space(*scan->at)) {
        scan->at++;
    }
}

hm_json_kind hm_json_peek(hm_json_scan *scan) {
    pass_space(scan);
    if (scan->at == scan->end) {
        return HM_JSON_END;
    }
    switch (*scan->at) {
    case 'n':
        return HM_JSON_NULL;
    case 't':
        return HM_JSON_TRUE;
    case 'f':
        return HM_JSON_FALSE;
    case '"':
        return HM_JSON_STRING;
    case '[':
        return HM_JSON_ARRAY;
    case '{':
        return HM_JSON_OBJECT;
    default:
        return *scan->at == '-' || is_digit(*scan->at) ? HM_JSON_NUMBER : HM_JSON_OTHER;
    }
}

// How much of the text a message shows: whole UTF-8 characters, nothing that would
// break the line.
static size_t shown_length(const char *at, const char *end, size_t limit) {
    const char *stop = at;
    while (stop < end && (unsigned char)*stop >= ' ') {
        size_t length = hm_utf8_length(stop, end);
        if (length == 0 || (size_t)(stop - at) + length > limit) {
            break;
        }
        stop += length;
    }
    return (size_t)(stop - at);
}

static bool ends_word(char c) {
    switch (c) {
    case ',':
    case ':':
    case '[':
    case ']':
    case '{':
    case '}':
    case '"':
    case '\0':
        return true;
    default:
        return is_space(c);
    }
}

void hm_json_found(const hm_json_scan *scan, char found[HM_JSON_FOUND_SIZE]) {
    hm_json_scan copy = *scan;
    switch (hm_json_peek(&copy)) {
    case HM_JSON_END:
        snprintf(found, HM_JSON_FOUND_SIZE, "the end");
        return;
    case HM_JSON_ARRAY:
        snprintf(found, HM_JSON_FOUND_SIZE, "an array");
        return;
    case HM_JSON_OBJECT:
        snprintf(found, HM_JSON_FOUND_SIZE, "an object");
        return;
    default:
        break;
    }
    const char *at = copy.at;
    const char *stop = at + 1;
    bool quoted = *at == '"';
    while (stop < copy.end && (quoted ? *stop != '"' : !ends_word(*stop))) {
        stop += quoted && *stop == '\\' && copy.end - stop > 1 ? 2 : 1;
    }
    stop += quoted && stop < copy.end;
    size_t length = shown_length(at, stop, HM_JSON_FOUND_SIZE - 8);
    if (length == 0) {
        snprintf(found, HM_JSON_FOUND_SIZE, "byte 0x%02X", (unsigned char)*at);
        return;
    }
    snprintf(found, HM_JSON_FOUND_SIZE, "%.*s%s", (int)length, at,
            at + length < stop ? "..." : "");
}

bool hm_json_expected(hm_json_scan *scan, const char *expected) {
    pass_space(scan);
    char found[HM_JSON_FOUND_SIZE];
    hm_json_found(scan, found);
    return hm_json_fail(scan, "expected %s, but found %s", expected, found);
}

bool hm_json_accept(hm_json_scan *scan, char c) {
    pass_space(scan);
    if (scan->at == scan->end || *scan->at != c) {
        return false;
    }
    scan->at++;
    return true;
}

void hm_json_open(hm_json_scan *scan) {
    pass_space(scan);
    scan->at++;
}

bool hm_json_next(hm_json_scan *scan, char closing, bool *is_first) {
    if (hm_json_accept(scan, closing)) {
        return false;
    }
    bool needs_comma = !*is_first;
    *is_first = false;
    if (needs_comma && !hm_json_accept(scan, ',')) {
        return hm_json_expected(scan, closing == ']' ? "a comma or ]" : "a comma or }");
    }
    return true;
}

bool hm_json_literal(hm_json_scan *scan) {
    static const char *const words[] = {"null", "true", "false"};
    pass_space(scan);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(scan->end - scan->at) >= length &&
                memcmp(scan->at, words[i], length) == 0 &&
                (scan->at + length == scan->end || ends_word(scan->at[length]))) {
            scan->at += length;
            return true;
        }
    }
    return hm_json_expected(scan, "a JSON value");
}

static const char *pass_digits(const char *at, const char *end) {
    while (at < end && is_digit(*at)) {
        at++;
    }
    return at;
}

// The end of the number at `at`, or NULL if it is none.
static const char *number_end(const char *at, const char *end) {
    at += at < end && *at == '-';
    const char *digits = at;
    at = pass_digits(at, end);
    if (at == digits || (*digits == '0' && at > digits + 1)) {
        return NULL;
    }
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = pass_digits(fraction, end);
        if (at == fraction) {
            return NULL;
        }
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        const char *exponent = at;
        at = pass_digits(exponent, end);
        if (at == exponent) {
            return NULL;
        }
    }
    return at < end && !ends_word(*at) ? NULL : at;
}

bool hm_json_number(hm_json_scan *scan, hm_json_slice *number) {
    pass_space(scan);
    const char *end = number_end(scan->at, scan->end);
    if (end == NULL) {
        return hm_json_expected(scan, "a number");
    }
    *number = (hm_json_slice){scan->at, (size_t)(end - scan->at)};
    scan->at = end;
    return true;
}

// Four hexadecimal digits, or -1.
static int32_t hexadecimal(const char *at, const char *end) {
    if (end - at < 4) {
        return -1;
    }
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = is_digit(c)              ? c - '0'
                    : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                    : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                             : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

// The character of a \u escape at `at`, which two escapes make together above U+FFFF;
// *length is theirs. -1 if it is none.
static int32_t unicode_escape(const char *at, const char *end, size_t *length) {
    int32_t unit = hexadecimal(at + 2, end);
    *length = 6;
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    *length = 12;
    if (unit > 0xDBFF || end - at < 12 || at[6] != '\\' || at[7] != 'u') {
        return -1;
    }
    int32_t low = hexadecimal(at + 8, end);
    if (low < 0xDC00 || low > 0xDFFF) {
        return -1;
    }
    return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
}

static const char escape_letters[] = "\"\\/bfnrt";
static const char escape_meanings[] = "\"\\/\b\f\n\r\t";

// The character of the escape at `at`, and its length; -1 if it is none.
static int32_t escape(const char *at, const char *end, size_t *length) {
    if (end - at < 2 || at[1] == '\0') {
        return -1;
    }
    if (at[1] == 'u') {
        return unicode_escape(at, end, length);
    }
    *length = 2;
    const char *letter = strchr(escape_letters, at[1]);
    return letter == NULL ? -1 : escape_meanings[letter - escape_letters];
}

// Passes one character of a string, with all that can be wrong with it.
static bool pass_character(hm_json_scan *scan) {
    size_t length;
    if (*scan->at == '\\') {
        int32_t character = escape(scan->at, scan->end, &length);
        if (character < 0) {
            return hm_json_fail(scan, "this escape is none that JSON has");
        }
        if (character == 0) {
            return hm_json_fail(scan, "a string cannot contain \\u0000");
        }
    } else if ((unsigned char)*scan->at < ' ') {
        return hm_json_fail(scan, "byte 0x%02X in a string must be written \\u%04X",
                (unsigned)*scan->at, (unsigned)*scan->at);
    } else {
        length = hm_utf8_length(scan->at, scan->end);
        if (length == 0) {
            return hm_json_fail(scan, "byte 0x%02X in a string is not UTF-8",
                    (unsigned char)*scan->at);
        }
    }
    scan->at += length;
    return true;
}

// Passes bytes, eight at a time, that a string holds as they are: ASCII, but no quote,
// no backslash and nothing below a space. Subtracting borrows from a highest bit that
// was not set where a byte is less, or is zero once the byte that is looked for is
// taken away from it.
static void pass_plain(hm_json_scan *scan) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; scan->end - scan->at >= 8; scan->at += 8) {
        uint64_t bytes;
        memcpy(&bytes, scan->at, sizeof bytes);
        uint64_t quote = bytes ^ (ones * '"');
        uint64_t backslash = bytes ^ (ones * '\\');
        uint64_t found =
                bytes | (bytes - ones * ' ') | (quote - ones) | (backslash - ones);
        if ((found & (ones << 7)) != 0) {
            return;
        }
    }
}

bool hm_json_string(hm_json_scan *scan, hm_json_slice *string) {
    pass_space(scan);
    if (scan->at == scan->end || *scan->at != '"') {
        return hm_json_expected(scan, "a string");
    }
    const char *first = ++scan->at;
    pass_plain(scan);
    while (scan->at < scan->end && *scan->at != '"') {
        if (!pass_character(scan)) {
            return false;
        }
    }
    if (scan->at == scan->end) {
        scan->at = first - 1;
        return hm_json_fail(scan, "a string has no closing quote");
    }
    *string = (hm_json_slice){first, (size_t)(scan->at - first)};
    scan->at++;
    return true;
}

bool hm_json_name(hm_json_scan *scan, hm_json_slice *name) {
    if (hm_json_peek(scan) != HM_JSON_STRING) {
        return hm_json_expected(scan, "a member's name in quotes");
    }
    if (!hm_json_string(scan, name)) {
        return false;
    }
    return hm_json_accept(scan, ':') || hm_json_expected(scan, "a colon");
}

char *hm_json_unescape(hm_json_slice string, hm_arena *arena) {
    char *copy = hm_arena_take(arena, string.length + 1, 1);
    if (copy == NULL) {
        return NULL;
    }
    char *to = copy;
    const char *end = string.text + string.length;
    for (const char *at = string.text; at < end;) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        size_t length;
        int32_t character = escape(at, end, &length);
        to += hm_utf8_write((uint32_t)character, to);
        at += length;
    }
    *to = '\0';
    return copy;
}

// Passes a value that is no array and no object.
static bool skip_simple(hm_json_scan *scan, hm_json_kind kind) {
    hm_json_slice slice;
    switch (kind) {
    case HM_JSON_STRING:
        return hm_json_string(scan, &slice);
    case HM_JSON_NUMBER:
        return hm_json_number(scan, &slice);
    case HM_JSON_NULL:
    case HM_JSON_TRUE:
    case HM_JSON_FALSE:
        return hm_json_literal(scan);
    default:
        return hm_json_expected(scan, "a JSON value");
    }
}

// What is open around a value that is passed: bit i of `objects` is 1 if the level is
// an object.
typedef struct levels {
    uint8_t objects[HM_JSON_DEPTH_LIMIT / 8];
    size_t count;
} levels;

static bool innermost_is_object(const levels *open) {
    return open->objects[(open->count - 1) / 8] >> (open->count - 1) % 8 & 1;
}

static bool push(hm_json_scan *scan, levels *open, bool is_object) {
    if (open->count == HM_JSON_DEPTH_LIMIT) {
        return hm_json_fail(scan, "arrays and objects nest deeper than %d levels",
                HM_JSON_DEPTH_LIMIT);
    }
    uint8_t bit = (uint8_t)(1u << open->count % 8);
    uint8_t *byte = &open->objects[open->count / 8];
    *byte = (uint8_t)(is_object ? *byte | bit : *byte & ~bit);
    open->count++;
    scan->at++;
    return true;
}

bool hm_json_skip(hm_json_scan *scan, hm_json_slice *slice) {
    pass_space(scan);
    const char *start = scan->at;
    levels open;
    open.count = 0;
    do {
        hm_json_kind kind = hm_json_peek(scan);
        bool is_first = kind == HM_JSON_ARRAY || kind == HM_JSON_OBJECT;
        if (is_first ? !push(scan, &open, kind == HM_JSON_OBJECT)
                     : !skip_simple(scan, kind)) {
            return false;
        }
        // Closes what ends here, until something has another element.
        while (open.count > 0) {
            bool is_object = innermost_is_object(&open);
            if (hm_json_next(scan, is_object ? '}' : ']', &is_first)) {
                hm_json_slice name;
                if (is_object && !hm_json_name(scan, &name)) {
                    return false;
                }
                break;
            }
            if (scan->failed) {
                return false;
            }
            open.count--;
            is_first = false;
        }
    } while (open.count > 0);
    if (slice != NULL) {
        *slice = (hm_json_slice){start, (size_t)(scan->at - start)};
    }
    return true;
}

size_t hm_json_count(const hm_json_scan *scan) {
    hm_json_scan copy = *scan;
    copy.error = NULL;
    size_t count = 0;
    hm_json_open(&copy);
    for (bool is_first = true; hm_json_next(&copy, ']', &is_first); count++) {
        if (!hm_json_skip(&copy, NULL)) {
            break;
        }
    }
    return count;
}

bool hm_json_finish(hm_json_scan *scan) {
    return hm_json_peek(scan) == HM_JSON_END ||
           hm_json_expected(scan, "nothing behind the value");
}
