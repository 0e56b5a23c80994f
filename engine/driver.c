// driver.c — the graph with its options; executing is compiling a plan and running it
// once.

#include "engine/driver.h"

#include <stdint.h>
#include <string.h>

#include <hamilton/costs.h>
#include <hamilton/data_format.h>

#include "base/allocator.h"
#include "base/diagnostics.h"
#include "base/error.h"
#include "base/sized.h"
#include "engine/adapted.h"
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

static bool is_tagged(const hm_graph *graph, const char *name) {
    for (uint32_t n = 0; n < graph->node_count; n++) {
        for (uint32_t t = 0; t < graph->nodes[n].tag_count; t++) {
            const hm_tag *tag = &graph->nodes[n].tags[t];
            for (size_t v = 0; strcmp(tag->key, "limit") == 0 && v < tag->value_count;
                    v++) {
                if (strcmp(tag->values[v].text, name) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

static hm_status add_limits(
        const hm_driver_options *options, hm_driver *driver, hm_error *error) {
    driver->limits = hm_allocate_array(
            driver->allocator, options->limit_count, sizeof *driver->limits);
    driver->limit_room = options->limit_count;
    if (driver->limits == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < options->limit_count; i++) {
        const hm_limit_option *option = &options->limits[i];
        hm_named_limit *limit = &driver->limits[driver->limit_count];
        if (option->name == NULL || option->count == 0) {
            return hm_error_set(error, HM_BAD_ARGUMENT,
                    "a limit has a name and a count of at least 1, but limit %zu has "
                    "not",
                    i);
        }
        if (!is_tagged(driver->graph, option->name)) {
            return hm_error_set(error, HM_UNKNOWN_NAME,
                    "no node is tagged with the limit `%s`, as in HM_TAG(limit, "
                    "\"%s\")",
                    option->name, option->name);
        }
        size_t size = strlen(option->name) + 1;
        limit->name = hm_allocate(driver->allocator, size, 1);
        if (limit->name == NULL) {
            return hm_error_no_memory(error);
        }
        memcpy(limit->name, option->name, size);
        if (!hm_limit_init(&limit->limit, option->count)) {
            hm_deallocate(driver->allocator, limit->name, size, 1);
            return hm_error_no_memory(error);
        }
        driver->limit_count++;
    }
    return HM_OK;
}

// The driver's own formats, then those that every driver has. The caller frees them.
static const hm_data_format **list_formats(const hm_driver_options *options,
        const hm_allocator *allocator, size_t *count) {
    size_t known_count;
    const hm_data_format *const *known = hm_data_formats(&known_count);
    *count = options->format_count + known_count;
    const hm_data_format **formats =
            hm_allocate_array(allocator, *count, sizeof *formats);
    for (size_t i = 0; i < *count && formats != NULL; i++) {
        formats[i] = i < options->format_count ? options->formats[i]
                                               : known[i - options->format_count];
    }
    return formats;
}

static hm_status build_graph(
        const hm_driver_options *options, hm_driver *driver, hm_error *error) {
    hm_faults faults = {.list = options->diagnostics, .error = error};
    size_t format_count;
    const hm_data_format **formats =
            list_formats(options, driver->allocator, &format_count);
    if (formats == NULL) {
        return hm_error_no_memory(error);
    }
    hm_graph_options graph_options = {.modules = options->modules,
            .module_count = options->module_count,
            .libraries = options->libraries,
            .library_count = options->library_count,
            .config = options->config,
            .config_count = options->config_count,
            .allow_overrides = options->allow_overrides,
            .formats = formats,
            .format_count = format_count,
            .loaders = options->loaders,
            .loader_count = options->loader_count,
            .savers = options->savers,
            .saver_count = options->saver_count,
            .thread_count = options->thread_count,
            .allocator = driver->allocator};
    hm_status status = hm_graph_create(&graph_options, &driver->graph, &faults);
    hm_deallocate_array(
            driver->allocator, (void *)formats, format_count, sizeof *formats);
    if (status != HM_OK) {
        // Memory can also run out after a fault was found: the later word counts.
        return status != HM_NO_MEMORY && faults.count > 0
                       ? faults.first
                       : hm_error_set(error, status, NULL);
    }
    return hm_adapted_check_graph(driver, &faults);
}

static hm_status build(
        const hm_driver_options *options, hm_driver *driver, hm_error *error) {
    if (options->adapter_count > 0) {
        HM_TRY(hm_adapted_read(options, driver, error));
    }
    HM_TRY(build_graph(options, driver, error));
    if (options->limit_count > 0) {
        HM_TRY(add_limits(options, driver, error));
    }
    driver->costs = hm_allocate_array(
            driver->allocator, driver->graph->call_count, sizeof *driver->costs);
    driver->worker_count =
            options->thread_count > 0 ? options->thread_count : hm_processor_count();
    driver->in_flight_limit = options->in_flight_limit;
    driver->waits_for_room = options->waits_for_room;
    if (driver->costs == NULL ||
            hm_pool_acquire(driver->worker_count, &driver->pool) != HM_OK) {
        return hm_error_no_memory(error);
    }
    hm_adapted_watch(driver);
    if (options->loop != NULL) {
        driver->loop = hm_loop_attach(options->loop, driver->allocator);
        return driver->loop != NULL ? HM_OK : hm_error_no_memory(error);
    }
    driver->has_own_loop = true;
    return HM_OK;
}

static hm_driver *allocate(const hm_allocator *allocator) {
    hm_driver *driver = hm_allocate_array(allocator, 1, sizeof *driver);
    if (driver == NULL) {
        return NULL;
    }
    driver->allocator = allocator;
    atomic_init(&driver->user_count, 1);
    if (uv_mutex_init(&driver->lock) != 0) {
        hm_deallocate_array(allocator, driver, 1, sizeof *driver);
        return NULL;
    }
    if (uv_cond_init(&driver->has_room) != 0) {
        uv_mutex_destroy(&driver->lock);
        hm_deallocate_array(allocator, driver, 1, sizeof *driver);
        return NULL;
    }
    return driver;
}

hm_status hm_driver_create(
        const hm_driver_options *options, hm_driver **driver, hm_error *error) {
    hm_driver_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_DRIVER_OPTIONS_INIT", error));
    if ((known.module_count > 0 && known.modules == NULL) ||
            (known.library_count > 0 && known.libraries == NULL) ||
            (known.config_count > 0 && known.config == NULL) ||
            (known.limit_count > 0 && known.limits == NULL) ||
            (known.adapter_count > 0 && known.adapters == NULL) ||
            (known.format_count > 0 && known.formats == NULL) ||
            (known.loader_count > 0 && known.loaders == NULL) ||
            (known.saver_count > 0 && known.savers == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the options have a count but no array that belongs to it");
    }
    hm_driver *created = allocate(hm_allocator_or_default(known.allocator));
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    hm_status status = build(&known, created, error);
    if (status != HM_OK) {
        hm_driver_destroy(created);
        return status;
    }
    *driver = created;
    return HM_OK;
}

hm_driver *hm_driver_use(const hm_driver *driver) {
    // Relaxed: whoever has it can give it to others. It is const for those who only ask
    // it for values.
    hm_driver *used = (hm_driver *)(uintptr_t)driver;
    atomic_fetch_add_explicit(&used->user_count, 1, memory_order_relaxed);
    return used;
}

static void free_driver(hm_driver *driver) {
    if (!driver->has_own_loop) {
        hm_loop_end(driver->loop);
    }
    if (driver->pool != NULL) {
        hm_adapted_unwatch(driver);
        hm_pool_release(driver->pool);
    }
    if (driver->graph != NULL) {
        hm_deallocate_array(driver->allocator, (void *)driver->costs,
                driver->graph->call_count, sizeof *driver->costs);
    }
    for (uint32_t i = 0; i < driver->limit_count; i++) {
        hm_limit_finish(&driver->limits[i].limit);
        hm_deallocate(driver->allocator, driver->limits[i].name,
                strlen(driver->limits[i].name) + 1, 1);
    }
    hm_deallocate_array(driver->allocator, driver->limits, driver->limit_room,
            sizeof *driver->limits);
    hm_adapted_end_driver(driver);
    hm_graph_destroy(driver->graph);
    uv_cond_destroy(&driver->has_room);
    uv_mutex_destroy(&driver->lock);
    hm_deallocate_array(driver->allocator, driver, 1, sizeof *driver);
}

void hm_driver_release(hm_driver *driver) {
    // Acquire and release: the last one comes after whatever the others did with it.
    if (atomic_fetch_sub_explicit(&driver->user_count, 1, memory_order_acq_rel) == 1) {
        free_driver(driver);
    }
}

void hm_driver_destroy(hm_driver *driver) {
    if (driver == NULL) {
        return;
    }
    // Whoever is the last to use it may be on another thread: an embedder's loop goes
    // on until it hears of that.
    if (!driver->has_own_loop && driver->loop != NULL) {
        hm_loop_hold(driver->loop);
    }
    hm_driver_release(driver);
}

bool hm_driver_has_loop(hm_driver *driver) {
    uv_mutex_lock(&driver->lock);
    if (driver->loop == NULL) {
        driver->loop = hm_lender_loop(driver->pool->lender);
    }
    bool has_loop = driver->loop != NULL;
    uv_mutex_unlock(&driver->lock);
    return has_loop;
}

hm_worker_counts hm_driver_workers(const hm_driver *driver) {
    hm_pool_census census = hm_pool_count(driver->pool);
    return (hm_worker_counts){.lent = census.lent,
            .owned = census.owned,
            .busy = census.busy,
            .stuck = census.quarantined};
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
    if (known.costs == NULL) {
        return hm_results_compute(plan, results, &faults);
    }
    hm_plan_use(plan);
    hm_status status = hm_results_compute(plan, results, &faults);
    (void)!hm_costs_learn(known.costs, plan); // the results count for more
    hm_plan_destroy(plan);
    return status;
}
