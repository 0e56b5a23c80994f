// called.c — see called.h.

#include "engine/called.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "base/error.h"
#include "engine/async.h"
#include "engine/cost.h"
#include "engine/hooks.h"
#include "engine/plan.h"
#include "engine/rows.h"
#include "engine/run.h"
#include "engine/stop.h"

static uint32_t index_of(const hm_called *called) {
    return called->hooked->call;
}

static hm_guard *guard_of(const hm_called *called) {
    uint32_t guard = called->run->plan->calls[index_of(called)].guard;
    return guard != HM_NONE ? &called->run->guards[guard] : NULL;
}

void hm_called_init(hm_called *called, hm_run *run, const hm_hooked *hooked) {
    *called = (hm_called){.call = {.node = hooked->node},
            .run = run,
            .hooked = hooked,
            .states = &run->hooks->states[hooked->first_state]};
}

hm_called *hm_called_of(const hm_run *run, uint32_t call) {
    uint32_t hooked = run->plan->calls[call].hooked;
    return hooked != HM_NONE ? &run->hooks->called[hooked] : NULL;
}

// How many rows it has: those of the outermost array that it is mapped over.
static size_t count_rows(const hm_called *called) {
    const hm_plan *plan = called->run->plan;
    const hm_plan_call *call = &plan->calls[index_of(called)];
    if (call->loop_depth == 0) {
        return 1;
    }
    uint32_t leader = plan->operands[call->operands + call->leader].value;
    hm_array array;
    memcpy(&array, called->run->frame + plan->values[leader].slot, sizeof array);
    return array.length;
}

static void begin(hm_called *called) {
    memset(called->states, 0, called->hooked->link_count * sizeof *called->states);
    called->call.row_count = count_rows(called);
    called->call.status = HM_OK;
    called->call.message = "";
    called->call.is_returned = false;
    called->depth = 0;
    called->turn = HM_TURN_NONE;
    called->stage = HM_STAGE_IN;
    atomic_store_explicit(&called->done_count, 0, memory_order_relaxed);
}

// What the hooks of a link are given.
static hm_call *show(hm_called *called, uint32_t link) {
    uint32_t adapter = called->hooked->links[link].number;
    called->call.running = &called->run->hooks->views[adapter].running;
    called->call.memo = &called->states[link].memo;
    return &called->call;
}

static void fail(hm_called *called, hm_status status, const char *message) {
    called->call.status = status;
    called->call.message = message != NULL ? message : hm_status_text(status);
}

void hm_called_fail_adapter(hm_called *called, const hm_adapter *adapter,
        hm_status status, const char *doing, const hm_error *said) {
    hm_run *run = called->run;
    hm_error told;
    status = hm_adapted_fault(
            adapter, status, doing, called->call.node->name, said, &told);
    uv_mutex_lock(&run->lock);
    const char *message = hm_arena_text(&run->messages, told.message);
    uv_mutex_unlock(&run->lock);
    fail(called, status, message);
}

void hm_called_stop(hm_called *called) {
    static const hm_status statuses[] = {[HM_STOP_FAILED] = HM_SKIPPED,
            [HM_STOP_CANCELLED] = HM_CANCELLED,
            [HM_STOP_LATE] = HM_DEADLINE};
    // Relaxed: a run that is stopped stays so.
    uint32_t stop = atomic_load_explicit(&called->run->stop, memory_order_relaxed);
    fail(called, statuses[stop], NULL);
}

void hm_called_fail(hm_called *called, const hm_failure *failure) {
    if (hm_failure_is_of_stop(called->run, failure)) {
        hm_called_stop(called);
        return;
    }
    fail(called, failure->status,
            hm_failure_tell(called->run, index_of(called), failure));
}

