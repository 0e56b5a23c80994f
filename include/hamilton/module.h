// module.h — the tables that describe a module: what `hamilton reflect` writes, and
// what a program or a binding for another language may fill itself (examples/by_hand).
//
// Everything in a module is constant and outlives the drivers that use it.
//
// A function is called through a thunk. It gets the run's frame and, for each parameter
// and then for each output, in the order of the tables below, the offset of a slot:
//
//     static int call_ratio(void *frame, const uint32_t *at, void *self) {
//         char *f = frame;
//         *(double *)(f + at[2]) = *(double *)(f + at[0]) / *(double *)(f + at[1]);
//         return 0;
//     }
//
// A slot holds, by the shape and pass of its parameter or output:
//
//     one, by value       the value itself: a T, or a const char * for a string
//     one, by reference   a const T * (parameter) or T * (output)
//     array, expansion    an hm_array; its data are Ts, or pointers if by reference
//
// The parameter that is the length of a dimension has no slot: it is the length of any
// of the arrays over it. Before the call, data and length of an output of shape
// HM_ARRAY are set and the memory is there; those of an expansion are set by the call.

#ifndef HAMILTON_MODULE_H
#define HAMILTON_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/export.h>
#include <hamilton/type.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Grows when a table below changes; a module of another number is refused.
#define HM_MODULE_ABI 8

/// An index that points nowhere.
#define HM_NONE UINT32_MAX

/// Runs a function once. 0 is success; anything else fails the node. Any thread.
typedef int hm_call_thunk(void *frame, const uint32_t *at, void *self);

/// One argument of a mapped function: row i has its slot at element i * stride of data.
typedef struct hm_lane {
    void *data;
    size_t stride; ///< in slots: 1, or 0 for an argument that is the same in all rows
} hm_lane;

/// Runs a function over rows 0 to count - 1, lanes in the order of `at`. Outputs have
/// stride 1. Stops at the first row that fails, writes it to *row and returns its
/// status.
typedef int hm_map_thunk(const hm_lane *lanes, size_t count, size_t *row, void *self);

/// Runs a function that cannot fail over count rows: at[i] points at the first of count
/// slots, one behind the other, of operand i. Outputs share no memory with others.
typedef void hm_rows_thunk(void *const *at, size_t count);

typedef struct hm_async hm_async; // <hamilton/node.h>

/// Starts an asynchronous function on one row; lanes as of hm_map_thunk, whose outputs
/// have stride 0 if it is not mapped. Returns what the function does.
typedef int hm_start_thunk(
        const hm_lane *lanes, size_t row, void *self, hm_async *done);

/// Combines what a function made of two parts of its arrays, of which *more comes right
/// after *into: *into = f(*into, *more), both of the output's type. Any thread.
typedef void hm_combine_thunk(void *into, const void *more, void *self);

typedef enum hm_shape {
    HM_ONE,
    HM_ARRAY,     ///< over a dimension of the function
    HM_EXPANSION, ///< an output whose length the function decides
} hm_shape;

typedef enum hm_pass {
    HM_BY_VALUE,
    HM_BY_REFERENCE,
} hm_pass;

/// Who frees what an output points at.
typedef enum hm_ownership {
    HM_OWNED,    ///< it points at nothing
    HM_BORROWED, ///< it is static or points into the node's inputs
    HM_GIVEN,    ///< the engine: by the type's destroy, or by the module's free
} hm_ownership;

typedef struct hm_parameter {
    const char *name;
    const hm_type *type; ///< of one element
    hm_shape shape;      ///< HM_ONE or HM_ARRAY
    hm_pass pass;
    uint32_t dimension; ///< of an array, an index into `dimensions`; else HM_NONE
    const void *default_value; ///< points at the slot of an optional input, or NULL
    bool is_nullable; ///< an array of which elements may be missing: the function asks
                      ///< hm_validity() of <hamilton/node.h>
    bool accepts_failed; ///< a string, or by reference, of any type: the function is
                         ///< called, with NULL, where the node failed that it takes
} hm_parameter;

