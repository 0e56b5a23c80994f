// write.c — a trace as JSON, in the format that Chrome's tracing reads ("Trace Event
// Format"): slices of threads are complete events (X), what is on no thread is
// asynchronous (b, e), arrows are flows (s, f), and names are metadata (M). Times are
// microseconds since the trace was made.

#include <stdlib.h>

#include <hamilton/version.h>

#include "adapters/trace/trace.h"
#include "base/allocator.h"
#include "base/json_write.h"
#include "base/sink.h"

typedef struct hm_trace_writer {
    hm_sink sink;
    hm_trace *trace;
    hm_ticks_scale scale;
    int process;
    bool has_one; // something stands before
    hm_trace_events
            open; // that are on no thread: read first, as they may end meanwhile
} hm_trace_writer;

static void put_microseconds(hm_sink *sink, const char *member, uint64_t nanoseconds) {
    uint64_t rest = nanoseconds % 1000;
    const char digits[] = {'.', (char)('0' + rest / 100), (char)('0' + rest / 10 % 10),
            (char)('0' + rest % 10)};
    hm_sink_count(sink, member, nanoseconds / 1000);
    hm_sink_put(sink, digits, sizeof digits);
}

// What all events have.
static void begin_event(
        hm_trace_writer *writer, const char *phase, uint32_t lane, uint64_t moment) {
    hm_sink *sink = &writer->sink;
    hm_sink_text(sink, writer->has_one ? ",\n" : "\n");
    writer->has_one = true;
    hm_sink_text(sink, "{\"ph\": \"");
    hm_sink_text(sink, phase);
    hm_sink_count(sink, "\", \"pid\": ", (uint64_t)writer->process);
    hm_sink_count(sink, ", \"tid\": ", lane);
    put_microseconds(sink, ", \"ts\": ", moment);
}

static uint64_t moment_of(const hm_trace_writer *writer, uint64_t ticks) {
    return hm_ticks_moment(&writer->scale, ticks);
}

static void put_text(hm_sink *sink, const char *member, const char *text) {
    hm_sink_text(sink, member);
    hm_json_put_string(sink, text);
}

static const char *word_of(const hm_trace_event *event) {
    if (event->is_open) {
        return "under way";
    }
    switch ((hm_status)event->status) {
    case HM_OK:
        return "ok";
    case HM_SKIPPED:
        return "skipped";
    case HM_CANCELLED:
        return "cancelled";
    case HM_DEADLINE:
        return "late";
    default:
        return "failed";
    }
}

static void put_decision(hm_sink *sink, const hm_trace_event *event) {
    static const char *const words[] = {[1 + HM_CACHE_FOUND] = "found",
            [1 + HM_CACHE_COMPUTED] = "computed",
            [1 + HM_CACHE_PASSED_BY] = "passed_by"};
    if (event->decision != 0) {
        put_text(sink, ", \"cache\": ", words[event->decision]);
    }
}

static void put_name(hm_trace_writer *writer, const hm_trace_event *event) {
    hm_sink *sink = &writer->sink;
    if (event->kind == HM_TRACE_TASK && event->place == HM_NONE) {
        hm_sink_count(sink, ", \"cat\": \"task\", \"name\": \"run ", event->run);
        hm_sink_text(sink, "\"");
    } else if (event->kind == HM_TRACE_TASK) {
        hm_sink_count(sink, ", \"cat\": \"task\", \"name\": \"task ", event->place);
        hm_sink_text(sink, "\"");
    } else if (event->kind == HM_TRACE_SLEEP) {
        hm_sink_text(sink, ", \"cat\": \"thread\", \"name\": \"sleep\"");
    } else {
        hm_sink_text(sink, event->kind == HM_TRACE_ROWS ? ", \"cat\": \"rows\""
                                                        : ", \"cat\": \"node\"");
        put_text(sink, ", \"name\": ", event->name);
    }
}

static void put_arguments(hm_trace_writer *writer, const hm_trace_event *event) {
    hm_sink *sink = &writer->sink;
    hm_sink_count(sink, ", \"args\": {\"run\": ", event->run);
    if (event->kind == HM_TRACE_ROWS) {
        hm_sink_count(sink, ", \"first\": ", event->place);
    }
    if (event->kind == HM_TRACE_NODE && event->place != HM_NONE) {
        hm_sink_count(sink, ", \"task\": ", event->place);
    }
    if (event->kind != HM_TRACE_TASK) {
        hm_sink_count(sink, ", \"rows\": ", event->rows);
    }
    if (event->kind == HM_TRACE_NODE || event->kind == HM_TRACE_SPREAD ||
            event->is_open) {
        put_text(sink, ", \"status\": ", word_of(event));
        put_decision(sink, event);
    }
    hm_sink_text(sink, "}}");
}