void hm_called_begin_rows(hm_called *called, size_t first, size_t count) {
    const hm_hooked *hooked = called->hooked;
    uint32_t link_count = hooked->is_watched ? hooked->link_count : 0;
    for (uint32_t i = 0; i < link_count; i++) {
        const hm_hook_link *link = &hooked->links[i];
        if (link->adapter->rows_began != NULL) {
            link->adapter->rows_began(link->adapter->self,
                    &called->run->hooks->views[link->number].running, called->call.node,
                    first, count);
        }
    }
}

void hm_called_end_rows(hm_called *called, size_t first, size_t count) {
    const hm_hooked *hooked = called->hooked;
    for (uint32_t i = hooked->is_watched ? hooked->link_count : 0; i-- > 0;) {
        const hm_hook_link *link = &hooked->links[i];
        if (link->adapter->rows_ended != NULL) {
            link->adapter->rows_ended(link->adapter->self,
                    &called->run->hooks->views[link->number].running, called->call.node,
                    first, count);
        }
    }
}

void hm_called_progress(hm_called *called, size_t count) {
    if (!called->hooked->is_followed) {
        return;
    }
    size_t done = count + atomic_fetch_add_explicit(
                                  &called->done_count, count, memory_order_relaxed);
    for (uint32_t i = 0; i < called->hooked->link_count; i++) {
        const hm_hook_link *link = &called->hooked->links[i];
        if (link->adapter->progressed != NULL) {
            link->adapter->progressed(link->adapter->self,
                    &called->run->hooks->views[link->number].running, called->call.node,
                    done, called->call.row_count);
        }
    }
}

void hm_called_tell_rows(const hm_called *called, size_t count, const char *message) {
    for (uint32_t i = called->hooked->link_count; i-- > 0;) {
        const hm_hook_link *link = &called->hooked->links[i];
        if (link->adapter->rows_failed != NULL) {
            link->adapter->rows_failed(link->adapter->self,
                    &called->run->hooks->views[link->number].running, called->call.node,
                    count, message);
        }
    }
}

static bool is_of_a_stop(hm_status status) {
    return status == HM_SKIPPED || status == HM_CANCELLED || status == HM_DEADLINE;
}

static hm_skip reason_of(hm_status status) {
    return status == HM_CANCELLED  ? HM_SKIP_CANCELLED
           : status == HM_DEADLINE ? HM_SKIP_LATE
                                   : HM_SKIP_RUN_FAILED;
}

// Out again: the links from the first on are not called.
static void turn_round(hm_called *called, uint32_t first, hm_skip reason) {
    hm_hooks_tell_skipped(called->run, called->hooked, first, reason, HM_NONE);
    called->stage = HM_STAGE_OUT;
}

// Calls the `before` of a link; false if the adapter failed.
static bool call_before(hm_called *called, const hm_adapter *adapter) {
    hm_error said;
    said.message[0] = '\0';
    called->turn = HM_TURN_NONE;
    called->is_in_hook = true;
    hm_status status =
            adapter->before(adapter->self, show(called, called->depth), &said);
    called->is_in_hook = false;
    if (status == HM_OK || adapter->only_observes) {
        return true;
    }
    hm_called_fail_adapter(called, adapter, status, "failed before node", &said);
    return false;
}

// False if the call waits.
static bool go_in(hm_called *called) {
    const hm_hooked *hooked = called->hooked;
    for (; called->depth < hooked->link_count; called->depth++) {
        const hm_adapter *adapter = hooked->links[called->depth].adapter;
        if (hooked->want == HM_WANT_TO_HOLD && called->turn != HM_TURN_HOLD &&
                hm_stop_is_due(called->run)) {
            hm_called_stop(called);
            turn_round(called, called->depth, reason_of(called->call.status));
            return true;
        }
        if (adapter->before == NULL) {
            continue;
        }
        do {
            if (!call_before(called, adapter)) {
                turn_round(called, called->depth + 1, HM_SKIP_RETURNED);
                return true;
            }
            if (called->turn == HM_TURN_HOLD && hm_hold_begin(guard_of(called))) {
                return false;
            }
        } while (called->turn == HM_TURN_HOLD);
        if (called->turn == HM_TURN_ROUND) {
            called->depth++;
            turn_round(called, called->depth, HM_SKIP_RETURNED);
            return true;
        }
    }
    called->stage = HM_STAGE_CALL;
    return true;
}

