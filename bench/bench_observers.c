// bench_observers.c — what does it cost to watch? A chain of nodes that take 1 µs, and
// 10 µs, on one thread, and layers of them on two, and a chain that goes through a
// million rows, with an adapter that observes and without.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/log.h>
#include <hamilton/progress.h>
#include <hamilton/timings.h>
#include <hamilton/trace.h>

#include "bench/compiled.h"
#include "bench/contest.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

// An adapter that observes, and how it is made.
typedef struct hm_observer {
    const char *name;
    void *self;
    const hm_adapter *adapter;
    bool (*create)(struct hm_observer *observer);
    void (*destroy)(struct hm_observer *observer);
} hm_observer;

static bool create_trace(hm_observer *observer) {
    hm_trace_options options = HM_TRACE_OPTIONS_INIT;
    hm_trace *trace;
    if (hm_trace_create(&options, &trace, NULL) != HM_OK) {
        return false;
    }
    observer->self = trace;
    observer->adapter = hm_trace_adapter(trace);
    return true;
}

static void destroy_trace(hm_observer *observer) {
    hm_trace_destroy(observer->self);
}

static bool create_timings(hm_observer *observer) {
    hm_timings *timings;
    if (hm_timings_create(NULL, &timings, NULL) != HM_OK) {
        return false;
    }
    observer->self = timings;
    observer->adapter = hm_timings_adapter(timings);
    return true;
}

static void destroy_timings(hm_observer *observer) {
    hm_timings_destroy(observer->self);
}

// What is told goes nowhere: where lines go costs whatever it costs.
static void pass_over(void *context, hm_log_level level, const char *line) {
    (void)context;
    (void)level;
    (void)line;
}

static bool create_log(hm_observer *observer) {
    hm_log_options options = HM_LOG_OPTIONS_INIT;
    options.line = pass_over;
    hm_log *log;
    if (hm_log_create(&options, &log, NULL) != HM_OK) {
        return false;
    }
    observer->self = log;
    observer->adapter = hm_log_adapter(log);
    return true;
}

static void destroy_log(hm_observer *observer) {
    hm_log_destroy(observer->self);
}

static bool draw_nowhere(const char *text, size_t length, void *to) {
    (void)text;
    (void)length;
    (void)to;
    return true;
}

// As on a terminal, but of shorter runs than usual.
static bool create_progress(hm_observer *observer) {
    hm_progress_options options = HM_PROGRESS_OPTIONS_INIT;
    options.write = draw_nowhere;
    options.is_terminal = true;
    options.has_colour = true;
    options.delay = 50 * 1000 * 1000;
    hm_progress *progress;
    if (hm_progress_create(&options, &progress, NULL) != HM_OK) {
        return false;
    }
    observer->self = progress;
    observer->adapter = hm_progress_adapter(progress);
    return true;
}

static void destroy_progress(hm_observer *observer) {
    hm_progress_destroy(observer->self);
}

static hm_observer observers[] = {
        {.name = "trace", .create = create_trace, .destroy = destroy_trace},
        {.name = "timings", .create = create_timings, .destroy = destroy_timings},
        {.name = "progress", .create = create_progress, .destroy = destroy_progress},
        {.name = "log", .create = create_log, .destroy = destroy_log},
};

enum { NODE_COUNT = 100, ROW_COUNT = 1000000, ROW_NODES = 5 };

typedef struct hm_watched_case {
    const char *name;
    uint32_t nanoseconds; // of a node, or of a row of one
    uint32_t thread_count;
    bool has_rows;
} hm_watched_case;

static const hm_watched_case cases[] = {
        {"chain_1us", 1000, 1, false},
        {"chain_10us", 10000, 1, false},
        {"layers_1us", 1000, 2, false},
        {"layers_10us", 10000, 2, false},
        {"rows_1m", 20, 2, true},
};

