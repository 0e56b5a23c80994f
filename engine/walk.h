// walk.h — how a call that is mapped over several dimensions goes over their arrays.
//
// A value of depth 2 is an array of arrays: its slot holds the array of the first
// level, whose elements are the arrays of the second, whose elements are the values:
//
//     slot ──▶ [ ▪ ▪ ▪ ]                level 0, one buffer
//                │ │ └────────────┐
//                ▼ ▼              ▼
//              [ a b ][ ][ c d e ]      level 1, one buffer for all of them
//
// A call mapped over L dimensions walks the arrays of its leading parameter down to
// level L - 1 and is run over each innermost array, in order.

#ifndef HM_ENGINE_WALK_H
#define HM_ENGINE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/failure.h"
#include "engine/run.h"

typedef struct hm_walk hm_walk;

// Where the walk is. Parameter p takes part down to level hm_walk_stack(p) - 1.
struct hm_walk {
    hm_run *run;
    const hm_plan *plan;
    const hm_plan_call *call;
    const hm_function *function;
    const hm_operand *operands; // the parameters, then the outputs
    hm_failure *failure;

    const hm_array **arrays; // [p * loop_depth + level]
    size_t index[HM_DEPTH_LIMIT];
    size_t start[HM_DEPTH_LIMIT]; // how many elements of a level came before its array
    size_t used[HM_DEPTH_LIMIT];  // how many of a level came so far
    bool has_begun;
    bool is_filling; // outputs get the same arrays as the leader on the way
};

// A walk of a call, before its beginning. *failure is written if it fails.
hm_walk hm_walk_of(hm_run *run, uint32_t call, hm_failure *failure);

// Begins again from the first array.
void hm_walk_restart(hm_walk *walk, bool is_filling);

// Goes on to the next innermost array; *found becomes false after the last. Arrays that
// must be equally long and are not fail with HM_LENGTH_MISMATCH.
hm_status hm_walk_next(hm_walk *walk, bool *found);

// The arrays that one row of the innermost array takes; a call that is not mapped has
// one row. Compares the lengths of those that the signature wants equal.
const hm_array *hm_walk_row_array(const hm_walk *walk, size_t parameter, size_t row);
hm_status hm_walk_compare_row(hm_walk *walk, size_t row);

// The first array parameter over a dimension of the signature.
size_t hm_walk_first_over(const hm_function *function, uint32_t dimension);

// How many levels of the loop the parameter has itself; in the others it is the same.
uint32_t hm_walk_stack(const hm_walk *walk, size_t parameter);

// The array of a parameter that the walk is in.
const hm_array *hm_walk_array(const hm_walk *walk, size_t parameter, uint32_t level);

// Fails with HM_BAD_DATA if elements of the array are missing, and its reader could not
// tell: the parameter takes them from row `row` of the loop, if there is one.
hm_status hm_walk_refuse_missing(
        hm_walk *walk, size_t parameter, const hm_array *array, size_t row);

// The same for one element that is taken, at a level of the loop: one value for all
// rows of an inner array, or such an array itself, of whatever type.
hm_status hm_walk_refuse_missing_at(hm_walk *walk, size_t parameter,
        const hm_array *array, uint32_t level, size_t element);

const hm_plan_value *hm_walk_value(const hm_walk *walk, size_t operand);
hm_array *hm_walk_slot(const hm_walk *walk, size_t operand);

// The memory of an output's level.
void *hm_walk_buffer(const hm_walk *walk, const hm_plan_value *value, uint32_t level);

#endif
