// given_results.c — see given_results.h.

#include "tests/support/given_results.h"

#include <check.h>
#include <stdio.h>

#include <hamilton/driver.h>

#include "tests/support/module_builder.h"

enum { MOST_VALUES = 64 };

static hm_module_builder builder;
static hm_driver *driver;

static int call_nothing(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 0;
}

static int call_bad(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 1;
}

// Somebody must take an input for it to be one.
static void add_taker(const hm_binding *given) {
    static char names[MOST_VALUES][16];
    size_t index = builder.module.function_count;
    snprintf(names[index], sizeof names[index], "taker_%zu", index);
    hm_builder_function(&builder, names[index], call_nothing, NULL);
    hm_parameter *parameter =
            given->value.depth == 0
                    ? hm_builder_takes(&builder, given->name, given->value.type)
                    : hm_builder_takes_array(&builder, given->name, given->value.type);
    parameter->is_nullable = given->value.depth == 1;
    parameter->pass = given->value.by_reference ? HM_BY_REFERENCE : HM_BY_VALUE;
    hm_builder_makes(&builder, names[index], &hm_type_double);
}

static hm_results *execute(const hm_binding *values, size_t count, bool has_bad) {
    ck_assert_uint_lt(count, MOST_VALUES);
    hm_module_builder_init(&builder);
    const char *wanted[MOST_VALUES];
    for (size_t i = 0; i < count; i++) {
        add_taker(&values[i]);
        wanted[i] = values[i].name;
    }
    hm_builder_function(&builder, "bad", call_bad, NULL);
    hm_builder_makes(&builder, "bad", &hm_type_double);
    wanted[count] = "bad";

    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 1;
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = count + has_bad;
    request.inputs = values;
    request.input_count = count;
    request.keep_going = has_bad;
    hm_results *results;
    hm_error error = {.message = ""};
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
    hm_status status = hm_driver_execute(driver, &request, &results, &error);
    ck_assert_msg(status == (has_bad ? HM_NODE_FAILED : HM_OK), "%d %s", status,
            error.message);
    return results;
}

hm_results *hm_given_results(const hm_binding *values, size_t count) {
    return execute(values, count, false);
}

hm_results *hm_given_results_and_bad(const hm_binding *values, size_t count) {
    return execute(values, count, true);
}

void hm_given_end(void) {
    hm_driver_destroy(driver);
    driver = NULL;
}
