// trace.h — what is told of a run: a span of its own, and one for each node that it
// called. Filled by the hooks of spans.c, written as JSON by trace_json.c.

#ifndef HM_ADAPTERS_OTLP_TRACE_H
#define HM_ADAPTERS_OTLP_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "base/arena.h"
#include "base/sink.h"

typedef struct hm_outline_node {
    const char *name;
    const char *function;
    const char *file;
    uint32_t line;
} hm_outline_node;

// What the runs of a plan have in common; it may live longer than the plan.
typedef struct hm_outline {
    _Atomic(uint32_t) user_count; // the plan, and traces
    hm_arena arena;               // all that follows is in it
    const char *name;             // of the plan, by what is wanted
    hm_outline_node *nodes;
    uint32_t node_count;
} hm_outline;

// Times are by uv_hrtime(). All of a node is written by the threads that call it, one
// after the other.
typedef struct hm_span {
    uint64_t id;
    uint64_t began; // 0: it was not called
    uint64_t ended;
    uint64_t row_count;
    uint64_t failed_row_count;
    uint32_t retry_count;
    hm_status status;
    bool is_returned; // by an adapter further in
    bool is_decided;  // by a cache
    hm_cache_decision decision;
    char *message; // why it failed, or NULL
} hm_span;

typedef struct hm_otlp_trace {
    struct hm_otlp_trace *next;
    hm_outline *outline;
    uint64_t number; // of the run
    uint64_t high;   // the trace's id
    uint64_t low;
    uint64_t parent;    // the id of the span that it is in, or 0
    uint64_t unix_time; // nanoseconds since 1970 at the time 0 of uv_hrtime()
    _Atomic(uint32_t) skip_count;
    uint32_t reserved;   // spans for which it has room
    uint32_t node_count; // with spans: the first of the plan's
    uint32_t next_node;  // to be written
    bool is_run_written;
    hm_span run;
    hm_span nodes[];
} hm_otlp_trace;

// How many spans are still to be written: of the run and of nodes that were called.
uint32_t hm_otlp_trace_count(const hm_otlp_trace *trace);

// Writes spans that were not written yet, `limit` at most, each after a comma but for
// the first of all, and returns how many.
uint32_t hm_otlp_trace_write(
        hm_otlp_trace *trace, hm_sink *sink, uint32_t limit, bool is_first);

#endif
