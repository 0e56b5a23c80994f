// cached_runs.c — see cached_runs.h.

#define _DEFAULT_SOURCE // MAP_ANONYMOUS

#include "tests/support/cached_runs.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <uv.h>

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

hm_module_builder hm_cached_module;
hm_cached_calls *hm_cached_calls_made;
static uv_mutex_t lock; // of what is written down

static int call_base(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&hm_cached_calls_made->base, 1);
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); // as one that costs much
    SLOT(double, 1) = SLOT(double, 0) * 2;
    return 0;
}

static int call_rounded(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&hm_cached_calls_made->rounded, 1);
    SLOT(double, 1) = floor(SLOT(double, 0));
    return 0;
}

static int call_tax(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&hm_cached_calls_made->tax, 1);
    SLOT(double, 0) = 6;
    return 0;
}

static int call_price(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&hm_cached_calls_made->price, 1);
    SLOT(double, 2) = SLOT(double, 0) + SLOT(double, 1);
    return 0;
}

void hm_cached_make_module(void) {
    hm_module_builder *builder = &hm_cached_module;
    // Memory that processes share.
    hm_cached_calls_made = mmap(NULL, sizeof *hm_cached_calls_made,
            PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(hm_cached_calls_made, MAP_FAILED);
    ck_assert_int_eq(uv_mutex_init(&lock), 0);
    hm_module_builder_init(builder);
    hm_builder_function(builder, "base", call_base, NULL)->version = "1";
    hm_builder_takes(builder, "cost", &hm_type_double);
    hm_builder_makes(builder, "base", &hm_type_double);
    hm_builder_function(builder, "rounded", call_rounded, NULL)->version = "1";
    hm_builder_takes(builder, "base", &hm_type_double);
    hm_builder_makes(builder, "rounded", &hm_type_double);
    hm_builder_function(builder, "tax", call_tax, NULL)->version = "1";
    hm_builder_makes(builder, "tax", &hm_type_double);
    hm_builder_function(builder, "price", call_price, NULL)->version = "1";
    hm_builder_takes(builder, "rounded", &hm_type_double);
    hm_builder_takes(builder, "tax", &hm_type_double);
    hm_builder_makes(builder, "price", &hm_type_double);
}

hm_function *hm_cached_function(const char *name) {
    hm_module_builder *builder = &hm_cached_module;
    for (size_t i = 0; i < builder->module.function_count; i++) {
        if (strcmp(builder->functions[i].name, name) == 0) {
            return &builder->functions[i];
        }
    }
    return NULL;
}

static void decided(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    static const char *const words[] = {[HM_CACHE_FOUND] = "found",
            [HM_CACHE_COMPUTED] = "computed",
            [HM_CACHE_PASSED_BY] = "passed by"};
    (void)running;
    hm_cached_runs *runs = self;
    uv_mutex_lock(&lock);
    size_t length = strlen(runs->decisions);
    snprintf(runs->decisions + length, sizeof runs->decisions - length,
            why[0] != '\0' ? "%s=%s (%s) " : "%s=%s ", node->name, words[decision],
            why);
    uv_mutex_unlock(&lock);
}

void hm_cached_runs_init(
        hm_cached_runs *runs, const char *directory, const hm_cache_options *options) {
    hm_cache_options given = HM_CACHE_OPTIONS_INIT;
    if (options != NULL) {
        given = *options;
    }
    given.directory = directory;
    hm_error error;
    memset(runs, 0, sizeof *runs);
    ck_assert_msg(hm_cache_create(&given, &runs->cache, &error) == HM_OK, "%s",
            error.message);
    runs->thread_count = 1;
    runs->listener = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "listener",
            .self = runs,
            .only_observes = true,
            .decided = decided};
}

void hm_cached_runs_finish(hm_cached_runs *runs) {
    hm_cache_destroy(runs->cache);
}

double hm_cached_runs_execute(hm_cached_runs *runs, const char *wanted, double cost) {
    const hm_module *modules[] = {&hm_cached_module.module};
    const hm_adapter *cached = hm_cache_adapter(runs->cache);
    const hm_adapter *adapters[] = {&runs->listener, cached};
    if (runs->listens_behind) {
        adapters[0] = cached;
        adapters[1] = &runs->listener;
    }
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = runs->thread_count;
    options.adapters = adapters;
    options.adapter_count = 2;
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
    hm_binding inputs[] = {{"cost", hm_value_double(cost)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 1;
    hm_results *results;
    runs->decisions[0] = '\0';
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    double value = *(const double *)hm_value_data(hm_results_value(results, 0));
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_cache_settle(runs->cache);
    return value;
}

hm_cache_statistics hm_cached_runs_count(const hm_cached_runs *runs) {
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(runs->cache, &counts);
    return counts;
}
