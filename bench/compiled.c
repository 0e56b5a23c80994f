// compiled.c — see compiled.h.

#include "bench/compiled.h"

#include <stdio.h>

bool hm_compiled_init(hm_compiled *compiled, const hm_dataflow *dataflow) {
    return hm_compiled_init_threads(compiled, dataflow, 0, false);
}

bool hm_compiled_init_threads(hm_compiled *compiled, const hm_dataflow *dataflow,
        uint32_t thread_count, bool is_shared) {
    hm_driver_options options = hm_dataflow_options(dataflow);
    options.thread_count = thread_count;
    hm_request request = hm_dataflow_request(dataflow);
    request.always_share = is_shared;
    return hm_compiled_init_request(compiled, &options, &request);
}

bool hm_compiled_init_request(hm_compiled *compiled, const hm_driver_options *options,
        const hm_request *request) {
    *compiled = (hm_compiled){0};
    hm_error error;
    if (hm_driver_create(options, &compiled->driver, &error) != HM_OK ||
            hm_plan_create(compiled->driver, request, &compiled->plan, &error) !=
                    HM_OK ||
            hm_run_create(compiled->plan, &compiled->run, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        hm_compiled_finish(compiled);
        return false;
    }
    return true;
}

void hm_compiled_finish(hm_compiled *compiled) {
    hm_run_destroy(compiled->run);
    hm_plan_destroy(compiled->plan);
    hm_driver_destroy(compiled->driver);
    *compiled = (hm_compiled){0};
}

double *hm_compiled_slot(hm_compiled *compiled, const char *name) {
    return hm_run_slot(compiled->run, hm_plan_find(compiled->plan, name));
}
