// plan.h — a compiled request. The passes fill it one after the other, in the order of
// the list below; then it never changes.
//
//     select   which calls run, and the values that they read and make
//     shape    one or many: how many dimensions each value has
//     branches which calls only branches of switches need, and what decides on them
//     adapt    which calls are hooked: an adapter wants them
//     guards   which calls need room in limits, or end later
//     fuse     which mapped calls run together, block by block: pipelines
//     blocks   where the members of a pipeline have the values of a block
//     place    where each value lives in the frame
//     lifetime which call is the last that needs it
//
// How it is executed is a schedule, see schedule.h: its passes come after these, and
// again when more is known of what functions cost.
//
// A frame, as place lays it out:
//
//     ┌─────────┬──────────────┬───────────────────────┬──────────────────┐
//     │ the run │ a slot for   │ pointers to slots,    │ defaults of      │
//     │         │ every value  │ for readers by        │ parameters that  │
//     │         │              │ reference, or arrays  │ nothing supplies │
//     └─────────┴──────────────┴───────────────────────┴──────────────────┘

#ifndef HM_ENGINE_PLAN_H
#define HM_ENGINE_PLAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/plan.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "engine/schedule.h"
#include "graph/graph.h"

typedef struct hm_adapted hm_adapted;       // engine/adapted.h
typedef struct hm_pipeline hm_pipeline;     // engine/pipeline.h
typedef struct hm_plan_state hm_plan_state; // engine/plan_state.h
typedef struct hm_pool hm_pool;             // scheduler/pool.h

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
    bool is_view;            // or these are borrowed as well, from what its maker lends
    bool is_wanted;
    bool is_result; // wanted, or pointed into by what is wanted: lives on after the run

    bool is_inner;    // only its pipeline needs it: it lives as long as its block
    bool is_chunked;  // or as long as its chunk, since reductions read it
    uint32_t same_as; // the value that it is, passed on by a member of a pipeline, or
                      // HM_NONE

    uint32_t depth;
    uint32_t *dimensions; // depth of them; equal numbers are equal lengths

    uint32_t slot;    // offset in the frame
    uint32_t address; // offset of a pointer to the slot, or HM_NONE
    uint32_t array;   // offset of an hm_array that has the slot as its one element, or
                      // HM_NONE
    uint32_t whole;   // offset of an hm_whole that describes it, or HM_NONE
    uint32_t levels;  // first of its levels that the engine allocates memory for
    uint32_t level_count;
    uint32_t last_use; // the last call that needs it; HM_NONE if none does
    bool decides;      // a choice goes by it
    bool is_lent;      // something borrowed points into it
} hm_plan_value;

// One parameter or output of a call.
typedef struct hm_operand {
    uint32_t value;
    uint32_t references; // the level of pointers to the structs of an array, if it is
                         // mapped over them by reference, else HM_NONE
} hm_operand;

// A function that runs once, or over rows.
typedef struct hm_plan_call {
    uint32_t call; // in the graph
    uint32_t parameter_count;
    uint32_t output_count;
    uint32_t traits;     // hm_call_traits
    uint32_t operands;   // operands[operands + i]: the parameters, then the outputs; so
                         // are slots
    uint32_t loop_depth; // over how many dimensions it is mapped; 0: it runs once
    uint32_t leader;     // the parameter that has all of these dimensions; of a
                         // reduction, its first array
    uint32_t pipeline;   // that it is a member of, or HM_NONE
    size_t scratch;      // where its part of a run's scratch memory begins, see rows.h
    uint32_t guard;      // index into a run's guards, see guard.h, or HM_NONE
    uint32_t first_limit; // limits[first_limit + i]: what it needs room in
    uint32_t limit_count;
    uint32_t planned; // its number for adapters
    uint32_t hooked;  // among those that adapters want, or HM_NONE

    // Of a call that only branches of switches need, see branches.c: calls of the same
    // number are needed together. HM_NONE: it is always needed.
    uint32_t laziness;
    uint32_t choice;     // that it makes: index into choices, or HM_NONE
    uint32_t first_wait; // waits[first_wait + i]: values that are there before it is
    uint32_t wait_count; // run, although it does not read them
} hm_plan_call;

// A switch of single values: of its branches only the chosen one is needed.
typedef struct hm_plan_choice {
    uint32_t by;         // the value that chooses
    uint32_t made;       // the value that the switch makes
    uint32_t first_held; // held[first_held + i]: values that are needed when it is,
    uint32_t held_count; // whatever it chooses
} hm_plan_choice;

// A value that the run starts with.
typedef struct hm_plan_input {
    uint32_t value;
    const hm_value *given; // borrowed from the request or config, or the plan's own
} hm_plan_input;

