// trial.c — calls of asynchronous functions outside of a run, for unit tests. The loop
// is the trial's own and runs only while somebody waits, so that a test has one thread.

#include <stdio.h>
#include <uv.h>

#include <hamilton/node.h>

#include "base/allocator.h"
#include "engine/done.h"
#include "engine/failure.h"

typedef struct hm_trial {
    hm_async done; // first: a pointer to it is a pointer to all
    uv_loop_t uv;
    hm_loop *loop;
    hm_note ended;
    bool is_over;             // the loop's thread only
    _Atomic(bool) is_stopped; // relaxed: nothing else depends on it

    // Written before `ended` is posted.
    int code;
    char said[HM_SAID_SIZE];
} hm_trial;

static void end(hm_async *done, int code, const char *said) {
    hm_trial *trial = (hm_trial *)done;
    trial->code = code;
    snprintf(trial->said, sizeof trial->said, "%s", said != NULL ? said : "");
    hm_loop_post(trial->loop, &trial->ended);
}

static bool should_stop(const hm_async *done) {
    const hm_trial *trial = (const hm_trial *)done;
    return atomic_load_explicit(&trial->is_stopped, memory_order_relaxed);
}

static hm_loop *loop_of(const hm_async *done) {
    return ((const hm_trial *)done)->loop;
}

static const hm_async_host host = {
        .end = end, .should_stop = should_stop, .loop = loop_of};

static void note_end(hm_note *note) {
    hm_trial *trial = (hm_trial *)(void *)((char *)note - offsetof(hm_trial, ended));
    trial->is_over = true;
}

hm_async *hm_async_create(void) {
    const hm_allocator *allocator = hm_allocator_default();
    hm_trial *trial = hm_allocate_array(allocator, 1, sizeof *trial);
    if (trial == NULL) {
        return NULL;
    }
    if (uv_loop_init(&trial->uv) != 0) {
        hm_deallocate_array(allocator, trial, 1, sizeof *trial);
        return NULL;
    }
    trial->loop = hm_loop_attach(&trial->uv, allocator);
    if (trial->loop == NULL) {
        uv_loop_close(&trial->uv);
        hm_deallocate_array(allocator, trial, 1, sizeof *trial);
        return NULL;
    }
    // The call may be ended from elsewhere, with nothing else left in the loop.
    hm_loop_hold(trial->loop);
    trial->ended.act = note_end;
    hm_async_init(&trial->done, &host);
    return &trial->done;
}

int hm_async_wait(hm_async *done, int returned) {
    hm_trial *trial = (hm_trial *)done;
    if (returned != 0) {
        hm_async_end(done, returned, hm_failure_said(returned));
    }
    while (!trial->is_over) {
        uv_run(&trial->uv, UV_RUN_ONCE);
    }
    return trial->code;
}

const char *hm_async_message(const hm_async *done) {
    return ((const hm_trial *)done)->said;
}

void hm_async_stop(hm_async *done) {
    hm_trial *trial = (hm_trial *)done;
    atomic_store_explicit(&trial->is_stopped, true, memory_order_relaxed);
}

static void close_handle(uv_handle_t *handle, void *argument) {
    (void)argument;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

void hm_async_destroy(hm_async *done) {
    if (done == NULL) {
        return;
    }
    hm_trial *trial = (hm_trial *)done;
    hm_loop_end(trial->loop);
    do {
        uv_walk(&trial->uv, close_handle, NULL);
        uv_run(&trial->uv, UV_RUN_DEFAULT);
    } while (uv_loop_close(&trial->uv) != 0);
    hm_deallocate_array(hm_allocator_default(), trial, 1, sizeof *trial);
}
