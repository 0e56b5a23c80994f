// subjects.c — see subjects.h. A new adapter is a few functions, and a row at the end.

#include "tests/adapters/together/subjects.h"

#include <check.h>
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/breakpoint.h>
#include <hamilton/bundle.h>
#include <hamilton/cache.h>
#include <hamilton/checker.h>
#include <hamilton/faults.h>
#include <hamilton/log.h>
#include <hamilton/metrics.h>
#include <hamilton/progress.h>
#include <hamilton/retry.h>
#include <hamilton/run_report.h>
#include <hamilton/timeout.h>
#include <hamilton/timings.h>
#include <hamilton/trace.h>

#include "base/text.h"

// What wrote something as JSON, read by somebody else.
static json_t *read_json(const hm_text *text) {
    json_error_t fault;
    json_t *read = json_loads(hm_text_get(text), 0, &fault);
    ck_assert_msg(read != NULL, "line %d: %s", fault.line, fault.text);
    return read;
}

static const hm_adapter *create_report(void **self, const char *folder) {
    (void)folder;
    hm_run_report *report;
    ck_assert_int_eq(hm_run_report_create(NULL, &report, NULL), HM_OK);
    *self = report;
    return hm_run_report_adapter(report);
}

static void check_report(void *self, size_t run_count, size_t failed) {
    (void)run_count;
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_run_report_write(self, hm_text_write, &text), HM_OK);
    json_t *report = read_json(&text);
    json_t *nodes = json_object_get(report, "nodes");
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        json_t *state = json_object_get(json_array_get(nodes, i), "state");
        ck_assert_str_ne(json_string_value(state), "waiting");
        ck_assert_str_ne(json_string_value(state), "under_way");
        found += strcmp(json_string_value(state), "failed") == 0;
    }
    ck_assert_uint_eq(found, failed);
    json_decref(report);
    hm_text_finish(&text);
}

static void destroy_report(void *self) {
    hm_run_report_destroy(self);
}

static const hm_adapter *create_trace(void **self, const char *folder) {
    (void)folder;
    hm_trace_options options = HM_TRACE_OPTIONS_INIT;
    hm_trace *trace;
    ck_assert_int_eq(hm_trace_create(&options, &trace, NULL), HM_OK);
    *self = trace;
    return hm_trace_adapter(trace);
}

static void check_trace(void *self, size_t run_count, size_t failed) {
    (void)failed;
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_trace_write(self, hm_text_write, &text), HM_OK);
    ck_assert_uint_eq(hm_trace_lost(self), 0);
    json_t *trace = read_json(&text);
    ck_assert_uint_gt(
            json_array_size(json_object_get(trace, "traceEvents")), run_count);
    json_decref(trace);
    hm_text_finish(&text);
}

static void destroy_trace(void *self) {
    hm_trace_destroy(self);
}

static const hm_adapter *create_metrics(void **self, const char *folder) {
    (void)folder;
    hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    hm_metrics *metrics;
    const hm_adapter *adapter;
    ck_assert_int_eq(hm_metrics_create(&options, &metrics, NULL), HM_OK);
    ck_assert_int_eq(hm_metrics_adapter(metrics, "all", &adapter, NULL), HM_OK);
    *self = metrics;
    return adapter;
}

// "name{labels} number", or a comment.
static void check_sample(const char *line) {
    if (*line == '#' || *line == '\0') {
        return;
    }
    const char *number = strrchr(line, ' ');
    ck_assert_msg(isalpha((unsigned char)*line) && number != NULL, "%s", line);
    char *end;
    strtod(number, &end);
    ck_assert_msg(*end == '\0' && end > number + 1, "%s", line);
}

static void check_metrics(void *self, size_t run_count, size_t failed) {
    (void)failed;
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_metrics_write(self, hm_text_write, &text), HM_OK);
    size_t count = 0;
    for (char *line = strtok(text.data, "\n"); line != NULL;
            line = strtok(NULL, "\n")) {
        check_sample(line);
        count++;
    }
    ck_assert_uint_gt(count, run_count);
    hm_text_finish(&text);
}

static void destroy_metrics(void *self) {
    hm_metrics_destroy(self);
}

typedef struct hm_logged {
    hm_log *log;
    size_t errors;
} hm_logged;

// One at a time.
static void take_line(void *context, hm_log_level level, const char *line) {
    hm_logged *logged = context;
    ck_assert_ptr_null(strchr(line, '\n'));
    logged->errors += level == HM_LOG_ERROR;
}

static const hm_adapter *create_log(void **self, const char *folder) {
    (void)folder;
    hm_logged *logged = calloc(1, sizeof *logged);
    hm_log_options options = HM_LOG_OPTIONS_INIT;
    options.level = HM_LOG_DEBUG;
    options.line = take_line;
    options.context = logged;
    ck_assert_int_eq(hm_log_create(&options, &logged->log, NULL), HM_OK);
    *self = logged;
    return hm_log_adapter(logged->log);
}

static void check_log(void *self, size_t run_count, size_t failed) {
    ck_assert_uint_ge(((const hm_logged *)self)->errors, run_count * failed);
}

