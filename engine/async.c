// async.c — see async.h.

#include "engine/async.h"

#include <stdio.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "engine/cost.h"
#include "engine/driver.h"
#include "engine/execute.h"
#include "engine/failure.h"
#include "engine/hooks.h"
#include "engine/rows.h"
#include "engine/run.h"
#include "scheduler/pool.h"

static const hm_function *function_of(const hm_guard *guard) {
    return hm_plan_graph_call(guard->run->plan, guard->call)->function;
}

static hm_called *called_of(const hm_guard *guard) {
    return hm_called_of(guard->run, guard->call);
}

// Adapters hear of it first, if they want the call.
static void note(hm_guard *guard, const hm_failure *failure) {
    hm_called *called = called_of(guard);
    if (called != NULL) {
        hm_called_fail(called, failure);
    } else {
        hm_failure_note(guard->run, guard->call, failure);
    }
}

static void note_stop(hm_guard *guard) {
    hm_called *called = called_of(guard);
    if (called != NULL) {
        hm_called_stop(called);
    } else {
        hm_failure_stop(guard->run, guard->call);
    }
}

static void note_failure(hm_guard *guard) {
    const hm_async_call *async = &guard->async;
    hm_failure failure = {.status = HM_NODE_FAILED,
            .code = async->code,
            .said = async->said[0] != '\0' ? async->said : NULL,
            .depth = guard->run->plan->calls[guard->call].loop_depth,
            .place = {async->failed_row}};
    note(guard, &failure);
}

// All rows that were started have ended.
static void finish(hm_guard *guard) {
    hm_run *run = guard->run;
    hm_async_call *async = &guard->async;
    if (async->has_failed) {
        note_failure(guard);
    } else if (async->next_row < async->row_count) {
        note_stop(guard);
    } else {
        hm_cost_note_call(run->plan, guard->call, uv_hrtime() - async->begun);
    }
    if (called_of(guard) == NULL) {
        hm_execute_ends(run, guard->call);
    }
}

// The last row has ended, not on the thread of the task: a call that adapters want goes
// on there.
static void come_back(hm_guard *guard) {
    hm_pool *pool = guard->run->plan->pool;
    bool goes_on = called_of(guard) != NULL;
    guard->async.has_come_back = goes_on;
    finish(guard);
    if (goes_on) {
        hm_pool_resume(pool, hm_guard_ticket(guard));
    } else {
        hm_pool_complete(pool, hm_guard_ticket(guard));
    }
}

// Whether this was the last of all.
static bool end_one(hm_async_call *async) {
    // Acquire and release: who ends the call sees what all rows wrote.
    return atomic_fetch_sub_explicit(&async->open_count, 1, memory_order_acq_rel) == 1;
}

static void fail_row(hm_async_row *row, int code, const char *said) {
    hm_guard *guard = row->guard;
    hm_async_call *async = &guard->async;
    uv_mutex_lock(&guard->run->lock);
    if (!async->has_failed || row->row < async->failed_row) {
        async->has_failed = true;
        async->failed_row = row->row;
        async->code = code;
        snprintf(async->said, sizeof async->said, "%s", said != NULL ? said : "");
    }
    uv_mutex_unlock(&guard->run->lock);
    hm_rows_forget(guard->run, guard->call, row->row);
}

// The row's room in limits is the next one's.
static void end_row(hm_async *done, int code, const char *said) {
    hm_async_row *row = (hm_async_row *)done;
    hm_guard *guard = row->guard;
    hm_called *called = called_of(guard);
    if (code != 0) {
        fail_row(row, code, said);
    } else if (called != NULL) {
        hm_called_progress(called, 1);
    }
    hm_guard_leave_row(guard);
    if (end_one(&guard->async)) {
        come_back(guard);
    }
}

static bool should_stop(const hm_async *done) {
    const hm_guard *guard = ((const hm_async_row *)done)->guard;
    const hm_called *called = called_of(guard);
    uint64_t limit = called != NULL ? hm_called_limit(called) : 0;
    return hm_stop_is_due(guard->run) || (limit != 0 && uv_hrtime() >= limit);
}

