// log.c — the hooks that tell of nodes and runs, see <hamilton/log.h>.

#include <uv.h>

#include <hamilton/log.h>

#include "adapters/log/choice.h"
#include "adapters/log/summary.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/quantity.h"
#include "base/sized.h"

struct hm_log {
    hm_adapter adapter;
    const hm_allocator *allocator;
    hm_log_level level;
    hm_log_line *line;
    void *context;
    hm_choices choices;
    uv_mutex_t lock; // while a line is told
};

static bool tells(const hm_log *log, hm_log_level level) {
    return level <= log->level;
}

static void tell(hm_log *log, hm_log_level level, hm_line *line) {
    hm_line_clean(line);
    uv_mutex_lock(&log->lock);
    log->line(log->context, level, line->text);
    uv_mutex_unlock(&log->lock);
}

static void put_time_since(hm_line *line, const char *before, uint64_t begun) {
    hm_line_put(
            line, "%s%s", before, hm_quantity_time((double)(uv_hrtime() - begun)).text);
}

static hm_status check(void *self, const hm_graph *graph, hm_error *error) {
    const hm_log *log = self;
    return hm_choices_check(&log->choices, graph, error);
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    const hm_log *log = self;
    return hm_choices_have(&log->choices, graph, node) ? HM_WANT_TO_SEE
                                                       : HM_WANT_NOTHING;
}

// When the run began is what is kept of it.
static hm_status begin_run(void *self, hm_running *running, hm_error *error) {
    (void)error;
    hm_log *log = self;
    running->self = (void *)(uintptr_t)uv_hrtime();
    if (tells(log, HM_LOG_DEBUG)) {
        hm_line line = {.length = 0};
        uint32_t count = running->planned->node_count;
        hm_line_put(&line, "run %llu begins: %u node%s",
                (unsigned long long)running->number, (unsigned)count,
                count == 1 ? "" : "s");
        tell(log, HM_LOG_DEBUG, &line);
    }
    return HM_OK;
}

static void end_run(
        void *self, hm_running *running, hm_status status, const char *message) {
    hm_log *log = self;
    hm_log_level level = status == HM_OK ? HM_LOG_INFO : HM_LOG_ERROR;
    if (!tells(log, level)) {
        return;
    }
    hm_line line = {.length = 0};
    const char *word = status == HM_OK          ? "ended"
                       : status == HM_CANCELLED ? "was cancelled"
                       : status == HM_DEADLINE  ? "was late"
                                                : "failed";
    hm_line_put(&line, "run %llu %s", (unsigned long long)running->number, word);
    put_time_since(&line, status == HM_OK ? " in " : " after ",
            (uint64_t)(uintptr_t)running->self);
    if (status != HM_OK && status != HM_CANCELLED) {
        hm_line_put(&line, ": %s", message);
    }
    tell(log, level, &line);
}

static void put_inputs(hm_line *line, const hm_call *call) {
    const hm_function *function = call->node->function;
    for (size_t p = 0; p < function->parameter_count; p++) {
        hm_value value = hm_running_argument(call->running, call->node, p);
        hm_line_put(line, "%s%s = ", p > 0 ? ", " : ": ", function->parameters[p].name);
        hm_line_put_value(line, &value);
    }
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_log *log = self;
    if (tells(log, HM_LOG_DEBUG)) {
        hm_line line = {.length = 0};
        hm_line_put(&line, "%s begins", call->node->name);
        put_inputs(&line, call);
        tell(log, HM_LOG_DEBUG, &line);
    }
    call->memo->number = uv_hrtime();
    return HM_OK;
}

static void put_results(hm_line *line, const hm_call *call) {
    const hm_planned_node *node = call->node;
    const hm_graph *graph = call->running->planned->graph;
    const char *between = "";
    for (size_t o = 0; o < node->function->output_count; o++) {
        uint32_t made = node->results[o];
        if (made == HM_NONE) {
            continue;
        }
        hm_value value = hm_running_result(call->running, node, o);
        hm_line_put(line, "%s%s = ", between, hm_graph_describe(graph, made).name);
        hm_line_put_value(line, &value);
        between = ", ";
    }
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_log *log = self;
    if (call->status != HM_OK || !tells(log, HM_LOG_INFO)) {
        return HM_OK; // what failed for good is told of then
    }
    hm_line line = {.length = 0};
    put_results(&line, call);
    put_time_since(
            &line, call->is_returned ? ", supplied in " : ", ", call->memo->number);
    tell(log, HM_LOG_INFO, &line);
    return HM_OK;
}

