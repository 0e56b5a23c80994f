// main.c — a module without a C file to reflect: the program fills the tables itself,
// as a binding for another language does.
//
//     celsius ──▶ fahrenheit ──▶ hottest
//           └───▶ kelvin
//
// <hamilton/module.h> says what the tables mean.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

// What an interpreter would keep for each of its functions. The thunk gets it as
// `self`, so that one thunk serves any number of nodes.
struct line {
    double slope;
    double offset;
};

static struct line fahrenheit_line = {1.8, 32};
static struct line kelvin_line = {1, 273.15};

// Runs once: at[0] is where the frame has the parameter, at[1] where it has the output.
static int call_line(void *frame, const uint32_t *at, void *self) {
    char *slots = frame;
    const struct line *line = self;
    const double *x = (const double *)(slots + at[0]);
    double *y = (double *)(slots + at[1]);
    *y = line->slope * *x + line->offset;
    return 0;
}

// Runs over rows. A function without such a thunk is called for every row instead; this
// one spares the calls.
static int map_line(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row; // no row fails
    const struct line *line = self;
    const double *x = lanes[0].data;
    double *y = lanes[1].data;
    for (size_t i = 0; i < count; i++) {
        y[i] = line->slope * x[i * lanes[0].stride] + line->offset;
    }
    return 0;
}

// The parameter is an array, so its slot has an hm_array.
static int call_hottest(void *frame, const uint32_t *at, void *self) {
    (void)self;
    char *slots = frame;
    const hm_array *temperatures = (const hm_array *)(slots + at[0]);
    double *hottest = (double *)(slots + at[1]);
    if (temperatures->length == 0) {
        return hm_fail("no temperatures, so none is the hottest");
    }
    const double *values = temperatures->data;
    *hottest = values[0];
    for (size_t i = 1; i < temperatures->length; i++) {
        *hottest = values[i] > *hottest ? values[i] : *hottest;
    }
    return 0;
}

// The tables proper. What a parameter is called decides whom it is wired to.

static const hm_parameter celsius[] = {{
        .name = "celsius",
        .type = &hm_type_double,
        .shape = HM_ONE,
        .dimension = HM_NONE,
}};

static const hm_output fahrenheit[] = {{
        .name = "fahrenheit",
        .type = &hm_type_double,
        .shape = HM_ONE,
        .dimension = HM_NONE,
}};

static const hm_output kelvin[] = {{
        .name = "kelvin",
        .type = &hm_type_double,
        .shape = HM_ONE,
        .dimension = HM_NONE,
}};

static const char *const days[] = {"days"};

static const hm_parameter all_fahrenheit[] = {{
        .name = "fahrenheit",
        .type = &hm_type_double,
        .shape = HM_ARRAY,
        .dimension = 0, // days[0]
}};

static const hm_output hottest[] = {{
        .name = "hottest",
        .type = &hm_type_double,
        .shape = HM_ONE,
        .dimension = HM_NONE,
}};

static const hm_function functions[] = {
        {
                .name = "fahrenheit",
                .doc = "The temperature in degrees Fahrenheit.",
                .file = __FILE__,
                .line = __LINE__,
                .parameters = celsius,
                .parameter_count = 1,
                .outputs = fahrenheit,
                .output_count = 1,
                .call = call_line,
                .map = map_line,
                .self = &fahrenheit_line,
        },
        {
                .name = "kelvin",
                .doc = "The temperature in kelvins.",
                .file = __FILE__,
                .line = __LINE__,
                .parameters = celsius,
                .parameter_count = 1,
                .outputs = kelvin,
                .output_count = 1,
                .call = call_line,
                .self = &kelvin_line,
        },
        {
                .name = "hottest",
                .doc = "The highest of all temperatures, in degrees Fahrenheit.",
                .file = __FILE__,
                .line = __LINE__,
                .flags = HM_FUNCTION_FALLIBLE,
                .parameters = all_fahrenheit,
                .parameter_count = 1,
                .outputs = hottest,
                .output_count = 1,
                .dimensions = days,
                .dimension_count = 1,
                .call = call_hottest,
        },
};

static const hm_module temperature_module = {
        .abi = HM_MODULE_ABI,
        .name = "temperature",
        .file = __FILE__,
        .functions = functions,
        .function_count = sizeof functions / sizeof functions[0],
};

static bool write_text(const char *text, size_t length, void *to) {
    return fwrite(text, 1, length, to) == length;
}

// Prints each result as a line of JSON.
static hm_status print_results(const hm_results *results) {
    for (size_t i = 0; i < hm_results_count(results); i++) {
        printf("%s = ", hm_results_name(results, i));
        hm_status status =
                hm_json_write(hm_results_value(results, i), write_text, stdout);
        if (status != HM_OK) {
            return status;
        }
        printf("\n");
    }
    return HM_OK;
}

static hm_status ask(const hm_driver *driver, const char *const *wanted,
        size_t wanted_count, hm_value temperatures, hm_error *error) {
    const hm_binding inputs[] = {{"celsius", temperatures}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = wanted_count;
    request.inputs = inputs;
    request.input_count = 1;

    hm_results *results;
    hm_status status = hm_driver_execute(driver, &request, &results, error);
    if (status != HM_OK) {
        return status;
    }
    status = print_results(results);
    if (status != HM_OK) {
        snprintf(error->message, sizeof error->message, "%s", hm_status_text(status));
    }
    hm_results_destroy(results);
    return status;
}

int main(void) {
    const hm_module *modules[] = {&temperature_module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;

    hm_driver *driver;
    hm_error error;
    if (hm_driver_create(&options, &driver, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return EXIT_FAILURE;
    }

    const char *const wanted[] = {"fahrenheit", "kelvin", "hottest"};
    static const double week[] = {-5, 0, 12.5, 21, 30};
    const hm_value one_day = hm_value_double(21);
    const hm_value many_days =
            hm_value_many(&hm_type_double, week, sizeof week / sizeof week[0]);

    // One day needs no hottest; of many days it is known.
    hm_status status = ask(driver, wanted, 2, one_day, &error);
    if (status == HM_OK) {
        status = ask(driver, wanted, 3, many_days, &error);
    }
    hm_driver_destroy(driver);
    if (status != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
