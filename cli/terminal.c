// terminal.c — see terminal.h.

#include "cli/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

hm_terminal hm_terminal_of(FILE *file) {
    hm_terminal terminal = {.width = SIZE_MAX};
    if (!isatty(fileno(file))) {
        return terminal;
    }
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    terminal.is_terminal = true;
    terminal.has_colour = (no_color == NULL || no_color[0] == '\0') &&
                          (term == NULL || strcmp(term, "dumb") != 0);
    struct winsize size;
    terminal.width = ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0
                             ? size.ws_col
                             : 80;
    return terminal;
}

// The code point that text begins with, and its length in bytes. A byte that begins no
// code point is one by itself.
static uint32_t decode(const char *text, const char *end, size_t *length) {
    const unsigned char *at = (const unsigned char *)text;
    *length = hm_utf8_length(text, end);
    if (*length <= 1) {
        *length = 1;
        return at[0];
    }
    uint32_t point = at[0] & (0xffu >> (*length + 1));
    for (size_t i = 1; i < *length; i++) {
        point = point << 6 | (at[i] & 0x3f);
    }
    return point;
}

typedef struct hm_range {
    uint32_t first;
    uint32_t last;
} hm_range;

// Unicode 15: the blocks, not each code point of them.
static const hm_range combining[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd},
        {0x610, 0x61a}, {0x64b, 0x65f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
        {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
static const hm_range wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf},
        {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
        {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
        {0x20000, 0x3fffd}};

static bool is_in(uint32_t point, const hm_range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static size_t width_of(uint32_t point) {
    if (point < 0x300) {
        return 1;
    }
    if (is_in(point, combining, sizeof combining / sizeof combining[0])) {
        return 0;
    }
    return is_in(point, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

size_t hm_terminal_width(const char *text) {
    size_t width;
    hm_terminal_fit(text, SIZE_MAX, &width);
    return width;
}

size_t hm_terminal_fit(const char *text, size_t columns, size_t *width) {
    const char *end = text + strlen(text);
    const char *at = text;
    *width = 0;
    size_t length;
    for (; at < end; at += length) {
        size_t more = width_of(decode(at, end, &length));
        if (more > columns - *width) {
            break;
        }
        *width += more;
    }
    return (size_t)(at - text);
}

bool hm_terminal_write(const char *text, size_t length, void *file) {
    return fwrite(text, 1, length, file) == length;
}