static void put_flow(hm_trace_writer *writer, const char *phase, uint32_t lane,
        uint64_t moment, const char *name, uint64_t id) {
    begin_event(writer, phase, lane, moment);
    put_text(&writer->sink, ", \"cat\": ", name);
    put_text(&writer->sink, ", \"name\": ", name);
    hm_sink_count(&writer->sink, ", \"id\": ", id);
    hm_sink_text(&writer->sink, phase[0] == 'f' ? ", \"bp\": \"e\"}" : "}");
}

static void put_slice(
        hm_trace_writer *writer, uint32_t lane, const hm_trace_event *event) {
    uint64_t begun = moment_of(writer, event->begun);
    uint64_t ended = moment_of(writer, event->ended);
    begin_event(writer, "X", lane, begun);
    put_microseconds(&writer->sink, ", \"dur\": ", ended - begun);
    put_name(writer, event);
    if (event->kind == HM_TRACE_SLEEP) {
        hm_sink_text(&writer->sink, "}");
    } else {
        put_arguments(writer, event);
    }
    if (event->was_called) { // an arrow ends where this does
        put_flow(writer, "f", lane, ended > begun ? ended - 1 : ended, "wake",
                event->run);
    }
}

static void put_wake(
        hm_trace_writer *writer, uint32_t lane, const hm_trace_event *event) {
    uint64_t moment = moment_of(writer, event->begun);
    begin_event(writer, "i", lane, moment);
    hm_sink_text(&writer->sink,
            ", \"s\": \"t\", \"cat\": \"thread\", \"name\": \"wakes another\"}");
    put_flow(writer, "s", lane, moment, "wake", event->run);
}

static void put_skip(
        hm_trace_writer *writer, uint32_t lane, const hm_trace_event *event) {
    static const char *const reasons[] = {[HM_SKIP_NEEDED_FAILED] = "needed_failed",
            [HM_SKIP_RUN_FAILED] = "run_failed",
            [HM_SKIP_CANCELLED] = "cancelled",
            [HM_SKIP_LATE] = "late",
            [HM_SKIP_RETURNED] = "returned",
            [HM_SKIP_SUPPLIED] = "supplied",
            [HM_SKIP_NOT_NEEDED] = "not_needed"};
    hm_sink *sink = &writer->sink;
    begin_event(writer, "i", lane, moment_of(writer, event->begun));
    put_text(sink, ", \"s\": \"t\", \"cat\": \"skipped\", \"name\": ", event->name);
    hm_sink_count(sink, ", \"args\": {\"run\": ", event->run);
    put_text(sink, ", \"reason\": ", reasons[event->place]);
    if (event->cause != NULL) {
        put_text(sink, ", \"cause\": ", event->cause);
    }
    put_decision(sink, event);
    hm_sink_text(sink, "}}");
}

// A pair: a run, by its number, or a node of one.
static void put_pair(
        hm_trace_writer *writer, uint32_t lane, const hm_trace_event *event) {
    hm_sink *sink = &writer->sink;
    bool is_run = event->kind == HM_TRACE_RUN;
    for (int end = 0; end < 2; end++) {
        begin_event(writer, end ? "e" : "b", lane,
                moment_of(writer, end ? event->ended : event->begun));
        hm_sink_count(sink, ", \"id\": \"", event->run);
        if (is_run) {
            hm_sink_count(sink, "\", \"cat\": \"run\", \"name\": \"run ", event->run);
            put_text(sink, "\", \"args\": {\"status\": ", word_of(event));
            hm_sink_text(sink, "}}");
        } else {
            hm_sink_count(sink, ".", event->place);
            hm_sink_text(sink, "\", \"cat\": \"node\"");
            put_text(sink, ", \"name\": ", event->name);
            put_arguments(writer, event);
        }
    }
}

static void put_event(
        hm_trace_writer *writer, uint32_t lane, const hm_trace_event *event) {
    switch ((hm_trace_kind)event->kind) {
    case HM_TRACE_WAKE:
        put_wake(writer, lane, event);
        break;
    case HM_TRACE_SKIP:
        put_skip(writer, lane, event);
        break;
    case HM_TRACE_FROM:
    case HM_TRACE_TO:
        put_flow(writer, event->kind == HM_TRACE_FROM ? "s" : "f", lane,
                moment_of(writer, event->begun), "run", event->run);
        break;
    case HM_TRACE_RUN:
    case HM_TRACE_SPREAD:
        put_pair(writer, lane, event);
        break;
    default:
        put_slice(writer, lane, event);
        break;
    }
}

// By their beginnings, and the outer ones first.
static int compare(const void *left, const void *right) {
    const hm_trace_event *a = left;
    const hm_trace_event *b = right;
    if (a->begun != b->begun) {
        return a->begun < b->begun ? -1 : 1;
    }
    if (a->ended != b->ended) {
        return a->ended > b->ended ? -1 : 1;
    }
    return a->kind < b->kind ? -1 : a->kind > b->kind;
}

