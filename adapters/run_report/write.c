// write.c — a run's record as JSON.

#include <hamilton/version.h>

#include "adapters/run_report/record.h"
#include "base/json_write.h"
#include "base/sink.h"

// A count, unless nothing is known of it.
static void put_known(
        hm_sink *sink, const char *member, bool is_known, uint64_t count) {
    if (is_known) {
        hm_sink_count(sink, member, count);
    } else {
        hm_sink_text(sink, member);
        hm_sink_text(sink, "null");
    }
}

static void put_text(hm_sink *sink, const char *member, const char *text) {
    hm_sink_text(sink, member);
    hm_json_put_string(sink, text);
}

static const char *state_of_run(const hm_run_record *record) {
    return record->ended == 0               ? "under_way"
           : record->status == HM_OK        ? "ok"
           : record->status == HM_CANCELLED ? "cancelled"
           : record->status == HM_DEADLINE  ? "late"
                                            : "failed";
}

static void put_run(hm_sink *sink, const hm_run_record *record) {
    bool has_ended = record->ended != 0;
    hm_sink_count(sink, " \"run\": {\"number\": ", record->number);
    put_text(sink, ", \"state\": ", state_of_run(record));
    put_text(sink, ", \"reason\": ", record->status != HM_OK ? record->message : NULL);
    put_known(sink, ", \"nanoseconds\": ", has_ended, record->ended - record->began);
    hm_sink_text(sink, "},\n");
}

static void put_node(
        hm_sink *sink, const hm_run_record *run, const hm_node_record *node) {
    static const char *const states[] = {[HM_NODE_WAITING] = "waiting",
            [HM_NODE_UNDER_WAY] = "under_way",
            [HM_NODE_DONE] = "ok",
            [HM_NODE_NOT_DONE] = "failed",
            [HM_NODE_SKIPPED] = "skipped",
            [HM_NODE_CANCELLED] = "cancelled",
            [HM_NODE_LATE] = "late",
            [HM_NODE_SUPPLIED] = "supplied",
            [HM_NODE_NOT_NEEDED] = "not_needed"};
    static const char *const decisions[] = {[HM_CACHE_FOUND] = "found",
            [HM_CACHE_COMPUTED] = "computed",
            [HM_CACHE_PASSED_BY] = "passed_by"};
    bool was_called = node->began != 0;
    bool has_ended = was_called && node->ended != 0;
    put_text(sink, "  {\"name\": ", node->name);
    put_text(sink, ", \"state\": ", states[node->state]);
    put_text(sink, ", \"reason\": ", node->reason);
    put_text(sink, ", \"cause\": ", node->cause);
    put_known(sink, ",\n   \"began\": ", was_called, node->began - run->began);
    put_known(sink, ", \"nanoseconds\": ", has_ended, node->ended - node->began);
    hm_sink_count(sink, ", \"calls\": ", node->call_count);
    put_known(sink, ", \"rows\": ", was_called, node->row_count);
    put_known(sink, ", \"failed_rows\": ", was_called, node->failed_row_count);
    put_known(sink, ", \"bytes\": ", node->state == HM_NODE_DONE, node->byte_count);
    put_known(sink, ", \"worker\": ", was_called, node->worker);
    put_text(sink,
            ",\n   \"cache\": ", node->is_decided ? decisions[node->decision] : NULL);
    put_text(sink, ", \"cache_reason\": ", node->why);
    put_text(sink, ",\n   \"function\": ", node->function);
    put_text(sink, ", \"file\": ", node->file);
    hm_sink_count(sink, ", \"line\": ", node->line);
    hm_sink_count(sink, ", \"mapped\": ", node->mapped);
    hm_sink_text(sink, "}");
}

hm_status hm_run_record_write(const hm_run_record *record, hm_write *write, void *to) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    if (record == NULL) {
        hm_sink_text(&sink, "null\n");
        return hm_sink_flush(&sink);
    }
    put_text(&sink, "{\"version\": 1, \"hamilton\": ", hm_version());
    hm_sink_text(&sink, ",\n");
    put_run(&sink, record);
    hm_sink_text(&sink, " \"nodes\": [");
    for (uint32_t n = 0; n < record->node_count; n++) {
        hm_sink_text(&sink, n == 0 ? "\n" : ",\n");
        put_node(&sink, record, &record->nodes[n]);
    }
    hm_sink_text(&sink, "]}\n");
    return hm_sink_flush(&sink);
}