typedef struct hm_output {
    const char *name;    ///< of the node that it makes; never "out"
    const hm_type *type; ///< of one element
    hm_shape shape;
    hm_pass pass;
    hm_ownership ownership; ///< of the elements
    uint32_t dimension;     ///< of an array or expansion; one count, one dimension
} hm_output;

typedef enum hm_argument_kind {
    HM_ARGUMENT_INT,    ///< text is a C literal that fits int64_t, or an enumerator:
                        ///< `integer`
    HM_ARGUMENT_REAL,   ///< `real`
    HM_ARGUMENT_BOOL,   ///< `integer` is 0 or 1
    HM_ARGUMENT_STRING, ///< text without quotes and escapes
    HM_ARGUMENT_NAME,   ///< a bare word
    HM_ARGUMENT_CALL, ///< text(arguments...), as in HM_STEP(f, HM_VALUE(a, 1)): "step"
} hm_argument_kind;

/// One argument of a modifier.
typedef struct hm_argument {
    hm_argument_kind kind;
    const char *text;
    int64_t integer;
    double real; ///< of an integer too
    const struct hm_argument *arguments;
    size_t argument_count;
} hm_argument;

/// What a modifier of <hamilton/modifiers.h> said: HM_TAG(owner, "x") has the name
/// "tag" and two arguments.
typedef struct hm_modifier {
    const char *name; ///< in lower case, without HM_
    const hm_argument *arguments;
    size_t argument_count;
    uint32_t line; ///< in the function's file
} hm_modifier;

typedef enum hm_function_flags {
    HM_FUNCTION_FALLIBLE = 1, ///< it can fail; one that is asynchronous always can
    HM_FUNCTION_STATEFUL = 2, ///< HM_STATEFUL, or it reads what such a function writes:
                              ///< never cached
    HM_FUNCTION_HELPER = 4,   ///< no node: only modifiers of others use it
} hm_function_flags;

typedef struct hm_function {
    const char *name; ///< in C: its node's name may differ, see hm_output and HM_NAME
    const char *doc;  ///< the doc comment without its marks, or NULL
    const char *file;
    uint32_t line;  ///< of the name
    uint32_t flags; ///< hm_function_flags

    const hm_parameter *parameters; ///< without the lengths of dimensions
    size_t parameter_count;
    const hm_output *outputs;
    size_t output_count;
    const char *const *dimensions; ///< the names of the lengths
    size_t dimension_count;
    const hm_modifier *modifiers; ///< in the order in which they stand
    size_t modifier_count;

    /// Changes when the function, or anything that it uses, does; or NULL.
    const char *version;

    /// What goes into the version, to tell what has changed, or NULL: a line each, the
    /// function first, with what changes with it, its name, and FILE:LINE. The flags of
    /// the compiler are called "-".
    const char *uses;

    hm_call_thunk *call; ///< NULL for what only modifiers use, with `start`, and with
                         ///< HM_SWITCH, for which the engine has one
    hm_map_thunk *map;   ///< NULL: `call` is called for every row
    hm_rows_thunk *rows; ///< or NULL; goes before the others for many rows. Only where
                         ///< parameters and outputs are of the shape HM_ONE
    void *self;          ///< passed to all but `rows`

    /// Of an asynchronous function, in place of the two. It makes no expansions.
    hm_start_thunk *start;

    /// With HM_REDUCE, else NULL: arrays are then given to `call` in chunks of 4,096
    /// rows, and what it makes of each is combined from the first to the last.
    hm_combine_thunk *combine;
} hm_function;

typedef struct hm_module {
    uint32_t abi; ///< HM_MODULE_ABI
    const char *name;
    const char *file;
    const hm_function *functions;
    size_t function_count;

    /// Frees what the functions malloc'ed and gave. NULL if they give nothing.
    void (*free)(void *memory);

    /// The processor features that it was compiled for, as "avx2 fma", or NULL.
    const char *processor;
} hm_module;

#ifdef __cplusplus
}
#endif

#endif