uint64_t hm_called_limit(const hm_called *called) {
    uint64_t least = 0;
    for (uint32_t i = 0; i < called->depth; i++) {
        uint64_t limit = called->states[i].limit;
        least = limit != 0 && (least == 0 || limit < least) ? limit : least;
    }
    return least;
}

// Whether its rows are told of block by block.
static bool goes_by_blocks(const hm_called *called) {
    return called->run->plan->calls[index_of(called)].pipeline != HM_NONE;
}

static void call_function(hm_called *called) {
    hm_run *run = called->run;
    const hm_hooked *hooked = called->hooked;
    hm_failure failure = {.status = HM_OK};
    uint64_t limit = hm_stop_set_limit(hm_called_limit(called));
    if (hooked->only == NULL) {
        failure.status = hm_rows_run(run, hooked->call, &failure);
    } else {
        int code = hooked->only(run->frame, hooked->at, hooked->self);
        if (code != 0) {
            failure.status = HM_NODE_FAILED;
            failure.code = code;
            failure.said = hm_failure_said(code);
        }
    }
    (void)hm_stop_set_limit(limit);
    if (failure.status != HM_OK) {
        hm_called_fail(called, &failure);
    } else if (!goes_by_blocks(called)) {
        hm_called_progress(called, called->call.row_count);
    }
}

// Waiting is not counted.
static void note_cost(const hm_called *called, uint64_t nanoseconds) {
    hm_run *run = called->run;
    if (called->call.status == HM_OK && run->look > HM_LOOK_AT_RUN) {
        float taken = hm_cost_note_call(run->plan, index_of(called), nanoseconds);
        atomic_fetch_add_explicit(&run->spent, (uint64_t)taken, memory_order_relaxed);
    }
}

// False if the call waits.
static bool call_guarded(hm_called *called, hm_guard *guard) {
    if (called->call.node->is_async) {
        return hm_async_run(guard) == HM_TASK_DONE;
    }
    hm_entry entry = hm_stop_is_due(called->run) ? HM_STOPPED : hm_guard_enter(guard);
    if (entry == HM_PARKED) {
        return false;
    }
    if (entry == HM_STOPPED) {
        hm_called_stop(called);
    } else {
        size_t row_count = goes_by_blocks(called) ? 0 : called->call.row_count;
        if (row_count > 0) {
            hm_called_begin_rows(called, 0, row_count);
        }
        uint64_t before = uv_hrtime();
        call_function(called);
        note_cost(called, uv_hrtime() - before);
        if (row_count > 0) {
            hm_called_end_rows(called, 0, row_count);
        }
    }
    hm_guard_leave(guard);
    return true;
}

// What was made is not wanted: it is made again.
static void go_back(hm_called *called) {
    hm_run *run = called->run;
    const hm_plan *plan = run->plan;
    const hm_plan_call *call = &plan->calls[index_of(called)];
    const hm_operand *outputs = &plan->operands[call->operands + call->parameter_count];
    for (uint32_t o = 0; o < call->output_count; o++) {
        hm_run_end_value(run, outputs[o].value);
    }
    uint32_t inner = called->hooked->link_count - called->depth;
    memset(&called->states[called->depth], 0, inner * sizeof *called->states);
    called->call.status = HM_OK;
    called->call.message = "";
    called->call.is_returned = false;
    called->turn = HM_TURN_NONE;
    called->stage = HM_STAGE_IN;
    atomic_store_explicit(&called->done_count, 0, memory_order_relaxed);
}

