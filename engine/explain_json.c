// explain_json.c — an explanation as JSON.

#include <hamilton/explain.h>
#include <hamilton/json.h>

#include "base/json_write.h"
#include "base/sink.h"

// A number that is 0 while it is not known: null.
static void put_float(hm_sink *sink, const char *member, float number) {
    char text[HM_NUMBER_SIZE] = "null";
    if (number > 0) {
        hm_number_format(&hm_type_float, &number, text);
    }
    hm_sink_text(sink, member);
    hm_sink_text(sink, text);
}

static void put_double(hm_sink *sink, const char *member, double number) {
    char text[HM_NUMBER_SIZE];
    hm_number_format(&hm_type_double, &number, text);
    hm_sink_text(sink, member);
    hm_sink_text(sink, text);
}

// A sum of costs, which are nanoseconds only if they are measured.
static void put_sum(hm_sink *sink, const char *member,
        const hm_explanation *explanation, double sum) {
    if (explanation->is_measured) {
        put_double(sink, member, sum);
    } else {
        hm_sink_text(sink, member);
        hm_sink_text(sink, "null");
    }
}

static void put_flag(hm_sink *sink, const char *member, bool flag) {
    hm_sink_text(sink, member);
    hm_sink_text(sink, flag ? "true" : "false");
}

static void put_outputs(hm_sink *sink, const hm_explanation *explanation) {
    const char *before = "";
    hm_sink_text(sink, "{\"outputs\": [");
    for (uint32_t v = 0; v < explanation->value_count; v++) {
        if (explanation->values[v].is_wanted) {
            hm_sink_text(sink, before);
            hm_json_put_string(sink, explanation->values[v].name);
            before = ", ";
        }
    }
    hm_sink_text(sink, "]");
}

static void put_sums(hm_sink *sink, const hm_explanation *explanation) {
    static const char *const sharing[] = {"none", "if_awake", "all"};
    double span = explanation->span;
    hm_sink_count(sink, ",\n \"node_count\": ", explanation->call_count);
    hm_sink_count(sink, ", \"task_count\": ", explanation->task_count);
    hm_sink_count(sink, ", \"workers\": ", explanation->worker_count);
    hm_sink_text(sink, ", \"sharing\": ");
    hm_json_put_string(sink, sharing[explanation->sharing]);
    put_flag(sink, ",\n \"measured\": ", explanation->is_measured);
    put_sum(sink, ", \"work_nanoseconds\": ", explanation, explanation->work);
    put_sum(sink, ", \"span_nanoseconds\": ", explanation, span);
    put_double(sink,
            ", \"average_parallelism\": ", span > 0 ? explanation->work / span : 0);
    put_float(sink, ", \"alone_nanoseconds\": ", explanation->alone);
    put_float(sink, ", \"shared_nanoseconds\": ", explanation->shared);
    hm_sink_count(sink, ",\n \"frame_bytes\": ", explanation->need.frame);
    hm_sink_count(sink, ", \"array_bytes\": ", explanation->need.arrays);
    hm_sink_count(sink, ", \"state_bytes\": ", explanation->need.state);
    put_flag(sink, ", \"bytes_known\": ", explanation->need.is_known);
    hm_sink_text(sink, ",\n \"critical_path\": [");
    for (uint32_t i = 0; i < explanation->critical_count; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        hm_json_put_string(
                sink, explanation->calls[explanation->critical_path[i]].name);
    }
    hm_sink_text(sink, "]");
}

static void put_call(hm_sink *sink, const hm_explained_call *call) {
    hm_sink_text(sink, "{\"name\": ");
    hm_json_put_string(sink, call->name);
    put_float(sink, ", \"nanoseconds\": ", call->nanoseconds);
    hm_sink_count(sink, ", \"mapped\": ", call->mapped);
    put_flag(sink, ", \"async\": ", call->is_async);
    put_flag(sink, ", \"critical\": ", call->is_critical);
    if (call->is_lazy) {
        put_flag(sink, ", \"lazy\": ", true);
    }
    hm_sink_text(sink, "}");
}

