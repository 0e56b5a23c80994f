// graph_trial.c — see graph_trial.h.

#include "tests/support/graph_trial.h"

#include <stdlib.h>

#include "base/allocator.h"

void hm_graph_trial_init(hm_graph_trial *trial) {
    *trial = (hm_graph_trial){0};
    trial->options.modules = trial->modules;
    trial->options.libraries = trial->libraries;
    trial->options.config = trial->config;
    trial->options.allocator = hm_allocator_default();
    hm_text_init(&trial->told, NULL);
}

static void forget(hm_graph_trial *trial) {
    hm_graph_destroy(trial->graph);
    hm_diagnostics_destroy(trial->list);
    hm_text_clear(&trial->told);
    trial->graph = NULL;
    trial->list = NULL;
}

void hm_graph_trial_finish(hm_graph_trial *trial) {
    forget(trial);
    hm_text_finish(&trial->told);
    hm_module_text_finish();
}

hm_module *hm_graph_trial_module(
        hm_graph_trial *trial, const char *file, const char *text) {
    hm_module *module = hm_module_text(file, text);
    trial->modules[trial->options.module_count++] = module;
    return module;
}

hm_module *hm_graph_trial_library(
        hm_graph_trial *trial, const char *file, const char *text) {
    hm_module *module = hm_module_text(file, text);
    trial->libraries[trial->options.library_count++] = module;
    return module;
}

void hm_graph_trial_config(hm_graph_trial *trial, const char *key, hm_value value) {
    trial->config[trial->options.config_count++] = (hm_binding){key, value};
}

static void tell(hm_text *told, const hm_diagnostic *fault) {
    if (fault->severity == HM_SEVERITY_WARNING) {
        hm_text_append(told, "warning: ");
    }
    if (fault->file != NULL && fault->line > 0) {
        hm_text_format(told, "%s:%u: ", fault->file, (unsigned)fault->line);
    } else if (fault->file != NULL) {
        hm_text_format(told, "%s: ", fault->file);
    }
    hm_text_append(told, fault->message);
    if (fault->mend != NULL) {
        hm_text_format(told, "; %s", fault->mend);
    }
    hm_text_append(told, "\n");
}

const char *hm_graph_trial_build(hm_graph_trial *trial) {
    forget(trial);
    if (hm_diagnostics_create(NULL, &trial->list) != HM_OK) {
        abort();
    }
    hm_faults faults = {.list = trial->list, .error = &trial->error};
    trial->status = hm_graph_create(&trial->options, &trial->graph, &faults);
    for (size_t i = 0; i < hm_diagnostics_count(trial->list); i++) {
        tell(&trial->told, hm_diagnostics_at(trial->list, i));
    }
    return hm_text_get(&trial->told);
}

const char *hm_graph_trial_nodes(hm_graph_trial *trial) {
    hm_text *told = &trial->told;
    hm_text_clear(told);
    for (uint32_t id = 0; id < hm_graph_node_count(trial->graph); id++) {
        hm_node node = hm_graph_describe(trial->graph, id);
        hm_text_format(told, "%s%s", id > 0 ? " " : "", node.name);
        for (uint32_t i = 0; i < node.dependency_count; i++) {
            uint32_t needed = node.dependencies[i];
            hm_text_format(told, "%c%s", i == 0 ? '(' : ',',
                    needed != HM_NONE ? hm_graph_describe(trial->graph, needed).name
                                      : "-");
        }
        if (!node.is_input) {
            hm_text_append(told, node.dependency_count > 0 ? ")" : "()");
        }
    }
    return hm_text_get(told);
}