// Calls the `after` of the link that the call is in; false if it waits.
static bool call_after(hm_called *called, const hm_adapter *adapter) {
    hm_error said;
    do {
        said.message[0] = '\0';
        called->turn = HM_TURN_NONE;
        called->is_in_hook = true;
        hm_status status =
                adapter->after(adapter->self, show(called, called->depth - 1), &said);
        called->is_in_hook = false;
        if (status != HM_OK && !adapter->only_observes) {
            hm_called_fail_adapter(called, adapter, status, "failed after node", &said);
            called->turn = HM_TURN_NONE;
        }
        if (called->turn == HM_TURN_HOLD && hm_hold_begin(guard_of(called))) {
            return false;
        }
    } while (called->turn == HM_TURN_HOLD);
    return true;
}

// False if the call waits.
static bool go_out(hm_called *called) {
    for (; called->depth > 0; called->depth--) {
        const hm_adapter *adapter = called->hooked->links[called->depth - 1].adapter;
        if (adapter->after == NULL) {
            continue;
        }
        if (!call_after(called, adapter)) {
            return false;
        }
        if (called->turn == HM_TURN_BACK) {
            bool waits = called->is_back;
            called->is_back = false;
            go_back(called);
            return !waits || !hm_hold_begin(guard_of(called));
        }
    }
    return true;
}

static void tell_failed(const hm_called *called) {
    const hm_hooked *hooked = called->hooked;
    for (uint32_t i = hooked->link_count; i-- > 0;) {
        const hm_hook_link *link = &hooked->links[i];
        if (link->adapter->failed != NULL) {
            link->adapter->failed(link->adapter->self,
                    &called->run->hooks->views[link->number].running, called->call.node,
                    called->call.status, called->call.message);
        }
    }
}

// What becomes of the call is what its adapters let it become.
static void end(hm_called *called) {
    hm_status status = called->call.status;
    if (is_of_a_stop(status)) {
        hm_failure_stop(called->run, index_of(called));
    } else if (status != HM_OK) {
        hm_failure_note_told(
                called->run, index_of(called), status, called->call.message);
        tell_failed(called);
    }
    called->stage = HM_STAGE_NONE;
}

hm_task_outcome hm_called_run(hm_called *called) {
    hm_guard *guard = guard_of(called);
    if (called->stage == HM_STAGE_NONE) {
        begin(called);
    }
    for (;;) {
        if (called->stage == HM_STAGE_IN && !go_in(called)) {
            return HM_TASK_PENDING;
        }
        if (called->stage == HM_STAGE_CALL) {
            if (guard == NULL) {
                call_function(called);
            } else if (!call_guarded(called, guard)) {
                return HM_TASK_PENDING;
            }
            called->stage = HM_STAGE_OUT;
        }
        if (!go_out(called)) {
            return HM_TASK_PENDING;
        }
        if (called->stage == HM_STAGE_OUT) {
            end(called);
            return HM_TASK_DONE;
        }
    }
}

void hm_called_take_over(hm_called *called, const hm_memo *memos, uint32_t depth) {
    begin(called);
    for (uint32_t i = 0; i < called->hooked->link_count; i++) {
        called->states[i].memo = memos[i];
    }
    called->depth = depth;
    called->stage = HM_STAGE_OUT;
}

bool hm_called_open(hm_called *called) {
    begin(called);
    (void)go_in(called); // nobody may have it wait
    if (called->stage == HM_STAGE_CALL) {
        return true;
    }
    (void)go_out(called);
    end(called);
    return false;
}

void hm_called_close(hm_called *called) {
    const hm_outcome *outcome = &called->run->outcomes[index_of(called)];
    if (called->stage == HM_STAGE_NONE) {
        return;
    }
    called->stage = HM_STAGE_OUT;
    hm_status status = outcome->status;
    if (status != HM_OK) {
        fail(called, status, outcome->message);
    }
    (void)go_out(called);
    if (called->call.status != status) { // an adapter failed
        end(called);
    } else if (status != HM_OK && !is_of_a_stop(status)) {
        tell_failed(called);
    }
    called->stage = HM_STAGE_NONE;
}

