// bench_adapters.c — what do adapters cost a node whose function does next to nothing?
// A chain of a thousand is run without adapters, with one that wants none of its nodes,
// and with ones that watch all of them, by one hook and by two; and with a report, a
// time limit and a retry of each.

#include <stdio.h>
#include <stdlib.h>

#include <hamilton/retry.h>
#include <hamilton/run_report.h>
#include <hamilton/timeout.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

enum { NODE_COUNT = 1000, SYSTEM_COUNT = 7 };

static hm_want want_none(
        void *self, const hm_graph *graph, const hm_planned_node *node) {
    (void)self;
    (void)graph;
    (void)node;
    return HM_WANT_NOTHING;
}

// The chain runs on one thread: there is nothing to share.
static hm_status count(void *self, hm_call *call, hm_error *error) {
    (void)error;
    *(uint64_t *)self += call->row_count;
    return HM_OK;
}

struct chain {
    hm_compiled compiled;
    double *input;
    const double *output;
    uint64_t seen;
};

static bool run(void *subject) {
    struct chain *chain = subject;
    *chain->input += 1;
    return hm_run_execute(chain->compiled.run, NULL) == HM_OK;
}

static bool compile(
        struct chain *chain, const hm_dataflow *dataflow, const hm_adapter *adapter) {
    hm_driver_options options = hm_dataflow_options(dataflow);
    options.thread_count = 1;
    options.adapters = &adapter;
    options.adapter_count = adapter != NULL;
    hm_request request = hm_dataflow_request(dataflow);
    if (!hm_compiled_init_request(&chain->compiled, &options, &request)) {
        return false;
    }
    chain->input = hm_compiled_slot(&chain->compiled, dataflow->names[0]);
    chain->output = hm_compiled_slot(&chain->compiled, dataflow->wanted_names[0]);
    return true;
}

// All hooks were called, and changed nothing.
static bool agree(struct chain chains[SYSTEM_COUNT]) {
    bool do_agree = true;
    for (uint32_t i = 0; i < SYSTEM_COUNT; i++) {
        *chains[i].input = 0;
        uint64_t before = chains[i].seen;
        do_agree &= run(&chains[i]);
        do_agree &= *chains[i].output == NODE_COUNT + 1;
        uint64_t hooks = i == 2 || i == 3 ? i - 1 : 0;
        do_agree &= chains[i].seen - before == hooks * NODE_COUNT;
    }
    if (!do_agree) {
        fprintf(stderr, "the chains do not agree\n");
    }
    return do_agree;
}

// Adapters of the library that want all nodes.
struct shipped {
    hm_run_report *report;
    hm_timeout *timeout;
    hm_retry *retry;
};

static bool create_shipped(struct shipped *shipped, const hm_dataflow *dataflow) {
    static hm_node_rule rules[NODE_COUNT];
    for (uint32_t i = 0; i < NODE_COUNT; i++) {
        rules[i] = (hm_node_rule){dataflow->names[i + 1], UINT64_C(1000000000)};
    }
    hm_timeout_options timeouts = HM_TIMEOUT_OPTIONS_INIT;
    timeouts.rules = rules;
    timeouts.rule_count = NODE_COUNT;
    hm_retry_options retries = HM_RETRY_OPTIONS_INIT;
    retries.rules = rules;
    retries.rule_count = NODE_COUNT;
    return hm_run_report_create(NULL, &shipped->report, NULL) == HM_OK &&
           hm_timeout_create(&timeouts, &shipped->timeout, NULL) == HM_OK &&
           hm_retry_create(&retries, &shipped->retry, NULL) == HM_OK;
}

static void destroy_shipped(struct shipped *shipped) {
    hm_retry_destroy(shipped->retry);
    hm_timeout_destroy(shipped->timeout);
    hm_run_report_destroy(shipped->report);
}

int main(int argument_count, char **arguments) {
    static struct chain chains[SYSTEM_COUNT];
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_adapter unwanted = {.struct_size = sizeof(hm_adapter),
            .name = "unwanted",
            .self = &chains[1].seen,
            .wants = want_none,
            .after = count};
    hm_adapter after = unwanted;
    after.self = &chains[2].seen;
    after.wants = hm_want_to_see;
    after.only_observes = true;
    hm_adapter both = after;
    both.self = &chains[3].seen;
    both.before = count;
    hm_dataflow *dataflow = hm_dataflow_chain(NODE_COUNT, false);
    struct shipped shipped = {0};
    bool is_right = dataflow != NULL && create_shipped(&shipped, dataflow);
    const hm_adapter *const adapters[] = {NULL, &unwanted, &after, &both,
            is_right ? hm_run_report_adapter(shipped.report) : NULL,
            is_right ? hm_timeout_adapter(shipped.timeout) : NULL,
            is_right ? hm_retry_adapter(shipped.retry) : NULL};
    for (uint32_t i = 0; i < SYSTEM_COUNT && is_right; i++) {
        is_right = compile(&chains[i], dataflow, adapters[i]);
    }
    const hm_system systems[] = {
            {.name = "hamilton", .run = run, .subject = &chains[0]},
            {.name = "unwanted", .run = run, .subject = &chains[1]},
            {.name = "one_hook", .run = run, .subject = &chains[2]},
            {.name = "two_hooks", .run = run, .subject = &chains[3]},
            {.name = "report", .run = run, .subject = &chains[4]},
            {.name = "timeout", .run = run, .subject = &chains[5]},
            {.name = "retry", .run = run, .subject = &chains[6]},
    };
    const hm_measurement measurement = {.bench = "adapters",
            .name = "chain_1000",
            .unit = "ns/node",
            .per_second = 1e9 / NODE_COUNT,
            .rounds = 101,
            .comparison = HM_RATIO_TO_ALL,
            .systems = systems,
            .system_count = SYSTEM_COUNT};
    is_right = is_right && hm_measure(&measurement, is_quick) && agree(chains);
    for (uint32_t i = 0; i < SYSTEM_COUNT; i++) {
        hm_compiled_finish(&chains[i].compiled);
    }
    destroy_shipped(&shipped);
    hm_dataflow_destroy(dataflow);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
