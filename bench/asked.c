// asked.c — see asked.h.

#include "bench/asked.h"

#include <stdio.h>

bool hm_asked_init(hm_asked *asked, const hm_dataflow *dataflow,
        const hm_adapter *adapter, uint32_t thread_count) {
    hm_driver_options options = hm_dataflow_options(dataflow);
    options.thread_count = thread_count;
    options.adapters = &adapter;
    options.adapter_count = adapter != NULL;
    hm_request request = hm_dataflow_request(dataflow);
    if (!hm_compiled_init_request(&asked->compiled, &options, &request)) {
        return false;
    }
    asked->input = hm_compiled_slot(&asked->compiled, dataflow->names[0]);
    asked->output = hm_compiled_slot(&asked->compiled, dataflow->wanted_names[0]);
    return true;
}

void hm_asked_finish(hm_asked *asked) {
    hm_compiled_finish(&asked->compiled);
}

bool hm_asked_run(void *subject) {
    hm_asked *asked = subject;
    *asked->input += 1;
    return hm_run_execute(asked->compiled.run, NULL) == HM_OK;
}

bool hm_asked_agree(hm_asked *one, hm_asked *other) {
    *one->input = 0;
    *other->input = 0;
    if (!hm_asked_run(one) || !hm_asked_run(other) || *one->output < *other->output ||
            *one->output > *other->output) {
        fprintf(stderr, "with an adapter something else comes out than without\n");
        return false;
    }
    return true;
}
