// plan.h — a compiled request. The passes fill it one after the other, in the order of
// the list below; then it never changes.
//
//     select   which calls run, and the values that they read and make
//     shape    one or many: how many dimensions each value has
//     group    which calls make a task, and which tasks wait for which
//     place    where each value lives in the frame
//     lifetime when each value ends
//     buffers  which memory the arrays get
//     emit     the steps of each task, one task behind the other
//
// A frame, as place lays it out:
//
//     ┌──────────────┬───────────────────────┬──────────────────┐
//     │ a slot for   │ pointers to struct    │ defaults of      │
//     │ every value  │ slots, for readers    │ parameters that  │
//     │              │ by reference          │ nothing supplies │
//     └──────────────┴───────────────────────┴──────────────────┘

#ifndef HM_ENGINE_PLAN_H
#define HM_ENGINE_PLAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/plan.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "graph/graph.h"
#include "scheduler/job.h"

typedef struct hm_pool hm_pool; // scheduler/pool.h

// Deeper values are refused: no loop here is recursive, their cursors are this deep.
#define HM_DEPTH_LIMIT 8

// A value of the plan: what a call makes, an input, an override, or a default.
typedef struct hm_plan_value {
    uint32_t node;  // in the graph; HM_NONE for a default, and for an output whose node
                    // was overridden
    uint32_t maker; // index into calls, or HM_NONE
    const hm_type *type;
    const hm_module *module; // of the maker: whose `free` ends what was given
    hm_pass pass;            // by reference: the elements are pointers
    hm_ownership ownership;  // of the elements
    bool is_expansion;       // the innermost arrays were given, too
    bool is_wanted;
    bool is_result; // wanted, or pointed into by what is wanted: lives on after the run

    uint32_t depth;
    uint32_t *dimensions; // depth of them; equal numbers are equal lengths

    uint32_t slot;    // offset in the frame
    uint32_t address; // offset of a pointer to the slot, or HM_NONE
    uint32_t buffers; // first of its buffers, one per level that the engine allocates
    uint32_t buffer_count;
    uint32_t last_use;  // the last call that needs it; HM_NONE if none does
    uint32_t task;      // in which all is done that needs it, or HM_NONE if in several
    bool is_lent;       // something borrowed points into it
    uint32_t end_count; // how many tasks must have done with it before it ends
} hm_plan_value;

// One parameter or output of a call.
typedef struct hm_operand {
    uint32_t value;
    uint32_t references; // a buffer for pointers to the structs of an array, if it is
                         // mapped over them by reference
} hm_operand;

// A function that runs once, or over rows.
typedef struct hm_plan_call {
    uint32_t call;     // in the graph
    uint32_t operands; // operands[operands + i]: the parameters, then the outputs; so
                       // are slots
    uint32_t task;
    uint32_t loop_depth; // over how many dimensions it is mapped; 0: it runs once
    uint32_t leader;     // the parameter that has all of these dimensions
    size_t scratch;      // where its part of a run's scratch memory begins, see rows.h
} hm_plan_call;

// A value that the run starts with.
typedef struct hm_plan_input {
    uint32_t value;
    const hm_value *given; // borrowed from the request or config, or the plan's own
} hm_plan_input;

typedef enum hm_step_kind {
    HM_STEP_CALL, // the thunk is called with `at`: nothing before, nothing after
    HM_STEP_ROWS, // arrays are made, or the function is mapped: see rows.h
    HM_STEP_END,  // this task has done with a value
} hm_step_kind;

// What a run walks through. All steps are of one size, so that the processor need not
// wait for one to know where the next is.
typedef struct hm_step {
    hm_call_thunk *call; // NULL unless the kind is HM_STEP_CALL
    void *self;
    const uint32_t *at; // a slot for each operand of the call
    uint32_t subject;   // index into calls; of HM_STEP_END, into values
    uint32_t kind;
} hm_step;

