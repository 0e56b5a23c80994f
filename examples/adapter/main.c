// main.c — asks for the revenue of some orders, twice: the second time one of them
// makes no sense. The adapter of timing.c writes down what is called.

#include <stdio.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "timing.h"

extern const hm_module orders_module; // hamilton_add_module() makes it of orders.c

static hm_status ask(
        const hm_driver *driver, const double quantities[3], hm_error *error) {
    const char *const wanted[] = {"revenue"};
    const hm_binding inputs[] = {
            {"price", hm_value_double(25)},
            {"quantity", hm_value_many(&hm_type_double, quantities, 3)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 2;

    hm_results *results;
    hm_status status = hm_driver_execute(driver, &request, &results, error);
    if (status == HM_OK) {
        const hm_value *revenue = hm_results_find(results, "revenue");
        printf("%g euros\n", *(const double *)hm_value_data(revenue));
        hm_results_destroy(results);
    }
    return status;
}

int main(int argument_count, char **arguments) {
    struct timing timing;
    timing_init(&timing, stdout,
            argument_count > 1 && strcmp(arguments[1], "--times") == 0);
    const hm_adapter *const adapters[] = {&timing.adapter};
    const hm_module *const modules[] = {&orders_module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.adapters = adapters;
    options.adapter_count = 1;

    hm_driver *driver;
    hm_error error;
    if (hm_driver_create(&options, &driver, &error) != HM_OK) {
        fprintf(stderr, "orders: %s\n", error.message);
        return 1;
    }
    hm_status first = ask(driver, (const double[]){1, 2, 8}, &error);
    hm_status second = ask(driver, (const double[]){1, -2, 8}, &error);
    printf("%s\n", hm_status_text(second));
    hm_driver_destroy(driver);
    return first != HM_OK || second != HM_NODE_FAILED;
}
