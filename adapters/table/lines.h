// lines.h — where the lines of delimited text begin, found without looking at its
// fields.

#ifndef HM_ADAPTERS_TABLE_LINES_H
#define HM_ADAPTERS_TABLE_LINES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct hm_lines {
    const char *first; // where the first one begins, or the end of the text
    size_t count;      // of lines that begin in the text and are not empty
    bool ends_quoted;  // the text ends within a quoted field
} hm_lines;

// Of text that begins behind a line end: as a line, or within a quoted field. There is
// a byte before it.
hm_lines hm_lines_find(
        const char *text, const char *end, char delimiter, bool begins_quoted);

#endif
