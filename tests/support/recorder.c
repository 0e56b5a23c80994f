// recorder.c — see recorder.h.

#include "tests/support/recorder.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

enum { SIZE = 1 << 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text[SIZE];
static size_t length;

void hm_recorder_begin(void) {
    length = 0;
    text[0] = '\0';
}

void hm_recorder_write(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    int wrote = vsnprintf(text + length, SIZE - length, format, arguments);
    length += (size_t)wrote < SIZE - length ? (size_t)wrote : 0;
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

const char *hm_recorder_text(void) {
    return text;
}

static const char *word_of(hm_status status) {
    switch (status) {
    case HM_OK:
        return "ok";
    case HM_SKIPPED:
        return "skipped";
    case HM_CANCELLED:
        return "cancelled";
    case HM_DEADLINE:
        return "late";
    case HM_ADAPTER_FAILED:
        return "adapter";
    default:
        return "failed";
    }
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    (void)graph;
    const hm_recorder *recorder = self;
    bool is_wanted = recorder->only == NULL || strcmp(recorder->only, node->name) == 0;
    return is_wanted ? recorder->want : HM_WANT_NOTHING;
}

static hm_status run_began(void *self, hm_running *running, hm_error *error) {
    (void)error;
    hm_recorder *recorder = self;
    ck_assert_ptr_null(running->self);
    running->self = recorder;
    atomic_fetch_add(&recorder->runs, 1);
    hm_recorder_write("%s[ ", recorder->adapter.name);
    return HM_OK;
}

static void run_ended(
        void *self, hm_running *running, hm_status status, const char *message) {
    hm_recorder *recorder = self;
    ck_assert_ptr_eq(running->self, recorder);
    ck_assert_int_eq(message[0] != '\0', status != HM_OK);
    hm_recorder_write("%s]%s ", recorder->adapter.name, word_of(status));
    atomic_fetch_sub(&recorder->runs, 1);
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_recorder *recorder = self;
    ck_assert_ptr_eq(call->running->self, recorder);
    ck_assert_uint_eq(call->memo->number, 0);
    call->memo->number = call->running->number;
    atomic_fetch_add(&recorder->before, 1);
    hm_recorder_write("%s>%s ", recorder->adapter.name, call->node->name);
    return HM_OK;
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_recorder *recorder = self;
    ck_assert_ptr_eq(call->running->self, recorder);
    ck_assert_uint_eq(call->memo->number, call->running->number);
    ck_assert_int_eq(call->message[0] != '\0', call->status != HM_OK);
    atomic_fetch_add(&recorder->after, 1);
    hm_recorder_write("%s<%s=%s ", recorder->adapter.name, call->node->name,
            word_of(call->status));
    return HM_OK;
}

static void failed(void *self, hm_running *running, const hm_planned_node *node,
        hm_status status, const char *message) {
    hm_recorder *recorder = self;
    ck_assert_ptr_eq(running->self, recorder);
    ck_assert_int_ne(status, HM_OK);
    ck_assert_str_ne(message, "");
    atomic_fetch_add(&recorder->failed, 1);
    hm_recorder_write("%s!%s ", recorder->adapter.name, node->name);
}

static void skipped(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    static const char *const words[] = {[HM_SKIP_NEEDED_FAILED] = "needed",
            [HM_SKIP_RUN_FAILED] = "stopped",
            [HM_SKIP_CANCELLED] = "cancelled",
            [HM_SKIP_LATE] = "late",
            [HM_SKIP_RETURNED] = "returned",
            [HM_SKIP_SUPPLIED] = "supplied",
            [HM_SKIP_NOT_NEEDED] = "unneeded"};
    hm_recorder *recorder = self;
    // After a run_began that failed an adapter is told nothing.
    ck_assert_ptr_eq(running->self, recorder);
    atomic_fetch_add(&recorder->skipped, 1);
    hm_recorder_write("%s-%s=%s%s%s ", recorder->adapter.name, node->name,
            words[reason], cause != NULL ? ":" : "", cause != NULL ? cause->name : "");
}

void hm_recorder_init(hm_recorder *recorder, const char *name, const char *only) {
    *recorder = (hm_recorder){.adapter = {.struct_size = sizeof(hm_adapter),
                                      .name = name,
                                      .self = recorder,
                                      .wants = want,
                                      .run_began = run_began,
                                      .run_ended = run_ended,
                                      .before = before,
                                      .after = after,
                                      .failed = failed,
                                      .skipped = skipped},
            .only = only,
            .want = HM_WANT_TO_SEE};
}
