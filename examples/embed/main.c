// main.c — a service that quotes prices. It builds the dataflow once and then answers
// the requests on its standard input, one a line: "DISTANCE WEIGHT", in km and kg.
//
// What can be wrong with the dataflow is found before the first request is read; from
// then on answering allocates nothing.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <hamilton/hamilton.h>

extern const hm_module delivery_module; // hamilton_add_module() makes it of delivery.c

// Everything that lives as long as the service. A service with several threads shares
// driver and plan, and has a run with its slots for each thread.
struct service {
    hm_driver *driver;
    hm_plan *plan;
    hm_run *run;

    // Where the run keeps the inputs, to be written before an execution, and the
    // output.
    double *distance;
    double *weight;
    const double *price;
};

static hm_status build_driver(struct service *service, hm_error *error) {
    const hm_module *modules[] = {&delivery_module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    return hm_driver_create(&options, &service->driver, error);
}

// Of the inputs only the types count here: the values come with each request.
static hm_status compile_plan(struct service *service, hm_error *error) {
    const char *const wanted[] = {"price"};
    const hm_binding inputs[] = {
            {"distance", hm_value_double(0)},
            {"weight", hm_value_double(0)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 2;
    return hm_plan_create(service->driver, &request, &service->plan, error);
}

static void close_service(struct service *service) {
    hm_run_destroy(service->run);
    hm_plan_destroy(service->plan);
    hm_driver_destroy(service->driver);
}

static hm_status open_service(struct service *service, hm_error *error) {
    *service = (struct service){0};
    hm_status status = build_driver(service, error);
    if (status == HM_OK) {
        status = compile_plan(service, error);
    }
    if (status == HM_OK) {
        status = hm_run_create(service->plan, &service->run, error);
    }
    if (status != HM_OK) {
        close_service(service);
        return status;
    }
    const hm_plan *plan = service->plan;
    service->distance = hm_run_slot(service->run, hm_plan_find(plan, "distance"));
    service->weight = hm_run_slot(service->run, hm_plan_find(plan, "weight"));
    service->price = hm_run_slot(service->run, hm_plan_find(plan, "price"));
    return HM_OK;
}

// A question that is asked once needs no plan. Given a column of weights, the same
// functions answer with a column of prices.
static hm_status print_price_list(const struct service *service, hm_error *error) {
    static const double weights[] = {1, 5, 20};
    const size_t count = sizeof weights / sizeof weights[0];

    const char *const wanted[] = {"price"};
    const hm_binding inputs[] = {
            {"distance", hm_value_double(100)},
            {"weight", hm_value_many(&hm_type_double, weights, count)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 2;

    hm_results *results;
    hm_status status = hm_driver_execute(service->driver, &request, &results, error);
    if (status != HM_OK) {
        return status;
    }
    const double *prices = hm_results_find(results, "price")->many.data;
    for (size_t i = 0; i < count; i++) {
        printf("%4g kg over 100 km: %.2f\n", weights[i], prices[i]);
    }
    hm_results_destroy(results);
    return HM_OK;
}

// A request that fails is answered too, and leaves the service as it was. The reason
// names functions and files: it is for the log.
static void answer(struct service *service, double distance, double weight) {
    hm_error error;
    *service->distance = distance;
    *service->weight = weight;
    if (hm_run_execute(service->run, &error) == HM_OK) {
        printf("%.2f\n", *service->price);
    } else {
        printf("refused\n");
        fprintf(stderr, "delivery: %s\n", error.message);
    }
}

static hm_status serve(hm_error *error) {
    struct service service;
    hm_status status = open_service(&service, error);
    if (status != HM_OK) {
        return status;
    }
    status = print_price_list(&service, error);
    if (status == HM_OK) {
        double distance, weight;
        while (scanf("%lf %lf", &distance, &weight) == 2) {
            answer(&service, distance, weight);
        }
    }
    close_service(&service);
    return status;
}

int main(void) {
    hm_error error;
    if (serve(&error) != HM_OK) {
        fprintf(stderr, "delivery: %s\n", error.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
