// adapt.c — the pass after shape: which calls are hooked, as the adapters want it. They
// are asked once, here; a call that nobody wants has nothing of them.

#include "base/error.h"
#include "engine/adapted.h"
#include "engine/driver.h"

static bool is_wanted(const hm_plan *plan, uint32_t call) {
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[plan->calls[call].parameter_count];
    bool wanted = false;
    for (uint32_t o = 0; o < plan->calls[call].output_count; o++) {
        wanted |= plan->values[outputs[o].value].is_wanted;
    }
    return wanted;
}

// Which output of its maker an operand is.
static uint32_t output_of(const hm_plan *plan, uint32_t maker, uint32_t value) {
    const hm_operand *outputs =
            &hm_plan_operands(plan, maker)[plan->calls[maker].parameter_count];
    uint32_t o = 0;
    while (outputs[o].value != value) {
        o++;
    }
    return o;
}

static hm_status describe_arguments(
        hm_plan *plan, uint32_t call, hm_planned_node *node) {
    const hm_operand *operands = hm_plan_operands(plan, call);
    uint32_t count = plan->calls[call].parameter_count;
    hm_planned_argument *arguments =
            hm_arena_array(&plan->arena, count, sizeof *arguments);
    if (arguments == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t p = 0; p < count; p++) {
        const hm_plan_value *value = &plan->values[operands[p].value];
        uint32_t maker = value->maker;
        arguments[p] = (hm_planned_argument){
                .maker = maker, .output = HM_NONE, .node = value->node};
        if (maker != HM_NONE) {
            arguments[p].output = output_of(plan, maker, operands[p].value);
        }
    }
    node->arguments = arguments;
    return HM_OK;
}

// Before fuse puts the calls into another order, a planned node has its call's number.
static hm_status describe(hm_plan *plan, uint32_t call, hm_planned_node *node) {
    const hm_graph *graph = plan->graph;
    const hm_graph_call *made = hm_plan_graph_call(plan, call);
    const uint32_t *results = &graph->results[made->first_result];
    size_t first = 0;
    while (results[first] == HM_NONE) { // what is called makes something
        first++;
    }
    const hm_graph_node *named = &graph->nodes[results[first]];
    *node = (hm_planned_node){.number = call,
            .name = named->name,
            .tags = named->tags,
            .tag_count = named->tag_count,
            .module = made->module,
            .function = made->function,
            .mapped = plan->calls[call].loop_depth,
            .is_async = hm_plan_call_is_async(plan, call),
            .is_wanted = is_wanted(plan, call),
            .results = results};
    return describe_arguments(plan, call, node);
}

// Asks all adapters about a node; links has room for one each.
static hm_want ask(const hm_plan *plan, const hm_planned_node *node,
        hm_hook_link *links, uint32_t *link_count) {
    const hm_adapted *adapted = plan->adapted;
    hm_want most = HM_WANT_NOTHING;
    *link_count = 0;
    for (uint32_t i = 0; i < adapted->adapter_count; i++) {
        const hm_adapter *adapter = &adapted->adapters[i];
        hm_want want = adapter->wants != NULL
                               ? adapter->wants(adapter->self, plan->graph, node)
                               : HM_WANT_NOTHING;
        // A switch hands on what a branch is, and not all of them may be there.
        bool is_choice = plan->calls[node->number].choice != HM_NONE;
        if (want > HM_WANT_TO_SEE && (adapter->only_observes || is_choice)) {
            want = HM_WANT_TO_SEE;
        }
        if (want != HM_WANT_NOTHING) {
            links[(*link_count)++] =
                    (hm_hook_link){.adapter = adapter, .number = i, .want = want};
        }
        most = want > most ? want : most;
    }
    return most;
}

static hm_status hook(
        hm_plan *plan, hm_adapted *adapted, hm_planned_node *node, hm_hook_link *room) {
    uint32_t count;
    hm_want want = ask(plan, node, room, &count);
    if (want == HM_WANT_NOTHING) {
        return HM_OK;
    }
    hm_hook_link *links = hm_arena_array(&plan->arena, count, sizeof *links);
    if (links == NULL) {
        return HM_NO_MEMORY;
    }
    bool is_followed = false;
    bool is_watched = false;
    for (uint32_t i = 0; i < count; i++) {
        const hm_adapter *adapter = room[i].adapter;
        links[i] = room[i];
        is_followed |= node->mapped > 0 && adapter->progressed != NULL;
        is_watched |= adapter->rows_began != NULL || adapter->rows_ended != NULL;
    }
    uint32_t number = adapted->hooked_count++;
    adapted->hooked[number] = (hm_hooked){.number = number,
            .links = links,
            .link_count = count,
            .first_state = adapted->link_count,
            .want = want,
            .is_followed = is_followed,
            .is_watched = is_watched};
    adapted->link_count += count;
    plan->calls[node->number].hooked = number;
    return HM_OK;
}