static void put_tasks(hm_sink *sink, const hm_explanation *explanation) {
    hm_sink_text(sink, ",\n \"tasks\": [");
    for (uint32_t t = 0; t < explanation->task_count; t++) {
        const hm_explained_task *task = &explanation->tasks[t];
        put_float(sink, t > 0 ? ",\n  {\"nanoseconds\": " : "\n  {\"nanoseconds\": ",
                task->nanoseconds);
        hm_sink_count(sink, ", \"dependency_count\": ", task->dependency_count);
        hm_sink_text(sink, ", \"successors\": [");
        for (uint32_t i = 0; i < task->successor_count; i++) {
            hm_sink_count(sink, i > 0 ? ", " : "",
                    explanation->successors[task->first_successor + i]);
        }
        hm_sink_text(sink, "], \"nodes\": [");
        for (uint32_t i = 0; i < task->call_count; i++) {
            hm_sink_text(sink, i > 0 ? ",\n   " : "\n   ");
            put_call(sink, &explanation->calls[task->first_call + i]);
        }
        hm_sink_text(sink, "]}");
    }
    hm_sink_text(sink, "]");
}

static void put_pipelines(hm_sink *sink, const hm_explanation *explanation) {
    hm_sink_text(sink, ",\n \"pipelines\": [");
    for (uint32_t i = 0; i < explanation->pipeline_count; i++) {
        const hm_explained_pipeline *pipeline = &explanation->pipelines[i];
        hm_sink_count(sink, i > 0 ? ",\n  {\"task\": " : "\n  {\"task\": ",
                explanation->calls[pipeline->first_call].task);
        hm_sink_count(sink, ", \"block_rows\": ", pipeline->block_length);
        hm_sink_count(sink, ", \"block_bytes\": ", pipeline->block_bytes);
        hm_sink_count(sink, ", \"workers\": ", pipeline->worker_count);
        hm_sink_text(sink, "}");
    }
    hm_sink_text(sink, "]");
}

static void put_frame(hm_sink *sink, const hm_explanation *explanation) {
    hm_sink_text(sink, ",\n \"frame\": [");
    for (uint32_t v = 0; v < explanation->value_count; v++) {
        const hm_explained_value *value = &explanation->values[v];
        hm_sink_text(sink, v > 0 ? ",\n  {\"name\": " : "\n  {\"name\": ");
        hm_json_put_string(sink, value->name);
        hm_sink_text(sink, ", \"type\": ");
        hm_json_put_string(sink, value->type->name);
        hm_sink_count(sink, ", \"depth\": ", value->depth);
        put_flag(sink, ", \"computed\": ", value->call != HM_NONE);
        put_flag(sink, ", \"in_blocks\": ", value->is_inner);
        hm_sink_count(sink, ", \"offset\": ", value->offset);
        hm_sink_count(sink, ", \"bytes\": ", value->size);
        hm_sink_text(sink, ", \"buffers\": [");
        for (uint32_t k = 0; k < value->buffer_count; k++) {
            hm_sink_count(sink, k > 0 ? ", " : "",
                    explanation->buffers_of[value->first_buffer + k]);
        }
        hm_sink_text(sink, "]}");
    }
    hm_sink_text(sink, "]");
}

static void put_buffers(hm_sink *sink, const hm_explanation *explanation) {
    hm_sink_text(sink, ",\n \"buffers\": [");
    for (uint32_t b = 0; b < explanation->buffer_count; b++) {
        const hm_explained_buffer *buffer = &explanation->buffers[b];
        hm_sink_text(sink, b > 0 ? ",\n  " : "\n  ");
        hm_sink_count(sink, "{\"values\": ", buffer->tenant_count);
        if (buffer->size != SIZE_MAX) {
            hm_sink_count(sink, ", \"bytes\": ", buffer->size);
        } else {
            hm_sink_text(sink, ", \"bytes\": null");
        }
        hm_sink_text(sink, "}");
    }
    hm_sink_text(sink, "]}\n");
}

hm_status hm_explanation_write(
        const hm_explanation *explanation, hm_write *write, void *to) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    put_outputs(&sink, explanation);
    put_sums(&sink, explanation);
    put_tasks(&sink, explanation);
    put_pipelines(&sink, explanation);
    put_frame(&sink, explanation);
    put_buffers(&sink, explanation);
    return hm_sink_flush(&sink);
}
