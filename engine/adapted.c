// adapted.c — see adapted.h: the adapters of a driver, and its graph.

#include "engine/adapted.h"

#include <stddef.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"
#include "engine/driver.h"
#include "graph/graph.h"
#include "scheduler/pool.h"

hm_status hm_adapted_read(
        const hm_driver_options *options, hm_driver *driver, hm_error *error) {
    driver->adapters = hm_allocate_array(
            driver->allocator, options->adapter_count, sizeof *driver->adapters);
    driver->adapter_room = options->adapter_count;
    if (driver->adapters == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < options->adapter_count; i++) {
        hm_adapter *adapter = &driver->adapters[i];
        if (options->adapters[i] == NULL) {
            return hm_error_set(
                    error, HM_BAD_ARGUMENT, "adapter %zu is a null pointer", i);
        }
        HM_TRY(hm_sized_read(options->adapters[i], adapter, sizeof *adapter,
                "{.struct_size = sizeof(hm_adapter)}", error));
        if (adapter->name == NULL) {
            return hm_error_set(error, HM_BAD_ARGUMENT, "adapter %zu has no name", i);
        }
        driver->adapter_count++;
    }
    return HM_OK;
}

hm_status hm_adapted_fault(const hm_adapter *adapter, hm_status status,
        const char *doing, const char *node, const hm_error *said, hm_error *error) {
    const char *why = said->message[0] != '\0' ? said->message : hm_status_text(status);
    status = status == HM_NO_MEMORY ? status : HM_ADAPTER_FAILED;
    if (node == NULL) {
        return hm_error_set(
                error, status, "adapter `%s` %s: %s", adapter->name, doing, why);
    }
    return hm_error_set(
            error, status, "adapter `%s` %s `%s`: %s", adapter->name, doing, node, why);
}

// Adds a fault for what an adapter would not have.
static void refuse(const hm_adapter *adapter, hm_status status, const char *doing,
        const char *node, const hm_function *function, const hm_error *said,
        hm_faults *faults) {
    hm_error told;
    hm_diagnostic fault = {
            .status = hm_adapted_fault(adapter, status, doing, node, said, &told),
            .node = node,
            .message = told.message};
    if (function != NULL) {
        fault.file = function->file;
        fault.line = function->line;
    }
    hm_faults_add(faults, &fault);
}

static void check_edges(
        const hm_adapter *adapter, const hm_graph *graph, hm_faults *faults) {
    for (uint32_t c = 0; c < graph->call_count; c++) {
        const hm_graph_call *call = &graph->calls[c];
        for (size_t p = 0; p < call->parameter_count; p++) {
            uint32_t node = graph->arguments[call->first_argument + p];
            hm_error said = {.status = HM_OK};
            if (node == HM_NONE) {
                continue;
            }
            hm_status status = adapter->check_edge(
                    adapter->self, graph, node, call->function, p, &said);
            if (status != HM_OK) {
                refuse(adapter, status, "refuses the edge from",
                        graph->nodes[node].name, call->function, &said, faults);
            }
        }
    }
}

static void check_nodes(
        const hm_adapter *adapter, const hm_graph *graph, hm_faults *faults) {
    for (uint32_t n = 0; n < graph->node_count; n++) {
        hm_error said = {.status = HM_OK};
        hm_status status = adapter->check_node(adapter->self, graph, n, &said);
        if (status != HM_OK) {
            refuse(adapter, status, "refuses node", graph->nodes[n].name,
                    graph->nodes[n].function, &said, faults);
        }
    }
}

hm_status hm_adapted_check_graph(const hm_driver *driver, hm_faults *faults) {
    const hm_graph *graph = driver->graph;
    for (uint32_t i = 0; i < driver->adapter_count; i++) {
        const hm_adapter *adapter = &driver->adapters[i];
        hm_faults nobody = {0};
        hm_faults *told = adapter->only_observes ? &nobody : faults;
        if (adapter->check_edge != NULL) {
            check_edges(adapter, graph, told);
        }
        if (adapter->check_node != NULL) {
            check_nodes(adapter, graph, told);
        }
        hm_error said = {.status = HM_OK};
        hm_status status = adapter->graph_built != NULL
                                   ? adapter->graph_built(adapter->self, graph, &said)
                                   : HM_OK;
        if (status != HM_OK) {
            refuse(adapter, status, "refuses the graph", NULL, NULL, &said, told);
        }
    }
    return faults->first;
}

void hm_adapted_end_driver(hm_driver *driver) {
    for (uint32_t i = driver->adapter_count; i-- > 0;) {
        if (driver->adapters[i].driver_ended != NULL) {
            driver->adapters[i].driver_ended(driver->adapters[i].self);
        }
    }
    hm_deallocate_array(driver->allocator, driver->adapters, driver->adapter_room,
            sizeof *driver->adapters);
}

static void tell_sleep(hm_watch *watch, hm_watched what, uint64_t sleep) {
    const hm_driver *driver =
            (const hm_driver *)((const char *)watch - offsetof(hm_driver, watch));
    for (uint32_t i = 0; i < driver->adapter_count; i++) {
        const hm_adapter *adapter = &driver->adapters[i];
        void (*tell)(void *self, uint64_t sleep) =
                what == HM_SLEEP_BEGAN   ? adapter->sleep_began
                : what == HM_SLEEP_ENDED ? adapter->sleep_ended
                                         : adapter->wake_sent;
        if (tell != NULL) {
            tell(adapter->self, sleep);
        }
    }
}

void hm_adapted_watch(hm_driver *driver) {
    for (uint32_t i = 0; i < driver->adapter_count; i++) {
        const hm_adapter *adapter = &driver->adapters[i];
        driver->watches |= adapter->sleep_began != NULL ||
                           adapter->sleep_ended != NULL || adapter->wake_sent != NULL;
    }
    if (driver->watches) {
        driver->watch.tell = tell_sleep;
        hm_pool_watch(driver->pool, &driver->watch);
    }
}

void hm_adapted_unwatch(hm_driver *driver) {
    if (driver->watches) {
        hm_pool_unwatch(driver->pool, &driver->watch);
        driver->watches = false;
    }
}

uint32_t hm_worker_number(void) {
    const hm_worker *worker = hm_worker_current();
    bool is_helper = worker != NULL && worker->is_helper;
    return is_helper ? worker->number / 2 : HM_NONE; // callers have the even ones
}

hm_want hm_want_to_see(void *self, const hm_graph *graph, const hm_planned_node *node) {
    (void)self;
    (void)graph;
    (void)node;
    return HM_WANT_TO_SEE;
}

hm_want hm_want_to_wrap(
        void *self, const hm_graph *graph, const hm_planned_node *node) {
    (void)self;
    (void)graph;
    (void)node;
    return HM_WANT_TO_WRAP;
}

const hm_tag *hm_planned_tag(const hm_planned_node *node, const char *key) {
    for (uint32_t t = 0; t < node->tag_count; t++) {
        if (strcmp(node->tags[t].key, key) == 0) {
            return &node->tags[t];
        }
    }
    return NULL;
}
