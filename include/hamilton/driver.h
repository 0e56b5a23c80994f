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
    /// drivers of the process; they are started when there is work that is worth it.
    uint32_t thread_count;

    /// Where all memory comes from, or NULL. Kept. Called from any thread.
    const hm_allocator *allocator;

    /// Gets every fault that is found, or NULL. Borrowed.
    hm_diagnostics *diagnostics;
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

    /// Ends the execution early when it is raised, or NULL. Kept by plans.
    const hm_cancel *cancel;

    /// Gets every fault that is found, or NULL. Owner only: not shared between calls
    /// that run at the same time.
    hm_diagnostics *diagnostics;

    /// The driver's threads share the nodes of every run, even where one thread alone
    /// is known to be faster. For measuring, and for finding out whether functions can
    /// run at the same time.
    bool always_share;
} hm_request;

#define HM_REQUEST_INIT                                                                \
    { .struct_size = sizeof(hm_request) }

/// Resolves every name and checks every type, so that a graph that cannot work fails
/// here and not half-way through a run. The caller destroys *driver.
HM_API HM_MUST_CHECK hm_status hm_driver_create(
        const hm_driver_options *options, hm_driver **driver, hm_error *error);

/// Accepts NULL. No run and no plan of this driver may be left.
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
/// when request.cancel was raised. The results point neither into the request nor into
/// its values, objects by reference excepted. Any thread, a node's own included; it may
/// run nodes of other requests while it waits, so it must hold no lock that a node
/// takes. The caller destroys *results.
HM_API HM_MUST_CHECK hm_status hm_driver_execute(const hm_driver *driver,
        const hm_request *request, hm_results **results, hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