struct hm_plan {
    const hm_allocator *allocator;
    hm_driver *driver; // used by the plan, see hm_driver_use
    const hm_graph *graph;
    hm_pool *pool;  // the driver's
    hm_arena arena; // owns all that follows
    bool keep_going;
    bool rows_may_fail;  // and are missing then
    bool accepts_failed; // some call is run although something failed that it takes
    bool borrows_arrays;
    bool always_share;
    bool always_measure;
    bool caller_waits;
    hm_priority priority;
    size_t max_bytes;        // of a run, 0 for any number
    size_t array_limit;      // of these, what is left for arrays
    uint64_t time_limit;     // nanoseconds, 0 for none
    const hm_cancel *cancel; // never NULL

    hm_plan_call *calls;
    uint32_t call_count;
    hm_operand *operands;
    uint32_t operand_count;
    uint32_t *slots; // by operand, what its thunk gets: the value's slot or its address
    hm_plan_value *values; // those with a node come first, sorted by it
    uint32_t value_count;
    uint32_t node_value_count; // how many have a node
    hm_plan_input *inputs;
    uint32_t input_count;
    uint32_t *wanted; // values, in the order of the request
    const char **wanted_names;
    uint32_t wanted_count;
    hm_plan_choice *choices; // in the order of what they go by
    uint32_t choice_count;   // 0: all calls are always needed
    uint32_t *held;          // of all choices
    uint32_t *waits;         // of all calls
    uint32_t wait_count;
    uint32_t *limits; // of all calls: indices of the driver's limits, ascending
    hm_pipeline *pipelines;
    uint32_t pipeline_count;
    uint32_t stock_count;  // that a run has for them, see stock.h
    uint32_t block_length; // of all pipelines, or 0: of each as it is best
    uint32_t guard_count;
    uint32_t async_count; // how many of the guarded calls are asynchronous
    uint32_t dimension_count;
    size_t *lengths;      // by dimension, as far as inputs tell; else SIZE_MAX
    uint32_t level_count; // of all values and references
    uint32_t *endings;    // the values for which something is to be done when they end
    uint32_t ending_count;

    size_t frame_size;
    size_t scratch_size; // see rows.h
    size_t alignment;    // of frame, scratch and buffers: suits all types

    hm_value *owned; // inputs that were read from JSON
    uint32_t owned_count;
    hm_adapted *adapted; // NULL without adapters

    uint32_t worker_count; // threads that share its tasks
    hm_plan_state *state;  // the one thing that runs change
};

// What a frame begins with, for steps of the engine's own: their thunks get the frame.
typedef struct hm_frame_head {
    hm_run *run;
} hm_frame_head;

// What the passes share while they compile; everything here ends with the compilation.
typedef struct hm_compilation {
    hm_plan *plan;
    const hm_graph *graph;
    const hm_request *request;
    hm_faults *faults;
    hm_arena arena;     // scratch
    uint32_t *value_of; // graph node -> value, HM_NONE if it is not needed
    bool *is_selected;  // by graph call
} hm_compilation;

// Each pass reports its faults and then fails with the first one's status.
hm_status hm_plan_select(hm_compilation *compilation);
hm_status hm_plan_shape(hm_compilation *compilation);
hm_status hm_plan_branches(hm_compilation *compilation);
hm_status hm_plan_adapt(hm_compilation *compilation);
hm_status hm_plan_guards(hm_compilation *compilation);
hm_status hm_plan_fuse(hm_compilation *compilation);
hm_status hm_plan_blocks(hm_compilation *compilation);
hm_status hm_plan_place(hm_compilation *compilation);
hm_status hm_plan_lifetimes(hm_compilation *compilation);

// What several of them do at their end: calls are numbered anew, so that each comes
// after what it needs and waits for, and pipelines have theirs side by side.
hm_status hm_plan_order(hm_compilation *compilation);

// hm_plan_create, for a request that was read; what the caller lent is not copied yet.
hm_status hm_plan_compile(const hm_driver *driver, const hm_request *request,
        hm_plan **plan, hm_faults *faults);

// Somebody uses the plan besides whoever created it; hm_plan_destroy ends that.
void hm_plan_use(const hm_plan *plan);

// Copies what the caller lent as inputs into the plan: all, or only what results would
// point into.
hm_status hm_plan_copy_inputs(hm_plan *plan, bool for_results);

// The value whose memory a value is: its own, unless it was passed on.
uint32_t hm_plan_memory_of(const hm_plan *plan, uint32_t value);

// What the checks before a call found, if that must outlive the run because
// hm_run_warnings tells it and it lies elsewhere than in the frame; else HM_NONE.
uint32_t hm_plan_told_value(const hm_plan *plan, uint32_t call);

