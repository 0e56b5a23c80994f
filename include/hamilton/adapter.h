// adapter.h — wraps what a driver does, without its functions knowing: tracing,
// caching, retrying, checking. docs/writing-adapters.md is the guide.
//
//     static hm_status count(void *self, hm_call *call, hm_error *error) {
//         atomic_fetch_add((atomic_int *)self, 1);
//         return HM_OK;
//     }
//
//     static const hm_adapter counter = {.struct_size = sizeof(hm_adapter),
//             .name = "counter", .self = &calls, .wants = hm_want_to_see,
//             .after = count};
//     static const hm_adapter *const adapters[] = {&counter};
//     options.adapters = adapters; // of hm_driver_options
//     options.adapter_count = 1;
//
// An adapter is a table of hooks; NULL is a hook that it has no interest in. A driver
// has any number of them: the first is the outermost. What begins something is asked
// from the first to the last, what ends it from the last to the first, so adapters lie
// around each other, and around a node, like the skins of an onion:
//
//     before A ▶ before B ▶ the function ▶ after B ▶ after A
//
// Which nodes an adapter wants is asked when a plan is compiled. What it does not want
// is compiled as if it were not there.
//
// A hook that can fail writes why into `error`, and returns a status that is not HM_OK:
// then what it was asked about fails, with the adapter's name, unless it only_observes.
//
// Hooks are called on the threads that do what they tell of, several at a time: hooks
// of a driver on its creator's, of a plan on its creator's, and of nodes on any. Of one
// run, run_began comes before all others and run_ended after them. What they are given
// is borrowed until they return, if nothing else is said.

#ifndef HAMILTON_ADAPTER_H
#define HAMILTON_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/driver.h>
#include <hamilton/export.h>
#include <hamilton/graph.h>
#include <hamilton/module.h>
#include <hamilton/plan.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Where a parameter of a planned node has its value from.
typedef struct hm_planned_argument {
    uint32_t maker;  ///< number of the planned node, or HM_NONE: it is there before the
                     ///< run, an input, an override, or a default
    uint32_t output; ///< which of the maker's
    uint32_t node;   ///< in the graph; HM_NONE for a default
} hm_planned_argument;

/// A function that a run of a plan calls, once or over rows, and so the nodes that it
/// makes. It goes by the name of the first of them.
typedef struct hm_planned_node {
    uint32_t number; ///< among the plan's
    const char *name;
    const hm_tag *tags;
    uint32_t tag_count;
    const hm_module *module;
    const hm_function *function;
    uint32_t mapped; ///< over how many dimensions; 0: it is called once
    bool is_async;
    bool is_wanted;                       ///< by the request: one of the nodes it makes
    const hm_planned_argument *arguments; ///< by parameter of the function
    const uint32_t *results; ///< by output: the node in the graph; HM_NONE if another
                             ///< one, or an override, has its name

    /// Its before and after may come on different threads, and others between them: it
    /// goes through its rows together with other nodes, reduces them, or may have to
    /// wait. rows_began tells who works on it. Known from plan_compiled on.
    bool is_spread;
} hm_planned_node;

/// What a plan calls. It lives as long as the plan.
typedef struct hm_planned {
    const hm_plan *plan;
    const hm_graph *graph;
    const hm_planned_node *nodes; ///< makers before those who need them
    uint32_t node_count;
    void *self; ///< the adapter's own: plan_compiled may set it, plan_ended clears up
} hm_planned;

/// One execution of a plan, for one adapter: `self` is its own.
typedef struct hm_running {
    const hm_planned *planned;
    uint64_t number; ///< of the execution, in this process: no two have the same
    void *self;      ///< the adapter's own: run_began may set it, run_ended clears up
} hm_running;

/// What an adapter keeps of a call, from one hook to the next; zeroed before the first.
typedef struct hm_memo {
    uint64_t number;
    void *pointer;
} hm_memo;

/// A call of a planned node that is under way.
typedef struct hm_call {
    const hm_planned_node *node;
    hm_running *running;
    hm_memo *memo;    ///< the adapter's own
    size_t row_count; ///< of a mapped node: how many rows, of its first dimension; else
                      ///< 1
    hm_status status; ///< for `after`: HM_OK, or why the call did not succeed
    const char *message; ///< for `after`: why in words, or ""
    bool is_returned;    ///< for `after`: the results are not the function's, but were
                         ///< given by an adapter, this one or one further in
} hm_call;

/// How an adapter wants a node.
typedef enum hm_want {
    HM_WANT_NOTHING,

    /// Its hooks are told. Mapped nodes still go through their rows together with
    /// others, block by block; what only those need is in no array, and its data NULL.
    HM_WANT_TO_SEE,

    /// It may change what happens, by hm_call_return and all that follow, or supply the
    /// results before anything is called. Then a mapped node runs by itself, once, on
    /// whole arrays. A switch by one value, HM_SWITCH, is only seen: it hands on what
    /// the node made that it takes.
    HM_WANT_TO_WRAP,

    /// It may also have the call wait, by hm_call_hold or hm_call_repeat, and no thread
    /// with it. Then the node is a task of its own.
    HM_WANT_TO_HOLD,
} hm_want;