struct hm_plan {
    const hm_allocator *allocator;
    const hm_graph *graph;
    hm_pool *pool;  // the driver's, or NULL: callers run everything themselves
    hm_arena arena; // owns all that follows
    bool keep_going;
    bool always_share;
    const hm_cancel *cancel; // never NULL

    hm_plan_call *calls;
    uint32_t call_count;
    hm_operand *operands;
    uint32_t
            *slots; // by operand, what its thunk gets: the value's slot, or its address
    hm_plan_value *values; // those with a node come first, sorted by it
    uint32_t value_count;
    uint32_t node_value_count; // how many have a node
    hm_plan_input *inputs;
    uint32_t input_count;
    uint32_t *wanted; // values, in the order of the request
    const char **wanted_names;
    uint32_t wanted_count;

    uint32_t *buffer_of;   // of all values: which of the run's buffers a level lives in
    uint32_t *last_tenant; // by buffer: the last value that lives in it
    uint32_t buffer_count;
    uint32_t *endings; // the values for which something is to be done when they end
    uint32_t ending_count;

    // Tasks are in an order in which they can be run one after the other; so are their
    // steps: those of task t begin at steps + first_step[t].
    hm_task_set tasks;
    const uint32_t *order;      // calls, task by task
    const uint32_t *first_call; // by task, one more than tasks: into order
    const uint32_t *first_step; // likewise: into steps
    const hm_step *steps;

    // How long a run takes, in nanoseconds, all its tasks one after the other: a moving
    // average, 0 while nothing is known. With the driver's costs the one thing that
    // runs change in a plan; relaxed: a guess that is a little old is as good.
    _Atomic(uint64_t) *cost;
    _Atomic(uint32_t) *costs; // the driver's, by call of the graph

    size_t frame_size;
    size_t scratch_size; // see rows.h
    size_t alignment;    // of frame, scratch and buffers: suits all types

    hm_value *owned; // inputs that were read from JSON
    uint32_t owned_count;
};

// A task has done with a value after a call.
typedef struct hm_plan_end {
    uint32_t value;
    uint32_t next; // end after the same call, or HM_NONE
} hm_plan_end;

// What the passes share while they compile; everything here ends with the compilation.
typedef struct hm_compilation {
    hm_plan *plan;
    const hm_graph *graph;
    const hm_request *request;
    hm_faults *faults;
    hm_arena arena;     // scratch
    uint32_t *value_of; // graph node -> value, HM_NONE if it is not needed
    bool *is_selected;  // by graph call
    uint32_t dimension_count;
    uint32_t *first_end; // call -> the first of its ends
    hm_plan_end *ends;
    uint32_t end_count;
} hm_compilation;

// Each pass reports its faults and then fails with the first one's status.
hm_status hm_plan_select(hm_compilation *compilation);
hm_status hm_plan_shape(hm_compilation *compilation);
hm_status hm_plan_group(hm_compilation *compilation);
hm_status hm_plan_place(hm_compilation *compilation);
hm_status hm_plan_lifetimes(hm_compilation *compilation);
hm_status hm_plan_buffers(hm_compilation *compilation);
hm_status hm_plan_emit(hm_compilation *compilation);

// hm_plan_create, for a request that was read; what the caller lent is not copied yet.
hm_status hm_plan_compile(const hm_driver *driver, const hm_request *request,
        hm_plan **plan, hm_faults *faults);

// Copies what the caller lent as inputs into the plan: all, or only what results would
// point into.
hm_status hm_plan_copy_inputs(hm_plan *plan, bool for_results);

// The value of a node, or HM_NONE.
uint32_t hm_plan_value_of(const hm_plan *plan, uint32_t node);

// The function of a call, its operands, and where it stands.
const hm_graph_call *hm_plan_graph_call(const hm_plan *plan, uint32_t call);
const hm_operand *hm_plan_operands(const hm_plan *plan, uint32_t call);

// Bytes of one element as it is stored: of a T, or of a pointer.
size_t hm_plan_element_size(const hm_plan_value *value);

// Whether something is to be freed, or a buffer becomes free, when the value ends.
bool hm_plan_value_must_end(const hm_plan_value *value);

#endif
