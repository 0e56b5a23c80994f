// failure.c — see failure.h. Rows are counted from 1, as in data files.

#include "engine/failure.h"

#include <stdatomic.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/beginning.h"
#include "base/text.h"
#include "engine/demand.h"
#include "engine/hooks.h"

enum { SHOWN_BYTES = 50, SHOWN_ELEMENTS = 4, SHOWN_CHAIN = 8 };

static void show_value(hm_text *text, const hm_value *value) {
    hm_beginning shown = {text, SHOWN_BYTES};
    if (value->type->kind == HM_KIND_OPAQUE) {
        hm_text_format(text, "<%s>", value->type->name);
        return;
    }
    // HM_IO is the writer's own: enough was shown.
    hm_status status = hm_json_write(value, hm_beginning_write, &shown);
    (void)status;
}

static void show_array(hm_text *text, const hm_value *element, const hm_array *array) {
    hm_text_append(text, "[");
    for (size_t i = 0; i < array->length && i < SHOWN_ELEMENTS; i++) {
        hm_value one = *element;
        size_t size = element->by_reference ? sizeof(void *) : element->type->size;
        one.data = (const char *)array->data + i * size;
        if (element->by_reference) {
            memcpy(&one.data, one.data, sizeof one.data);
        }
        hm_text_append(text, i > 0 ? ", " : "");
        show_value(text, &one);
    }
    if (array->length > SHOWN_ELEMENTS) {
        hm_text_format(text, ", ... %zu in all", array->length);
    }
    hm_text_append(text, "]");
}

// What a parameter was in the row that failed.
static void show_parameter(hm_text *text, hm_run *run, uint32_t call, size_t p,
        const hm_failure *failure) {
    const hm_plan *plan = run->plan;
    const hm_parameter *parameter =
            &hm_plan_graph_call(plan, call)->function->parameters[p];
    const hm_plan_value *value = &plan->values[hm_plan_operands(plan, call)[p].value];
    const char *at = hm_run_frame_at(run, value->slot);
    uint32_t levels = value->depth - (parameter->shape == HM_ARRAY);
    size_t element_size = hm_plan_element_size(value);
    if (value->maker != HM_NONE && run->outcomes[value->maker].status != HM_OK) {
        hm_text_format(text, "%s failed", parameter->name);
        return;
    }
    bool is_in_lane = failure->lanes != NULL;
    // Who fails the call as a whole knows no row.
    bool is_whole = !is_in_lane && levels > failure->depth;
    for (uint32_t level = 0; level < levels && !is_in_lane && !is_whole; level++) {
        hm_array array;
        memcpy(&array, at, sizeof array);
        size_t size = level + 1 < value->depth ? sizeof(hm_array) : element_size;
        at = (const char *)array.data + failure->place[level] * size;
    }
    hm_value shown = {
            .type = value->type, .by_reference = value->pass == HM_BY_REFERENCE};
    if (is_in_lane) {
        const hm_lane *lane = &failure->lanes[p];
        const hm_function *function = hm_plan_graph_call(plan, call)->function;
        shown.by_reference = parameter->pass == HM_BY_REFERENCE;
        at = (const char *)lane->data +
             failure->lane_row * lane->stride * hm_slot_size(function, p);
    }
    hm_text_format(text, "%s = ", parameter->name);
    if (is_whole && value->depth > 1) {
        shown.depth = value->depth;
        memcpy(&shown.many, at, sizeof shown.many);
        show_value(text, &shown);
        return;
    }
    if (parameter->shape == HM_ARRAY || is_whole) {
        hm_array array;
        memcpy(&array, failure->frame != NULL ? failure->frame + failure->at[p] : at,
                sizeof array);
        if (failure->count > 0 && failure->frame == NULL) {
            array.data = (char *)array.data + failure->start * element_size;
            array.length = failure->count;
        }
        show_array(text, &shown, &array);
        return;
    }
    shown.data = at;
    if (shown.by_reference) {
        memcpy(&shown.data, at, sizeof shown.data);
    }
    show_value(text, &shown);
}

static void show_place(hm_text *text, const hm_failure *failure) {
    for (uint32_t level = 0; level < failure->depth; level++) {
        hm_text_format(text, "%s %zu", level == 0 ? " in row" : ", element",
                failure->place[level] + 1);
    }
    if (failure->count > 0) {
        hm_text_format(text, "%s %zu to %zu",
                failure->depth == 0 ? " in rows" : ", elements", failure->start + 1,
                failure->start + failure->count);
    }
}

static const hm_function *maker_of(const hm_run *run, uint32_t call, uint32_t p) {
    const hm_plan *plan = run->plan;
    uint32_t value = hm_plan_operands(plan, call)[p].value;
    return hm_plan_graph_call(plan, plan->values[value].maker)->function;
}

