// form.h — what one parameter, or the result, of a function declares by itself.

#ifndef HM_REFLECT_FORM_H
#define HM_REFLECT_FORM_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "reflect/model.h"
#include "reflect/source.h"
#include "reflect/types.h"

typedef enum hm_form_kind {
    HM_FORM_NOTHING,   // void, as a result
    HM_FORM_VALUE,     // T x, const char *x, const T x[n]; as a result, T
    HM_FORM_OBJECT,    // const T *x; as a result, T * too
    HM_FORM_OUTPUT,    // T *y, const char **y, char **y, T y[n]
    HM_FORM_EXPANSION, // T **y, char ***y
    HM_FORM_LENGTH,    // size_t n; what is an extent is for the whole signature to say
    HM_FORM_ASYNC,     // hm_async *done
} hm_form_kind;

typedef struct hm_form {
    CXCursor cursor;
    hm_place place; // of the name
    hm_place start; // of the declaration
    const char *name;
    hm_form_kind kind;
    hm_model_type *type; // of one element; NULL if refused, or of no value
    hm_ownership ownership;
    bool is_array;         // T x[n]
    CXCursor extent;       // its n
    uint32_t extent_index; // of the parameter n, once known; else HM_NONE
    bool is_size;          // size_t n
    bool is_size_pointer;  // size_t *count
    bool is_pointed_at;    // const T *x, where T is no struct
    bool is_status;        // int, as a result
    bool is_refused;       // a fault was reported
} hm_form;

// Reports what a node cannot take.
hm_form hm_form_of_parameter(
        hm_source *source, hm_types *types, CXCursor parameter, const char *function);

// Reports what a node cannot return.
hm_form hm_form_of_result(
        hm_source *source, hm_types *types, CXCursor function, const char *name);

#endif