/// Why a node was not called.
typedef enum hm_skip {
    HM_SKIP_NEEDED_FAILED, ///< one that it needs did not succeed
    HM_SKIP_RUN_FAILED,    ///< another node failed, and the run does not keep going
    HM_SKIP_CANCELLED,     ///< the run was
    HM_SKIP_LATE,          ///< the run's deadline passed
    HM_SKIP_RETURNED,      ///< an adapter further out gave the results, or failed
    HM_SKIP_SUPPLIED,      ///< an adapter had the results when the run began
    HM_SKIP_NOT_NEEDED,    ///< what needs it was supplied, or takes another branch
} hm_skip;

/// What a cache did about a node.
typedef enum hm_cache_decision {
    HM_CACHE_FOUND,
    HM_CACHE_COMPUTED,
    HM_CACHE_PASSED_BY, ///< the node is not cached
} hm_cache_decision;

struct hm_adapter {
    size_t struct_size; ///< sizeof(hm_adapter); lets hooks be added later
    const char *name;   ///< kept
    void *self;         ///< what hooks get first; kept

    /// It changes nothing: its hooks' failures are nobody's, and it wants nothing more
    /// than to see.
    bool only_observes;

    // Of a driver, while it is created. All faults are reported.

    /// Whether an edge may be: parameter p of a function takes a node. What is asked
    /// about has agreeing types already.
    hm_status (*check_edge)(void *self, const hm_graph *graph, uint32_t node,
            const hm_function *function, size_t p, hm_error *error);
    hm_status (*check_node)(
            void *self, const hm_graph *graph, uint32_t node, hm_error *error);
    hm_status (*graph_built)(void *self, const hm_graph *graph, hm_error *error);

    /// The driver's memory is freed: no hook is called any more.
    void (*driver_ended)(void *self);

    // Of a plan.

    /// How it wants a node, of which all but what others a plan has is known; NULL:
    /// nothing.
    hm_want (*wants)(void *self, const hm_graph *graph, const hm_planned_node *node);
    hm_status (*plan_compiled)(void *self, hm_planned *planned, hm_error *error);
    void (*plan_ended)(void *self, hm_planned *planned);

    // Of a run. After run_began returned HM_OK comes run_ended, whatever happens, once
    // nothing of the run is under way any more; after a deadline that is when the last
    // node is back, on its thread.

    hm_status (*run_began)(void *self, hm_running *running, hm_error *error);

    /// Whether an input or override will do; `node` is in the graph.
    hm_status (*check_input)(void *self, hm_running *running, uint32_t node,
            const hm_value *value, hm_error *error);

    /// What hm_run_execute told, or will tell: HM_OK or a status with its message.
    void (*run_ended)(
            void *self, hm_running *running, hm_status status, const char *message);

    /// A thread turns to a task of the run, and has done it. A run that its caller
    /// executes alone is one task, HM_NONE. Not for tasks that may have to wait: of an
    /// asynchronous node, of one with a limit, and of one that is held.
    void (*task_began)(void *self, hm_running *running, uint32_t task);
    void (*task_ended)(void *self, hm_running *running, uint32_t task);

    // Of the nodes that it wants. For each there is in a run either a skipped, or a
    // before and, unless that failed, an after. What is repeated has several.

    hm_status (*before)(void *self, hm_call *call, hm_error *error);
    hm_status (*after)(void *self, hm_call *call, hm_error *error);

    /// The node has failed for good: all around it have let it.
    void (*failed)(void *self, hm_running *running, const hm_planned_node *node,
            hm_status status, const char *message);

    /// cause is the node that failed because of which it was skipped, or NULL.
    void (*skipped)(void *self, hm_running *running, const hm_planned_node *node,
            hm_skip reason, const hm_planned_node *cause);

    /// A cache told of its decision by hm_running_decide. why is "" or a sentence.
    void (*decided)(void *self, hm_running *running, const hm_planned_node *node,
            hm_cache_decision decision, const char *why);

    /// Rows of a mapped node are done, `done` of `count` by now: after each block of
    /// rows, by the worker who did it, several at a time and in any order. Of a node
    /// that is asynchronous after each row.
    void (*progressed)(void *self, hm_running *running, const hm_planned_node *node,
            size_t done, size_t count);

    /// So many rows failed and are missing, as hm_request.rows_may_fail lets them;
    /// message tells of the first. Before the node's `after`.
    void (*rows_failed)(void *self, hm_running *running, const hm_planned_node *node,
            size_t count, const char *message);

    /// An adapter has the call made again, by hm_call_repeat, after so many
    /// nanoseconds; message is why it did not succeed, or "". All are told, those
    /// further out too, of which `before` and `after` come once for all attempts.
    void (*repeated)(void *self, hm_running *running, const hm_planned_node *node,
            uint64_t delay, const char *message);