static void show_cause(
        hm_text *text, const hm_run *run, uint32_t call, const hm_failure *failure) {
    const hm_function *function = hm_plan_graph_call(run->plan, call)->function;
    if (failure->status == HM_NO_MEMORY) {
        hm_text_append(text, " ran out of memory");
    } else if (failure->status == HM_LENGTH_MISMATCH) {
        hm_text_append(text, " wants arrays of equal length");
        show_place(text, failure);
        hm_text_format(text, ", but `%s` has %zu elements and `%s` has %zu",
                function->parameters[failure->parameters[0]].name, failure->lengths[0],
                function->parameters[failure->parameters[1]].name, failure->lengths[1]);
    } else if (failure->status == HM_TOO_LARGE) {
        hm_text_format(text,
                " needs more memory than is left of the %zu bytes that "
                "the run may take",
                run->plan->max_bytes);
    } else if (failure->status == HM_BAD_DATA && failure->is_null) {
        const hm_function *maker = maker_of(run, call, failure->parameters[0]);
        hm_text_format(text,
                " cannot take `%s`: %s (%s:%u) made a null pointer of it; let that "
                "make a text, or fail",
                function->parameters[failure->parameters[0]].name, maker->name,
                maker->file, (unsigned)maker->line);
    } else if (failure->status == HM_BAD_DATA) {
        const char *name = function->parameters[failure->parameters[0]].name;
        hm_text_append(text, " cannot see missing values");
        show_place(text, failure);
        hm_text_format(text,
                ", but %zu of `%s` are missing, the first in %s %zu: give it an array "
                "that is complete, or let the function take it whole by a parameter "
                "that is HM_NULLABLE",
                failure->lengths[0], name, failure->depth > 0 ? "element" : "row",
                failure->lengths[1] + 1);
    } else {
        hm_text_append(text, " failed");
        show_place(text, failure);
        if (failure->null.count > 0) {
            hm_text_format(text, ": `%s` is a null pointer, but counts %zu elements",
                    function->outputs[failure->null.output].name, failure->null.count);
        } else if (failure->said != NULL) {
            hm_text_format(text, ": %s", failure->said);
        } else {
            hm_text_format(text, ": it returned %d", failure->code);
        }
    }
}

static bool makes_wanted(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[function->parameter_count];
    for (size_t o = 0; o < function->output_count; o++) {
        if (plan->values[outputs[o].value].is_wanted) {
            return true;
        }
    }
    return false;
}

static void ask(const hm_plan *plan, hm_asker *askers, uint32_t call, uint32_t value) {
    uint32_t maker = plan->values[value].maker;
    if (maker != HM_NONE && askers[call].distance < askers[maker].distance) {
        askers[maker] = (hm_asker){askers[call].distance + 1, call, askers[call].last};
    }
}

// The ways of all calls at once, so that many failures cost no more than one. Readers
// come after what they read, so one sweep from the last call to the first finds them.
static void find_askers(const hm_run *run, hm_asker *askers) {
    const hm_plan *plan = run->plan;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        bool is_last = makes_wanted(plan, c);
        askers[c] = (hm_asker){is_last ? 0 : HM_NONE, HM_NONE, c};
    }
    for (uint32_t c = plan->call_count; c-- > 0;) {
        const hm_plan_call *call = &plan->calls[c];
        if (askers[c].distance == HM_NONE || hm_demand_is_passed(run, c)) {
            continue;
        }
        for (uint32_t p = 0; p < call->parameter_count; p++) {
            if (hm_demand_takes(run, c, p)) {
                ask(plan, askers, c, hm_plan_need_value(plan, c, p));
            }
        }
        for (uint32_t i = 0;
                call->choice != HM_NONE && i < plan->choices[call->choice].held_count;
                i++) {
            ask(plan, askers, c,
                    plan->held[plan->choices[call->choice].first_held + i]);
        }
    }
}

static void show_asker(
        hm_text *text, const hm_plan *plan, const char *before, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    hm_text_format(text, "%s%s (%s:%u)", before, hm_plan_call_name(plan, call),
            function->file, (unsigned)function->line);
}

// The chain from the reader of the failed node to the one that was asked for.
static void show_chain(
        hm_text *text, const hm_plan *plan, uint32_t failed, const hm_asker *askers) {
    const char *before = "; needed by ";
    uint32_t shown = 0;
    uint32_t call = askers[failed].next;
    for (; call != HM_NONE && shown < SHOWN_CHAIN; call = askers[call].next) {
        show_asker(text, plan, before, call);
        before = ", which is needed by ";
        shown++;
    }
    if (call != HM_NONE) {
        before = askers[call].next != HM_NONE ? ", ..., which is needed by " : before;
        show_asker(text, plan, before, askers[call].last);
    }
}

// Memory for them may lack: then the message goes without. A lazy call may not have
// been asked for when they were looked for last.
static const hm_asker *askers_of(hm_run *run, uint32_t failed) {
    const hm_plan *plan = run->plan;
    uv_mutex_lock(&run->lock);
    if (run->askers == NULL || run->askers[failed].distance == HM_NONE) {
        run->askers =
                hm_arena_array(&run->messages, plan->call_count, sizeof(hm_asker));
        if (run->askers != NULL) {
            find_askers(run, run->askers);
        }
    }
    const hm_asker *askers = run->askers;
    uv_mutex_unlock(&run->lock);
    return askers;
}

