// run_otlp.c — --otlp URL: what the run did, for a collector of OpenTelemetry.

#include <string.h>

#include <hamilton/otlp.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/component.h"
#include "cli/run_adapters.h"

// The component, by the names of <hamilton/otlp.h>.
typedef struct hm_otlp_functions {
    void (*read_environment)(hm_otlp_options *options);
    hm_status (*create)(
            const hm_otlp_options *options, hm_otlp **otlp, hm_error *error);
    const hm_adapter *(*adapter)(const hm_otlp *otlp);
    hm_status (*set_parent)(const char *traceparent, hm_error *error);
    void (*shut_down)(hm_otlp *otlp);
    void (*count)(const hm_otlp *otlp, hm_otlp_statistics *statistics);
    void (*trouble)(hm_otlp *otlp, char *text, size_t size);
    void (*destroy)(hm_otlp *otlp);
} hm_otlp_functions;

typedef struct hm_otlp_use {
    hm_otlp_functions functions;
    hm_metrics *metrics;
    const hm_adapter *counter;
    hm_otlp *otlp;
} hm_otlp_use;

static hm_status load(hm_session *session, hm_otlp_functions *functions) {
    static const hm_component component = {
            .name = "otlp",
            .needs = "libcurl",
            .mend = "build and install hamilton where it is; ./dev setup installs it",
    };
    const hm_component_function wanted[] = {
            {"hm_otlp_read_environment", &functions->read_environment},
            {"hm_otlp_create", &functions->create},
            {"hm_otlp_adapter", &functions->adapter},
            {"hm_otlp_set_parent", &functions->set_parent},
            {"hm_otlp_shut_down", &functions->shut_down},
            {"hm_otlp_count", &functions->count},
            {"hm_otlp_trouble", &functions->trouble},
            {"hm_otlp_destroy", &functions->destroy},
    };
    return hm_component_load(
            session, &component, "--otlp", wanted, sizeof wanted / sizeof *wanted);
}

static hm_status fail(hm_session *session, hm_status status, const hm_error *error) {
    return status == HM_NO_MEMORY
                   ? hm_session_no_memory(session)
                   : hm_session_fail(session, status, NULL, "%s", error->message);
}

// Metrics are counted for the receiver alone.
static hm_status create_otlp(hm_session *session, hm_otlp_use *use,
        const char *endpoint, const char *name, hm_error *error) {
    const char *parent = hm_arguments_value(session, "traceparent");
    const hm_metrics_options metrics_options = HM_METRICS_OPTIONS_INIT;
    hm_otlp_options options = HM_OTLP_OPTIONS_INIT;
    HM_TRY(use->functions.set_parent(parent, error));
    HM_TRY(hm_metrics_create(&metrics_options, &use->metrics, error));
    HM_TRY(hm_metrics_adapter(use->metrics, name, &use->counter, error));
    options.endpoint = endpoint;
    options.metrics = use->metrics;
    use->functions.read_environment(&options);
    options.service_name = options.service_name != NULL ? options.service_name : name;
    return use->functions.create(&options, &use->otlp, error);
}

static hm_status create(hm_session *session, void **self) {
    const char *endpoint = hm_arguments_value(session, "otlp");
    if (endpoint == NULL) {
        return hm_arguments_value(session, "traceparent") == NULL
                       ? HM_OK
                       : hm_session_fail(session, HM_BAD_ARGUMENT, "give --otlp too",
                                 "--traceparent says where spans belong, but nobody is "
                                 "told of any");
    }
    hm_otlp_use *use = hm_arena_array(&session->arena, 1, sizeof *use);
    const char *name = hm_run_adapters_name(session);
    if (use == NULL || name == NULL) {
        return hm_session_no_memory(session);
    }
    HM_TRY(load(session, &use->functions));
    hm_error error;
    hm_status status = create_otlp(session, use, endpoint, name, &error);
    if (status != HM_OK) {
        hm_metrics_destroy(use->metrics);
        return fail(session, status, &error);
    }
    *self = use;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    const hm_otlp_use *use = self;
    made[0] = use->functions.adapter(use->otlp);
    made[1] = use->counter;
    return 2;
}

static bool look_for_runs(const hm_metric_point *point, void *context) {
    if (strcmp(point->metric->name, "hamilton.runs.under_way") == 0) {
        *(bool *)context |= point->value > 0;
    }
    return true;
}

// A run that was left at its deadline ends when its last node is back.
static void tell_of_left(hm_session *session, const hm_otlp_use *use) {
    bool is_left = false;
    (void)!hm_metrics_visit(use->metrics, look_for_runs, &is_left);
    if (is_left) {
        hm_faults_format(&session->faults,
                (hm_diagnostic){.status = HM_IO, .severity = HM_SEVERITY_WARNING},
                "a node is still running, so the run has not ended, and its spans were "
                "not told");
    }
}

// The run is what it is, whatever the receiver took.
static hm_status tell(hm_session *session, void *self) {
    const hm_otlp_use *use = self;
    use->functions.shut_down(use->otlp);
    hm_otlp_statistics statistics;
    char trouble[512];
    use->functions.count(use->otlp, &statistics);
    use->functions.trouble(use->otlp, trouble, sizeof trouble);
    uint64_t untold = statistics.spans_lost + statistics.spans_dropped;
    uint64_t all = statistics.spans + statistics.spans_dropped;
    if (untold > 0 || statistics.points_lost > 0) {
        hm_faults_format(&session->faults,
                (hm_diagnostic){.status = HM_IO, .severity = HM_SEVERITY_WARNING},
                "%llu of %llu spans and %llu of %llu points of metrics were not told: "
                "%s",
                (unsigned long long)untold, (unsigned long long)all,
                (unsigned long long)statistics.points_lost,
                (unsigned long long)(statistics.points_lost + statistics.points_sent),
                trouble[0] != '\0' ? trouble : "the run has too many nodes");
    }
    tell_of_left(session, use);
    return HM_OK;
}

static void destroy(void *self) {
    const hm_otlp_use *use = self;
    use->functions.destroy(use->otlp);
    hm_metrics_destroy(use->metrics);
}

const hm_option hm_run_otlp_options[] = {
        {.name = "otlp",
                .operand = "URL",
                .help = "of a receiver of OpenTelemetry, as http://localhost:4318, "
                        "that is told of the run: a span, one for each node, and "
                        "metrics; empty for that of the environment"},
        {.name = "traceparent",
                .operand = "PARENT",
                .help = "the span that the run belongs to, as W3C Trace Context writes "
                        "it; for --otlp"},
        {.name = NULL},
};

const hm_run_adapter hm_run_otlp = {
        .create = create, .parts = parts, .tell = tell, .destroy = destroy};