static void destroy_log(void *self) {
    hm_logged *logged = self;
    hm_log_destroy(logged->log);
    free(logged);
}

typedef struct hm_shown {
    hm_progress *progress;
    size_t ends; // lines that tell of one
} hm_shown;

// One at a time.
static bool take_shown(const char *text, size_t length, void *to) {
    static const char done[] = "progress: done, ";
    static const char failed[] = "progress: failed, ";
    hm_shown *shown = to;
    ck_assert_int_eq(text[length - 1], '\n');
    shown->ends += strncmp(text, done, strlen(done)) == 0 ||
                   strncmp(text, failed, strlen(failed)) == 0;
    return true;
}

static const hm_adapter *create_progress(void **self, const char *folder) {
    (void)folder;
    hm_shown *shown = calloc(1, sizeof *shown);
    hm_progress_options options = HM_PROGRESS_OPTIONS_INIT;
    options.write = take_shown;
    options.to = shown;
    options.delay = 1;
    options.period = 1000 * 1000;
    ck_assert_int_eq(hm_progress_create(&options, &shown->progress, NULL), HM_OK);
    *self = shown;
    return hm_progress_adapter(shown->progress);
}

static void check_progress(void *self, size_t run_count, size_t failed) {
    (void)failed;
    // A run does not wait for long until it may write: on a slow machine one is
    // missing.
    ck_assert_uint_gt(((const hm_shown *)self)->ends, 0);
    ck_assert_uint_le(((const hm_shown *)self)->ends, run_count);
}

static void destroy_progress(void *self) {
    hm_shown *shown = self;
    hm_progress_destroy(shown->progress);
    free(shown);
}

static const hm_adapter *create_timings(void **self, const char *folder) {
    (void)folder;
    hm_timings *timings;
    ck_assert_int_eq(hm_timings_create(NULL, &timings, NULL), HM_OK);
    *self = timings;
    return hm_timings_adapter(timings);
}

static void check_timings(void *self, size_t run_count, size_t failed) {
    (void)run_count;
    enum { MOST = 64 };
    hm_timing nodes[MOST];
    size_t count = hm_timings_read(self, nodes, MOST);
    ck_assert_uint_le(count, MOST);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_ne(nodes[i].state, HM_TIMING_UNDER_WAY);
        found += nodes[i].state == HM_TIMING_FAILED;
    }
    ck_assert_uint_eq(found, failed);
}

static void destroy_timings(void *self) {
    hm_timings_destroy(self);
}

static const hm_adapter *create_bundles(void **self, const char *folder) {
    char path[512];
    snprintf(path, sizeof path, "%s/bundles", folder);
    hm_bundles_options options = HM_BUNDLES_OPTIONS_INIT;
    options.folder = path;
    hm_bundles *bundles;
    hm_error error;
    ck_assert_msg(hm_bundles_create(&options, &bundles, &error) == HM_OK, "%s",
            error.message);
    *self = bundles;
    return hm_bundles_adapter(bundles);
}

// Further in than what calls nodes again it hears of each attempt.
static void check_bundles(void *self, size_t run_count, size_t failed) {
    enum { MOST_ATTEMPTS = 3 };
    ck_assert_str_eq(hm_bundles_trouble(self), "");
    ck_assert_uint_ge(hm_bundles_count(self), failed > 0);
    ck_assert_uint_le(hm_bundles_count(self), run_count * failed * MOST_ATTEMPTS);
    for (size_t i = 0; i < hm_bundles_count(self); i++) {
        hm_bundle *bundle;
        hm_error error;
        ck_assert_msg(hm_bundle_open(hm_bundles_path(self, i), NULL, &bundle, &error) ==
                              HM_OK,
                "%s", error.message);
        hm_bundle_close(bundle);
    }
}

static void destroy_bundles(void *self) {
    hm_bundles_destroy(self);
}

static const hm_adapter *create_cache(void **self, const char *directory) {
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.directory = directory;
    hm_cache *cache;
    hm_error error;
    ck_assert_msg(
            hm_cache_create(&options, &cache, &error) == HM_OK, "%s", error.message);
    *self = cache;
    return hm_cache_adapter(cache);
}

static const hm_adapter *create_memory_cache(void **self, const char *folder) {
    (void)folder;
    return create_cache(self, NULL);
}

static const hm_adapter *create_directory_cache(void **self, const char *folder) {
    char path[512];
    snprintf(path, sizeof path, "%s/cache", folder);
    return create_cache(self, path);
}

static void check_cache(void *self, size_t run_count, size_t failed) {
    (void)run_count;
    (void)failed;
    ck_assert_str_eq(hm_cache_trouble(self), "");
}

static void destroy_cache(void *self) {
    hm_cache_destroy(self);
}

static const hm_adapter *create_retry(void **self, const char *folder) {
    (void)folder;
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    options.pause = 1000;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&options, &retry, NULL), HM_OK);
    *self = retry;
    return hm_retry_adapter(retry);
}

static void destroy_retry(void *self) {
    hm_retry_destroy(self);
}

