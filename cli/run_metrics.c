// run_metrics.c — --metrics FILE: what was counted of a run, for Prometheus.

#include <string.h>

#include <hamilton/metrics.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/run_adapters.h"

typedef struct hm_metrics_use {
    hm_metrics *metrics;
    const hm_adapter *adapter;
    const char *path;
} hm_metrics_use;

static hm_status create(hm_session *session, void **self) {
    const char *path = hm_arguments_value(session, "metrics");
    if (path == NULL) {
        return HM_OK;
    }
    HM_TRY(hm_file_check_place(session, path, "--metrics"));
    hm_metrics_use *use = hm_arena_array(&session->arena, 1, sizeof *use);
    const char *driver = hm_run_adapters_name(session);
    const hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    if (use == NULL || driver == NULL ||
            hm_metrics_create(&options, &use->metrics, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    use->path = path;
    if (hm_metrics_adapter(use->metrics, driver, &use->adapter, NULL) != HM_OK) {
        hm_metrics_destroy(use->metrics);
        return hm_session_no_memory(session);
    }
    *self = use;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = ((const hm_metrics_use *)self)->adapter;
    return 1;
}

static hm_status write_file(hm_session *session, const hm_metrics_use *use) {
    hm_target target;
    HM_TRY(hm_file_create(session, use->path, &target));
    (void)!hm_metrics_write(use->metrics, hm_target_write, &target); // commit tells
    return hm_file_commit(session, use->path, &target);
}

static bool stop(const hm_metric_point *point, void *context) {
    (void)point;
    (void)context;
    return false;
}

// Of a run that did not begin nothing is known, and what was there says more.
static hm_status tell(hm_session *session, void *self) {
    const hm_metrics_use *use = self;
    if (hm_metrics_visit(use->metrics, stop, NULL) == HM_OK) {
        return HM_OK;
    }
    hm_interrupt_hold();
    hm_status status = write_file(session, self);
    hm_interrupt_release();
    return status;
}

static void destroy(void *self) {
    hm_metrics_destroy(((const hm_metrics_use *)self)->metrics);
}

const hm_option hm_run_metrics_options[] = {
        {.name = "metrics",
                .operand = "FILE",
                .help = "what was counted and timed of the run and its nodes, as text "
                        "for Prometheus; also of a run that fails"},
        {.name = NULL},
};

const hm_run_adapter hm_run_metrics = {
        .create = create, .parts = parts, .tell = tell, .destroy = destroy};
