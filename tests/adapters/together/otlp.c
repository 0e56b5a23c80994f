// otlp.c — the adapter that tells a receiver of runs, and the receiver.

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/otlp.h>

#include "tests/adapters/together/subjects.h"
#include "tests/support/otlp_schema.h"
#include "tests/support/receiver.h"

typedef struct hm_told {
    hm_otlp *otlp;
    hm_receiver receiver;
} hm_told;

static const hm_adapter *create(void **self, const char *folder) {
    (void)folder;
    hm_told *told = calloc(1, sizeof *told);
    hm_receiver_begin(&told->receiver, HM_RECEIVER_TAKES);
    hm_otlp_options options = HM_OTLP_OPTIONS_INIT;
    options.endpoint = told->receiver.url;
    hm_error error;
    ck_assert_msg(hm_otlp_create(&options, &told->otlp, &error) == HM_OK, "%s",
            error.message);
    *self = told;
    return hm_otlp_adapter(told->otlp);
}

static void check(void *self, size_t run_count, size_t failed) {
    (void)failed;
    hm_told *told = self;
    hm_otlp_shut_down(told->otlp);
    hm_otlp_statistics statistics;
    hm_otlp_count(told->otlp, &statistics);
    ck_assert_uint_gt(statistics.spans, run_count);
    ck_assert_uint_eq(statistics.spans_sent, statistics.spans);
    for (int i = 0; i < told->receiver.count; i++) {
        const hm_received *request = &told->receiver.requests[i];
        ck_assert_ptr_nonnull(request->body);
        if (strcmp(request->path, "/v1/traces") == 0) {
            hm_otlp_schema_check(request->body, "ExportTraceServiceRequest");
        }
    }
}

static void destroy(void *self) {
    hm_told *told = self;
    hm_otlp_destroy(told->otlp);
    hm_receiver_end(&told->receiver);
    free(told);
}

const hm_subject hm_otlp_subject = {"otlp", create, check, destroy};