static hm_status reserve(hm_plan *plan, hm_adapted *adapted) {
    hm_arena *arena = &plan->arena;
    adapted->planned =
            hm_arena_array(arena, adapted->adapter_count, sizeof *adapted->planned);
    adapted->nodes = hm_arena_array(arena, plan->call_count, sizeof *adapted->nodes);
    adapted->call_of =
            hm_arena_array(arena, plan->call_count, sizeof *adapted->call_of);
    adapted->hooked = hm_arena_array(arena, plan->call_count, sizeof *adapted->hooked);
    bool reserved = adapted->planned != NULL && adapted->nodes != NULL &&
                    adapted->call_of != NULL && adapted->hooked != NULL;
    return reserved ? HM_OK : HM_NO_MEMORY;
}

hm_status hm_plan_adapt(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    const hm_driver *driver = plan->driver;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        plan->calls[c].planned = c;
        plan->calls[c].hooked = HM_NONE;
    }
    if (driver->adapter_count == 0) {
        return HM_OK;
    }
    hm_adapted *adapted = hm_arena_array(&plan->arena, 1, sizeof *adapted);
    hm_hook_link *links =
            hm_arena_array(&compilation->arena, driver->adapter_count, sizeof *links);
    if (adapted == NULL || links == NULL) {
        return HM_NO_MEMORY;
    }
    adapted->adapters = driver->adapters;
    adapted->adapter_count = driver->adapter_count;
    adapted->node_count = plan->call_count;
    HM_TRY(reserve(plan, adapted));
    plan->adapted = adapted;
    for (uint32_t i = 0; i < adapted->adapter_count; i++) {
        const hm_adapter *adapter = &adapted->adapters[i];
        adapted->sees_tasks |=
                adapter->task_began != NULL || adapter->task_ended != NULL;
        adapted->sees_runs |= adapter->run_began != NULL ||
                              adapter->run_ended != NULL ||
                              adapter->check_input != NULL;
        adapted->planned[i] = (hm_planned){.plan = plan,
                .graph = plan->graph,
                .nodes = adapted->nodes,
                .node_count = adapted->node_count};
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        HM_TRY(describe(plan, c, &adapted->nodes[c]));
        HM_TRY(hook(plan, adapted, &adapted->nodes[c], links));
    }
    return HM_OK;
}

hm_want hm_adapted_want(const hm_plan *plan, uint32_t call) {
    uint32_t hooked = plan->calls[call].hooked;
    return hooked != HM_NONE ? plan->adapted->hooked[hooked].want : HM_WANT_NOTHING;
}

void hm_adapted_settle(hm_plan *plan) {
    hm_adapted *adapted = plan->adapted;
    for (uint32_t c = 0; adapted != NULL && c < plan->call_count; c++) {
        const hm_plan_call *call = &plan->calls[c];
        adapted->call_of[call->planned] = c;
        adapted->nodes[call->planned].is_spread =
                call->pipeline != HM_NONE || call->guard != HM_NONE;
        if (call->hooked == HM_NONE) {
            continue;
        }
        hm_hooked *hooked = &adapted->hooked[call->hooked];
        hooked->call = c;
        hooked->node = &adapted->nodes[call->planned];
        if (hm_schedule_kind_of(plan, c) == HM_STEP_CALL) {
            hooked->only = hooked->node->function->call;
            hooked->self = hooked->node->function->self;
            hooked->at = &plan->slots[call->operands];
        }
    }
}

hm_status hm_adapted_tell(hm_plan *plan, hm_faults *faults) {
    hm_adapted *adapted = plan->adapted;
    if (adapted == NULL) {
        return HM_OK;
    }
    for (uint32_t i = 0; i < adapted->adapter_count; i++) {
        const hm_adapter *adapter = &adapted->adapters[i];
        hm_error said = {.status = HM_OK};
        hm_status status = adapter->plan_compiled != NULL
                                   ? adapter->plan_compiled(
                                             adapter->self, &adapted->planned[i], &said)
                                   : HM_OK;
        if (status != HM_OK && !adapter->only_observes) {
            hm_error told;
            hm_diagnostic fault = {.status = hm_adapted_fault(adapter, status,
                                           "refuses the plan", NULL, &said, &told),
                    .message = told.message};
            hm_faults_add(faults, &fault);
            return fault.status;
        }
        adapted->told_count = i + 1;
    }
    return HM_OK;
}

void hm_adapted_end(const hm_plan *plan) {
    const hm_adapted *adapted = plan->adapted;
    for (uint32_t i = adapted != NULL ? adapted->told_count : 0; i-- > 0;) {
        const hm_adapter *adapter = &adapted->adapters[i];
        if (adapter->plan_ended != NULL) {
            adapter->plan_ended(adapter->self, &adapted->planned[i]);
        }
    }
}
