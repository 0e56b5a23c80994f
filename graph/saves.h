// saves.h — saving at work: what the function of a node does that saves data. It takes
// values whole, as they are: see whole.h.

#ifndef HM_GRAPH_SAVES_H
#define HM_GRAPH_SAVES_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/data_format.h>
#include <hamilton/module.h>

// One of the values that are saved.
typedef struct hm_save_source {
    const char *name;
    bool is_record; // its fields are columns
} hm_save_source;

typedef struct hm_saving {
    const hm_data_format *format;
    bool is_table;
    const hm_allocator *allocator; // of the driver
    uint32_t thread_count;
    const hm_save_source *sources; // the first parameters of the function
    uint32_t source_count;
    const uint32_t *arguments;   // by parameter after these: which of the format's
    const hm_function *function; // whose `self` this is
} hm_saving;

// The thunk; self is the hm_saving.
int hm_saving_call(void *frame, const uint32_t *at, void *self);

#endif