static const hm_adapter *create_timeout(void **self, const char *folder) {
    (void)folder;
    hm_timeout_options options = HM_TIMEOUT_OPTIONS_INIT;
    hm_timeout *timeout;
    ck_assert_int_eq(hm_timeout_create(&options, &timeout, NULL), HM_OK);
    *self = timeout;
    return hm_timeout_adapter(timeout);
}

static void destroy_timeout(void *self) {
    hm_timeout_destroy(self);
}

typedef struct hm_stops {
    hm_breakpoints *breakpoints;
    size_t count; // one at a time
} hm_stops;

static hm_status stop(void *context, hm_call *call, bool is_after, hm_error *error) {
    (void)error;
    hm_stops *stops = context;
    hm_value argument = hm_running_argument(call->running, call->node, 0);
    ck_assert_msg(is_after || argument.type != NULL, "%s", call->node->name);
    stops->count++;
    return HM_OK;
}

static const hm_adapter *create_breakpoints(void **self, const char *folder) {
    (void)folder;
    static const hm_breakpoint points[] = {{"base", false}, {"scaled", true},
            {"quote", true}, {"offer", false}, {"price", false}, {"failing", true}};
    hm_stops *stops = calloc(1, sizeof *stops);
    hm_breakpoints_options options = HM_BREAKPOINTS_OPTIONS_INIT;
    options.points = points;
    options.point_count = sizeof points / sizeof *points;
    options.stop = stop;
    options.context = stops;
    hm_error error;
    ck_assert_msg(hm_breakpoints_create(&options, &stops->breakpoints, &error) == HM_OK,
            "%s", error.message);
    *self = stops;
    return hm_breakpoints_adapter(stops->breakpoints);
}

static void check_breakpoints(void *self, size_t run_count, size_t failed) {
    (void)failed;
    ck_assert_uint_ge(((const hm_stops *)self)->count, run_count);
}

static void destroy_breakpoints(void *self) {
    hm_stops *stops = self;
    hm_breakpoints_destroy(stops->breakpoints);
    free(stops);
}

// Of all nodes, none of which it does anything to.
static const hm_adapter *create_faults(void **self, const char *folder) {
    (void)folder;
    static const hm_fault nothing = {.probability = 0};
    hm_faults_options options = HM_FAULTS_OPTIONS_INIT;
    options.items = &nothing;
    options.count = 1;
    hm_fault_injection *injection;
    ck_assert_int_eq(hm_fault_injection_create(&options, &injection, NULL), HM_OK);
    *self = injection;
    return hm_fault_injection_adapter(injection);
}

static void destroy_faults(void *self) {
    hm_fault_injection_destroy(self);
}

static const hm_adapter *create_checker(void **self, const char *folder) {
    (void)folder;
    static const hm_checked_value values[] = {
            {.refuses_nan = true, .refuses_infinite = true},
            {.node = "scaled", .has_least = true, .has_most = true, .most = 50}};
    hm_checker_options options = HM_CHECKER_OPTIONS_INIT;
    options.values = values;
    options.value_count = sizeof values / sizeof *values;
    hm_checker *checker;
    ck_assert_int_eq(hm_checker_create(&options, &checker, NULL), HM_OK);
    *self = checker;
    return hm_checker_adapter(checker);
}

static void destroy_checker(void *self) {
    hm_checker_destroy(self);
}

static const hm_subject of_progress = {
        "progress", create_progress, check_progress, destroy_progress};
static const hm_subject of_log = {"log", create_log, check_log, destroy_log};
static const hm_subject of_timings = {
        "timings", create_timings, check_timings, destroy_timings};
static const hm_subject of_report = {
        "report", create_report, check_report, destroy_report};
static const hm_subject of_metrics = {
        "metrics", create_metrics, check_metrics, destroy_metrics};
static const hm_subject of_trace = {"trace", create_trace, check_trace, destroy_trace};
static const hm_subject of_bundles = {
        "bundles", create_bundles, check_bundles, destroy_bundles};
static const hm_subject of_breakpoints = {
        "breakpoints", create_breakpoints, check_breakpoints, destroy_breakpoints};
static const hm_subject of_memory_cache = {
        "cache in memory", create_memory_cache, check_cache, destroy_cache};
static const hm_subject of_directory_cache = {
        "cache in a folder", create_directory_cache, check_cache, destroy_cache};
static const hm_subject of_retry = {"retry", create_retry, NULL, destroy_retry};
static const hm_subject of_timeout = {"timeout", create_timeout, NULL, destroy_timeout};
static const hm_subject of_checker = {"checker", create_checker, NULL, destroy_checker};
static const hm_subject of_faults = {"faults", create_faults, NULL, destroy_faults};

// Outermost first, as `hamilton run` has them.
const hm_subject *const hm_subjects[] = {
        &of_progress,
        &of_log,
        &of_timings,
        &of_report,
        &of_metrics,
        &hm_otlp_subject,
        &of_trace,
        &of_bundles,
        &of_breakpoints,
        &of_memory_cache,
        &of_directory_cache,
        &of_retry,
        &of_timeout,
        &of_checker,
        &of_faults,
};
const size_t hm_subject_count = sizeof hm_subjects / sizeof *hm_subjects;
