// driver.h — build a dataflow from modules, then ask it for values.
//
//     const hm_module *modules[] = {&marketing_module}; // see hamilton_add_module()
//     hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
//     options.modules = modules;
//     options.module_count = 1;
//
//     hm_driver *driver;
//     hm_error error;
//     if (hm_driver_create(&options, &driver, &error) != HM_OK) {
//         return complain(error.message);
//     }
//     ... hm_driver_execute() as often as you like, from any thread ...
//     hm_driver_destroy(driver);
//
// A service that asks the same question again and again compiles a plan instead, see
// <hamilton/plan.h>.

#ifndef HAMILTON_DRIVER_H
#define HAMILTON_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/cancel.h>
#include <hamilton/diagnostics.h>
#include <hamilton/export.h>
#include <hamilton/graph.h>
#include <hamilton/module.h>
#include <hamilton/results.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

struct uv_loop_s;                             // of libuv: its uv_loop_t
typedef struct hm_costs hm_costs;             // <hamilton/costs.h>
typedef struct hm_adapter hm_adapter;         // <hamilton/adapter.h>
typedef struct hm_data_format hm_data_format; // <hamilton/data_format.h>

/// How urgent a run is: no thread but its caller's begins a node of it while one of a
/// more urgent run waits.
typedef enum hm_priority {
    HM_PRIORITY_NORMAL,
    HM_PRIORITY_HIGH,
    HM_PRIORITY_LOW,
} hm_priority;

/// At most so many nodes that are tagged HM_TAG(limit, "name") are under way at once,
/// over all runs of the driver.
typedef struct hm_limit_option {
    const char *name; ///< copied
    uint32_t count;   ///< at least 1
} hm_limit_option;

/// What a data format gets for one of its parameters.
typedef struct hm_data_argument {
    const char *parameter;
    const char *source; ///< the node or input that it takes; NULL: `value`
    hm_value value;     ///< one text, number or bool, or JSON text of such
} hm_data_argument;

/// Inputs and nodes that are loaded, as HM_LOAD_FROM loads parameters. A node that is
/// named is not computed. The metadata is the node `load_data.TARGET`. Copied, but for
/// the format.
typedef struct hm_loader_option {
    const char *format;
    const char *const *targets; ///< of several each is a column of its name
    size_t target_count;        ///< at least 1
    const char *column; ///< of one target, what it is called there, or NULL: the same
    bool is_array; ///< load arrays, although who takes the targets takes single values
    const hm_data_argument *arguments; ///< of the format
    size_t argument_count;
} hm_loader_option;

/// Nodes that are saved together, as HM_SAVE_TO saves one. Copied, but for the format.
typedef struct hm_saver_option {
    const char *name; ///< of the node that saves them, and is the metadata
    const char *format;
    const char *const *nodes;          ///< or inputs
    size_t node_count;                 ///< at least 1
    const hm_data_argument *arguments; ///< of the format
    size_t argument_count;
} hm_saver_option;

/// A dataflow whose names are resolved and whose types agree. It never changes after it
/// is created, so any number of threads may execute it at once.
typedef struct hm_driver hm_driver;

typedef struct hm_driver_options {
    size_t struct_size; ///< set by HM_DRIVER_OPTIONS_INIT; lets fields be added later

    /// The nodes. Kept: modules must outlive the driver, as static data does.
    const hm_module *const *modules;
    size_t module_count;

    /// Values that choose between variants of a node, supply inputs, and replace nodes
    /// of their name. Copied.
    const hm_binding *config;
    size_t config_count;

    /// A node may be defined by several modules: the last one wins.
    bool allow_overrides;

    /// Threads that run nodes, the calling one counted: 0 for as many as this process
    /// has processors, 1 for the calling thread alone. The others are shared by all
    /// drivers of the process, as many as the one that asked for most; they are started
    /// when there is work that is worth it. Runs that are submitted have no calling
    /// thread: they get as many.
    uint32_t thread_count;

    /// Where all memory comes from, or NULL. Kept. Called from any thread.
    const hm_allocator *allocator;

    /// Gets every fault that is found, or NULL. Borrowed.
    hm_diagnostics *diagnostics;

    /// Where callbacks of submitted runs are called and asynchronous nodes find their
    /// loop, or NULL for a loop of ours on a thread of its own. Kept. The driver is
    /// then created and destroyed on the loop's thread; afterwards uv_run() returns
    /// when no plan is left, nor a node under way, and then the loop can be closed.
    struct uv_loop_s *loop;

    /// How many submitted runs may be under way at once; 0 for any number. One more is
    /// refused with HM_BUSY, or waits for its turn in hm_run_submit.
    uint32_t in_flight_limit;
    bool waits_for_room;

    const hm_limit_option *limits; ///< Copied.
    size_t limit_count;

    /// What wraps nodes and runs, the first around all others. Copied, but not what
    /// they point at, which must live until the driver's memory is freed.
    const hm_adapter *const *adapters;
    size_t adapter_count;

    /// Modules that HM_SUBDAG names, and that give no nodes of their own; those of
    /// `modules` can be named as well. Kept, as they are.
    const hm_module *const *libraries;
    size_t library_count;

    /// Data formats besides those that every driver has, and before these: see
    /// <hamilton/data_format.h>. Kept, as they are.
    const hm_data_format *const *formats;
    size_t format_count;

    /// What is loaded and saved besides what modules say of it.
    const hm_loader_option *loaders;
    size_t loader_count;
    const hm_saver_option *savers;
    size_t saver_count;
} hm_driver_options;

