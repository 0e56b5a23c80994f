// utf8.h — what is UTF-8 and what is not.

#ifndef HM_BASE_UTF8_H
#define HM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How many bytes the character at `at` has, which is before end: 1 to 4, or 0 if it is
// none. Surrogates, overlong forms and anything above U+10FFFF are none.
size_t hm_utf8_length(const char *at, const char *end);

// Whether the whole text is UTF-8 without a NUL.
bool hm_utf8_is(const char *text, size_t length);

// Writes a character and returns its length.
size_t hm_utf8_write(uint32_t character, char to[4]);

#endif
