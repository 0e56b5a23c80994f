// checker.c — see <hamilton/checker.h>.

#include <math.h>
#include <stdint.h>

#include <hamilton/checker.h>

#include "adapters/checker/judge.h"
#include "adapters/rule/which.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

typedef struct hm_checker_rule {
    hm_which which;
    hm_checked_value asked;
} hm_checker_rule;

struct hm_checker {
    hm_adapter adapter;
    const hm_allocator *allocator;
    hm_arena arena; // of the rules
    hm_checker_rule *rules;
    size_t rule_count;
};

static hm_status check(void *self, const hm_graph *graph, hm_error *error) {
    const hm_checker *checker = self;
    for (size_t i = 0; i < checker->rule_count; i++) {
        HM_TRY(hm_which_check(&checker->rules[i].which, graph, "a check", error));
    }
    return HM_OK;
}

// What checks found has NaN where there is nothing to tell, and other nodes that stand
// aside are none that anybody wrote: only who names one means it.
static bool holds(const hm_checker_rule *rule, const hm_graph *graph, uint32_t node) {
    bool is_named = rule->asked.node != NULL;
    return hm_which_has(&rule->which, graph, node) &&
           (is_named || node == HM_NONE || !hm_graph_describe(graph, node).is_aside);
}

// What is asked of the value of a node in the graph, or of one that has none there.
// False if nothing is.
static bool gather(const hm_checker *checker, const hm_graph *graph, uint32_t node,
        hm_bounds *bounds) {
    bool is_asked = false;
    *bounds = (hm_bounds){.least = -HUGE_VAL, .most = HUGE_VAL};
    for (size_t i = 0; i < checker->rule_count; i++) {
        const hm_checked_value *asked = &checker->rules[i].asked;
        if (!holds(&checker->rules[i], graph, node)) {
            continue;
        }
        is_asked = true;
        bounds->refuses_nan |= asked->refuses_nan;
        bounds->refuses_infinite |= asked->refuses_infinite;
        if (asked->has_least && asked->least > bounds->least) {
            bounds->least = asked->least;
        }
        if (asked->has_most && asked->most < bounds->most) {
            bounds->most = asked->most;
        }
    }
    return is_asked;
}

// Whether what a function makes is looked at when it is made.
static bool checks_results(
        const hm_checker *checker, const hm_graph *graph, const hm_planned_node *node) {
    hm_bounds bounds;
    for (size_t o = 0; o < node->function->output_count; o++) {
        if (gather(checker, graph, node->results[o], &bounds)) {
            return true;
        }
    }
    return false;
}

static bool checks_arguments(
        const hm_checker *checker, const hm_graph *graph, const hm_planned_node *node) {
    hm_bounds bounds;
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        if (gather(checker, graph, node->arguments[p].node, &bounds)) {
            return true;
        }
    }
    return false;
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    return (checks_results(self, graph, node) || checks_arguments(self, graph, node))
                   ? HM_WANT_TO_WRAP
                   : HM_WANT_NOTHING;
}

// What the adapter looked at when it was made is right.
static bool is_known(const hm_planned *planned, const hm_planned_argument *argument) {
    if (argument->maker == HM_NONE) {
        return false;
    }
    const hm_planned_node *maker = &planned->nodes[argument->maker];
    return maker->results[argument->output] == argument->node;
}

// A switch cannot be failed as a function is, but by the adapter.
static hm_status fail(hm_call *call, const char *what, const char *name,
        const char *fault, hm_error *error) {
    hm_status status = hm_call_fail(call, "%s `%s`%s", what, name, fault);
    return status == HM_OK
                   ? HM_OK
                   : hm_error_set(error, status, "%s `%s`%s", what, name, fault);
}

static hm_status check_argument(const hm_checker *checker, hm_call *call, size_t p,
        bool *is_right, hm_error *error) {
    const hm_planned *planned = call->running->planned;
    const hm_planned_argument *argument = &call->node->arguments[p];
    const hm_parameter *parameter = &call->node->function->parameters[p];
    hm_bounds bounds;
    if (is_known(planned, argument) ||
            !gather(checker, planned->graph, argument->node, &bounds)) {
        return HM_OK;
    }
    hm_value value = hm_running_argument(call->running, call->node, p);
    char fault[HM_FAULT_SIZE];
    *is_right = value.type == NULL ||
                hm_judge(&value, &bounds, parameter->accepts_failed, fault);
    return *is_right ? HM_OK : fail(call, "parameter", parameter->name, fault, error);
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    hm_status status = HM_OK;
    bool is_right = true;
    size_t count = call->node->function->parameter_count;
    for (size_t p = 0; p < count && status == HM_OK && is_right; p++) {
        status = check_argument(self, call, p, &is_right, error);
    }
    return status;
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    const hm_checker *checker = self;
    const hm_graph *graph = call->running->planned->graph;
    for (size_t o = 0; call->status == HM_OK && o < call->node->function->output_count;
            o++) {
        hm_bounds bounds;
        if (!gather(checker, graph, call->node->results[o], &bounds)) {
            continue;
        }
        hm_value value = hm_running_result(call->running, call->node, o);
        char fault[HM_FAULT_SIZE];
        if (!hm_judge(&value, &bounds, false, fault)) {
            return fail(call, "its result", call->node->function->outputs[o].name,
                    fault, error);
        }
    }
    return HM_OK;
}

static hm_status read_rule(hm_checker *checker, const hm_checked_value *asked,
        size_t number, hm_error *error) {
    bool is_range =
            (!asked->has_least || !isnan(asked->least)) &&
            (!asked->has_most || !isnan(asked->most)) &&
            (!asked->has_least || !asked->has_most || asked->least <= asked->most);
    if (!is_range) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "no number is from %g to %g, as check %zu asks", asked->least,
                asked->most, number);
    }
    hm_checker_rule *rule = &checker->rules[number];
    *rule = (hm_checker_rule){{asked->node, asked->tag}, *asked};
    return hm_which_copy(&rule->which, &checker->arena) ? HM_OK
                                                        : hm_error_no_memory(error);
}

static hm_status init(
        hm_checker *checker, const hm_checker_options *options, hm_error *error) {
    checker->rules = hm_arena_array(
            &checker->arena, options->value_count + 1, sizeof *checker->rules);
    if (checker->rules == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < options->value_count; i++) {
        HM_TRY(read_rule(checker, &options->values[i], i, error));
    }
    checker->rule_count = options->value_count;
    checker->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "checker",
            .self = checker,
            .graph_built = check,
            .wants = want,
            .before = before,
            .after = after};
    return HM_OK;
}

hm_status hm_checker_create(
        const hm_checker_options *options, hm_checker **checker, hm_error *error) {
    hm_checker_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_CHECKER_OPTIONS_INIT", error));
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_checker *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_arena_init(&created->arena, allocator);
    hm_status status = init(created, &known, error);
    if (status != HM_OK) {
        hm_checker_destroy(created);
        return status;
    }
    *checker = created;
    return HM_OK;
}

const hm_adapter *hm_checker_adapter(const hm_checker *checker) {
    return &checker->adapter;
}

void hm_checker_destroy(hm_checker *checker) {
    if (checker == NULL) {
        return;
    }
    const hm_allocator *allocator = checker->allocator;
    hm_arena_finish(&checker->arena);
    hm_deallocate_array(allocator, checker, 1, sizeof *checker);
}
