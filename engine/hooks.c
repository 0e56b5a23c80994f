// hooks.c — see hooks.h.

#include "engine/hooks.h"

#include <stdatomic.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "engine/demand.h"
#include "engine/missing.h"
#include "engine/run.h"

static hm_hook_view *view_of(const hm_running *running) {
    return (hm_hook_view *)(uintptr_t)running;
}

static bool allocate(hm_run *run, hm_hooks *hooks) {
    const hm_plan *plan = run->plan;
    const hm_allocator *allocator = plan->allocator;
    const hm_adapted *adapted = plan->adapted;
    hooks->views =
            hm_allocate_array(allocator, adapted->adapter_count, sizeof *hooks->views);
    hooks->called =
            hm_allocate_array(allocator, adapted->hooked_count, sizeof *hooks->called);
    hooks->states =
            hm_allocate_array(allocator, adapted->link_count, sizeof *hooks->states);
    hooks->supplied =
            hm_allocate_array(allocator, plan->value_count, sizeof *hooks->supplied);
    hooks->is_supplied =
            hm_allocate_array(allocator, plan->call_count, sizeof *hooks->is_supplied);
    hooks->is_omitted =
            hm_allocate_array(allocator, plan->call_count, sizeof *hooks->is_omitted);
    return hooks->views != NULL && hooks->called != NULL && hooks->states != NULL &&
           hooks->supplied != NULL && hooks->is_supplied != NULL &&
           hooks->is_omitted != NULL;
}

bool hm_hooks_create(hm_run *run) {
    const hm_adapted *adapted = run->plan->adapted;
    if (adapted == NULL || (adapted->hooked_count == 0 && !adapted->sees_runs &&
                                   !adapted->sees_tasks)) {
        return true;
    }
    hm_hooks *hooks = hm_allocate_array(run->plan->allocator, 1, sizeof *hooks);
    run->hooks = hooks;
    if (hooks == NULL || !allocate(run, hooks)) {
        return false;
    }
    for (uint32_t i = 0; i < adapted->adapter_count; i++) {
        hooks->views[i] = (hm_hook_view){
                .running = {.planned = &adapted->planned[i]}, .run = run, .number = i};
    }
    for (uint32_t i = 0; i < adapted->hooked_count; i++) {
        hm_called_init(&hooks->called[i], run, &adapted->hooked[i]);
    }
    return true;
}

static void release_all(hm_run *run) {
    hm_hooks *hooks = run->hooks;
    for (uint32_t v = 0; hooks->supplied != NULL && v < run->plan->value_count; v++) {
        hm_value_release(&hooks->supplied[v]);
    }
}

void hm_hooks_destroy(hm_run *run) {
    hm_hooks *hooks = run->hooks;
    if (hooks == NULL) {
        return;
    }
    const hm_plan *plan = run->plan;
    const hm_allocator *allocator = plan->allocator;
    const hm_adapted *adapted = plan->adapted;
    release_all(run);
    hm_deallocate_array(
            allocator, hooks->views, adapted->adapter_count, sizeof *hooks->views);
    hm_deallocate_array(
            allocator, hooks->called, adapted->hooked_count, sizeof *hooks->called);
    hm_deallocate_array(
            allocator, hooks->states, adapted->link_count, sizeof *hooks->states);
    hm_deallocate_array(
            allocator, hooks->supplied, plan->value_count, sizeof *hooks->supplied);
    hm_deallocate_array(allocator, hooks->is_supplied, plan->call_count,
            sizeof *hooks->is_supplied);
    hm_deallocate_array(
            allocator, hooks->is_omitted, plan->call_count, sizeof *hooks->is_omitted);
    hm_deallocate_array(allocator, hooks, 1, sizeof *hooks);
}

static hm_status refuse(const hm_adapter *adapter, hm_status status, const char *doing,
        const char *name, const hm_error *said, hm_error *error) {
    return adapter->only_observes
                   ? HM_OK
                   : hm_adapted_fault(adapter, status, doing, name, said, error);
}

// Tells the adapters from `first` on, as far as the run has begun for them.
static void tell_decided(hm_run *run, uint32_t first, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    for (uint32_t i = first; i < run->hooks->began_count; i++) {
        const hm_adapter *adapter = &run->plan->adapted->adapters[i];
        if (adapter->decided != NULL) {
            adapter->decided(
                    adapter->self, &run->hooks->views[i].running, node, decision, why);
        }
    }
}

