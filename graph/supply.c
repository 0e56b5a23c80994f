// supply.c — config values become the values of inputs: JSON text is read as the type
// that is wanted, what has a type must have exactly that one.

#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/copy.h"
#include "base/error.h"
#include "graph/build.h"
#include "graph/nearest.h"

enum { SEARCHES = 16 }; // for the nearest name, which looks at all of them

static const char *nearest_key(const hm_build *build, const char *key) {
    hm_nearest nearest;
    hm_nearest_init(&nearest, key);
    for (uint32_t i = 0; i < build->graph->node_count; i++) {
        hm_nearest_offer(&nearest, build->graph->nodes[i].name);
    }
    for (size_t i = 0; i < build->condition_keys.slot_count; i++) {
        if (build->condition_keys.slots[i].name != NULL) {
            hm_nearest_offer(&nearest, build->condition_keys.slots[i].name);
        }
    }
    return nearest.name;
}

static void warn_unread(hm_build *build, const char *key, uint32_t *searches) {
    const char *nearest = *searches < SEARCHES ? nearest_key(build, key) : NULL;
    ++*searches;
    char mend[256];
    snprintf(mend, sizeof mend, "did you mean `%s`?", nearest != NULL ? nearest : "");
    hm_diagnostic warning = {
            .status = HM_UNKNOWN_NAME,
            .severity = HM_SEVERITY_WARNING,
            .node = key,
            .mend = nearest != NULL ? mend : NULL,
    };
    hm_faults_format(build->faults, warning, "nothing reads the config key `%s`", key);
}

static void report(hm_build *build, const hm_graph_node *node, hm_status status,
        const char *what) {
    hm_diagnostic fault = hm_build_fault(status, node->function, node->name);
    hm_faults_format(build->faults, fault, "config gives `%s`, which %s `%s`: %s",
            node->name, node->parameter != NULL ? "is an input of" : "replaces",
            node->function->name, what);
}

static hm_status read_json(hm_build *build, const hm_graph_node *node,
        const hm_value *json, hm_value *read) {
    const char *text;
    memcpy(&text, hm_value_data(json), sizeof text);
    hm_error error;
    hm_status status =
            hm_json_read(text, node->type, build->options->allocator, read, &error);
    if (status != HM_OK && status != HM_NO_MEMORY) {
        report(build, node, status, error.message);
    }
    return status;
}

// HM_OK if *read is set; any other status but HM_NO_MEMORY is reported already.
static hm_status read_value(hm_build *build, const hm_graph_node *node,
        const hm_value *value, hm_value *read) {
    if (value->type->kind == HM_KIND_JSON) {
        return read_json(build, node, value, read);
    }
    if (!hm_type_equal(value->type, node->type)) {
        char what[512];
        snprintf(what, sizeof what, "expected %s, but found %s", node->type->name,
                value->type->name);
        report(build, node, HM_TYPE_MISMATCH, what);
        return HM_TYPE_MISMATCH;
    }
    return hm_value_copy(value, &build->graph->arena, read) ? HM_OK : HM_NO_MEMORY;
}

static hm_status supply(hm_build *build, uint32_t index, uint32_t *searches) {
    hm_graph *graph = build->graph;
    const hm_binding *binding = &build->options->config[index];
    uint32_t id = hm_names_find(&graph->names, binding->name);
    if (id == HM_NAMES_ABSENT) {
        if (hm_names_find(&build->condition_keys, binding->name) == HM_NAMES_ABSENT) {
            warn_unread(build, binding->name, searches);
        }
        return HM_OK;
    }
    hm_graph_node *node = &graph->nodes[id];
    hm_binding *supplied = &graph->config[graph->config_count];
    hm_status status = read_value(build, node, &binding->value, &supplied->value);
    if (status != HM_OK) {
        return status == HM_NO_MEMORY ? status : HM_OK;
    }
    supplied->name = node->name;
    node->config = graph->config_count++;
    return HM_OK;
}

hm_status hm_build_supply(hm_build *build) {
    hm_graph *graph = build->graph;
    size_t count = build->options->config_count;
    graph->config = hm_arena_array(&graph->arena, count, sizeof *graph->config);
    if (graph->config == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t searches = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (build->config_is_sound[i]) {
            HM_TRY(supply(build, i, &searches));
        }
    }
    return HM_OK;
}
