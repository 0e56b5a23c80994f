// terminal.h — what the user sees the text on.

#ifndef HM_CLI_TERMINAL_H
#define HM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct hm_terminal {
    bool is_terminal;
    bool has_colour; // a terminal, and the user did not set NO_COLOR
    size_t width;    // in columns; SIZE_MAX if it is no terminal
} hm_terminal;

hm_terminal hm_terminal_of(FILE *file);

// How many columns a text takes: a code point counts one, or two for East Asian wide
// ones and emoji, or none for combining marks. Bytes that are no UTF-8 count one each.
size_t hm_terminal_width(const char *text);

// How many of the first bytes of a text fit into so many columns, and how many of these
// they take.
size_t hm_terminal_fit(const char *text, size_t columns, size_t *width);

// An hm_write that writes to a FILE.
bool hm_terminal_write(const char *text, size_t length, void *file);

#endif