#define HM_DRIVER_OPTIONS_INIT                                                         \
    { .struct_size = sizeof(hm_driver_options) }

/// What one run should compute, and from what. Borrowed until the call returns.
typedef struct hm_request {
    size_t struct_size;
    const char *const *wanted; ///< names of nodes or inputs; only what they need is run
    size_t wanted_count;
    const hm_binding *inputs; ///< values for the names that no node defines
    size_t input_count;
    const hm_binding *overrides; ///< values that replace nodes, which then do not run
    size_t override_count;

    /// A node that fails skips only what depends on it; the rest is computed.
    bool keep_going;

    /// Ends the execution early when it is raised, or NULL. Used by plans.
    const hm_cancel *cancel;

    hm_priority priority;

    /// Nanoseconds that an execution may take; 0 for any time. It then returns
    /// HM_DEADLINE with what is ready, and no further node is begun; nodes under way go
    /// on, on threads that are replaced meanwhile. The calling thread takes only nodes
    /// that are known to fit into the time that is left: if one takes longer after all,
    /// the execution is late by the rest of it. Inputs are copied, but for those that
    /// the run owns and for objects that are only known by pointer: such an object must
    /// live until the last node is back, see hm_run_is_busy(). A run that is submitted
    /// is told of its deadline whatever a node does.
    uint64_t deadline;

    /// The calling thread runs no node itself, as long as there are other threads: the
    /// execution is back at its deadline whatever a node does.
    bool caller_waits;

    /// Gets every fault that is found, or NULL. Owner only: not shared between calls
    /// that run at the same time.
    hm_diagnostics *diagnostics;

    /// The driver's threads share the nodes of every run, even where one thread alone
    /// is known to be faster. For measuring, and for finding out whether functions can
    /// run at the same time.
    bool always_share;

    /// Every execution notes how long each function takes, which adds some 50 ns for
    /// each; else only the first ones of a plan do.
    bool always_measure;

    /// hm_plan_create() does not copy the elements of arrays: they must live, and stay
    /// as they are, as long as the plan or a run of it may read them. For columns that
    /// are too large to have twice.
    bool borrows_arrays;

    /// How many bytes a run may take, by the count of hm_plan_memory(); 0 for any
    /// number. HM_TOO_LARGE if it needs more: of the plan if that is known then, else
    /// of the execution, which goes no further than it may. What functions allocate
    /// themselves is not counted.
    size_t max_bytes;

    /// How many rows mapped functions go through together before they go on to the
    /// next ones; 0 for as many as fit the cache of a processor. What comes out does
    /// not depend on it.
    uint32_t block_length;

    /// What is known of how long functions take, or NULL, see <hamilton/costs.h>.
    /// hm_driver_execute() adds what it measured, as far as memory is there: it must
    /// then not be shared between calls that run at the same time. Borrowed.
    hm_costs *costs;

    /// Where a function that is mapped over one dimension fails for a row, the row is
    /// missing in what it makes, and the other rows go on. What is told of it is a
    /// warning, see diagnostics. One that is mapped over more dimensions, or is
    /// asynchronous, fails at its first row that does.
    bool rows_may_fail;
} hm_request;

#define HM_REQUEST_INIT                                                                \
    { .struct_size = sizeof(hm_request) }

/// Resolves every name and checks every type, so that a graph that cannot work fails
/// here and not half-way through a run. The caller destroys *driver.
HM_API HM_MUST_CHECK hm_status hm_driver_create(
        const hm_driver_options *options, hm_driver **driver, hm_error *error);

/// Accepts NULL. Its memory is freed when no plan of it is left, nor a node of it under
/// way.
HM_API void hm_driver_destroy(hm_driver *driver);

/// The graph, for looking at; it lives as long as the driver.
HM_API const hm_graph *hm_driver_graph(const hm_driver *driver);

/// Tells whether a run of this request could start, without running any node. Any
/// thread.
HM_API HM_MUST_CHECK hm_status hm_driver_validate(
        const hm_driver *driver, const hm_request *request, hm_error *error);

/// Runs what the request needs and waits for it. When a node fails no further node is
/// started and *results is left alone; with keep_going the call returns the status of
/// the first failure (HM_NODE_FAILED; HM_LENGTH_MISMATCH of arrays that nodes made) and
/// *results all the same, with what could be computed, and so it does with HM_CANCELLED
/// when request.cancel was raised, and with HM_DEADLINE. The results point neither into
/// the request nor into its values, objects by reference excepted. Any thread, a node's
/// own included, which may run nodes of other requests while it waits; it must hold no
/// lock that a node takes. The caller destroys *results.
HM_API HM_MUST_CHECK hm_status hm_driver_execute(const hm_driver *driver,
        const hm_request *request, hm_results **results, hm_error *error);

/// The threads of the process that run nodes, callers not counted.
typedef struct hm_worker_counts {
    uint32_t lent;  ///< by libuv's pool
    uint32_t owned; ///< our own
    uint32_t busy;  ///< of both, those that are in a node
    uint32_t stuck; ///< of these, those in a node that no run waits for any more
} hm_worker_counts;

/// Any thread.
HM_API hm_worker_counts hm_driver_workers(const hm_driver *driver);

#ifdef __cplusplus
}
#endif

#endif
