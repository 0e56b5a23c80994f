// loads.h — loading at work: what the functions of the nodes do that load data.
//
//     path ──▶ load ──▶ f.load_data.x      metadata, and behind it what was loaded
//                  └──▶ f.select_data.x    which this is borrowed from ──▶ x of f
//
// So nothing is copied, and all ends with its last reader.

#ifndef HM_GRAPH_LOADS_H
#define HM_GRAPH_LOADS_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/data_format.h>
#include <hamilton/module.h>
#include <hamilton/type.h>

// One of the values that a load makes.
typedef struct hm_load_target {
    const hm_type *type; // of the value, or of an element
    bool is_array;
    bool is_record;        // its fields are columns
    uint32_t first_column; // among the load's
    uint32_t column_count;
} hm_load_target;

typedef struct hm_loading {
    const hm_data_format *format;
    bool is_table;
    const hm_allocator *allocator; // of the driver
    uint32_t thread_count;

    const uint32_t *arguments; // by parameter of the function: which of the format's
    const hm_column *columns;
    uint32_t column_count;
    const hm_load_target *targets; // that it makes, in the order of its outputs after
                                   // the first
    uint32_t target_count;
    const char *schema;
    const hm_function *function; // whose `self` this is
} hm_loading;

// The thunk; self is the hm_loading.
int hm_loading_call(void *frame, const uint32_t *at, void *self);

#endif
