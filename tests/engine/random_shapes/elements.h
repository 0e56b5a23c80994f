// elements.h — what the values of random dataflows are made of. Every element of every
// type stands for one number: a text is its digits behind some z, so that a text that
// is borrowed from it, one character further, is the same one.

#ifndef HM_TESTS_RANDOM_SHAPES_ELEMENTS_H
#define HM_TESTS_RANDOM_SHAPES_ELEMENTS_H

#include <stdatomic.h>
#include <stddef.h>

#include <hamilton/type.h>

// Numbers and structs are by value, of which WIDE is larger and more aligned than a
// buffer is by itself; texts and objects are by pointer, and can be given or borrowed.
enum class { NUMBER, TEXT, OBJECT, STRUCT, WIDE, CLASSES };

extern const hm_type *const types[CLASSES];

// Texts, objects and arrays that functions gave and that have not ended.
extern atomic_long live_count;
void *give(size_t size);
void end_given(void *memory);

// Elements are where a slot or an array has them: an object's is a pointer.
size_t size_of(enum class class);
long read_element(enum class class, const void *at);
void write_element(enum class class, void *at, long number, void *(*allocate)(size_t));
void borrow_element(enum class class, void *at, const void *from);

#endif