// What was under way when it was looked for has ended by now.
static void note_ended(hm_trace_writer *writer, const hm_trace_event *event) {
    for (size_t i = 0; i < writer->open.count; i++) {
        hm_trace_event *open = &writer->open.items[i];
        bool is_it = open->kind == event->kind && open->run == event->run &&
                     open->place == event->place;
        open->is_open = open->is_open && !is_it;
    }
}

static void put_events(
        hm_trace_writer *writer, uint32_t lane, hm_trace_events *events) {
    if (events->count > 1) {
        qsort(events->items, events->count, sizeof *events->items, compare);
    }
    for (size_t i = 0; i < events->count; i++) {
        const hm_trace_event *event = &events->items[i];
        if (event->kind == HM_TRACE_RUN || event->kind == HM_TRACE_SPREAD) {
            note_ended(writer, event);
        }
        put_event(writer, lane, event);
    }
}

// A thread on which only a run, or a node that is spread, came to its end has no track.
static bool has_track(const hm_trace_events *events) {
    for (size_t i = 0; i < events->count; i++) {
        if (events->items[i].kind < HM_TRACE_RUN) {
            return true;
        }
    }
    return false;
}

static void put_thread(hm_trace_writer *writer, const hm_trace_lane *lane) {
    begin_event(writer, "M", lane->number, 0);
    put_text(&writer->sink,
            ", \"name\": \"thread_name\", \"args\": {\"name\": ", lane->name);
    hm_sink_text(&writer->sink, "}}");
}

static hm_status put_lane(hm_trace_writer *writer, hm_trace_lane *lane) {
    hm_trace_events events = {.allocator = writer->trace->allocator};
    bool is_complete =
            hm_trace_lane_read(lane, hm_ticks_now(&writer->trace->clock), &events);
    if (is_complete && has_track(&events)) {
        put_thread(writer, lane);
    }
    if (is_complete) {
        put_events(writer, lane->number, &events);
    }
    hm_trace_events_finish(&events);
    return is_complete ? HM_OK : HM_NO_MEMORY;
}

// A run that is under way, and its nodes that are and are spread.
static bool read_run(const hm_trace_run *run, uint64_t now, hm_trace_events *events) {
    hm_trace_event *event = hm_trace_events_add(events);
    if (event == NULL) {
        return false;
    }
    *event = (hm_trace_event){.begun = run->begun,
            .ended = now,
            .run = run->number,
            .kind = HM_TRACE_RUN,
            .is_open = true};
    for (uint32_t n = 0; n < run->node_count; n++) {
        uint64_t begun = atomic_load_explicit(&run->begins[n], memory_order_relaxed);
        if (begun == 0) {
            continue;
        }
        event = hm_trace_events_add(events);
        if (event == NULL) {
            return false;
        }
        *event = (hm_trace_event){.begun = begun,
                .ended = now > begun ? now : begun,
                .run = run->number,
                .place = n,
                .name = run->names != NULL ? run->names[n] : "?",
                .kind = HM_TRACE_SPREAD,
                .is_open = true};
    }
    return true;
}

static bool read_runs(hm_trace *trace, hm_trace_events *events) {
    bool is_complete = true;
    uv_mutex_lock(&trace->lock);
    uint64_t now = hm_ticks_now(&trace->clock);
    for (const hm_trace_run *run = trace->runs; run != NULL && is_complete;
            run = run->next) {
        is_complete = read_run(run, now, events);
    }
    uv_mutex_unlock(&trace->lock);
    return is_complete;
}

static void put_open(hm_trace_writer *writer) {
    for (size_t i = 0; i < writer->open.count; i++) {
        if (writer->open.items[i].is_open) {
            put_event(writer, 0, &writer->open.items[i]);
        }
    }
}

hm_status hm_trace_write(hm_trace *trace, hm_write *write, void *to) {
    hm_trace_writer writer = {.trace = trace,
            .scale = hm_ticks_measure(&trace->clock),
            .process = uv_os_getpid()};
    writer.open.allocator = trace->allocator;
    hm_status status = read_runs(trace, &writer.open) ? HM_OK : HM_NO_MEMORY;
    hm_sink_init(&writer.sink, write, to);
    hm_sink_text(&writer.sink, "{\"displayTimeUnit\": \"ns\",\n\"traceEvents\": [");
    // Acquire: lanes are found as they were made.
    hm_trace_lane *lane = atomic_load_explicit(&trace->lanes, memory_order_acquire);
    for (; lane != NULL && status == HM_OK && !writer.sink.failed; lane = lane->next) {
        status = put_lane(&writer, lane);
    }
    put_open(&writer);
    hm_trace_events_finish(&writer.open);
    put_text(&writer.sink, "],\n\"otherData\": {\"hamilton\": ", hm_version());
    hm_sink_count(&writer.sink, ", \"lost_events\": ", hm_trace_lost(trace));
    hm_sink_text(&writer.sink, "}}\n");
    hm_status flushed = hm_sink_flush(&writer.sink);
    return status == HM_OK ? flushed : status;
}