// Of what there is no memory for, adapters further in do not hear.
static void note_early(hm_run *run, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    hm_hooks *hooks = run->hooks;
    hm_early_decision *early = hm_arena_grow(
            &run->messages, hooks->early, hooks->early_count, sizeof *early);
    const char *copy = early != NULL ? hm_arena_text(&run->messages, why) : NULL;
    if (early != NULL) {
        hooks->early = early;
    }
    if (copy != NULL) {
        early[hooks->early_count++] =
                (hm_early_decision){node, decision, copy, hooks->began_count};
    }
}

static void tell_early(hm_run *run) {
    const hm_hooks *hooks = run->hooks;
    for (uint32_t i = 0; i < hooks->early_count; i++) {
        const hm_early_decision *early = &hooks->early[i];
        tell_decided(run, early->heard, early->node, early->decision, early->why);
    }
}

static hm_status tell_began(hm_run *run, hm_error *error) {
    const hm_adapted *adapted = run->plan->adapted;
    hm_hooks *hooks = run->hooks;
    static _Atomic(uint64_t) count;
    // Relaxed: numbers are only told apart.
    uint64_t number = 1 + atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    hooks->is_beginning = true;
    hooks->early = NULL;
    hooks->early_count = 0;
    hm_status status = HM_OK;
    for (uint32_t i = 0; i < adapted->adapter_count && status == HM_OK; i++) {
        const hm_adapter *adapter = &adapted->adapters[i];
        hm_running *running = &hooks->views[i].running;
        hm_error said = {.status = HM_OK};
        running->number = number;
        running->self = NULL;
        hm_status began = adapter->run_began != NULL
                                  ? adapter->run_began(adapter->self, running, &said)
                                  : HM_OK;
        if (began != HM_OK) {
            status = refuse(adapter, began, "refuses the run", NULL, &said, error);
        }
        hooks->began_count += status == HM_OK;
    }
    hooks->is_beginning = false;
    if (status == HM_OK) {
        tell_early(run);
    }
    return status;
}

static hm_status check_inputs(
        hm_run *run, const hm_adapter *adapter, hm_running *running, hm_error *error) {
    const hm_plan *plan = run->plan;
    for (uint32_t i = 0; i < plan->input_count; i++) {
        uint32_t id = plan->inputs[i].value;
        uint32_t node = plan->values[id].node;
        hm_value value = hm_run_value(run, id);
        hm_error said = {.status = HM_OK};
        hm_status status =
                adapter->check_input(adapter->self, running, node, &value, &said);
        if (status != HM_OK) {
            HM_TRY(refuse(adapter, status, "refuses input",
                    plan->graph->nodes[node].name, &said, error));
        }
    }
    return HM_OK;
}

static bool is_needed(const hm_plan *plan, uint32_t call, const bool *is_read) {
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[plan->calls[call].parameter_count];
    bool needed = is_read[call];
    for (uint32_t o = 0; o < plan->calls[call].output_count; o++) {
        needed |= plan->values[outputs[o].value].is_wanted;
    }
    return needed;
}

// Readers come after what they read, so one sweep from the last call to the first finds
// what nobody needs. While it comes to a call, its is_omitted says whether it is read.
static void omit(hm_run *run) {
    const hm_plan *plan = run->plan;
    hm_hooks *hooks = run->hooks;
    bool *is_read = hooks->is_omitted;
    for (uint32_t c = plan->call_count; c-- > 0;) {
        bool is_made = is_needed(plan, c, is_read) && !hooks->is_supplied[c];
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (uint32_t p = 0; p < plan->calls[c].parameter_count && is_made; p++) {
            uint32_t maker = plan->values[operands[p].value].maker;
            if (maker != HM_NONE) {
                is_read[maker] = true;
            }
        }
        hooks->is_omitted[c] = !is_made;
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        uint32_t hooked = plan->calls[c].hooked;
        if (hooks->is_omitted[c] && hooked != HM_NONE) {
            hm_hooks_tell_skipped(run, &plan->adapted->hooked[hooked], 0,
                    hooks->is_supplied[c] ? HM_SKIP_SUPPLIED : HM_SKIP_NOT_NEEDED,
                    HM_NONE);
        }
    }
}

static void forget(hm_run *run) {
    hm_hooks *hooks = run->hooks;
    release_all(run);
    if (hooks->omits) {
        memset(hooks->is_supplied, 0, run->plan->call_count * sizeof(bool));
        memset(hooks->is_omitted, 0, run->plan->call_count * sizeof(bool));
        hooks->omits = false;
    }
}

