// driver.h — what the engine's other files need of a driver.

#ifndef HM_ENGINE_DRIVER_H
#define HM_ENGINE_DRIVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/adapter.h>
#include <hamilton/driver.h>

#include "scheduler/limit.h"
#include "scheduler/loop.h"
#include "scheduler/watch.h"

typedef struct hm_pool hm_pool; // scheduler/pool.h

typedef struct hm_named_limit {
    char *name;
    hm_limit limit;
} hm_named_limit;

struct hm_driver {
    const hm_allocator *allocator;
    _Atomic(uint32_t) user_count; // who created it, and plans
    hm_graph *graph;
    hm_pool *pool;
    uint32_t worker_count; // threads that share its runs' tasks, callers counted

    // By call of the graph: nanoseconds that it takes if it handles single values only,
    // 0 while nothing is known. Runs write it; relaxed: a guess that is a little old is
    // as good.
    _Atomic(float) *costs;

    hm_named_limit *limits; // by name
    uint32_t limit_count;
    size_t limit_room; // as many as were allocated

    hm_adapter *adapters; // the outermost first
    uint32_t adapter_count;
    size_t adapter_room; // as many as were allocated
    hm_watch watch;      // of the pool's threads, if an adapter wants to hear of them
    bool watches;

    hm_loop *loop; // an embedder's, or ours once it is needed; protected by lock
    bool has_own_loop;
    uv_mutex_t lock;
    uv_cond_t has_room;
    bool waits_for_room;
    uint32_t in_flight_limit; // 0 for none
    uint32_t in_flight;       // submitted runs under way; protected by lock
};

// Somebody uses the driver besides whoever created it, until it is released. Any
// thread.
hm_driver *hm_driver_use(const hm_driver *driver);
void hm_driver_release(hm_driver *driver);

// Whether there is a loop, which is started if need be. Any thread.
bool hm_driver_has_loop(hm_driver *driver);

// Copies what this version knows of a request that may have been made with an older or
// newer header. Fails if it is not initialised.
hm_status hm_request_read(
        const hm_request *request, hm_request *known, hm_error *error);

#endif
