// given.h — whether a value that comes from outside can be read at all: it points at
// what it says, where its type can lie.

#ifndef HM_BASE_GIVEN_H
#define HM_BASE_GIVEN_H

#include <stdbool.h>

#include <hamilton/value.h>

enum { HM_GIVEN_FAULT_SIZE = 192 };

// False if not, and what it does wrong, to follow "the value given for `x`". Elements
// are looked at one by one where they are pointers or arrays.
bool hm_given_is_sound(const hm_value *value, char fault[HM_GIVEN_FAULT_SIZE]);

#endif