hm_status hm_hooks_begin(hm_run *run, hm_error *error) {
    hm_hooks *hooks = run->hooks;
    if (hooks == NULL) {
        return HM_OK;
    }
    const hm_adapted *adapted = run->plan->adapted;
    forget(run);
    hm_error *told = &hooks->told;
    *told = (hm_error){.status = HM_OK};
    hm_status status = tell_began(run, told);
    for (uint32_t i = 0; i < adapted->adapter_count && status == HM_OK; i++) {
        const hm_adapter *adapter = &adapted->adapters[i];
        if (adapter->check_input != NULL) {
            status = check_inputs(run, adapter, &hooks->views[i].running, told);
        }
    }
    if (status != HM_OK) {
        hm_hooks_end(run);
        return hm_error_set(error, status, "%s", told->message);
    }
    if (hooks->omits) {
        omit(run);
    }
    return HM_OK;
}

void hm_hooks_end(hm_run *run) {
    hm_hooks *hooks = run->hooks;
    for (uint32_t i = hooks != NULL ? hooks->began_count : 0; i-- > 0;) {
        const hm_adapter *adapter = &run->plan->adapted->adapters[i];
        if (adapter->run_ended != NULL) {
            adapter->run_ended(adapter->self, &hooks->views[i].running,
                    hooks->told.status, hooks->told.message);
        }
        hooks->began_count = i;
    }
}

void hm_hooks_begin_task(hm_run *run, uint32_t task) {
    const hm_adapted *adapted = run->plan->adapted;
    uint32_t count =
            adapted != NULL && adapted->sees_tasks ? adapted->adapter_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const hm_adapter *adapter = &adapted->adapters[i];
        if (adapter->task_began != NULL) {
            adapter->task_began(adapter->self, &run->hooks->views[i].running, task);
        }
    }
}

void hm_hooks_end_task(hm_run *run, uint32_t task) {
    const hm_adapted *adapted = run->plan->adapted;
    uint32_t count =
            adapted != NULL && adapted->sees_tasks ? adapted->adapter_count : 0;
    for (uint32_t i = count; i-- > 0;) {
        const hm_adapter *adapter = &adapted->adapters[i];
        if (adapter->task_ended != NULL) {
            adapter->task_ended(adapter->self, &run->hooks->views[i].running, task);
        }
    }
}

bool hm_hooks_omit(const hm_run *run, uint32_t call) {
    return run->hooks != NULL && run->hooks->is_omitted[call];
}

void hm_hooks_tell_skipped(hm_run *run, const hm_hooked *hooked, uint32_t first_link,
        hm_skip reason, uint32_t cause) {
    const hm_plan *plan = run->plan;
    const hm_planned_node *nodes = plan->adapted->nodes;
    const hm_planned_node *node = &nodes[plan->calls[hooked->call].planned];
    const hm_planned_node *because =
            cause != HM_NONE ? &nodes[plan->calls[cause].planned] : NULL;
    for (uint32_t i = hooked->link_count; i-- > first_link;) {
        const hm_hook_link *link = &hooked->links[i];
        if (link->adapter->skipped != NULL) {
            link->adapter->skipped(link->adapter->self,
                    &run->hooks->views[link->number].running, node, reason, because);
        }
    }
}

void hm_hooks_skipped(hm_run *run, uint32_t call) {
    const hm_called *called = run->hooks != NULL ? hm_called_of(run, call) : NULL;
    if (called == NULL || called->stage != HM_STAGE_NONE) {
        return;
    }
    const hm_outcome *outcome = &run->outcomes[call];
    hm_skip reason = outcome->status == HM_CANCELLED  ? HM_SKIP_CANCELLED
                     : outcome->status == HM_DEADLINE ? HM_SKIP_LATE
                     : outcome->cause != HM_NONE      ? HM_SKIP_NEEDED_FAILED
                                                      : HM_SKIP_RUN_FAILED;
    hm_hooks_tell_skipped(run, called->hooked, 0, reason, outcome->cause);
}

void hm_hooks_passed(hm_run *run, uint32_t call) {
    const hm_called *called = run->hooks != NULL ? hm_called_of(run, call) : NULL;
    if (called != NULL) {
        hm_hooks_tell_skipped(run, called->hooked, 0, HM_SKIP_NOT_NEEDED, HM_NONE);
    }
}

