// value.h — a value on its way into or out of a run: one, or many.
//
//     hm_binding inputs[] = {
//         {"alpha", hm_value_double(0.5)},
//         {"spend", hm_value_many(&hm_type_double, spend, row_count)},
//         {"region", hm_value_json("\"us\"")}, // read as what the parameter's type
//         says
//     };

#ifndef HAMILTON_VALUE_H
#define HAMILTON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/export.h>
#include <hamilton/type.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The elements of one array. In an array of arrays the elements are hm_array again.
typedef struct hm_array {
    void *data;    ///< length elements, where their type can lie; may be NULL when
                   ///< length is 0. Strings and objects in an array that is given to
                   ///< a run are null pointers only if they are missing
    size_t length; ///< in elements

    /// Bit i, least significant first, is 1 if element i is present; NULL if all are.
    uint8_t *validity;
} hm_array;

/// A typed value. It is moved, not copied: whoever has it last calls release.
typedef struct hm_value {
    const hm_type *type;

    /// How many dimensions: 0 is one value, 1 an array, more an array of arrays.
    uint32_t depth;

    union {
        /// depth 0: the value itself, if it is no larger than this; else see `data`.
        bool as_bool;
        int as_int;
        int64_t as_int64;
        double as_double;
        const char *as_string;
        unsigned char bytes[16];
    } one;

    /// depth 0: points at the value, or NULL when it is in `one`. A string's points at
    /// the const char *, an object's at the object. Unused otherwise.
    const void *data;

    hm_array many; ///< depth 1 and more

    /// What a function returns by pointer. depth 1 and more: the innermost elements are
    /// pointers to values of the type. depth 0: there is no object if data is NULL.
    bool by_reference;

    /// Frees what data and many point at, and sets release to NULL. NULL when that is
    /// borrowed.
    void (*release)(struct hm_value *value);
    void *context; ///< for release
} hm_value;

/// A name and its value.
typedef struct hm_binding {
    const char *name;
    hm_value value;
} hm_binding;

/// One value of a type, borrowed by pointer. Any thread, as all of these.
HM_API hm_value hm_value_one(const hm_type *type, const void *data);

/// An array of length elements of a type, borrowed.
HM_API hm_value hm_value_many(const hm_type *type, const void *data, size_t length);

HM_API hm_value hm_value_bool(bool value);
HM_API hm_value hm_value_int(int value);
HM_API hm_value hm_value_int64(int64_t value);
HM_API hm_value hm_value_double(double value);

/// text is borrowed, NUL-terminated UTF-8.
HM_API hm_value hm_value_string(const char *text);

/// JSON text, borrowed: read when the type that is wanted is known. An array in it
/// makes the value many.
HM_API hm_value hm_value_json(const char *text);

/// An object by reference, borrowed; type names the type it points to.
HM_API hm_value hm_value_object(const hm_type *type, const void *object);

/// Where the value is, if depth is 0: data, or else `one`. NULL for an object that is
/// none, as when a function returned a null pointer.
HM_API const void *hm_value_data(const hm_value *value);

/// Calls release if there is one; afterwards the value is empty. Accepts an empty
/// value.
HM_API void hm_value_release(hm_value *value);

#ifdef __cplusplus
}
#endif

#endif
