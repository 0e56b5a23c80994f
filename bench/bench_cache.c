// bench_cache.c — what does it cost to find a result instead of computing it? A node of
// a chain of a thousand, all of which are in memory; one of 1 KiB that is in a folder;
// and the content of a column of ten million doubles, beside XXH3 over the same bytes.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <hamilton/cache.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/measure.h"
#include "bench/program.h"

enum { NODE_COUNT = 1000, NUMBERS = 128 };

typedef struct found {
    hm_cache *cache;
    hm_compiled compiled;
} found;

static bool create_cache(const char *directory, hm_cache **cache) {
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    hm_error error;
    options.directory = directory;
    if (hm_cache_create(&options, cache, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static bool compile(
        found *subject, const hm_driver_options *options, const hm_request *request) {
    const hm_adapter *adapter = hm_cache_adapter(subject->cache);
    hm_driver_options cached = *options;
    cached.thread_count = 1;
    cached.adapters = &adapter;
    cached.adapter_count = 1;
    return hm_compiled_init_request(&subject->compiled, &cached, request);
}

static bool run(void *subject) {
    return hm_run_execute(((found *)subject)->compiled.run, NULL) == HM_OK;
}

// How many nodes were computed, which had to be before they are found.
static bool computed(const found *subject, uint64_t count) {
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(subject->cache, &counts);
    if (counts.computed != count || counts.troubles > 0) {
        fprintf(stderr, "%llu nodes were computed: %s\n",
                (unsigned long long)counts.computed, hm_cache_trouble(subject->cache));
        return false;
    }
    return true;
}

static void finish(found *subject) {
    hm_compiled_finish(&subject->compiled);
    hm_cache_destroy(subject->cache);
}

static bool measure_run(const char *name, const char *unit, double per_second,
        found *subject, bool is_quick) {
    const hm_system systems[] = {{.name = "hamilton", .run = run, .subject = subject}};
    const hm_measurement measurement = {.bench = "cache",
            .name = name,
            .unit = unit,
            .per_second = per_second,
            .rounds = 51,
            .systems = systems,
            .system_count = 1};
    return hm_measure(&measurement, is_quick);
}

static bool measure_memory(bool is_quick) {
    hm_dataflow *dataflow = hm_dataflow_chain(NODE_COUNT, false);
    found subject = {0};
    bool is_right = dataflow != NULL && create_cache(NULL, &subject.cache);
    if (is_right) {
        hm_function *functions = (hm_function *)(uintptr_t)dataflow->module.functions;
        for (uint32_t i = 0; i < NODE_COUNT; i++) {
            functions[i].version = "1";
        }
        hm_driver_options options = hm_dataflow_options(dataflow);
        hm_request request = hm_dataflow_request(dataflow);
        is_right = compile(&subject, &options, &request) && run(&subject) &&
                   measure_run("memory_chain_1000", "ns/node", 1e9 / NODE_COUNT,
                           &subject, is_quick) &&
                   computed(&subject, NODE_COUNT);
    }
    finish(&subject);
    hm_dataflow_destroy(dataflow);
    return is_right;
}

// As many numbers as fill 1 KiB.
static int call_numbers(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double first;
    memcpy(&first, (char *)frame + at[0], sizeof first);
    hm_array made = {.data = malloc(NUMBERS * sizeof first), .length = NUMBERS};
    if (made.data == NULL) {
        return 1;
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        ((double *)made.data)[i] = first + (double)i;
    }
    memcpy((char *)frame + at[1], &made, sizeof made);
    return 0;
}

static bool measure_folder(bool is_quick) {
    static const char *const dimensions[] = {"n"};
    const hm_parameter parameter = {
            .name = "x", .type = &hm_type_double, .dimension = HM_NONE};
    const hm_output output = {.name = "numbers",
            .type = &hm_type_double,
            .shape = HM_EXPANSION,
            .ownership = HM_OWNED};
    const hm_function function = {.name = "numbers",
            .file = "numbers.c",
            .parameters = &parameter,
            .parameter_count = 1,
            .outputs = &output,
            .output_count = 1,
            .dimensions = dimensions,
            .dimension_count = 1,
            .version = "1",
            .flags = HM_FUNCTION_FALLIBLE,
            .call = call_numbers};
    const hm_module module = {.abi = HM_MODULE_ABI,
            .name = "numbers",
            .file = "numbers.c",
            .functions = &function,
            .function_count = 1,
            .free = free};
    const hm_module *modules[] = {&module};
    const char *wanted = "numbers";
    hm_binding inputs[] = {{"x", hm_value_double(1)}};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 1;
    hm_workplace workplace;
    if (!hm_workplace_init(&workplace)) {
        return false;
    }
    char *directory = hm_workplace_path(&workplace, "results");
    found subject = {0};
    bool is_right = directory != NULL && create_cache(directory, &subject.cache) &&
                    compile(&subject, &options, &request) && run(&subject) &&
                    measure_run("folder_1_kib", "us", 1e6, &subject, is_quick) &&
                    computed(&subject, 1);
    finish(&subject);
    free(directory);
    hm_workplace_finish(&workplace);
    return is_right;
}

static bool take_content(void *subject) {
    char text[HM_CACHE_CONTENT_SIZE];
    return hm_cache_content(subject, text, NULL) == HM_OK;
}

static bool take_hash(void *subject) {
    const hm_value *value = subject;
    size_t size = value->many.length * sizeof(double);
    return XXH3_128bits(value->many.data, size).low64 != 0; // looked at, so it is done
}

static bool measure_content(bool is_quick) {
    size_t length = is_quick ? 100000 : 10000000;
    double *numbers = malloc(length * sizeof *numbers);
    if (numbers == NULL) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        numbers[i] = sqrt((double)i);
    }
    hm_value value = hm_value_many(&hm_type_double, numbers, length);
    const hm_system systems[] = {
            {.name = "hamilton", .run = take_content, .subject = &value},
            {.name = "xxh3", .run = take_hash, .subject = &value}};
    const hm_measurement measurement = {.bench = "cache",
            .name = "content_10m_doubles",
            .unit = "ms",
            .per_second = 1e3,
            .rounds = 31,
            .comparison = HM_RATIO_TO_SECOND,
            .systems = systems,
            .system_count = 2};
    bool is_right = hm_measure(&measurement, is_quick);
    free(numbers);
    return is_right;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    bool is_right = measure_memory(is_quick) && measure_folder(is_quick) &&
                    measure_content(is_quick);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
