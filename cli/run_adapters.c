// run_adapters.c — see run_adapters.h.

#include "cli/run_adapters.h"

#include <string.h>

#include "cli/file.h"

// Outermost first: who tells of nodes stands around who changes what comes of them, so
// that it hears what came of a node in the end.
static const hm_run_adapter *const list[] = {
        &hm_run_progress,
        &hm_run_log,
        &hm_run_timings,
        &hm_run_report_file,
        &hm_run_metrics,
        &hm_run_otlp,
        &hm_run_trace,
        &hm_run_bundle,
        &hm_run_break,
        &hm_run_cache,
        &hm_run_retry,
        &hm_run_timeout, // of each attempt
        &hm_run_checker,
        &hm_run_faults,
};

enum { LIST_COUNT = sizeof list / sizeof *list };

const char *hm_run_adapters_name(hm_session *session) {
    const char *name = hm_file_name(session->operands[0]);
    size_t length = strcspn(name, ".");
    return length > 0 ? hm_arena_slice(&session->arena, name, length) : name;
}

void *hm_run_adapters_self(const hm_run_adapters *adapters, const hm_run_adapter *one) {
    void *self = NULL;
    for (size_t i = 0; i < LIST_COUNT && adapters->selves != NULL; i++) {
        self = list[i] == one ? adapters->selves[i] : self;
    }
    return self;
}

hm_status hm_run_adapters_create(hm_session *session, hm_run_adapters *adapters) {
    *adapters = (hm_run_adapters){.selves = hm_arena_array(&session->arena, LIST_COUNT,
                                          sizeof *adapters->selves),
            .parts = hm_arena_array(&session->arena,
                    (size_t)LIST_COUNT * HM_RUN_ADAPTER_PARTS,
                    sizeof *adapters->parts)};
    if (adapters->selves == NULL || adapters->parts == NULL) {
        *adapters = (hm_run_adapters){0};
        return hm_session_no_memory(session);
    }
    hm_status first = HM_OK;
    for (size_t i = 0; i < LIST_COUNT; i++) {
        hm_status status = list[i]->create(session, &adapters->selves[i]);
        if (status == HM_OK && adapters->selves[i] != NULL) {
            adapters->part_count += list[i]->parts(
                    adapters->selves[i], adapters->parts + adapters->part_count);
        }
        first = first == HM_OK ? status : first;
    }
    return first;
}

hm_status hm_run_adapters_check(
        hm_session *session, const hm_run_adapters *adapters, const hm_graph *graph) {
    hm_status first = HM_OK;
    for (size_t i = 0; i < LIST_COUNT; i++) {
        if (adapters->selves[i] != NULL && list[i]->check != NULL) {
            hm_status status = list[i]->check(session, adapters->selves[i], graph);
            first = first == HM_OK ? status : first;
        }
    }
    return first;
}

void hm_run_adapters_executed(const hm_run_adapters *adapters) {
    for (size_t i = 0; i < LIST_COUNT; i++) {
        if (adapters->selves[i] != NULL && list[i]->executed != NULL) {
            list[i]->executed(adapters->selves[i]);
        }
    }
}

hm_status hm_run_adapters_tell(hm_session *session, const hm_run_adapters *adapters) {
    hm_status first = HM_OK;
    for (size_t i = 0; i < LIST_COUNT; i++) {
        if (adapters->selves[i] != NULL && list[i]->tell != NULL) {
            hm_status status = list[i]->tell(session, adapters->selves[i]);
            first = first == HM_OK ? status : first;
        }
    }
    return first;
}

void hm_run_adapters_destroy(hm_run_adapters *adapters) {
    for (size_t i = 0; i < LIST_COUNT && adapters->selves != NULL; i++) {
        if (adapters->selves[i] != NULL) {
            list[i]->destroy(adapters->selves[i]);
        }
    }
    *adapters = (hm_run_adapters){0};
}
