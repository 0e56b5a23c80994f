// bench_adapters.c — what do adapters cost a node whose function does next to nothing?
// A chain of a thousand is run without adapters, with one that wants none of its nodes,
// and with ones that watch all of them, by one hook and by two.

#include <stdio.h>
#include <stdlib.h>

#include <hamilton/adapter.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

enum { NODE_COUNT = 1000, SYSTEM_COUNT = 4 };

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
        uint64_t hooks = i < 2 ? 0 : i - 1;
        do_agree &= chains[i].seen - before == hooks * NODE_COUNT;
    }
    if (!do_agree) {
        fprintf(stderr, "the chains do not agree\n");
    }
    return do_agree;
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
    const hm_adapter *const adapters[] = {NULL, &unwanted, &after, &both};
    hm_dataflow *dataflow = hm_dataflow_chain(NODE_COUNT, false);
    bool is_right = dataflow != NULL;
    for (uint32_t i = 0; i < SYSTEM_COUNT && is_right; i++) {
        is_right = compile(&chains[i], dataflow, adapters[i]);
    }
    const hm_system systems[] = {
            {.name = "hamilton", .run = run, .subject = &chains[0]},
            {.name = "unwanted", .run = run, .subject = &chains[1]},
            {.name = "one_hook", .run = run, .subject = &chains[2]},
            {.name = "two_hooks", .run = run, .subject = &chains[3]},
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
    hm_dataflow_destroy(dataflow);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
