// write_literal.h — texts as C string literals.

#ifndef HM_REFLECT_WRITE_LITERAL_H
#define HM_REFLECT_WRITE_LITERAL_H

#include "base/text.h"
#include "reflect/source.h"

// Appends the literal that reads as text, quotes included, or a null pointer for NULL.
void hm_write_literal(hm_text *to, const char *text);

// The same as a text of its own.
const char *hm_literal_code(hm_source *source, const char *text);

#endif
