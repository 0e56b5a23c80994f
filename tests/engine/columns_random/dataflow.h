// dataflow.h — a random dataflow of functions that were compiled once, and what it
// computes: by calling one function after the other, row after row, on plain arrays.

#ifndef HM_TESTS_COLUMNS_RANDOM_DATAFLOW_H
#define HM_TESTS_COLUMNS_RANDOM_DATAFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/driver.h>
#include <hamilton/module.h>

enum {
    COLUMN_INPUTS = 12,
    COLUMN_NODES = 40,
    COLUMN_OUTPUTS = 2, // of a function, at most
    COLUMN_NAMES = COLUMN_INPUTS + COLUMN_NODES * COLUMN_OUTPUTS,
    COLUMN_PARAMETERS = 4,
    COLUMN_LIMIT = 90, // of what is checked
};

typedef enum column_state {
    COLUMN_READY,
    COLUMN_FAILED,  // its function failed
    COLUMN_REFUSED, // its function takes whole what misses something
    COLUMN_SKIPPED  // something that it needs failed
} column_state;

// A name and its value: one cell, or one a row. A cell is what a slot of one value by
// value has, or a pointer if a function returns objects by reference.
typedef struct column {
    char name[8];
    const hm_type *type;
    bool is_many;
    bool are_pointers;
    size_t dimension; // of many: 0 is that of the inputs
    size_t length;    // in cells
    size_t cell_size;
    char *cells;       // of a floating type that misses some: NaN there
    bool *is_missing;  // of each cell of another type, or NULL
    char *lent_cells;  // of an input: anything where it misses one
    uint8_t *validity; // of an input, or NULL
    size_t maker;      // a node, or COLUMN_NODES for an input
    column_state state;
} column;

typedef struct column_node {
    const char *name;                  // of its first output
    const hm_function *function;       // as it was compiled
    size_t sources[COLUMN_PARAMETERS]; // columns, or COLUMN_NAMES for the default
    size_t first_output;               // a column; the others follow
    bool is_mapped;
    size_t row_count;
    size_t failed_row; // the first one, if it failed
    bool is_checked;   // its output, by HM_CHECK_RANGE(-LIMIT, LIMIT, ...)
    bool is_refused;   // by that
} column_node;

typedef struct column_dataflow {
    size_t row_count; // of inputs that are many
    column columns[COLUMN_NAMES];
    size_t column_count;
    column_node nodes[COLUMN_NODES];
    size_t node_count;
    size_t dimension_count;

    hm_module module; // the functions under their names in this dataflow
    hm_function functions[COLUMN_NODES];
    hm_parameter parameters[COLUMN_NODES][COLUMN_PARAMETERS];
    hm_output outputs[COLUMN_NODES][COLUMN_OUTPUTS];
    bool warns;                                         // checks do, and none fails
    char defaults[COLUMN_NODES][COLUMN_PARAMETERS][48]; // names of what nobody supplies

    void **owned; // memory of cells and of what they point at
    size_t owned_count;
    size_t owned_room;
    uint64_t state; // of its own random numbers
} column_dataflow;

// The same dataflow for the same number. is_one: no input is many; may_miss: inputs
// miss some of their values.
void column_dataflow_init(column_dataflow *dataflow, const hm_module *functions,
        uint64_t seed, size_t row_count, bool is_one, bool may_miss);
void column_dataflow_finish(column_dataflow *dataflow);

// A number below another.
size_t column_pick(column_dataflow *dataflow, size_t below);

// Memory that lives as long as the dataflow.
void *column_allocate(column_dataflow *dataflow, size_t size);
void column_own(column_dataflow *dataflow, void *memory);

// Computes the outputs of a node whose sources are known.
void column_evaluate(column_dataflow *dataflow, column_node *node);

// Makes a cell of a column one that is missing.
void column_miss(column_dataflow *dataflow, column *missing, size_t row);

// A value for an input, borrowed.
hm_value column_lend(const column *lent);

// Fails the test if a value is another than what was computed here.
void column_compare(const column *expected, const hm_value *found, const char *where);

#endif
