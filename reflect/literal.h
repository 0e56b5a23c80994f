// literal.h — one C literal or name, from its text.

#ifndef HM_REFLECT_LITERAL_H
#define HM_REFLECT_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>

#include "reflect/source.h"

// A text that something else owns.
typedef struct hm_slice {
    const char *text;
    size_t length;
} hm_slice;

// Without the blanks around it.
hm_slice hm_slice_trim(hm_slice slice);

// Whether a byte may stand in a name.
bool hm_is_word_byte(char byte);

// Reads a number (with sign, suffix and parentheses, NaN and infinity as <math.h>
// expands them), a character, strings side by side, true, false or a name. False if it
// is none; *argument is then untouched. The text of a number is what it reads as in C.
bool hm_literal_read(hm_source *source, hm_slice slice, hm_argument *argument);

#endif