    /// Of nodes that are spread: this thread turns to so many rows, from the first of
    /// them, and has done with them, whatever became of them. Of an asynchronous node
    /// that is when each is started; of one that is called once, the one row 0; of a
    /// reduction the rows of a chunk. Between the node's before and after.
    void (*rows_began)(void *self, hm_running *running, const hm_planned_node *node,
            size_t first, size_t count);
    void (*rows_ended)(void *self, hm_running *running, const hm_planned_node *node,
            size_t first, size_t count);

    // Of the threads that execute tasks, which all drivers of the process share: told
    // to the adapters of each, from its creation to its end, and about no run. These
    // hooks call nothing of the library but what says that they may.

    /// This thread has no task, or waits for a run that others execute, and sleeps; and
    /// wakes. No two sleeps of this process have the same number.
    void (*sleep_began)(void *self, uint64_t sleep);
    void (*sleep_ended)(void *self, uint64_t sleep);

    /// This thread wakes the one that sleeps so. Sleeps also end without.
    void (*wake_sent)(void *self, uint64_t sleep);
};

/// Which of the process's worker threads this one is, from 0; HM_NONE of any other, as
/// of one that executes a run. Any thread, any hook.
HM_API uint32_t hm_worker_number(void);

/// For `wants`, of an adapter that wants to see all nodes; or to wrap them.
HM_API hm_want hm_want_to_see(
        void *self, const hm_graph *graph, const hm_planned_node *node);
HM_API hm_want hm_want_to_wrap(
        void *self, const hm_graph *graph, const hm_planned_node *node);

/// The first tag of this key, or NULL.
HM_API const hm_tag *hm_planned_tag(const hm_planned_node *node, const char *key);

/// The value of a parameter. It points into the run: what `before` and `after` may read
/// of the call they are told of; and anywhere in the run, of a parameter without maker.
/// It is empty, without a type, of a branch that a switch does not take, and where the
/// maker did not succeed and HM_ACCEPT_FAILED accepts that.
HM_API hm_value hm_running_argument(
        const hm_running *running, const hm_planned_node *node, size_t parameter);

/// The value of an output, in `after`, if the status is HM_OK. It points into the run.
HM_API hm_value hm_running_result(
        const hm_running *running, const hm_planned_node *node, size_t output);

/// In run_began, for a node that the adapter wraps: its results, one value for each
/// output, in place of calling it. Then nothing is called, either, that only it needs.
/// The values are of the types and depths that the plan has for the outputs, else
/// HM_TYPE_MISMATCH. They are given: each is released after its last reader, but those
/// that the request wants live until the next execution or the run's end. A node that
/// another adapter supplied already is HM_BUSY, and the values stay the caller's.
HM_API HM_MUST_CHECK hm_status hm_running_supply(hm_running *running,
        const hm_planned_node *node, hm_value *results, hm_error *error);

/// Tells all adapters what a cache did about a node, in its before or after or in
/// run_began; in the latter, those further in when they have begun as well.
HM_API void hm_running_decide(hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why);

/// In before: the results, in place of the call; what is further in is skipped, and
/// `after` of this adapter comes next. In after: in place of what was made, or of the
/// failure. Values and errors as of hm_running_supply. HM_BAD_ARGUMENT if the adapter
/// does not wrap the node.
HM_API HM_MUST_CHECK hm_status hm_call_return(
        hm_call *call, hm_value *results, hm_error *error);

/// In before or after, of an adapter that wraps the node: it fails, as if its function
/// had, and why, as printf says it; at most 255 bytes are kept. HM_BAD_ARGUMENT if the
/// adapter does not wrap the node.
HM_API HM_MUST_CHECK hm_status hm_call_fail(hm_call *call, const char *format, ...)
#if defined(__GNUC__)
        __attribute__((format(printf, 2, 3)))
#endif
        ;

/// In before, of an adapter that wraps the node: after so many nanoseconds
/// hm_should_stop, and hm_async_should_stop, tell its function to come back. Whatever
/// it does then, `after` may ask by hm_call_is_late, which is about this adapter's
/// limit alone. A limit lasts until `after`, over all repetitions.
HM_API void hm_call_limit(hm_call *call, uint64_t nanoseconds);
HM_API bool hm_call_is_late(const hm_call *call);

/// In after, of an adapter that holds the node: the call is made again, with all that
/// is further in, after so many nanoseconds; `after` comes again then. False, and
/// nothing happens, if the run is stopped, or a limit of the call would have passed.
HM_API bool hm_call_repeat(hm_call *call, uint64_t delay);

/// In before or after, of an adapter that holds the node: the same hook is called once
/// more, after hm_call_resume or after so many nanoseconds, 0 for any time; or when the
/// run is stopped. Nothing waits meanwhile but what needs the node. False, and nothing
/// happens, if the run is stopped. The hook returns HM_OK at once.
HM_API bool hm_call_hold(hm_call *call, uint64_t nanoseconds);

/// Ends a hold, before or after the hook that began it has returned. Any thread; not
/// after the hook was called again.
HM_API void hm_call_resume(hm_call *call);

/// Whether nobody waits for the run's nodes any more: it was cancelled, is late, or
/// failed and does not keep going. Any thread, while the call is under way.
HM_API bool hm_call_is_stopped(const hm_call *call);

#ifdef __cplusplus
}
#endif

#endif
