// found.c — see found.h.

#include "bench/found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = HM_FOUND_NODES, NUMBERS = HM_FOUND_BYTES / sizeof(double) };

// As many numbers as fill 1 KiB.
static int call_numbers(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double first;
    memcpy(&first, (char *)frame + at[0], sizeof first);
    hm_array made = {.data = malloc(HM_FOUND_BYTES), .length = NUMBERS};
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

static bool compile(hm_found *found, size_t count) {
    static wide made;
    fill(&made);
    const hm_adapter *adapter = hm_cache_adapter(found->cache);
    const hm_module *modules[] = {&made.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.adapters = &adapter;
    options.adapter_count = 1;
    hm_request request = HM_REQUEST_INIT;
    request.wanted = made.wanted;
    request.wanted_count = count;
    request.inputs = made.bindings;
    request.input_count = count;
    return hm_compiled_init_request(&found->compiled, &options, &request);
}

bool hm_found_run(void *subject) {
    hm_error error;
    if (hm_run_execute(((hm_found *)subject)->compiled.run, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

bool hm_found_init(hm_found *found, hm_cache *cache, size_t count, size_t known) {
    *found = (hm_found){.cache = cache, .computed = count - known};
    bool is_right = cache != NULL && compile(found, count) && hm_found_run(found);
    if (is_right) {
        hm_cache_settle(cache);
    }
    return is_right;
}

void hm_found_finish(hm_found *found) {
    hm_compiled_finish(&found->compiled);
    hm_cache_destroy(found->cache);
}

bool hm_found_check(const hm_found *found) {
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(found->cache, &counts);
    if (counts.computed != found->computed || counts.troubles > 0) {
        fprintf(stderr, "%llu nodes were computed: %s\n",
                (unsigned long long)counts.computed, hm_cache_trouble(found->cache));
        return false;
    }
    return true;
}
