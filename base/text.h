// text.h — text that grows. A failed allocation is remembered, so that a writer appends
// without looking and checks once at the end.

#ifndef HM_BASE_TEXT_H
#define HM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/allocator.h>

typedef struct hm_text {
    const hm_allocator *allocator;
    char *data; // NUL-terminated once something was appended, else NULL
    size_t length;
    size_t capacity;
    bool failed; // memory ran out: the text is incomplete
} hm_text;

// Keeps allocator; NULL means the default. Allocates nothing yet.
void hm_text_init(hm_text *text, const hm_allocator *allocator);
void hm_text_finish(hm_text *text);

// Forgets the content, keeps the memory.
void hm_text_clear(hm_text *text);

void hm_text_append(hm_text *text, const char *piece);
void hm_text_append_bytes(hm_text *text, const char *piece, size_t length);
void hm_text_format(hm_text *text, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

// An hm_write that appends to an hm_text.
bool hm_text_write(const char *piece, size_t length, void *text);

// The content: never NULL.
const char *hm_text_get(const hm_text *text);

#endif
