// driver.h — what the engine's other files need of a driver.

#ifndef HM_ENGINE_DRIVER_H
#define HM_ENGINE_DRIVER_H

#include <stdatomic.h>
#include <stdint.h>

#include <hamilton/driver.h>

typedef struct hm_pool hm_pool; // scheduler/pool.h

struct hm_driver {
    const hm_allocator *allocator;
    hm_graph *graph;
    hm_pool *pool; // or NULL: callers run everything themselves

    uint32_t worker_count; // threads that share its runs' tasks, callers counted

    // By call of the graph: nanoseconds that it takes if it handles single values only,
    // 0 while nothing is known. Runs write it; relaxed: a guess that is a little old is
    // as good.
    _Atomic(float) *costs;
};

// Copies what this version knows of a request that may have been made with an older or
// newer header. Fails if it is not initialised.
hm_status hm_request_read(
        const hm_request *request, hm_request *known, hm_error *error);

#endif