// The value of a node, or HM_NONE.
uint32_t hm_plan_value_of(const hm_plan *plan, uint32_t node);

// The function of a call, its operands, and where it stands.
const hm_graph_call *hm_plan_graph_call(const hm_plan *plan, uint32_t call);
const hm_operand *hm_plan_operands(const hm_plan *plan, uint32_t call);

// How many values must be there before a call is run: first its parameters, then what
// it waits for. And the one of this index, and its maker or HM_NONE.
static inline uint32_t hm_plan_need_count(const hm_plan_call *call) {
    return call->parameter_count + call->wait_count;
}
static inline uint32_t hm_plan_need_value(
        const hm_plan *plan, uint32_t call, uint32_t index) {
    const hm_plan_call *own = &plan->calls[call];
    return index < own->parameter_count
                   ? plan->operands[own->operands + index].value
                   : plan->waits[own->first_wait + index - own->parameter_count];
}
static inline uint32_t hm_plan_need_maker(
        const hm_plan *plan, uint32_t call, uint32_t index) {
    return plan->values[hm_plan_need_value(plan, call, index)].maker;
}

// Whether only branches of switches need a call: a run may do without it.
static inline bool hm_plan_call_is_lazy(const hm_plan *plan, uint32_t call) {
    return plan->calls[call].laziness != HM_NONE;
}

// The first node that a call makes, overridden or not: what it is called outside.
const char *hm_plan_call_name(const hm_plan *plan, uint32_t call);

// Bytes of one element as it is stored: of a T, or of a pointer.
size_t hm_plan_element_size(const hm_plan_value *value);

// Bytes of all arrays of one level that the engine allocates; false, and *bytes is
// anything, if only a run can tell.
bool hm_plan_level_bytes(
        const hm_plan *plan, const hm_plan_value *value, uint32_t level, size_t *bytes);

// The same for an operand's pointers to the structs of an array, and for the records of
// a pipeline with the memory of its chunks.
bool hm_plan_reference_bytes(
        const hm_plan *plan, const hm_operand *operand, size_t *bytes);
bool hm_plan_record_bytes(
        const hm_plan *plan, const hm_pipeline *pipeline, size_t *bytes);

// Bytes of an element at a level of a value: of a view of an inner array, unless it is
// the innermost level.
size_t hm_plan_level_size(const hm_plan_value *value, uint32_t level);

// Bytes of a value's slot in the frame.
size_t hm_plan_slot_size(const hm_plan_value *value);

// How many calls are run as one from this one on: the members of a pipeline of which it
// is the first, else 1.
uint32_t hm_plan_unit_size(const hm_plan *plan, uint32_t call);

// Whether a call handles single values only, so that it always takes about as long.
bool hm_plan_call_is_plain(const hm_plan *plan, uint32_t call);

// Whether a call makes one value of arrays that may be given to it in chunks.
bool hm_plan_call_is_reduction(const hm_plan *plan, uint32_t call);

// Whether a call is run by the steps of a pipeline, and not by one of its own.
bool hm_plan_call_is_member(const hm_plan *plan, uint32_t call);

// Whether a member of a pipeline passes on what it takes: it is not run on rows.
bool hm_plan_call_is_passing(const hm_plan *plan, uint32_t call);

// Whether it takes a parameter whole, of whatever depth.
bool hm_plan_takes_whole(const hm_plan *plan, uint32_t call, size_t parameter);

// Whether it takes one value as an array of one.
bool hm_plan_call_takes_one(const hm_plan *plan, uint32_t call);

// Whether a row for which it fails is missing, and others go on.
bool hm_plan_call_contains(const hm_plan *plan, uint32_t call);

// Whether a mapped call makes arrays inside of its rows, or reads such arrays, so that
// there is more to a row than its function.
bool hm_plan_call_has_inner(const hm_plan *plan, uint32_t call);

// Whether it ends later than its function returns.
bool hm_plan_call_is_async(const hm_plan *plan, uint32_t call);

// Whether something is to be freed, or a buffer becomes free, when the value ends.
bool hm_plan_value_must_end(const hm_plan_value *value);

// Whether a function may make null pointers for its strings: those are missing.
bool hm_plan_output_may_be_null(const hm_output *output);

// Whether a parameter takes one string, for all rows, that a function made: that may be
// a null pointer, which no function gets.
bool hm_plan_operand_may_be_null(
        const hm_plan *plan, const hm_plan_call *call, uint32_t parameter);

// Whether what is freed then is found in its elements, which must not be garbage should
// a row fail.
bool hm_plan_value_must_be_clean(const hm_plan_value *value);

#endif
