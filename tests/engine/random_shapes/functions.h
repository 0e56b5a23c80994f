// functions.h — what the functions of random dataflows do: numbers from numbers, told
// once for the thunks, which the engine runs, and for the evaluator.

#ifndef HM_TESTS_RANDOM_SHAPES_FUNCTIONS_H
#define HM_TESTS_RANDOM_SHAPES_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "tests/engine/random_shapes/elements.h"

enum { MOST_PARAMETERS = 4, MOST_OUTPUTS = 2 };

typedef struct parameter {
    size_t name;
    enum class class;
    bool is_array;
    bool is_referred; // a struct by reference
    uint32_t dimension;
} parameter;

typedef struct output {
    size_t name;
    enum class class;
    hm_shape shape;
    uint32_t dimension;
    size_t lender; // the parameter that it is borrowed from, or MOST_PARAMETERS
} output;

typedef struct function {
    parameter parameters[MOST_PARAMETERS];
    size_t parameter_count;
    output outputs[MOST_OUTPUTS];
    size_t output_count;
    unsigned long salt;
    unsigned long unlucky; // fails if its sum is a multiple; 0: never
    bool is_slow;
    uint32_t loop_depth;
    size_t leader;
    hm_status status; // of the evaluation
} function;

// One parameter in one row: its elements, one if it is no array.
typedef struct vector {
    long *numbers;
    size_t length;
} vector;

// The sum of all that a row takes decides what it makes.
unsigned long sum_of(const function *made, const vector *in);
bool is_unlucky(const function *made, unsigned long sum);
size_t output_length(
        const function *made, const output *out, const vector *in, unsigned long sum);
long output_number(const output *out, const vector *in, unsigned long sum, size_t i);

// The first array parameter over a dimension that has one.
size_t first_over(const function *made, uint32_t dimension);

// Thunks; self is the function.
int call_random(void *frame, const uint32_t *at, void *self);
int map_random(const hm_lane *lanes, size_t count, size_t *row, void *self);

#endif
