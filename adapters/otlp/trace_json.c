// trace_json.c — the spans of a trace as JSON, see trace.h.

#include <hamilton/status.h>

#include "adapters/otlp/otlp_json.h"
#include "adapters/otlp/trace.h"
#include "base/json_write.h"

enum { INTERNAL = 1, STATUS_ERROR = 2 }; // SpanKind, and Status.StatusCode

uint32_t hm_otlp_trace_count(const hm_otlp_trace *trace) {
    uint32_t count = !trace->is_run_written;
    for (uint32_t n = trace->next_node; n < trace->node_count; n++) {
        count += trace->nodes[n].began != 0;
    }
    return count;
}

static void put_status(hm_sink *sink, const hm_span *span) {
    if (span->status != HM_OK) {
        hm_sink_count(sink, ",\"status\":{\"code\":", STATUS_ERROR);
        hm_otlp_put_text(sink, "message",
                span->message != NULL ? span->message : hm_status_text(span->status));
        hm_sink_text(sink, "}");
    }
}

// Up to its attributes.
static void begin_span(hm_sink *sink, const hm_otlp_trace *trace, const hm_span *span,
        uint64_t parent, const char *name) {
    hm_sink_text(sink, "{\"traceId\":\"");
    hm_otlp_put_id(sink, trace->high);
    hm_otlp_put_id(sink, trace->low);
    hm_sink_text(sink, "\",\"spanId\":\"");
    hm_otlp_put_id(sink, span->id);
    hm_sink_text(sink, "\"");
    if (parent != 0) {
        hm_sink_text(sink, ",\"parentSpanId\":\"");
        hm_otlp_put_id(sink, parent);
        hm_sink_text(sink, "\"");
    }
    hm_otlp_put_text(sink, "name", name);
    hm_sink_count(sink, ",\"kind\":", INTERNAL);
    hm_otlp_put_count(sink, "startTimeUnixNano", trace->unix_time + span->began);
    hm_otlp_put_count(sink, "endTimeUnixNano", trace->unix_time + span->ended);
    hm_sink_text(sink, ",\"attributes\":[");
}

static void end_span(hm_sink *sink, const hm_span *span) {
    hm_sink_text(sink, "]");
    put_status(sink, span);
    hm_sink_text(sink, "}");
}

static void put_run(hm_sink *sink, const hm_otlp_trace *trace) {
    static const char *const outcomes[] = {
            [HM_OK] = "ok", [HM_CANCELLED] = "cancelled", [HM_DEADLINE] = "late"};
    hm_status status = trace->run.status;
    const char *outcome = status <= HM_DEADLINE ? outcomes[status] : NULL;
    begin_span(sink, trace, &trace->run, trace->parent, "run");
    hm_otlp_put_text_attribute(sink, true, "hamilton.plan", trace->outline->name);
    hm_otlp_put_count_attribute(sink, false, "hamilton.run", trace->number);
    hm_otlp_put_text_attribute(
            sink, false, "hamilton.outcome", outcome != NULL ? outcome : "failed");
    // Relaxed: the run has ended.
    hm_otlp_put_count_attribute(sink, false, "hamilton.skips",
            atomic_load_explicit(&trace->skip_count, memory_order_relaxed));
    end_span(sink, &trace->run);
}

static void put_node(hm_sink *sink, const hm_otlp_trace *trace, uint32_t number) {
    static const char *const decisions[] = {[HM_CACHE_FOUND] = "found",
            [HM_CACHE_COMPUTED] = "computed",
            [HM_CACHE_PASSED_BY] = "passed_by"};
    const hm_outline_node *node = &trace->outline->nodes[number];
    const hm_span *span = &trace->nodes[number];
    begin_span(sink, trace, span, trace->run.id, node->name);
    hm_otlp_put_text_attribute(sink, true, "code.function.name", node->function);
    hm_otlp_put_text_attribute(sink, false, "code.file.path", node->file);
    hm_otlp_put_count_attribute(sink, false, "code.line.number", node->line);
    hm_otlp_put_count_attribute(sink, false, "hamilton.rows", span->row_count);
    if (span->failed_row_count > 0) {
        hm_otlp_put_count_attribute(
                sink, false, "hamilton.failed_rows", span->failed_row_count);
    }
    if (span->retry_count > 0) {
        hm_otlp_put_count_attribute(sink, false, "hamilton.retries", span->retry_count);
    }
    if (span->is_decided) {
        hm_otlp_put_text_attribute(
                sink, false, "hamilton.cache.decision", decisions[span->decision]);
    }
    if (span->is_returned) {
        hm_otlp_put_text_attribute(sink, false, "hamilton.outcome", "returned");
    }
    end_span(sink, span);
}

uint32_t hm_otlp_trace_write(
        hm_otlp_trace *trace, hm_sink *sink, uint32_t limit, bool is_first) {
    uint32_t count = 0;
    if (!trace->is_run_written && limit > 0) {
        hm_sink_text(sink, is_first ? "" : ",");
        put_run(sink, trace);
        trace->is_run_written = true;
        count++;
    }
    for (; trace->next_node < trace->node_count && count < limit; trace->next_node++) {
        if (trace->nodes[trace->next_node].began != 0) {
            hm_sink_text(sink, is_first && count == 0 ? "" : ",");
            put_node(sink, trace, trace->next_node);
            count++;
        }
    }
    return count;
}
