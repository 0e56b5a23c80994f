// trace.h — an adapter that writes down what ran when, and on which thread, in the
// format of Chrome's tracing, which https://ui.perfetto.dev and others show.
//
//     hm_trace_options trace_options = HM_TRACE_OPTIONS_INIT;
//     hm_trace *trace;
//     status = hm_trace_create(&trace_options, &trace, &error);
//     const hm_adapter *const adapters[] = {hm_trace_adapter(trace)};
//     ... a driver that has it executes requests ...
//     status = hm_trace_write(trace, write, file);
//
// It belongs around adapters that change what becomes of nodes, so that it hears what
// did in the end, and a node's time is with all that they do.
// docs/adapters/trace.md says what is written.
//
// Each thread writes into memory of its own, without a lock. When the memory is used
// up, a thread gives up the oldest events of its own for new ones.

#ifndef HAMILTON_TRACE_H
#define HAMILTON_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_trace hm_trace;

typedef struct hm_trace_options {
    size_t struct_size;

    /// Bytes that all events may take, some 60 each; 0 for 64 MiB, else at least
    /// 16 KiB. They are allocated as they are needed.
    size_t max_bytes;

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_trace_options;

#define HM_TRACE_OPTIONS_INIT                                                          \
    { .struct_size = sizeof(hm_trace_options) }

/// The caller destroys *trace.
HM_API HM_MUST_CHECK hm_status hm_trace_create(
        const hm_trace_options *options, hm_trace **trace, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as trace.
/// It only observes: what it has no memory for is lost and counted.
HM_API const hm_adapter *hm_trace_adapter(const hm_trace *trace);

/// Writes all events that are there, as one JSON object; what is still under way ends
/// now, and says so. HM_IO if write ended it, HM_NO_MEMORY: the events of the thread
/// with the most are copied once. Any thread, also during runs, which do not wait for
/// it.
HM_API HM_MUST_CHECK hm_status hm_trace_write(
        hm_trace *trace, hm_write *write, void *to);

/// How many events were lost so far, for want of memory. Any thread.
HM_API uint64_t hm_trace_lost(const hm_trace *trace);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_trace_destroy(hm_trace *trace);

#ifdef __cplusplus
}
#endif

#endif
