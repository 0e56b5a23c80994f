// beginning.h — the beginning of a text that may be long, to be shown.

#ifndef HM_BASE_BEGINNING_H
#define HM_BASE_BEGINNING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

typedef struct hm_beginning {
    hm_text *text;
    size_t left; // bytes that it takes
} hm_beginning;

// An hm_write that appends to the text as much as is left, whole characters, and "..."
// in the place of more; then it is false.
bool hm_beginning_write(const char *piece, size_t length, void *beginning);

#endif