// Whether the values can stand for what the call makes.
static hm_status check_results(
        const hm_run *run, uint32_t call, const hm_value *results, hm_error *error) {
    const hm_plan *plan = run->plan;
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[plan->calls[call].parameter_count];
    for (uint32_t o = 0; o < plan->calls[call].output_count; o++) {
        const char *name = hm_plan_graph_call(plan, call)->function->outputs[o].name;
        HM_TRY(hm_run_check_value(
                &plan->values[outputs[o].value], &results[o], name, error));
        if (hm_missing_is_nan(&results[o])) {
            return hm_error_set(error, HM_BAD_DATA,
                    "elements of `%s` are missing by its validity, but what is missing "
                    "of a floating type is NaN",
                    name);
        }
    }
    return HM_OK;
}

hm_status hm_hooks_put(hm_run *run, uint32_t call, hm_value *results, hm_error *error) {
    const hm_plan *plan = run->plan;
    HM_TRY(check_results(run, call, results, error));
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[plan->calls[call].parameter_count];
    for (uint32_t o = 0; o < plan->calls[call].output_count; o++) {
        hm_value *supplied = &run->hooks->supplied[outputs[o].value];
        hm_run_end_value(run, outputs[o].value);
        *supplied = results[o];
        results[o] = (hm_value){0};
        hm_run_store(run, outputs[o].value, supplied);
    }
    return HM_OK;
}

void hm_hooks_end_value(hm_run *run, uint32_t value) {
    // Memory for them may have lacked.
    if (run->hooks != NULL && run->hooks->supplied != NULL) {
        hm_value_release(&run->hooks->supplied[value]);
    }
}

static const hm_hook_link *link_of(
        const hm_hook_view *view, const hm_planned_node *node) {
    const hm_adapted *adapted = view->run->plan->adapted;
    uint32_t hooked = view->run->plan->calls[adapted->call_of[node->number]].hooked;
    for (uint32_t i = 0; hooked != HM_NONE && i < adapted->hooked[hooked].link_count;
            i++) {
        if (adapted->hooked[hooked].links[i].number == view->number) {
            return &adapted->hooked[hooked].links[i];
        }
    }
    return NULL;
}

hm_status hm_running_supply(hm_running *running, const hm_planned_node *node,
        hm_value *results, hm_error *error) {
    const hm_hook_view *view = view_of(running);
    hm_run *run = view->run;
    const hm_hook_link *link = link_of(view, node);
    uint32_t call = run->plan->adapted->call_of[node->number];
    if (!run->hooks->is_beginning || link == NULL || link->want < HM_WANT_TO_WRAP) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the results of node `%s` are supplied by an adapter that does not "
                "wrap it, or not by its run_began",
                node->name);
    }
    if (run->hooks->is_supplied[call]) {
        return hm_error_set(error, HM_BUSY,
                "the results of node `%s` are supplied by another adapter", node->name);
    }
    HM_TRY(hm_hooks_put(run, call, results, error));
    run->hooks->is_supplied[call] = true;
    run->hooks->omits = true;
    return HM_OK;
}

static hm_value value_at(
        const hm_running *running, const hm_planned_node *node, size_t operand) {
    const hm_run *run = view_of(running)->run;
    const hm_plan *plan = run->plan;
    uint32_t call = plan->adapted->call_of[node->number];
    uint32_t value = hm_plan_operands(plan, call)[operand].value;
    uint32_t maker = plan->values[value].maker;
    bool has_failed = maker != HM_NONE && run->outcomes[maker].status != HM_OK;
    return has_failed ? (hm_value){0} : hm_run_value(run, value);
}

hm_value hm_running_argument(
        const hm_running *running, const hm_planned_node *node, size_t parameter) {
    const hm_run *run = view_of(running)->run;
    uint32_t call = run->plan->adapted->call_of[node->number];
    return hm_demand_takes(run, call, (uint32_t)parameter)
                   ? value_at(running, node, parameter)
                   : (hm_value){0};
}

hm_value hm_running_result(
        const hm_running *running, const hm_planned_node *node, size_t output) {
    return value_at(running, node, node->function->parameter_count + output);
}

void hm_running_decide(hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    hm_run *run = view_of(running)->run;
    why = why != NULL ? why : "";
    if (run->hooks->is_beginning) {
        note_early(run, node, decision, why);
    }
    tell_decided(run, 0, node, decision, why);
}
