// lines.c — see lines.h. What the fields are matters only at quotes: between them lines
// are counted in a loop that the compiler makes one over vectors.

#include "adapters/table/lines.h"

#include <stdint.h>
#include <string.h>

// Bits, not conditions: these the compiler would not put into vectors.
static unsigned is_line_end(char c) {
    return (unsigned)(c == '\n') | (unsigned)(c == '\r');
}

static unsigned begins_line(const char *at) {
    return is_line_end(at[-1]) & ~is_line_end(*at);
}

// Sums of so many fit into a byte; whole vectors of any machine.
enum { BLOCK = 192 };

static size_t count_lines(const char *at, const char *end) {
    size_t count = 0;
    while (at < end) {
        size_t length = end - at < BLOCK ? (size_t)(end - at) : BLOCK;
        uint8_t in_block = 0;
        for (size_t i = 0; i < length; i++) {
            in_block = (uint8_t)(in_block + begins_line(at + i));
        }
        count += in_block;
        at += length;
    }
    return count;
}

static const char *find_first(const char *at, const char *end) {
    while (at < end && !begins_line(at)) {
        at++;
    }
    return at;
}

// Where the quoted field ends whose text is at `at`: its closing quote, or NULL.
static const char *closing_quote(const char *at, const char *end) {
    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        if (at + 1 == end || at[1] != '"') {
            return at;
        }
        at += 2;
    }
    return NULL;
}

// The next quote that opens a field, or the end.
static const char *opening_quote(const char *at, const char *end, char delimiter) {
    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        if (at[-1] == delimiter || is_line_end(at[-1])) {
            return at;
        }
        at++;
    }
    return end;
}

hm_lines hm_lines_find(
        const char *text, const char *end, char delimiter, bool begins_quoted) {
    hm_lines found = {.first = end};
    const char *at = text;
    if (begins_quoted) {
        at = closing_quote(text, end);
        if (at == NULL) {
            found.ends_quoted = true;
            return found;
        }
        at++;
    }
    found.first = find_first(at, end);
    while (at < end) {
        const char *quote = opening_quote(at, end, delimiter);
        const char *stop = quote < end ? quote + 1 : end; // a line may begin with one
        found.count += count_lines(at, stop);
        if (quote == end) {
            break;
        }
        at = closing_quote(quote + 1, end);
        if (at == NULL) {
            found.ends_quoted = true;
            break;
        }
        at++;
    }
    return found;
}
