// explain.h — look at a plan: which tasks its nodes make, what they cost, where values
// live.
//
//     hm_explanation *plan_now;
//     if (hm_plan_explain(plan, &plan_now, &error) == HM_OK) {
//         printf("%u tasks, %.1f at the same time\n", plan_now->task_count,
//                 plan_now->work / plan_now->span);
//         hm_explanation_destroy(plan_now);
//     }
//
// A plan groups its nodes anew when it has learned more of what they cost: this is how
// it stands now. Numbers are indices into the arrays of the explanation.

#ifndef HAMILTON_EXPLAIN_H
#define HAMILTON_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/export.h>
#include <hamilton/module.h>
#include <hamilton/plan.h>
#include <hamilton/status.h>
#include <hamilton/type.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether workers share the tasks of a run, as far as is decided.
typedef enum hm_sharing {
    HM_SHARING_NONE,     ///< the caller runs everything
    HM_SHARING_IF_AWAKE, ///< with a worker who is looking for work anyhow
    HM_SHARING_ALL,      ///< workers are woken
} hm_sharing;

/// A function that a run calls.
typedef struct hm_explained_call {
    const char *name; ///< of the first node that it makes
    const hm_module *module;
    const hm_function *function;
    uint32_t task;
    uint32_t mapped;       ///< over how many dimensions; 0: it runs once
    uint32_t pipeline;     ///< that it is a member of, or HM_NONE
    uint32_t first_output; ///< outputs[first_output + i]: the values that it makes
    uint32_t output_count;
    float nanoseconds; ///< a run spends in it, all rows together; 0 if not known
    bool is_async;     ///< its time is spent elsewhere
    bool is_critical;  ///< on the critical path
    bool is_lazy; ///< only branches of HM_SWITCH need it: no run needed it so far, if
                  ///< its nanoseconds are not known and others' are
} hm_explained_call;

/// Calls that go through the rows of one dimension together, block by block.
typedef struct hm_explained_pipeline {
    uint32_t first_call; ///< calls[first_call + i], which are a task
    uint32_t call_count;
    uint32_t block_length; ///< rows
    size_t block_bytes;    ///< a worker has for what members hand on to each other
    uint32_t worker_count; ///< who share the rows; 1: they are not shared
} hm_explained_pipeline;

/// What is run as a whole, by one worker, but for the rows of a pipeline: its calls,
/// one after the other.
typedef struct hm_explained_task {
    uint32_t first_call; ///< calls[first_call + i]
    uint32_t call_count;
    uint32_t first_successor; ///< successors[first_successor + i]: who waits for it
    uint32_t successor_count;
    uint32_t dependency_count; ///< how many tasks it waits for
    float nanoseconds;         ///< of its calls; 0 if one of them is not known
} hm_explained_task;

/// A slot of the frame, and what is behind it.
typedef struct hm_explained_value {
    const char *name; ///< NULL: what a parameter has if nothing supplies it
    const hm_type *type;
    uint32_t depth;        ///< 0: one value; 1: an array, and so on
    bool is_wanted;        ///< by the request
    bool is_inner;         ///< in the blocks of a pipeline only: it has no array
    uint32_t call;         ///< that makes it; HM_NONE: it is there before the run
    uint32_t offset;       ///< in the frame
    uint32_t size;         ///< of the slot, in bytes
    uint32_t first_buffer; ///< buffers_of[first_buffer + i]: what its arrays lie in
    uint32_t buffer_count;
} hm_explained_value;

/// Memory of arrays. Values that use it again have the same length.
typedef struct hm_explained_buffer {
    size_t size;           ///< in bytes; SIZE_MAX if only a run can tell
    uint32_t tenant_count; ///< values that live in it, one after the other; 0 if it is
                           ///< for pointers to structs
} hm_explained_buffer;

/// It points at names of the plan's driver, which must live as long.
typedef struct hm_explanation {
    const hm_explained_task *tasks; ///< in an order in which they can be run
    uint32_t task_count;
    const uint32_t *successors;     ///< of all tasks
    const hm_explained_call *calls; ///< task by task
    uint32_t call_count;
    const hm_explained_pipeline *pipelines;
    uint32_t pipeline_count;
    const uint32_t *outputs; ///< of all calls
    const hm_explained_value *values;
    uint32_t value_count;
    const uint32_t *buffers_of; ///< all values
    const hm_explained_buffer *buffers;
    uint32_t buffer_count;
    hm_plan_need need;

    /// Whether every call's cost is known. If not, each counts as 1 in the two sums.
    bool is_measured;
    double work; ///< nanoseconds of all calls, from beginning to end
    double span; ///< of the critical path: no number of workers is faster
    const uint32_t *critical_path; ///< calls, of which each needs the one before
    uint32_t critical_count;

    hm_sharing sharing;
    uint32_t worker_count; ///< the caller counted
    float alone;           ///< nanoseconds of a run on one thread; 0 if not known
    float shared;          ///< of one that workers shared; 0 if there was none
} hm_explanation;

/// Any thread; runs may be under way. The caller destroys *explanation.
HM_API HM_MUST_CHECK hm_status hm_plan_explain(
        const hm_plan *plan, hm_explanation **explanation, hm_error *error);

/// Accepts NULL.
HM_API void hm_explanation_destroy(hm_explanation *explanation);

/// Writes all of it as one JSON object; calls and values go by their names. HM_IO if
/// write ended it.
HM_API HM_MUST_CHECK hm_status hm_explanation_write(
        const hm_explanation *explanation, hm_write *write, void *to);

#ifdef __cplusplus
}
#endif

#endif