// The link whose hook is being called, or NULL: it then has nothing to say.
static const hm_hook_link *speaker(const hm_called *called) {
    bool is_in = called->stage == HM_STAGE_IN;
    return called->is_in_hook ? &called->hooked->links[called->depth - !is_in] : NULL;
}

static bool may_change(const hm_called *called) {
    const hm_hook_link *link = speaker(called);
    return link != NULL && link->want >= HM_WANT_TO_WRAP;
}

hm_status hm_call_return(hm_call *call, hm_value *results, hm_error *error) {
    hm_called *called = (hm_called *)call;
    if (!may_change(called)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the results of node `%s` are returned by an adapter that does not "
                "wrap it, or not by its before or after",
                call->node->name);
    }
    HM_TRY(hm_hooks_put(called->run, index_of(called), results, error));
    call->status = HM_OK;
    call->message = "";
    call->is_returned = true;
    called->turn = HM_TURN_ROUND;
    return HM_OK;
}

hm_status hm_call_fail(hm_call *call, const char *format, ...) {
    hm_called *called = (hm_called *)call;
    if (!may_change(called)) {
        return HM_BAD_ARGUMENT;
    }
    char said[HM_SAID_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    hm_called_fail(
            called, &(hm_failure){.status = HM_NODE_FAILED, .code = 1, .said = said});
    called->turn = HM_TURN_ROUND;
    return HM_OK;
}

void hm_call_limit(hm_call *call, uint64_t nanoseconds) {
    hm_called *called = (hm_called *)call;
    if (may_change(called) && called->stage == HM_STAGE_IN) {
        uint64_t now = uv_hrtime();
        uint64_t most = INT64_MAX - now;
        called->states[called->depth].limit =
                now + (nanoseconds < most ? nanoseconds : most);
    }
}

bool hm_call_is_late(const hm_call *call) {
    const hm_called *called = (const hm_called *)call;
    if (!may_change(called) || called->stage != HM_STAGE_OUT) {
        return false;
    }
    uint64_t limit = called->states[called->depth - 1].limit;
    return limit != 0 && uv_hrtime() >= limit;
}

static bool may_hold(const hm_called *called) {
    const hm_hook_link *link = speaker(called);
    return link != NULL && link->want == HM_WANT_TO_HOLD;
}

// Whether what begins after so many nanoseconds is within its limits.
static bool is_in_time(const hm_called *called, uint64_t delay) {
    uint64_t limit = hm_called_limit(called);
    uint64_t now = limit != 0 ? uv_hrtime() : 0;
    return limit == 0 || (now < limit && delay < limit - now);
}

static void tell_repeated(const hm_called *called, uint64_t delay) {
    const hm_hooked *hooked = called->hooked;
    for (uint32_t i = hooked->link_count; i-- > 0;) {
        const hm_hook_link *link = &hooked->links[i];
        if (link->adapter->repeated != NULL) {
            link->adapter->repeated(link->adapter->self,
                    &called->run->hooks->views[link->number].running, called->call.node,
                    delay, called->call.message);
        }
    }
}

bool hm_call_repeat(hm_call *call, uint64_t delay) {
    hm_called *called = (hm_called *)call;
    if (!may_hold(called) || called->stage != HM_STAGE_OUT ||
            hm_stop_is_due(called->run) || !is_in_time(called, delay) ||
            (delay > 0 && !hm_hold_ask(guard_of(called), delay))) {
        return false;
    }
    called->is_back = delay > 0;
    called->turn = HM_TURN_BACK;
    tell_repeated(called, delay);
    return true;
}

bool hm_call_hold(hm_call *call, uint64_t nanoseconds) {
    hm_called *called = (hm_called *)call;
    if (!may_hold(called) || !hm_hold_ask(guard_of(called), nanoseconds)) {
        return false;
    }
    called->turn = HM_TURN_HOLD;
    return true;
}

void hm_call_resume(hm_call *call) {
    hm_hold_end(guard_of((const hm_called *)call));
}

bool hm_call_is_stopped(const hm_call *call) {
    return hm_stop_is_due(((const hm_called *)call)->run);
}
