// async.h — calls of asynchronous functions: started row by row, ended from any thread.
//
// The task that starts them is pending until the last row has ended. The one who starts
// the rows counts as a row himself, so that they cannot all have ended before the last
// one was started.

#ifndef HM_ENGINE_ASYNC_H
#define HM_ENGINE_ASYNC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/module.h>

#include "engine/done.h"
#include "scheduler/job.h"

typedef struct hm_guard hm_guard; // engine/guard.h

// One row, or the only one of a call that is not mapped.
typedef struct hm_async_row {
    hm_async done; // first: a pointer to it is a pointer to all
    hm_guard *guard;
    size_t row;
} hm_async_row;

typedef struct hm_async_call {
    hm_async_row *rows;
    size_t capacity;
    size_t row_count;
    size_t next_row;            // to be started
    _Atomic(size_t) open_count; // rows under way, and who starts them
    const hm_lane *lanes;
    uint64_t begun;
    bool has_come_back; // all rows have ended, and the task is run once more

    // The lowest row that failed; protected by the run's lock.
    bool has_failed;
    size_t failed_row;
    int code;
    char said[HM_SAID_SIZE];
} hm_async_call;

// Runs the task of an asynchronous call, from the beginning or from where it waited for
// room in a limit. If adapters want the call it is resumed at its end, and what became
// of it is not noted: its hm_called knows.
hm_task_outcome hm_async_run(hm_guard *guard);

// Whether it was begun in this execution and has not ended. Whoever has the ticket.
bool hm_async_has_begun(const hm_guard *guard);

// Frees what a run has for it. The guard may be zeroed.
void hm_async_finish(hm_guard *guard, const hm_allocator *allocator);

#endif
