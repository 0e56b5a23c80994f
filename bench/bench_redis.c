// bench_redis.c — what does it cost to find results in a Redis server on loopback? 64
// nodes of 1 KiB each, all under way at once, beside hiredis alone that gets as many
// values of that size; and one node, which is what it takes to ask and be answered.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/cache.h>
#include <hamilton/redis.h>

#include "bench/compiled.h"
#include "bench/measure.h"
#include "bench/redis_peer.h"

enum { NODES = 64, NUMBERS = 128, VALUE = NUMBERS * sizeof(double) };

// As many numbers as fill 1 KiB.
static int call_numbers(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double first;
    memcpy(&first, (char *)frame + at[0], sizeof first);
    hm_array made = {.data = malloc(VALUE), .length = NUMBERS};
    if (made.data == NULL) {
        return 1;
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        ((double *)made.data)[i] = first + (double)i;
    }
    memcpy((char *)frame + at[1], &made, sizeof made);
    return 0;
}

// A module of nodes that need an input each.
typedef struct wide {
    char names[NODES][16];
    char inputs[NODES][16];
    hm_parameter parameters[NODES];
    hm_output outputs[NODES];
    const char *dimensions[NODES];
    hm_function functions[NODES];
    hm_module module;
    const char *wanted[NODES];
    hm_binding bindings[NODES];
} wide;

static void fill(wide *made) {
    for (size_t i = 0; i < NODES; i++) {
        snprintf(made->names[i], sizeof made->names[i], "numbers_%zu", i);
        snprintf(made->inputs[i], sizeof made->inputs[i], "x_%zu", i);
        made->dimensions[i] = made->names[i];
        made->parameters[i] = (hm_parameter){
                .name = made->inputs[i], .type = &hm_type_double, .dimension = HM_NONE};
        made->outputs[i] = (hm_output){.name = made->names[i],
                .type = &hm_type_double,
                .shape = HM_EXPANSION,
                .ownership = HM_OWNED};
        made->functions[i] = (hm_function){.name = made->names[i],
                .file = "numbers.c",
                .parameters = &made->parameters[i],
                .parameter_count = 1,
                .outputs = &made->outputs[i],
                .output_count = 1,
                .dimensions = &made->dimensions[i],
                .dimension_count = 1,
                .version = "1",
                .flags = HM_FUNCTION_FALLIBLE,
                .call = call_numbers};
        made->wanted[i] = made->names[i];
        made->bindings[i] = (hm_binding){made->inputs[i], hm_value_double((double)i)};
    }
    made->module = (hm_module){.abi = HM_MODULE_ABI,
            .name = "numbers",
            .file = "numbers.c",
            .functions = made->functions,
            .function_count = NODES,
            .free = free};
}

typedef struct found {
    hm_cache *cache;
    hm_compiled compiled;
    uint64_t computed;
} found;

static bool create_cache(int port, hm_cache **cache) {
    char address[64];
    snprintf(address, sizeof address, "redis://127.0.0.1:%d", port);
    hm_redis_options redis = HM_REDIS_OPTIONS_INIT;
    redis.address = address;
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    hm_error error;
    if (hm_redis_store_create(&redis, &options.store, &error) != HM_OK ||
            hm_cache_create(&options, cache, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static bool compile(found *subject, const wide *made, size_t count) {
    const hm_adapter *adapter = hm_cache_adapter(subject->cache);
    const hm_module *modules[] = {&made->module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.adapters = &adapter;
    options.adapter_count = 1;
    hm_request request = HM_REQUEST_INIT;
    request.wanted = made->wanted;
    request.wanted_count = count;
    request.inputs = made->bindings;
    request.input_count = count;
    return hm_compiled_init_request(&subject->compiled, &options, &request);
}

static bool run(void *subject) {
    hm_error error;
    if (hm_run_execute(((found *)subject)->compiled.run, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

// Nothing was computed but what had to be before it is found.
static bool is_found(const found *subject) {
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(subject->cache, &counts);
    if (counts.computed != subject->computed || counts.troubles > 0) {
        fprintf(stderr, "%llu nodes were computed: %s\n",
                (unsigned long long)counts.computed, hm_cache_trouble(subject->cache));
        return false;
    }
    return true;
}

// `known` nodes were computed before, by another cache.
static bool measure(int port, const wide *made, size_t count, size_t known,
        const char *name, bool is_quick) {
    found subject = {.computed = count - known};
    hm_redis_peer *peer = hm_redis_peer_create(port, count, VALUE);
    bool is_right = peer != NULL && create_cache(port, &subject.cache) &&
                    compile(&subject, made, count) && run(&subject);
    if (is_right) {
        hm_cache_settle(subject.cache);
        const hm_system systems[] = {
                {.name = "hamilton", .run = run, .subject = &subject, .workers = 2},
                {.name = "hiredis", .run = hm_redis_peer_get, .subject = peer}};
        const hm_measurement measurement = {.bench = "redis",
                .name = name,
                .unit = "us/hit",
                .per_second = 1e6 / (double)count,
                .rounds = 51,
                .comparison = HM_RATIO_TO_SECOND,
                .systems = systems,
                .system_count = 2};
        is_right = hm_measure(&measurement, is_quick) && is_found(&subject);
    }
    hm_compiled_finish(&subject.compiled);
    hm_cache_destroy(subject.cache);
    hm_redis_peer_destroy(peer);
    return is_right;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    static wide made;
    hm_redis_process server;
    fill(&made);
    if (!hm_redis_process_init(&server)) {
        return 77; // skipped
    }
    bool is_right = measure(server.port, &made, 1, 0, "hit_1_kib_1", is_quick) &&
                    measure(server.port, &made, NODES, 1, "hit_1_kib_64", is_quick);
    hm_redis_process_finish(&server);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
