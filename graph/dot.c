// dot.c — see dot.h.

#include "graph/dot.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void hm_dot_init(hm_dot *dot, hm_write *write, void *to) {
    dot->write = write;
    dot->to = to;
    dot->failed = false;
    dot->used = 0;
}

bool hm_dot_flush(hm_dot *dot) {
    if (dot->used > 0 && !dot->failed) {
        dot->failed = !dot->write(dot->pending, dot->used, dot->to);
    }
    dot->used = 0;
    return !dot->failed;
}

static void put_bytes(hm_dot *dot, const char *bytes, size_t length) {
    while (length > 0) {
        size_t room = sizeof dot->pending - dot->used;
        size_t piece = length < room ? length : room;
        memcpy(dot->pending + dot->used, bytes, piece);
        dot->used += piece;
        bytes += piece;
        length -= piece;
        if (dot->used == sizeof dot->pending) {
            hm_dot_flush(dot);
        }
    }
}

void hm_dot_put(hm_dot *dot, const char *text) {
    put_bytes(dot, text, strlen(text));
}

void hm_dot_format(hm_dot *dot, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    hm_dot_put(dot, text);
}

// What stands for a byte, or NULL for itself.
typedef const char *hm_escape(char c);

static const char *escape_html(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return (unsigned char)c < ' ' || c == '\x7f' ? " " : NULL;
    }
}

static const char *escape_quoted(char c) {
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    default:
        return (unsigned char)c < ' ' || c == '\x7f' ? " " : NULL;
    }
}

static void put_escaped(
        hm_dot *dot, const char *text, size_t longest, hm_escape *escape) {
    const char *end = text + strlen(text);
    for (size_t count = 0; text < end; count++) {
        if (count == longest) {
            hm_dot_put(dot, "…");
            return;
        }
        size_t length = hm_utf8_length(text, end);
        const char *instead = length == 0 ? "\xEF\xBF\xBD" : escape(*text);
        if (instead != NULL) {
            hm_dot_put(dot, instead);
            text++;
        } else {
            put_bytes(dot, text, length);
            text += length;
        }
    }
}

void hm_dot_html(hm_dot *dot, const char *text, size_t longest) {
    put_escaped(dot, text, longest, escape_html);
}

void hm_dot_quoted(hm_dot *dot, const char *text, size_t longest) {
    put_escaped(dot, text, longest, escape_quoted);
}
