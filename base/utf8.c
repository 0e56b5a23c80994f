// utf8.c — see utf8.h; table 3-7 of the Unicode standard.

#include "base/utf8.h"

#include <string.h>

static bool is_between(char c, unsigned least, unsigned greatest) {
    return (unsigned char)c >= least && (unsigned char)c <= greatest;
}

size_t hm_utf8_length(const char *at, const char *end) {
    unsigned char first = (unsigned char)*at;
    if (first < 0x80) {
        return 1;
    }
    size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4 || (size_t)(end - at) < length) {
        return 0;
    }
    unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned greatest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (!is_between(at[1], least, greatest)) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if (!is_between(at[i], 0x80, 0xBF)) {
            return 0;
        }
    }
    return length;
}

// Whether eight bytes are ASCII without a NUL: subtracting one borrows from the highest
// bit of a byte that is 0, and at most also from that of one above it.
static bool are_plain(const char *text) {
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
    return ((bytes | (bytes - UINT64_C(0x0101010101010101))) &
                   UINT64_C(0x8080808080808080)) == 0;
}

bool hm_utf8_is(const char *text, size_t length) {
    const char *end = text + length;
    while (text < end) {
        if (end - text >= 8 && are_plain(text)) {
            text += 8;
            continue;
        }
        size_t character = hm_utf8_length(text, end);
        if (character == 0 || *text == '\0') {
            return false;
        }
        text += character;
    }
    return true;
}

size_t hm_utf8_write(uint32_t character, char to[4]) {
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    unsigned mark = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0;
    to[0] = (char)(mark | character);
    return length;
}
