// timeout.c — see <hamilton/timeout.h>.

#include <hamilton/timeout.h>

#include "adapters/rule/rules.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

struct hm_timeout {
    hm_adapter adapter;
    hm_rules rules;
};

static const uint64_t millisecond = UINT64_C(1000) * 1000;

static hm_status check(void *self, const hm_graph *graph, hm_error *error) {
    const hm_timeout *timeout = self;
    return hm_rules_check(&timeout->rules, graph, error);
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    const hm_timeout *timeout = self;
    return hm_rules_find(&timeout->rules, node, graph, millisecond) > 0
                   ? HM_WANT_TO_WRAP
                   : HM_WANT_NOTHING;
}

static hm_status begin_plan(void *self, hm_planned *planned, hm_error *error) {
    const hm_timeout *timeout = self;
    return hm_rules_plan(&timeout->rules, planned, millisecond, error);
}

static void end_plan(void *self, hm_planned *planned) {
    const hm_timeout *timeout = self;
    hm_rules_plan_ended(&timeout->rules, planned);
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_call_limit(call, hm_rules_planned(call));
    return HM_OK;
}

// A call that is late did not succeed, whatever it says. What the run's end brought on
// is none of ours.
static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    bool is_own = call->status == HM_OK || call->status == HM_NODE_FAILED;
    if (!is_own || !hm_call_is_late(call)) {
        return HM_OK;
    }
    return hm_call_fail(call, "it took longer than the %g ms that it may",
            1e-6 * (double)hm_rules_planned(call));
}

hm_status hm_timeout_create(
        const hm_timeout_options *options, hm_timeout **timeout, hm_error *error) {
    hm_timeout_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_TIMEOUT_OPTIONS_INIT", error));
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_timeout *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "timeout",
            .self = created,
            .graph_built = check,
            .wants = want,
            .plan_compiled = begin_plan,
            .plan_ended = end_plan,
            .before = before,
            .after = after};
    hm_status status = hm_rules_init(&created->rules, allocator, known.rules,
            known.rule_count, "timeout_ms", error);
    if (status != HM_OK) {
        hm_timeout_destroy(created);
        return status;
    }
    *timeout = created;
    return HM_OK;
}

const hm_adapter *hm_timeout_adapter(const hm_timeout *timeout) {
    return &timeout->adapter;
}

void hm_timeout_destroy(hm_timeout *timeout) {
    if (timeout == NULL) {
        return;
    }
    const hm_allocator *allocator = timeout->rules.allocator;
    hm_rules_finish(&timeout->rules);
    hm_deallocate_array(allocator, timeout, 1, sizeof *timeout);
}
