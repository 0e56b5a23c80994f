// done.h — the hm_async of one call: how it is told that the call has ended, whoever
// waits for that.

#ifndef HM_ENGINE_DONE_H
#define HM_ENGINE_DONE_H

#include <stdatomic.h>
#include <stdbool.h>

#include <hamilton/node.h>

#include "scheduler/loop.h"

enum { HM_SAID_SIZE = 256 }; // of what a function says when it fails

// Who waits: a run (async.c), or a unit test (trial.c).
typedef struct hm_async_host {
    // Once a call, on any thread: it failed if code is not 0, and said may be NULL. The
    // hm_async may be gone when it returns.
    void (*end)(hm_async *done, int code, const char *said);
    bool (*should_stop)(const hm_async *done);
    hm_loop *(*loop)(const hm_async *done);
} hm_async_host;

struct hm_async {
    const hm_async_host *host;
    _Atomic(bool) has_ended;
    hm_note note; // on its way to the loop
    void (*work)(struct uv_loop_s *loop, void *argument);
    void *argument;
};

// Prepares it for a call. Nobody else has it.
void hm_async_init(hm_async *done, const hm_async_host *host);

// Ends the call, unless that was done before.
void hm_async_end(hm_async *done, int code, const char *said);

#endif