bool hm_failure_is_moot(const hm_run *run) {
    uint32_t stop = atomic_load_explicit(&run->stop, memory_order_relaxed);
    return (stop == HM_STOP_FAILED && hm_stop_was_told()) ||
           stop == HM_STOP_CANCELLED || stop == HM_STOP_LATE;
}

bool hm_failure_is_of_stop(const hm_run *run, const hm_failure *failure) {
    return failure->status == HM_NODE_FAILED &&
           (failure->is_stopped || hm_failure_is_moot(run));
}

const char *hm_failure_tell(hm_run *run, uint32_t call, const hm_failure *failure) {
    if (failure->is_told) {
        return failure->told;
    }
    const hm_plan *plan = run->plan;
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    hm_text text;
    hm_text_init(&text, plan->allocator);
    hm_text_format(&text, "node `%s`", hm_plan_call_name(plan, call));
    show_cause(&text, run, call, failure);
    // Where a check fails, what was found says more than the inputs.
    bool has_inputs = (plan->calls[call].traits & HM_CALL_PASSES) == 0;
    if (failure->status == HM_NODE_FAILED && has_inputs) {
        const char *before = "; inputs: ";
        for (uint32_t p = 0; p < function->parameter_count; p++) {
            if (hm_demand_takes(run, call, p)) {
                hm_text_append(&text, before);
                show_parameter(&text, run, call, p, failure);
                before = ", ";
            }
        }
    }
    const hm_asker *askers = askers_of(run, call);
    if (askers != NULL) {
        show_chain(&text, plan, call, askers);
    }
    uv_mutex_lock(&run->lock);
    const char *message = hm_arena_text(&run->messages, hm_text_get(&text));
    uv_mutex_unlock(&run->lock);
    hm_text_finish(&text);
    return message;
}

// Who accepts that a call did not succeed finds NULL where it takes by pointer what the
// call would have made.
static void settle(hm_run *run, uint32_t call, hm_outcome outcome) {
    const hm_plan *plan = run->plan;
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[plan->calls[call].parameter_count];
    run->outcomes[call] = outcome;
    for (uint32_t o = 0; plan->accepts_failed && o < plan->calls[call].output_count;
            o++) {
        const hm_plan_value *value = &plan->values[outputs[o].value];
        bool is_pointer =
                value->pass == HM_BY_REFERENCE || value->type->kind == HM_KIND_STRING;
        if (value->address != HM_NONE) {
            memset(hm_run_frame_at(run, value->address), 0, sizeof(void *));
        }
        if (value->depth == 0 && is_pointer) {
            memset(hm_run_frame_at(run, value->slot), 0, sizeof(void *));
        }
    }
}

void hm_failure_note_told(
        hm_run *run, uint32_t call, hm_status status, const char *message) {
    settle(run, call,
            (hm_outcome){.status = status, .cause = call, .message = message});
    atomic_store_explicit(&run->has_failed, true, memory_order_relaxed);
    if (!run->plan->keep_going) {
        hm_stop_run(run, HM_STOP_FAILED);
    }
}

void hm_failure_note(hm_run *run, uint32_t call, const hm_failure *failure) {
    if (hm_failure_is_of_stop(run, failure)) {
        hm_failure_stop(run, call);
        return;
    }
    hm_failure_note_told(
            run, call, failure->status, hm_failure_tell(run, call, failure));
}

uint32_t hm_failure_need(const hm_run *run, uint32_t call) {
    const hm_plan *plan = run->plan;
    const hm_operand *operands = hm_plan_operands(plan, call);
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    uint32_t count = plan->calls[call].parameter_count;
    for (uint32_t p = 0; p < count; p++) {
        uint32_t maker = plan->values[operands[p].value].maker;
        if (maker != HM_NONE && run->outcomes[maker].status != HM_OK &&
                !function->parameters[p].accepts_failed &&
                hm_demand_takes(run, call, p)) {
            return maker;
        }
    }
    return HM_NONE;
}

void hm_failure_skip(hm_run *run, uint32_t call, uint32_t need) {
    // What needs a call that was not run because the run was stopped shares its fate.
    hm_outcome outcome = run->outcomes[need];
    if (outcome.status != HM_CANCELLED && outcome.status != HM_DEADLINE) {
        outcome.status = HM_SKIPPED;
    }
    settle(run, call, outcome);
    hm_hooks_skipped(run, call);
}

void hm_failure_stop(hm_run *run, uint32_t call) {
    static const hm_outcome outcomes[] = {
            [HM_STOP_FAILED] = {.status = HM_SKIPPED, .cause = HM_NONE},
            [HM_STOP_CANCELLED] = {.status = HM_CANCELLED,
                    .cause = HM_NONE,
                    .message = "the run was cancelled"},
            [HM_STOP_LATE] = {.status = HM_DEADLINE,
                    .cause = HM_NONE,
                    .message = "the deadline passed before it had ended"},
    };
    settle(run, call, outcomes[atomic_load_explicit(&run->stop, memory_order_relaxed)]);
    atomic_store_explicit(&run->has_failed, true, memory_order_relaxed);
    hm_hooks_skipped(run, call);
}
