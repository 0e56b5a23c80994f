// breakpoint.h — an adapter that stops before or after nodes of a name.
//
//     static hm_status stop(void *context, hm_call *call, bool is_after,
//             hm_error *error) {
//         hm_value price = hm_running_argument(call->running, call->node, 0);
//         ... look at it, wait for somebody ...
//         return HM_OK;
//     }
//
//     const hm_breakpoint points[] = {{.node = "cost"}};
//     hm_breakpoints_options stop_options = HM_BREAKPOINTS_OPTIONS_INIT;
//     stop_options.points = points;
//     stop_options.point_count = 1;
//     stop_options.stop = stop;
//     hm_breakpoints *breakpoints;
//     status = hm_breakpoints_create(&stop_options, &breakpoints, &error);
//     const hm_adapter *const adapters[] = {hm_breakpoints_adapter(breakpoints)};
//
// The nodes are wrapped: one that is mapped runs by itself, and its arguments are whole
// arrays.

#ifndef HAMILTON_BREAKPOINT_H
#define HAMILTON_BREAKPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_breakpoints hm_breakpoints;

typedef struct hm_breakpoint {
    const char *node; ///< copied. A name that is no node of a driver's, or an input,
                      ///< is HM_ADAPTER_FAILED for that driver
    bool after;       ///< once the node is done, however that ended; else before it
} hm_breakpoint;

/// Called on the thread that runs the node, which waits for it; a node that has several
/// breakpoints of a kind stops once. One call at a time: other threads that come to a
/// breakpoint wait for their turn, all others go on. It may read the call's arguments
/// and results, ask hm_call_is_stopped, and change what happens by hm_call_return and
/// hm_call_fail; it must not wait for another node of a breakpoint. Anything but HM_OK
/// fails the node with HM_ADAPTER_FAILED and what it writes into error.
typedef hm_status hm_breakpoint_stop(
        void *context, hm_call *call, bool is_after, hm_error *error);

typedef struct hm_breakpoints_options {
    size_t struct_size;
    const hm_breakpoint *points;
    size_t point_count;
    hm_breakpoint_stop *stop;
    void *context;                 ///< for stop; kept
    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_breakpoints_options;

#define HM_BREAKPOINTS_OPTIONS_INIT                                                    \
    { .struct_size = sizeof(hm_breakpoints_options) }

/// The caller destroys *breakpoints.
HM_API HM_MUST_CHECK hm_status hm_breakpoints_create(
        const hm_breakpoints_options *options, hm_breakpoints **breakpoints,
        hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as
/// breakpoints.
HM_API const hm_adapter *hm_breakpoints_adapter(const hm_breakpoints *breakpoints);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_breakpoints_destroy(hm_breakpoints *breakpoints);

#ifdef __cplusplus
}
#endif

#endif
