// retry.c — see <hamilton/retry.h>.

#include <stdatomic.h>

#include <hamilton/retry.h>

#include "adapters/rule/rules.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/random.h"
#include "base/sized.h"

static const uint64_t usual_pause = UINT64_C(10) * 1000 * 1000;
static const uint64_t usual_most_pause = UINT64_C(10) * 1000 * 1000 * 1000;

struct hm_retry {
    hm_adapter adapter;
    hm_rules rules;
    uint64_t pause;
    uint64_t most_pause;
    double jitter;
    _Atomic(uint64_t) random; // changes with each pause
};

static hm_status check(void *self, const hm_graph *graph, hm_error *error) {
    const hm_retry *retry = self;
    return hm_rules_check(&retry->rules, graph, error);
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    const hm_retry *retry = self;
    return hm_rules_find(&retry->rules, node, graph, 1) > 0 ? HM_WANT_TO_HOLD
                                                            : HM_WANT_NOTHING;
}

static hm_status begin_plan(void *self, hm_planned *planned, hm_error *error) {
    const hm_retry *retry = self;
    return hm_rules_plan(&retry->rules, planned, 1, error);
}

static void end_plan(void *self, hm_planned *planned) {
    const hm_retry *retry = self;
    hm_rules_plan_ended(&retry->rules, planned);
}

// A number from 0 up to 1.
static double draw(hm_retry *retry) {
    return (double)(hm_random_draw(&retry->random) >> 11) * 0x1p-53;
}

static uint64_t pause_before(hm_retry *retry, uint64_t attempt) {
    uint64_t pause = retry->pause;
    for (uint64_t i = 1; i < attempt && pause < retry->most_pause; i++) {
        pause = pause <= UINT64_MAX / 2 ? 2 * pause : UINT64_MAX;
    }
    pause = pause < retry->most_pause ? pause : retry->most_pause;
    return (uint64_t)((double)pause * (1 - retry->jitter * draw(retry)));
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_retry *retry = self;
    uint64_t *attempt = &call->memo->number;
    if (call->status == HM_NODE_FAILED && *attempt < hm_rules_planned(call)) {
        ++*attempt;
        // If the run is stopped the failure stays.
        (void)hm_call_repeat(call, pause_before(retry, *attempt));
    }
    return HM_OK;
}

hm_status hm_retry_create(
        const hm_retry_options *options, hm_retry **retry, hm_error *error) {
    hm_retry_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_RETRY_OPTIONS_INIT", error));
    if (!(known.jitter >= 0 && known.jitter <= 1)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "jitter is a part of the pause, from 0 to 1, but is %g", known.jitter);
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_retry *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "retry",
            .self = created,
            .graph_built = check,
            .wants = want,
            .plan_compiled = begin_plan,
            .plan_ended = end_plan,
            .after = after};
    created->pause = known.pause > 0 ? known.pause : usual_pause;
    created->most_pause = known.most_pause > 0 ? known.most_pause : usual_most_pause;
    created->jitter = known.jitter;
    atomic_init(&created->random, known.seed);
    hm_status status = hm_rules_init(
            &created->rules, allocator, known.rules, known.rule_count, "retry", error);
    if (status != HM_OK) {
        hm_retry_destroy(created);
        return status;
    }
    *retry = created;
    return HM_OK;
}

const hm_adapter *hm_retry_adapter(const hm_retry *retry) {
    return &retry->adapter;
}

void hm_retry_destroy(hm_retry *retry) {
    if (retry == NULL) {
        return;
    }
    const hm_allocator *allocator = retry->rules.allocator;
    hm_rules_finish(&retry->rules);
    hm_deallocate_array(allocator, retry, 1, sizeof *retry);
}
