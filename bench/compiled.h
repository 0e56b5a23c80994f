// compiled.h — a dataflow as a service would keep it: a driver, a plan for all that is
// wanted, and a run of it.

#ifndef HM_BENCH_COMPILED_H
#define HM_BENCH_COMPILED_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/plan.h>

#include "bench/dataflow.h"

typedef struct hm_compiled {
    hm_driver *driver;
    hm_plan *plan;
    hm_run *run;
} hm_compiled;

// False, after a message, if something failed; the dataflow is kept.
bool hm_compiled_init(hm_compiled *compiled, const hm_dataflow *dataflow);

// The same with so many threads; a shared one uses them however little there is to do.
bool hm_compiled_init_threads(hm_compiled *compiled, const hm_dataflow *dataflow,
        uint32_t thread_count, bool is_shared);

// The same for any request, whose wanted nodes are in other modules.
bool hm_compiled_init_request(hm_compiled *compiled, const hm_driver_options *options,
        const hm_request *request);

// Accepts a zeroed struct.
void hm_compiled_finish(hm_compiled *compiled);

// Where the run has an input or a wanted node.
double *hm_compiled_slot(hm_compiled *compiled, const char *name);

#endif
