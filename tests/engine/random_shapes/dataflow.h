// dataflow.h — one random dataflow at a time, and what its names are worth: trees of
// numbers, by an evaluator that knows nothing of plans, frames and threads.

#ifndef HM_TESTS_RANDOM_SHAPES_DATAFLOW_H
#define HM_TESTS_RANDOM_SHAPES_DATAFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/value.h>

#include "tests/engine/random_shapes/functions.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"

enum { INPUTS = 5, FUNCTIONS = 25, MOST_NAMES = INPUTS + MOST_OUTPUTS * FUNCTIONS };

typedef struct tree {
    long number;
    size_t length;
    struct tree *items;
} tree;

typedef struct name {
    char text[8];
    enum class class;
    bool is_kept_by_reference;
    uint32_t depth;
    bool is_given; // an input, an override or in config
    bool is_config;
    bool is_needed;
    size_t maker; // function; of a name that is given nothing
    tree value;
    hm_value given;
} name;

extern name names[MOST_NAMES]; // the inputs come first
extern size_t name_count;
extern function functions[FUNCTIONS];
extern size_t row_count;     // of inputs that are arrays
extern size_t element_count; // that were made so far
extern hm_module_builder builder;
extern hm_failing_allocator memory;

size_t pick(size_t below);

// Fills the builder, gives values to what is given, evaluates the rest. Too large: the
// evaluation gave up.
void make_dataflow(void);
bool is_too_large(void);

// Another value for what is given; evaluating follows.
void grow(tree *grown, uint32_t depth, uint32_t level);
void evaluate(function *made);
hm_status status_of(const name *asked);

// Marks what is needed for these names, and tells whether a function fails on the way.
void mark_needed(const size_t *wanted, size_t wanted_count);
bool must_fail(void);

// A value in memory that a caller lends. It is overwritten and freed when it need not
// live any more; objects by reference live until all is forgotten.
hm_value lend_value(const name *shown);
void spoil_what_was_lent(void);
void forget_all(void);

#endif