static hm_loop *loop_of(const hm_async *done) {
    return ((const hm_async_row *)done)->guard->run->plan->driver->loop;
}

static const hm_async_host host = {
        .end = end_row, .should_stop = should_stop, .loop = loop_of};

static hm_status reserve_rows(hm_guard *guard, size_t count) {
    hm_async_call *async = &guard->async;
    const hm_allocator *allocator = guard->run->plan->allocator;
    if (count <= async->capacity) {
        return HM_OK;
    }
    hm_async_row *rows = hm_allocate_array(allocator, count, sizeof *rows);
    if (rows == NULL) {
        return HM_NO_MEMORY;
    }
    hm_deallocate_array(allocator, async->rows, async->capacity, sizeof *rows);
    async->rows = rows;
    async->capacity = count;
    return HM_OK;
}

// False if the call fails before a row is started.
static bool begin(hm_guard *guard) {
    hm_async_call *async = &guard->async;
    hm_failure failure = {.status = HM_NO_MEMORY};
    async->has_failed = false;
    async->next_row = 0;
    async->begun = uv_hrtime();
    hm_status status = hm_rows_open(
            guard->run, guard->call, &async->lanes, &async->row_count, &failure);
    if (status == HM_OK) {
        status = reserve_rows(guard, async->row_count);
    }
    if (status != HM_OK) {
        failure.status = status;
        note(guard, &failure);
    }
    // Relaxed: published with the first row.
    atomic_store_explicit(&async->open_count, 1, memory_order_relaxed);
    return status == HM_OK;
}

static void start_row(hm_guard *guard) {
    hm_async_call *async = &guard->async;
    const hm_function *function = function_of(guard);
    hm_async_row *row = &async->rows[async->next_row];
    row->guard = guard;
    row->row = async->next_row++;
    hm_async_init(&row->done, &host);
    atomic_fetch_add_explicit(&async->open_count, 1, memory_order_relaxed);
    guard->entered_count = 0; // the room is the row's
    hm_called *called = called_of(guard);
    size_t number = row->row; // the row may end meanwhile, but not the call
    if (called != NULL) {
        hm_called_begin_rows(called, number, 1);
    }
    int code = function->start(async->lanes, number, function->self, &row->done);
    if (code != 0) {
        hm_async_end(&row->done, code, hm_failure_said(code));
    }
    if (called != NULL) {
        hm_called_end_rows(called, number, 1);
    }
}

bool hm_async_has_begun(const hm_guard *guard) {
    // Relaxed: whoever has the ticket wrote it last.
    return atomic_load_explicit(&guard->async.open_count, memory_order_relaxed) > 0;
}

// Whether another row is to be started.
static bool goes_on(hm_guard *guard) {
    const hm_async_call *async = &guard->async;
    if (async->next_row == async->row_count || hm_stop_is_due(guard->run)) {
        return false;
    }
    uv_mutex_lock(&guard->run->lock);
    bool has_failed = async->has_failed;
    uv_mutex_unlock(&guard->run->lock);
    return !has_failed;
}

hm_task_outcome hm_async_run(hm_guard *guard) {
    hm_run *run = guard->run;
    hm_async_call *async = &guard->async;
    if (async->has_come_back) {
        async->has_come_back = false;
        return HM_TASK_DONE;
    }
    if (!hm_async_has_begun(guard) && !begin(guard)) {
        atomic_store_explicit(&async->open_count, 0, memory_order_relaxed);
        if (called_of(guard) == NULL) {
            hm_execute_ends(run, guard->call);
        }
        return HM_TASK_DONE;
    }
    while (goes_on(guard)) {
        hm_entry entry = hm_guard_enter(guard);
        if (entry == HM_PARKED) {
            return HM_TASK_PENDING;
        }
        if (entry == HM_STOPPED) {
            break;
        }
        start_row(guard);
    }
    hm_guard_leave(guard);
    if (!end_one(async)) {
        return HM_TASK_PENDING;
    }
    finish(guard);
    return HM_TASK_DONE;
}

void hm_async_finish(hm_guard *guard, const hm_allocator *allocator) {
    hm_async_call *async = &guard->async;
    hm_deallocate_array(allocator, async->rows, async->capacity, sizeof *async->rows);
}
