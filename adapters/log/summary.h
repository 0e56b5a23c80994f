// summary.h — a value in few words: as JSON, cut off where it is long.

#ifndef HM_ADAPTERS_LOG_SUMMARY_H
#define HM_ADAPTERS_LOG_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/value.h>

// Text in a place of a fixed size, which is cut off where that ends.
typedef struct hm_line {
    size_t length;
    char text[1024];
} hm_line;

void hm_line_put(hm_line *line, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

// Whatever would end a line, or confuse a terminal, becomes a space.
void hm_line_clean(hm_line *line);

// A few dozen bytes; of an array its first elements and how many there are. A value
// without a type is nothing.
void hm_line_put_value(hm_line *line, const hm_value *value);

#endif
