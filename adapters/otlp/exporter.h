// exporter.h — the thread that sends: traces that it is given, in batches, and metrics
// from time to time.

#ifndef HM_ADAPTERS_OTLP_EXPORTER_H
#define HM_ADAPTERS_OTLP_EXPORTER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/metrics.h>

#include "adapters/otlp/channel.h"
#include "adapters/otlp/client.h"
#include "adapters/otlp/spans.h"

typedef struct hm_exporter_settings {
    const char *service;
    const hm_metrics *metrics; // or NULL
    uint64_t metrics_interval;
    uint64_t delay;
    uint32_t batch_limit;
    uint64_t shutdown_limit;
} hm_exporter_settings;

typedef struct hm_exporter {
    hm_exporter_settings settings; // immutable
    hm_spans *spans;
    _Atomic(uint64_t) request_count;

    // Of the thread alone.
    uv_loop_t loop;
    uv_async_t called;
    uv_timer_t batch_timer;
    uv_timer_t metrics_timer;
    uv_timer_t end_timer;
    hm_client client;
    hm_channel traces;
    hm_channel points;
    hm_otlp_trace *first; // to be sent, in their order
    hm_otlp_trace *last;
    uint64_t ready_count; // spans of these
    bool is_due;          // they have waited long enough
    bool are_metrics_due;
    uint64_t flush_asked; // by whom metrics were sent last
    bool is_ending;
    bool has_ended;

    uv_thread_t thread;
    uv_mutex_t lock; // protects what follows
    uv_cond_t flushed;
    hm_otlp_trace *given_first;
    hm_otlp_trace *given_last;
    uint64_t given_count; // spans of these
    bool is_timed;        // the thread will look after a while without being called
    bool is_closing;
    uint64_t flush_wanted; // how often a flush was asked for,
    uint64_t flush_done;   // and up to which all is sent
    char trouble[512];
} hm_exporter;

// Starts the thread, once the channels are there. False if none can be had.
bool hm_exporter_start(hm_exporter *exporter);

// Gives it a trace. Any thread; waits for nobody who waits.
void hm_exporter_take(void *exporter, hm_otlp_trace *trace);

// Waits until all is sent that was given, or given up; false if that takes longer. Any
// thread.
bool hm_exporter_flush(hm_exporter *exporter, uint64_t nanoseconds);

// Sends what is left, within the limit, and ends the thread.
void hm_exporter_stop(hm_exporter *exporter);

#endif
