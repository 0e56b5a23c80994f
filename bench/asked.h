// asked.h — a service that is asked again and again, with an adapter or without: what
// the adapter costs is the difference.

#ifndef HM_BENCH_ASKED_H
#define HM_BENCH_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"

typedef struct hm_asked {
    hm_compiled compiled;
    double *input; // the first
    const double *output;
} hm_asked;

// adapter may be NULL. False, after a message, if something failed.
bool hm_asked_init(hm_asked *asked, const hm_dataflow *dataflow,
        const hm_adapter *adapter, uint32_t thread_count);

// Accepts a zeroed struct.
void hm_asked_finish(hm_asked *asked);

// Asks once, with an input that was not there before.
bool hm_asked_run(void *asked);

// Whether both answer the same, after a message if not.
bool hm_asked_agree(hm_asked *one, hm_asked *other);

#endif
