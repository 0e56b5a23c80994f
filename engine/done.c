// done.c — see done.h.

#include "engine/done.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

enum { FAILED = 1 };

void hm_async_init(hm_async *done, const hm_async_host *host) {
    done->host = host;
    atomic_store_explicit(&done->has_ended, false, memory_order_relaxed);
}

void hm_async_end(hm_async *done, int code, const char *said) {
    // Relaxed: it tells only that somebody ended it before.
    if (!atomic_exchange_explicit(&done->has_ended, true, memory_order_relaxed)) {
        done->host->end(done, code, said);
    }
}

void hm_async_succeed(hm_async *done) {
    hm_async_end(done, 0, NULL);
}

void hm_async_fail(hm_async *done, const char *format, ...) {
    char said[HM_SAID_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    hm_async_end(done, FAILED, said);
}

bool hm_async_should_stop(const hm_async *done) {
    return done->host->should_stop(done);
}

static void act_on_loop(hm_note *note) {
    hm_async *done = (hm_async *)(void *)((char *)note - offsetof(hm_async, note));
    done->work(hm_loop_uv(done->host->loop(done)), done->argument);
}

void hm_async_on_loop(hm_async *done,
        void (*work)(struct uv_loop_s *loop, void *argument), void *argument) {
    done->note.act = act_on_loop;
    done->work = work;
    done->argument = argument;
    hm_loop_post(done->host->loop(done), &done->note);
}
