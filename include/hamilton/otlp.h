// otlp.h — an adapter that tells a collector of OpenTelemetry what runs did: a span for
// each run, with one inside for each node, and metrics; as OTLP over HTTP, in JSON.
//
//     hm_otlp_options otlp_options = HM_OTLP_OPTIONS_INIT;
//     hm_otlp_read_environment(&otlp_options); // OTEL_EXPORTER_OTLP_ENDPOINT and so on
//     otlp_options.service_name = "pricing";
//     hm_otlp *otlp;
//     status = hm_otlp_create(&otlp_options, &otlp, &error);
//     const hm_adapter *const adapters[] = {hm_otlp_adapter(otlp)};
//     ... drivers that have it execute requests ...
//     hm_otlp_shut_down(otlp); // sends what is left, as long as that may take
//     hm_otlp_destroy(otlp);
//
// It is of a component of its own, libhamilton_otlp, which needs libcurl: find_package
// names it `hamilton::otlp`, and pkg-config `hamilton-otlp`.
//
// A thread of its own sends; no run ever waits for it. What it has not sent yet is
// bounded: a run for whose spans there is no room is not told of, and counted. It sends
// again what a receiver could not take just now (429, 502, 503, 504, or no connection),
// after pauses that double or as long as the receiver asks for. hm_otlp_count() says
// what became of everything, and hm_otlp_trouble() why something was lost.

#ifndef HAMILTON_OTLP_H
#define HAMILTON_OTLP_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/metrics.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_otlp hm_otlp;

/// Times are nanoseconds; 0 is what stands beside it. Texts are copied.
typedef struct hm_otlp_options {
    size_t struct_size;

    /// Where the receiver is, to which /v1/traces and /v1/metrics are added; NULL for
    /// http://localhost:4318.
    const char *endpoint;
    const char *traces_endpoint;  ///< in place of that, as it is; or NULL
    const char *metrics_endpoint; ///< the same

    /// Headers of each request, `name=value,name=value`, in which values are
    /// percent-encoded, as in OTEL_EXPORTER_OTLP_HEADERS; or NULL.
    const char *headers;
    const char *service_name; ///< NULL for "hamilton"

    /// What is sent of it each metrics_interval, and at the end, or NULL. Kept: it
    /// lives longer.
    const hm_metrics *metrics;
    uint64_t metrics_interval; ///< 60 s

    /// Spans that may wait to be sent, those of runs under way included; 0 for 8192. A
    /// run of more nodes than that has no spans for those that are too many.
    uint32_t span_limit;
    uint32_t batch_limit; ///< spans of one request; 0 for 512
    uint64_t delay;       ///< that spans wait for others, at most: 1 s

    uint64_t timeout;  ///< of a request: 10 s
    uint64_t pause;    ///< before it is sent again, which doubles, up to 30 s: 1 s
    uint64_t patience; ///< after which a request is given up: 60 s
    uint64_t shutdown_limit; ///< that hm_otlp_shut_down takes, at most: 5 s

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_otlp_options;

#define HM_OTLP_OPTIONS_INIT                                                           \
    { .struct_size = sizeof(hm_otlp_options) }

/// Fills in what is not set, or empty, from OTEL_EXPORTER_OTLP_ENDPOINT,
/// _TRACES_ENDPOINT, _METRICS_ENDPOINT, _HEADERS and _TIMEOUT, and OTEL_SERVICE_NAME,
/// where these are.
HM_API void hm_otlp_read_environment(hm_otlp_options *options);

/// Starts the thread. HM_BAD_ARGUMENT if an endpoint is no URL of HTTP, or headers
/// cannot be read. The caller destroys *otlp.
HM_API HM_MUST_CHECK hm_status hm_otlp_create(
        const hm_otlp_options *options, hm_otlp **otlp, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers; it only observes. It
/// belongs outermost. Lives as long as otlp.
HM_API const hm_adapter *hm_otlp_adapter(const hm_otlp *otlp);

/// Runs that this thread begins from now on, by hm_run_execute, hm_run_submit or
/// hm_driver_execute, belong to the span that traceparent names, as W3C Trace Context
/// writes it: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01". If that is not
/// sampled they have no spans. NULL, and runs begin traces of their own again.
/// HM_BAD_ARGUMENT, and nothing changes, if it is none.
HM_API HM_MUST_CHECK hm_status hm_otlp_set_parent(
        const char *traceparent, hm_error *error);

/// Waits until what runs have told so far, and the metrics, are sent or given up, or so
/// many nanoseconds have passed: HM_DEADLINE. Any thread.
HM_API HM_MUST_CHECK hm_status hm_otlp_flush(
        hm_otlp *otlp, uint64_t nanoseconds, hm_error *error);

/// What became of everything so far.
typedef struct hm_otlp_statistics {
    uint64_t spans;         ///< of runs that have ended, whether sent or not
    uint64_t spans_sent;    ///< that the receiver took
    uint64_t spans_dropped; ///< for which there was no room, or no memory
    uint64_t spans_lost;    ///< that the receiver refused, or that were given up
    uint64_t points_sent;   ///< of metrics
    uint64_t points_lost;
    uint64_t requests; ///< that were sent, each attempt counted
} hm_otlp_statistics;

/// Any thread.
HM_API void hm_otlp_count(const hm_otlp *otlp, hm_otlp_statistics *statistics);

/// Why something was lost last, as a sentence, or "". Copied into text, shortened to
/// size bytes with the final NUL. Any thread.
HM_API void hm_otlp_trouble(hm_otlp *otlp, char *text, size_t size);

/// Sends what is left and ends the thread, within options.shutdown_limit. What was not
/// sent by then is lost, and so is what runs tell later. A receiver that cannot be
/// reached is not waited for. Not while another thread calls it.
HM_API void hm_otlp_shut_down(hm_otlp *otlp);

/// Shuts it down, if that was not done. Accepts NULL. No driver is left that has the
/// adapter.
HM_API void hm_otlp_destroy(hm_otlp *otlp);

#ifdef __cplusplus
}
#endif

#endif
