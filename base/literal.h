// literal.h — an argument of a modifier as a word, or as a value of a type.

#ifndef HM_BASE_LITERAL_H
#define HM_BASE_LITERAL_H

#include <stdbool.h>

#include <hamilton/module.h>
#include <hamilton/type.h>

// A word: bare or quoted, and not empty.
bool hm_argument_is_word(const hm_argument *argument);

// Stores a literal as one value of the type: a number that it can hold, 0 or 1 or a
// word for a bool, text for a string or a time. A string is borrowed. False, and slot
// is untouched, if the literal is none of the type; structs and opaque types have none.
bool hm_literal_store(const hm_argument *literal, const hm_type *type, void *slot);

#endif
