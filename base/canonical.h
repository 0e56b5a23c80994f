// canonical.h — the one sequence of bytes that stands for a value: it is what is hashed
// and what is stored. Two values of one form have the same bytes only if they are
// equal:
//
//     element    a number's bytes; a struct's fields one by one, never its padding; a
//                string's length, bytes and NUL; a struct by reference behind one byte
//                that says whether there is one; what a type writes itself
//                (hm_type.write) is the length of that, and that
//     array      its length, whether elements are missing, which, and its elements;
//                those that are missing are zeros, or left out where their size varies
//
// Floating numbers are their bits: -0.0 is not 0.0, and one NaN is not another.

#ifndef HM_BASE_CANONICAL_H
#define HM_BASE_CANONICAL_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/value.h>

// What elements of a fixed size are aligned to, counted from the beginning.
#define HM_CANONICAL_ALIGNMENT 64

// What is to be done with values.
typedef enum hm_canonical_use {
    HM_CANONICAL_TO_HASH,
    HM_CANONICAL_TO_KEEP, // also to be read back
} hm_canonical_use;

// Where the bytes go.
typedef struct hm_canonical_sink hm_canonical_sink;
struct hm_canonical_sink {
    hm_canonical_use use;

    void (*add)(hm_canonical_sink *sink, const void *bytes, size_t length);

    // Some of the elements of a large array: the same ones, whatever they are.
    void (*add_part)(hm_canonical_sink *sink, const void *bytes, size_t length);

    // Elements of a fixed size come next.
    void (*align)(hm_canonical_sink *sink);

    // A value whose type speaks for itself, see below. Once it has returned anything
    // but HM_OK it is not called any more.
    hm_status (*add_object)(
            hm_canonical_sink *sink, const hm_type *type, const void *object);

    hm_status status; // HM_OK when writing begins
};

// A value that has no obstacle, see below. HM_OK, or what add_object said.
HM_MUST_CHECK hm_status hm_canonical_write(
        hm_canonical_sink *sink, const hm_value *value);

// The type, or that of a field in it, whose values have no such bytes: they are only
// known by pointer, hold more than their fields, or have to be destroyed, and the type
// does not say how they are written, read and destroyed, or what they hash to. NULL if
// there is none.
const hm_type *hm_canonical_obstacle(const hm_type *type, hm_canonical_use use);

// Whether the type speaks for itself: to keep values, it says how they are written,
// read and destroyed; to hash them, how they are written or what they hash to.
bool hm_canonical_is_own(const hm_type *type, hm_canonical_use use);

// Bytes of a number that are part of its value: not all of a long double's are.
size_t hm_canonical_number_size(const hm_type *type);

// Whether its elements, one behind the other, are all value and no padding or pointers.
bool hm_canonical_is_solid(const hm_type *type);

// How many elements a field has.
size_t hm_canonical_field_length(const hm_field *field);

#endif
