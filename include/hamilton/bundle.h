// bundle.h — folders from which something is run again: a node that failed, with its
// arguments, or a whole run, as a test case. `hamilton replay FOLDER` does it.
//
//     hm_bundles_options bundles_options = HM_BUNDLES_OPTIONS_INIT;
//     bundles_options.folder = "failures";
//     hm_bundles *bundles;
//     status = hm_bundles_create(&bundles_options, &bundles, &error);
//     const hm_adapter *const adapters[] = {hm_bundles_adapter(bundles)};
//     ... drivers that have it: failures/cost-1 is what node `cost` failed with ...
//     hm_bundles_destroy(bundles);
//
// A bundle has bundle.json, which says what it is, and values in files of their exact
// bits. It appears whole or not at all. docs/adapters/bundle.md describes it.
//
// Values that are known by pointer alone, or have to be destroyed, cannot be kept. In
// the place of such an argument the inputs of the run are kept that it was made of, and
// it is made anew in the replay.

#ifndef HAMILTON_BUNDLE_H
#define HAMILTON_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/driver.h>
#include <hamilton/export.h>
#include <hamilton/graph.h>
#include <hamilton/results.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How `hamilton replay` builds the dataflow again.
typedef struct hm_bundle_origin {
    size_t struct_size;

    /// Files that hamilton loads, .c or .so; they are noted relative to the bundle.
    /// NULL: those that the modules of the graph's nodes were made from.
    const char *const *modules;
    size_t module_count;

    /// Options of `hamilton run` about modules, such as "-I", "/usr/include/shop".
    const char *const *arguments;
    size_t argument_count;

    const hm_binding *config; ///< as of hm_driver_options
    size_t config_count;

    const char *compiler; ///< what compiled the modules, for who reads it, or NULL
} hm_bundle_origin;

#define HM_BUNDLE_ORIGIN_INIT                                                          \
    { .struct_size = sizeof(hm_bundle_origin) }

/// An adapter that writes a bundle for each node that fails.
typedef struct hm_bundles hm_bundles;

typedef struct hm_bundles_options {
    size_t struct_size;
    const char *folder; ///< copied; made if it is not there, but not those above it
    hm_bundle_origin origin; ///< copied

    /// Nodes are only seen, not wrapped, see <hamilton/adapter.h>: mapped ones go on
    /// through their rows together, and rows_may_fail means them. What they pass on to
    /// each other is in no array then, and made anew in the replay.
    bool only_sees;

    uint32_t most; ///< bundles that are written in all; 0 for 100

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_bundles_options;

#define HM_BUNDLES_OPTIONS_INIT                                                        \
    { .struct_size = sizeof(hm_bundles_options), .origin = HM_BUNDLE_ORIGIN_INIT }

/// The caller destroys *bundles.
HM_API HM_MUST_CHECK hm_status hm_bundles_create(
        const hm_bundles_options *options, hm_bundles **bundles, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as bundles.
/// It belongs outside of adapters that call nodes again or make their failures good,
/// and fails nothing: what cannot be written is told by hm_bundles_trouble.
HM_API const hm_adapter *hm_bundles_adapter(const hm_bundles *bundles);

/// The paths of those that were written. Any thread; a path lives as long as bundles.
HM_API size_t hm_bundles_count(hm_bundles *bundles);
HM_API const char *hm_bundles_path(hm_bundles *bundles, size_t index);

/// What could not be written, and why, or "". Owner only, while no run is under way.
HM_API const char *hm_bundles_trouble(const hm_bundles *bundles);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_bundles_destroy(hm_bundles *bundles);

/// Writes a run as a bundle: the request's inputs and overrides, and what came out.
/// A bundle that is there is replaced, any other folder refused. Inputs that cannot be
/// kept are HM_BAD_ARGUMENT; outputs that cannot be are noted, and not compared later.
/// Any thread.
HM_API HM_MUST_CHECK hm_status hm_bundle_record(const char *folder,
        const hm_driver *driver, const hm_request *request, const hm_results *results,
        const hm_bundle_origin *origin, hm_error *error);

/// A bundle that was read. Owner only.
typedef struct hm_bundle hm_bundle;

/// One of its inputs or outputs.
typedef struct hm_bundle_item {
    const char *name;
    const char *type;  ///< its name
    bool is_kept;      ///< its value is
    const char *why;   ///< it is not; of an output also why there was none. Else ""
    const char *shown; ///< how the value begins, as JSON, or ""
} hm_bundle_item;

/// What a bundle says. All of it lives as long as the bundle.
typedef struct hm_bundle_description {
    bool is_record;       ///< of a whole run; else of a node that failed
    const char *hamilton; ///< the version of the library that wrote it
    const char *compiler; ///< of hm_bundle_origin, or ""
    const char *node;     ///< that failed, or "", as the others up to message
    const char *module;
    const char *function;
    const char *file;
    uint32_t line;
    const char *processor; ///< as of hm_module, or ""
    const char *message;
    const char *const *modules; ///< paths, as seen from where the bundle was opened
    size_t module_count;
    const char *const *arguments;
    size_t argument_count;
    const hm_binding *config; ///< JSON texts
    size_t config_count;
    const char *const *wanted;
    size_t wanted_count;
    const hm_bundle_item *inputs; ///< and overrides
    size_t input_count;
    const hm_bundle_item *outputs; ///< of a record, by what was wanted
    size_t output_count;
} hm_bundle_description;

/// Reads what a bundle says, and none of its values. allocator is kept; NULL means the
/// default. HM_IO, HM_BAD_DATA. The caller closes *bundle.
HM_API HM_MUST_CHECK hm_status hm_bundle_open(const char *folder,
        const hm_allocator *allocator, hm_bundle **bundle, hm_error *error);

HM_API const hm_bundle_description *hm_bundle_describe(const hm_bundle *bundle);

/// Whether the code of a node is another than it was; NULL for any of those noted,
/// which for a failure is the node that failed. A module that does not tell its
/// versions has not changed.
HM_API bool hm_bundle_has_changed(
        const hm_bundle *bundle, const hm_graph *graph, const char *node);

/// Reads the values for a dataflow that is built again, once. The request asks for what
/// was asked for, and lives as long as the bundle; it may be changed. The graph's
/// modules must outlive the bundle. HM_TYPE_MISMATCH if a type has changed,
/// HM_UNKNOWN_NAME if a node has gone, HM_MISSING_INPUT if a value could not be kept.
HM_API HM_MUST_CHECK hm_status hm_bundle_request(
        hm_bundle *bundle, const hm_graph *graph, hm_request *request, hm_error *error);

/// Compares, bit for bit, what came out with what was recorded; write gets a line or
/// more for each output that differs. HM_IO if write ended it.
HM_API HM_MUST_CHECK hm_status hm_bundle_compare(hm_bundle *bundle,
        const hm_results *results, hm_write *write, void *to, bool *is_same,
        hm_error *error);

/// Accepts NULL.
HM_API void hm_bundle_close(hm_bundle *bundle);

#ifdef __cplusplus
}
#endif

#endif