static void fail(void *self, hm_running *running, const hm_planned_node *node,
        hm_status status, const char *message) {
    (void)running;
    (void)status;
    (void)node;
    hm_log *log = self;
    hm_line line = {.length = 0};
    hm_line_put(&line, "%s", message);
    tell(log, HM_LOG_ERROR, &line);
}

static void skip(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    static const char *const words[] = {
            [HM_SKIP_NEEDED_FAILED] = "is skipped: what it needs failed",
            [HM_SKIP_RUN_FAILED] = "is skipped: the run failed",
            [HM_SKIP_CANCELLED] = "is skipped: the run was cancelled",
            [HM_SKIP_LATE] = "is skipped: the run is late",
            [HM_SKIP_RETURNED] = "is supplied by an adapter",
            [HM_SKIP_SUPPLIED] = "is supplied by an adapter",
            [HM_SKIP_NOT_NEEDED] = "is not needed"};
    (void)running;
    hm_log *log = self;
    bool is_good = reason >= HM_SKIP_RETURNED;
    hm_log_level level = is_good ? HM_LOG_DEBUG : HM_LOG_WARNING;
    if (!tells(log, level)) {
        return;
    }
    hm_line line = {.length = 0};
    if (cause != NULL) {
        hm_line_put(&line, "%s is skipped: %s failed", node->name, cause->name);
    } else {
        hm_line_put(&line, "%s %s", node->name, words[reason]);
    }
    tell(log, level, &line);
}

static void miss_rows(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message) {
    (void)running;
    hm_log *log = self;
    if (tells(log, HM_LOG_WARNING)) {
        hm_line line = {.length = 0};
        hm_line_put(&line, "%s misses %zu row%s that failed: %s", node->name, count,
                count == 1 ? "" : "s", message);
        tell(log, HM_LOG_WARNING, &line);
    }
}

static void repeat(void *self, hm_running *running, const hm_planned_node *node,
        uint64_t delay, const char *message) {
    (void)running;
    hm_log *log = self;
    if (tells(log, HM_LOG_WARNING)) {
        hm_line line = {.length = 0};
        hm_line_put(&line, "%s is tried again in %s%s%s", node->name,
                hm_quantity_time((double)delay).text, message[0] != '\0' ? ": " : "",
                message);
        tell(log, HM_LOG_WARNING, &line);
    }
}

static void note_decision(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    static const char *const words[] = {[HM_CACHE_FOUND] = "was found by the cache",
            [HM_CACHE_COMPUTED] = "is computed for the cache",
            [HM_CACHE_PASSED_BY] = "is not cached"};
    (void)running;
    hm_log *log = self;
    if (tells(log, HM_LOG_DEBUG)) {
        hm_line line = {.length = 0};
        hm_line_put(&line, "%s %s%s%s", node->name, words[decision],
                why[0] != '\0' ? ": " : "", why);
        tell(log, HM_LOG_DEBUG, &line);
    }
}

// It refuses graphs that have not what it is to tell of, so it does more than observe.
static void set_adapter(hm_log *log) {
    log->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "log",
            .self = log,
            .graph_built = check,
            .wants = want,
            .run_began = begin_run,
            .run_ended = end_run,
            .before = before,
            .after = after,
            .failed = fail,
            .skipped = skip,
            .decided = note_decision,
            .rows_failed = miss_rows,
            .repeated = repeat};
    if (log->level < HM_LOG_INFO) { // nobody asks for nodes that go well
        log->adapter.before = NULL;
        log->adapter.after = NULL;
    }
}

hm_status hm_log_create(const hm_log_options *options, hm_log **log, hm_error *error) {
    hm_log_options known;
    HM_TRY(hm_sized_read(options, &known, sizeof known, "HM_LOG_OPTIONS_INIT", error));
    if (known.line == NULL) {
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "a log has a function that takes its lines");
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_log *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    hm_status status = hm_choices_init(
            &created->choices, allocator, known.nodes, known.node_count, error);
    if (status == HM_OK && uv_mutex_init(&created->lock) != 0) {
        status = hm_error_no_memory(error);
    }
    if (status != HM_OK) {
        hm_choices_finish(&created->choices);
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return status;
    }
    created->allocator = allocator;
    created->level = known.level;
    created->line = known.line;
    created->context = known.context;
    set_adapter(created);
    *log = created;
    return HM_OK;
}

const hm_adapter *hm_log_adapter(const hm_log *log) {
    return &log->adapter;
}

void hm_log_destroy(hm_log *log) {
    if (log == NULL) {
        return;
    }
    const hm_allocator *allocator = log->allocator;
    uv_mutex_destroy(&log->lock);
    hm_choices_finish(&log->choices);
    hm_deallocate_array(allocator, log, 1, sizeof *log);
}
