// spans.h — the adapter: hooks that fill traces, and hand them over when runs end.

#ifndef HM_ADAPTERS_OTLP_SPANS_H
#define HM_ADAPTERS_OTLP_SPANS_H

#include <stdatomic.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "adapters/otlp/trace.h"

typedef struct hm_spans {
    hm_adapter adapter;
    const hm_allocator *allocator;
    uint32_t limit;           // spans at once
    _Atomic(uint32_t) room;   // that are left of these
    _Atomic(uint64_t) random; // of which ids are drawn
    _Atomic(uint64_t) count;  // of runs that have ended
    _Atomic(uint64_t) dropped;
    void (*take)(
            void *taker, hm_otlp_trace *trace); // gives it a trace that is complete
    void *taker;
} hm_spans;

void hm_spans_init(hm_spans *spans, const hm_allocator *allocator, uint32_t limit,
        void (*take)(void *taker, hm_otlp_trace *trace), void *taker);

// Gives back the room of a trace, and frees it.
void hm_spans_end_trace(hm_spans *spans, hm_otlp_trace *trace);

#endif
