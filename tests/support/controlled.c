// controlled.c — see controlled.h.

#include "tests/support/controlled.h"

#include <time.h>

#include <hamilton/node.h>

#include "tests/support/suite.h"

hm_controlled controlled;

void hm_controlled_nap(uint64_t nanoseconds) {
    nanosleep(&(struct timespec){.tv_nsec = (long)nanoseconds}, NULL);
}

int hm_controlled_next(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 1) = HM_SLOT(double, 0) + 1;
    atomic_fetch_add(&controlled.ended, 1);
    return 0;
}

int hm_controlled_slow(void *frame, const uint32_t *at, void *self) {
    int count = atomic_fetch_add(&controlled.under_way, 1) + 1;
    int most = atomic_load(&controlled.most);
    while (count > most &&
            !atomic_compare_exchange_weak(&controlled.most, &most, count)) {
    }
    hm_controlled_nap(HM_MILLISECONDS / 5);
    atomic_fetch_sub(&controlled.under_way, 1);
    return hm_controlled_next(frame, at, self);
}

int hm_controlled_stuck(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&controlled.begun, 1);
    while (!atomic_load(&controlled.is_released)) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    HM_SLOT(double, 1) = HM_SLOT(double, 0) + 1;
    return 0;
}

int hm_controlled_patient(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    atomic_fetch_add(&controlled.begun, 1);
    while (!hm_should_stop()) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    return hm_fail("was told to stop");
}

int hm_controlled_bad(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return hm_fail("bad luck");
}

static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 2) = HM_SLOT(double, 0) + HM_SLOT(double, 1);
    return 0;
}

hm_function *hm_controlled_add(
        const char *name, const char *source, hm_call_thunk *call) {
    hm_module_builder *builder = &controlled.builder;
    hm_function *function = hm_builder_function(builder, name, call, NULL);
    hm_builder_takes(builder, source, &hm_type_double);
    hm_builder_makes(builder, name, &hm_type_double);
    return function;
}

void hm_controlled_add_sum(const char *name, const char *a, const char *b) {
    hm_module_builder *builder = &controlled.builder;
    hm_builder_function(builder, name, call_sum, NULL);
    hm_builder_takes(builder, a, &hm_type_double);
    hm_builder_takes(builder, b, &hm_type_double);
    hm_builder_makes(builder, name, &hm_type_double);
}

void hm_controlled_limit(hm_function *function) {
    static const hm_argument arguments[] = {{.kind = HM_ARGUMENT_NAME, .text = "limit"},
            {.kind = HM_ARGUMENT_STRING, .text = "db"}};
    static const hm_modifier tag = {
            .name = "tag", .arguments = arguments, .argument_count = 2};
    function->modifiers = &tag;
    function->modifier_count = 1;
}

void hm_controlled_begin(void) {
    hm_module_builder_init(&controlled.builder);
    hm_failing_allocator_init(&controlled.memory);
    atomic_store(&controlled.is_released, false);
    atomic_store(&controlled.begun, 0);
    atomic_store(&controlled.ended, 0);
    atomic_store(&controlled.under_way, 0);
    atomic_store(&controlled.most, 0);
}

hm_driver_options hm_controlled_options(uint32_t thread_count) {
    static const hm_module *modules[] = {&controlled.builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = thread_count;
    options.allocator = &controlled.memory.allocator;
    return options;
}

hm_driver *hm_controlled_driver(const hm_driver_options *options) {
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(
            hm_driver_create(options, &driver, &error) == HM_OK, "%s", error.message);
    return driver;
}

hm_driver *hm_controlled_limited_driver(uint32_t thread_count, uint32_t limit_count) {
    const hm_limit_option limits[] = {{"db", limit_count}};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.limits = limits;
    options.limit_count = 1;
    return hm_controlled_driver(&options);
}

hm_request hm_controlled_request(const char *const *wanted, size_t count) {
    static _Thread_local hm_binding input;
    input = (hm_binding){"x", hm_value_double(1)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = count;
    request.inputs = &input;
    request.input_count = 1;
    request.always_share = true;
    return request;
}

hm_plan *hm_controlled_plan(hm_driver *driver, const char *wanted, uint64_t deadline) {
    hm_request request = hm_controlled_request(&wanted, 1);
    request.always_share = false;
    request.deadline = deadline;
    hm_plan *plan;
    hm_error error;
    ck_assert_msg(hm_plan_create(driver, &request, &plan, &error) == HM_OK, "%s",
            error.message);
    return plan;
}

hm_run *hm_controlled_run(const hm_plan *plan) {
    hm_run *run;
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    return run;
}

double hm_controlled_value(const hm_results *results, size_t index) {
    return *(const double *)hm_value_data(hm_results_value(results, index));
}

void hm_controlled_wait(atomic_int *count, int least) {
    while (atomic_load(count) < least) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
}

void hm_controlled_end(void) {
    while (atomic_load(&controlled.memory.live) > 0) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
}
