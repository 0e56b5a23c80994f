// driver.c — the graph with its options; executing is compiling a plan and running it
// once.

#include "engine/driver.h"

#include <stdint.h>
#include <string.h>

#include "base/allocator.h"
#include "base/diagnostics.h"
#include "base/error.h"
#include "base/sized.h"
#include "engine/plan.h"
#include "engine/results.h"
#include "graph/graph.h"
#include "scheduler/pool.h"
#include "scheduler/processors.h"

hm_status hm_request_read(
        const hm_request *request, hm_request *known, hm_error *error) {
    HM_TRY(hm_sized_read(request, known, sizeof *known, "HM_REQUEST_INIT", error));
    if ((known->wanted_count > 0 && known->wanted == NULL) ||
            (known->input_count > 0 && known->inputs == NULL) ||
            (known->override_count > 0 && known->overrides == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a request has a count but no array that belongs to it");
    }
    return HM_OK;
}

static hm_status build(
        const hm_driver_options *options, hm_driver *driver, hm_error *error) {
    hm_faults faults = {.list = options->diagnostics, .error = error};
    hm_graph_options graph_options = {.modules = options->modules,
            .module_count = options->module_count,
            .config = options->config,
            .config_count = options->config_count,
            .allow_overrides = options->allow_overrides,
            .allocator = driver->allocator};
    hm_status status = hm_graph_create(&graph_options, &driver->graph, &faults);
    if (status != HM_OK) {
        // Memory can also run out after a fault was found: the later word counts.
        return status != HM_NO_MEMORY && faults.count > 0
                       ? faults.first
                       : hm_error_set(error, status, NULL);
    }
    driver->costs = hm_allocate_array(
            driver->allocator, driver->graph->call_count, sizeof *driver->costs);
    if (driver->costs == NULL) {
        return hm_error_no_memory(error);
    }
    uint32_t thread_count =
            options->thread_count > 0 ? options->thread_count : hm_processor_count();
    // Without workers everything still runs, on its callers.
    if (thread_count > 1 && hm_pool_acquire(thread_count, &driver->pool) != HM_OK) {
        driver->pool = NULL;
    }
    driver->worker_count = driver->pool != NULL ? thread_count : 1;
    return HM_OK;
}

hm_status hm_driver_create(
        const hm_driver_options *options, hm_driver **driver, hm_error *error) {
    hm_driver_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_DRIVER_OPTIONS_INIT", error));
    if ((known.module_count > 0 && known.modules == NULL) ||
            (known.config_count > 0 && known.config == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the options have a count but no array that belongs to it");
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_driver *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_status status = build(&known, created, error);
    if (status != HM_OK) {
        hm_driver_destroy(created);
        return status;
    }
    *driver = created;
    return HM_OK;
}

void hm_driver_destroy(hm_driver *driver) {
    if (driver == NULL) {
        return;
    }
    if (driver->pool != NULL) {
        hm_pool_release(driver->pool);
    }
    if (driver->graph != NULL) {
        hm_deallocate_array(driver->allocator, (void *)driver->costs,
                driver->graph->call_count, sizeof *driver->costs);
    }
    hm_graph_destroy(driver->graph);
    hm_deallocate_array(driver->allocator, driver, 1, sizeof *driver);
}

const hm_graph *hm_driver_graph(const hm_driver *driver) {
    return driver->graph;
}

hm_status hm_driver_validate(
        const hm_driver *driver, const hm_request *request, hm_error *error) {
    hm_plan *plan;
    HM_TRY(hm_plan_create(driver, request, &plan, error));
    hm_plan_destroy(plan);
    return HM_OK;
}

hm_status hm_driver_execute(const hm_driver *driver, const hm_request *request,
        hm_results **results, hm_error *error) {
    hm_request known;
    HM_TRY(hm_request_read(request, &known, error));
    hm_faults faults = {.list = known.diagnostics, .error = error};
    hm_plan *plan;
    HM_TRY(hm_plan_compile(driver, &known, &plan, &faults));
    return hm_results_compute(plan, results, &faults);
}