static hm_dataflow *create_dataflow(const hm_watched_case *what) {
    return what->has_rows            ? hm_dataflow_chain(ROW_NODES, false)
           : what->thread_count == 1 ? hm_dataflow_chain(NODE_COUNT, false)
                                     : hm_dataflow_layers(10, NODE_COUNT / 10, false);
}

static bool run(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool compile(hm_compiled *compiled, const hm_dataflow *dataflow,
        const hm_watched_case *what, const hm_observer *observer) {
    static double rows[ROW_COUNT];
    hm_driver_options options = hm_dataflow_options(dataflow);
    options.thread_count = what->thread_count;
    if (observer != NULL) {
        options.adapters = &observer->adapter;
        options.adapter_count = 1;
    }
    hm_request request = hm_dataflow_request(dataflow);
    for (int i = 0; i < ROW_COUNT; i++) {
        rows[i] = i;
    }
    hm_binding input = {
            dataflow->names[0], hm_value_many(&hm_type_double, rows, ROW_COUNT)};
    request.inputs = what->has_rows ? &input : request.inputs;
    return hm_compiled_init_request(compiled, &options, &request);
}

// A wanted value is a number, or an array of them.
static bool are_equal(const void *left, const void *right, bool are_arrays) {
    size_t size = sizeof(double);
    if (are_arrays) {
        const hm_array *a = left;
        const hm_array *b = right;
        size = a->length == b->length ? a->length * size : 0;
        left = a->data;
        right = b->data;
    }
    return size > 0 && memcmp(left, right, size) == 0;
}

static bool agree(hm_compiled *watched, hm_compiled *alone, const hm_dataflow *dataflow,
        const hm_watched_case *what) {
    bool do_agree = true;
    for (uint32_t i = 0; i < dataflow->wanted_count; i++) {
        const char *name = dataflow->wanted_names[i];
        do_agree &= are_equal(hm_compiled_slot(watched, name),
                hm_compiled_slot(alone, name), what->has_rows);
    }
    if (!do_agree) {
        fprintf(stderr, "what is watched computes something else\n");
    }
    return do_agree;
}

static bool measure(const hm_watched_case *what, hm_observer *observer,
        const hm_dataflow *dataflow, bool is_quick) {
    hm_compiled watched = {0};
    hm_compiled alone = {0};
    const hm_system systems[] = {
            {.name = observer->name,
                    .run = run,
                    .subject = &watched,
                    .workers = what->thread_count},
            {.name = "without",
                    .run = run,
                    .subject = &alone,
                    .workers = what->thread_count},
    };
    const hm_measurement measurement = {.bench = "observers",
            .name = what->name,
            .unit = what->has_rows ? "ns/row" : "ns/node",
            .per_second = 1e9 / (what->has_rows ? ROW_COUNT : dataflow->node_count),
            .rounds = what->has_rows ? 31 : 101,
            .comparison = HM_RATIO_TO_SECOND,
            .systems = systems,
            .system_count = 2};
    bool is_right = observer->create(observer) &&
                    compile(&watched, dataflow, what, observer) &&
                    compile(&alone, dataflow, what, NULL) &&
                    hm_measure(&measurement, is_quick) &&
                    agree(&watched, &alone, dataflow, what);
    hm_compiled_finish(&watched);
    hm_compiled_finish(&alone);
    if (observer->adapter != NULL) {
        observer->destroy(observer);
        observer->adapter = NULL;
    }
    return is_right;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    bool is_right = hm_contest_begin();
    for (size_t c = 0; c < sizeof cases / sizeof *cases && is_right; c++) {
        hm_dataflow *dataflow = create_dataflow(&cases[c]);
        is_right = dataflow != NULL;
        if (is_right) {
            hm_dataflow_set_work(dataflow, hm_contest_rounds(cases[c].nanoseconds));
        }
        for (size_t o = 0; o < sizeof observers / sizeof *observers && is_right; o++) {
            is_right = measure(&cases[c], &observers[o], dataflow, is_quick);
        }
        hm_dataflow_destroy(dataflow);
    }
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
