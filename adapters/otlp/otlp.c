// otlp.c — see <hamilton/otlp.h>.

#include <stdio.h>
#include <string.h>

#include <hamilton/otlp.h>

#include "adapters/otlp/exporter.h"
#include "adapters/otlp/settings.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

#define SECOND UINT64_C(1000000000)

enum { USUAL_SPANS = 8192, USUAL_BATCH = 512 };

struct hm_otlp {
    const hm_allocator *allocator;
    hm_arena arena; // of texts
    hm_target_url traces_url;
    hm_target_url points_url;
    struct curl_slist *headers;
    hm_spans spans;
    hm_exporter exporter;
};

static uint64_t or_usual(uint64_t given, uint64_t usual) {
    return given > 0 ? given : usual;
}

static hm_status read_settings(
        hm_otlp *otlp, const hm_otlp_options *options, hm_error *error) {
    const char *service =
            options->service_name != NULL ? options->service_name : "hamilton";
    service = hm_arena_text(&otlp->arena, service);
    if (service == NULL) {
        return hm_error_no_memory(error);
    }
    otlp->exporter.settings = (hm_exporter_settings){.service = service,
            .metrics = options->metrics,
            .metrics_interval = or_usual(options->metrics_interval, 60 * SECOND),
            .delay = or_usual(options->delay, SECOND),
            .batch_limit =
                    options->batch_limit > 0 ? options->batch_limit : USUAL_BATCH,
            .shutdown_limit = or_usual(options->shutdown_limit, 5 * SECOND)};
    HM_TRY(hm_settings_url(&otlp->arena, options->endpoint, options->traces_endpoint,
            "/v1/traces", &otlp->traces_url, error));
    HM_TRY(hm_settings_url(&otlp->arena, options->endpoint, options->metrics_endpoint,
            "/v1/metrics", &otlp->points_url, error));
    return hm_settings_headers(&otlp->arena, options->headers, &otlp->headers, error);
}

// What is on the loop has been told to close.
static void close_loop(hm_exporter *exporter) {
    uv_run(&exporter->loop, UV_RUN_DEFAULT);
    uv_loop_close(&exporter->loop);
}

static bool open_channels(hm_otlp *otlp, uint64_t timeout) {
    hm_exporter *exporter = &otlp->exporter;
    hm_client *client = &exporter->client;
    if (!hm_channel_init(&exporter->traces, client, otlp->traces_url.url,
                otlp->traces_url.shown, otlp->headers, timeout)) {
        return false;
    }
    if (!hm_channel_init(&exporter->points, client, otlp->points_url.url,
                otlp->points_url.shown, otlp->headers, timeout)) {
        hm_channel_finish(&exporter->traces);
        return false;
    }
    if (!hm_exporter_start(exporter)) {
        hm_channel_finish(&exporter->traces);
        hm_channel_finish(&exporter->points);
        return false;
    }
    return true;
}

static bool open_exporter(hm_otlp *otlp, const hm_otlp_options *options) {
    hm_exporter *exporter = &otlp->exporter;
    const hm_patience patience = {.pause = or_usual(options->pause, SECOND),
            .most_pause = 30 * SECOND,
            .all = or_usual(options->patience, 60 * SECOND)};
    exporter->traces.patience = patience;
    exporter->points.patience = patience;
    if (uv_loop_init(&exporter->loop) != 0) {
        return false;
    }
    if (!hm_client_init(&exporter->client, otlp->allocator, &exporter->loop)) {
        uv_loop_close(&exporter->loop);
        return false;
    }
    if (!open_channels(otlp, or_usual(options->timeout, 10 * SECOND))) {
        hm_client_finish(&exporter->client);
        close_loop(exporter);
        return false;
    }
    return true;
}

static void free_otlp(hm_otlp *otlp) {
    curl_slist_free_all(otlp->headers);
    hm_arena_finish(&otlp->arena);
    hm_deallocate_array(otlp->allocator, otlp, 1, sizeof *otlp);
}

static bool init_lock(hm_exporter *exporter) {
    if (uv_mutex_init(&exporter->lock) != 0) {
        return false;
    }
    if (uv_cond_init(&exporter->flushed) != 0) {
        uv_mutex_destroy(&exporter->lock);
        return false;
    }
    return true;
}

static void finish_lock(hm_exporter *exporter) {
    uv_cond_destroy(&exporter->flushed);
    uv_mutex_destroy(&exporter->lock);
}

hm_status hm_otlp_create(
        const hm_otlp_options *options, hm_otlp **otlp, hm_error *error) {
    hm_otlp_options known;
    HM_TRY(hm_sized_read(options, &known, sizeof known, "HM_OTLP_OPTIONS_INIT", error));
    // Any thread may call it, and each of these is undone by the end of the process.
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return hm_error_no_memory(error);
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_otlp *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_arena_init(&created->arena, allocator);
    hm_spans_init(&created->spans, allocator,
            known.span_limit > 0 ? known.span_limit : USUAL_SPANS, hm_exporter_take,
            &created->exporter);
    created->exporter.spans = &created->spans;
    hm_status status = read_settings(created, &known, error);
    if (status == HM_OK && !init_lock(&created->exporter)) {
        status = hm_error_no_memory(error);
    } else if (status == HM_OK && !open_exporter(created, &known)) {
        finish_lock(&created->exporter);
        status = hm_error_set(error, HM_NO_MEMORY,
                "no thread can be had that sends to the receiver of OTLP");
    }
    if (status != HM_OK) {
        free_otlp(created);
        return status;
    }
    *otlp = created;
    return HM_OK;
}

const hm_adapter *hm_otlp_adapter(const hm_otlp *otlp) {
    return &otlp->spans.adapter;
}

hm_status hm_otlp_flush(hm_otlp *otlp, uint64_t nanoseconds, hm_error *error) {
    return hm_exporter_flush(&otlp->exporter, nanoseconds)
                   ? HM_OK
                   : hm_error_set(error, HM_DEADLINE, "%s has not taken everything yet",
                             otlp->traces_url.shown);
}

// Relaxed, as all that counts: numbers that are read while they grow.
static uint64_t read_count(const _Atomic(uint64_t) *count) {
    return atomic_load_explicit(count, memory_order_relaxed);
}

void hm_otlp_count(const hm_otlp *otlp, hm_otlp_statistics *statistics) {
    const hm_exporter *exporter = &otlp->exporter;
    *statistics = (hm_otlp_statistics){.spans = read_count(&otlp->spans.count),
            .spans_sent = read_count(&exporter->traces.sent),
            .spans_dropped = read_count(&otlp->spans.dropped),
            .spans_lost = read_count(&exporter->traces.lost),
            .points_sent = read_count(&exporter->points.sent),
            .points_lost = read_count(&exporter->points.lost),
            .requests = read_count(&exporter->request_count)};
}

void hm_otlp_trouble(hm_otlp *otlp, char *text, size_t size) {
    uv_mutex_lock(&otlp->exporter.lock);
    snprintf(text, size, "%s", otlp->exporter.trouble);
    uv_mutex_unlock(&otlp->exporter.lock);
}

void hm_otlp_shut_down(hm_otlp *otlp) {
    hm_exporter_stop(&otlp->exporter);
}

void hm_otlp_destroy(hm_otlp *otlp) {
    if (otlp != NULL) {
        hm_exporter_stop(&otlp->exporter);
        uv_loop_close(&otlp->exporter.loop);
        finish_lock(&otlp->exporter);
        free_otlp(otlp);
    }
}
