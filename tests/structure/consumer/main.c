// main.c — a program with two modules that share all their names, and a node called as
// a function of the C library that the program calls itself.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <hamilton/hamilton.h>

extern const hm_module north_module;
extern const hm_module south_module;

static hm_status print_price(const hm_module *module, double distance) {
    hm_error error;
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = &module;
    options.module_count = 1;
    hm_driver *driver;
    hm_status status = hm_driver_create(&options, &driver, &error);
    if (status != HM_OK) {
        fprintf(stderr, "%s: %s\n", module->name, error.message);
        return status;
    }
    const char *const wanted[] = {"price"};
    const hm_binding inputs[] = {
            {"distance", hm_value_double(distance)},
            {"speed", hm_value_double(2)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 2;
    hm_results *results;
    status = hm_driver_execute(driver, &request, &results, &error);
    if (status == HM_OK) {
        const hm_value *price = hm_results_find(results, "price");
        printf("%s: %g\n", module->name, *(const double *)hm_value_data(price));
        hm_results_destroy(results);
    } else {
        fprintf(stderr, "%s: %s\n", module->name, error.message);
    }
    hm_driver_destroy(driver);
    return status;
}

int main(void) {
    if (time(NULL) < 1000000000 || strcmp(index("abc", 'b'), "bc") != 0) {
        puts("a node has taken the place of the C library's function");
        return EXIT_FAILURE;
    }
    bool as_expected = print_price(&north_module, 10) == HM_OK &&
                       print_price(&south_module, 10) == HM_OK &&
                       print_price(&north_module, -10) == HM_NODE_FAILED;
    return as_expected ? EXIT_SUCCESS : EXIT_FAILURE;
}
