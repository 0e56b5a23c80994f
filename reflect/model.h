// model.h — what was read from a source and what is written of it: the public tables,
// and beside them what only the C text needs. Everything lives in the source's arena.

#ifndef HM_REFLECT_MODEL_H
#define HM_REFLECT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "reflect/source.h"

// A function that does something with values of a type.
typedef struct hm_model_duty {
    const char *function; // NULL if there is none
    CXCursor cursor;
    hm_place place;  // of the modifier that says so
    bool is_defined; // in the source
} hm_model_duty;

// A type of the module. Fields of a struct point at the `type` of other such types.
typedef struct hm_model_type {
    hm_type type;         // first: a pointer to it is a pointer to all
    uint32_t number;      // index among the module's types
    const char *spelling; // how C code names it; NULL for an unnamed struct
    bool holds_pointers;  // it, or a part of it
    hm_model_duty destroyer;
    hm_model_duty writer;
    hm_model_duty reader;
    hm_model_duty hasher;
    const char *version; // of the last three
    bool is_given;       // by a function or the reader: the destroyer must be there
    CXType clang;        // without qualifiers
} hm_model_type;

typedef struct hm_model_parameter {
    hm_parameter parameter;   // default_value stays NULL: see default_code
    const char *default_code; // the default as a C initializer, or NULL
    hm_place place;           // of its name
    bool is_pointed_at;       // one value of no struct, as `const double *x`
} hm_model_parameter;

// What the engine passes for one argument of the C function.
typedef enum hm_role {
    HM_ROLE_INPUT,
    HM_ROLE_OUTPUT,
    HM_ROLE_LENGTH, // size_t n, the extent of arrays
    HM_ROLE_COUNT,  // size_t *count, the length of expansions
    HM_ROLE_ASYNC,  // hm_async *done, the call of an asynchronous function
} hm_role;

typedef struct hm_model_argument {
    hm_role role;
    uint32_t index; // of the parameter, the output or the dimension; else 0
} hm_model_argument;

// What the function that HM_DOES names is called with, for one of its arguments.
typedef struct hm_model_given {
    const hm_model_argument *argument;    // the prototype's own, or NULL
    const hm_model_type *type;            // of the literal, or of the members; or NULL
    const char *code;                     // a literal, or NULL
    const struct hm_model_given *members; // of an array that is formed of them
    uint32_t member_count;
} hm_model_given;

typedef enum hm_result {
    HM_RESULT_NOTHING,
    HM_RESULT_VALUE, // it is output 0
    HM_RESULT_STATUS,
} hm_result;

typedef struct hm_model_function {
    CXCursor cursor;  // the definition, or the prototype that is a node
    hm_place place;   // of the name
    const char *file; // that it is in, as messages have it
    const char *name;
    const char *doc;
    const char *version;
    const char *uses; // as hm_function has it
    uint32_t flags;
    hm_result result;
    bool is_static;
    bool is_refused;              // what its declaration says is not all known
    bool is_async;                // it takes an hm_async *
    bool has_body;                // else there is nothing to call
    hm_model_argument *arguments; // in the order of the C function
    uint32_t argument_count;
    hm_model_parameter *parameters;
    uint32_t parameter_count;
    hm_output *outputs;
    uint32_t output_count;
    const char **dimensions;
    uint32_t dimension_count;
    hm_modifier *modifiers;
    uint32_t modifier_count;
    const char *does; // the function that is called in its place, or NULL
    CXCursor does_cursor;
    const hm_model_given *given; // by its arguments
    uint32_t given_count;
    const char *combiner; // the function that HM_REDUCE names, or NULL
    CXCursor combiner_cursor;
    bool combines_pointers; // it takes pointers to values
} hm_model_function;

typedef struct hm_model {
    const char *name;       // the file's stem
    const char *symbol;     // the same as a C identifier
    const char *path;       // absolute
    const char *shown_path; // as messages have it
    hm_model_type *const *types;
    uint32_t type_count;
    hm_model_function *functions;
    uint32_t function_count;
    bool has_state;            // variables that outlive calls and are not constant
    const char *const *macros; // that the user's files define
    uint32_t macro_count;
} hm_model;

#endif
