// bench_redis.c — what does it cost to find results in a Redis server on loopback? 64
// nodes of 1 KiB each, all under way at once, beside hiredis alone that gets as many
// values of that size; and one node, which is what it takes to ask and be answered.

#include <stdio.h>
#include <stdlib.h>

#include <hamilton/redis.h>

#include "bench/found.h"
#include "bench/measure.h"
#include "bench/redis_peer.h"

// NULL, after a message, if there is none.
static hm_cache *create_cache(int port) {
    char address[64];
    snprintf(address, sizeof address, "redis://127.0.0.1:%d", port);
    hm_redis_options redis = HM_REDIS_OPTIONS_INIT;
    redis.address = address;
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    hm_cache *cache = NULL;
    hm_error error;
    if (hm_redis_store_create(&redis, &options.store, &error) != HM_OK ||
            hm_cache_create(&options, &cache, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
    return cache;
}

// `known` nodes were computed before, by another cache.
static bool measure(
        int port, size_t count, size_t known, const char *name, bool is_quick) {
    hm_found found;
    hm_redis_peer *peer = hm_redis_peer_create(port, count, HM_FOUND_BYTES);
    bool is_right =
            hm_found_init(&found, create_cache(port), count, known) && peer != NULL;
    if (is_right) {
        const hm_system systems[] = {{.name = "hamilton",
                                             .run = hm_found_run,
                                             .subject = &found,
                                             .workers = 2},
                {.name = "hiredis", .run = hm_redis_peer_get, .subject = peer}};
        const hm_measurement measurement = {.bench = "redis",
                .name = name,
                .unit = "us/hit",
                .per_second = 1e6 / (double)count,
                .rounds = 51,
                .comparison = HM_RATIO_TO_SECOND,
                .systems = systems,
                .system_count = 2};
        is_right = hm_measure(&measurement, is_quick) && hm_found_check(&found);
    }
    hm_found_finish(&found);
    hm_redis_peer_destroy(peer);
    return is_right;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_redis_process server;
    if (!hm_redis_process_init(&server)) {
        return 77; // skipped
    }
    bool is_right = measure(server.port, 1, 0, "hit_1_kib_1", is_quick) &&
                    measure(server.port, HM_FOUND_NODES, 1, "hit_1_kib_64", is_quick);
    hm_redis_process_finish(&server);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
