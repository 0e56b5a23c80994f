// graph_trial.h — a graph built from texts, and what was said about it:
//
//     hm_graph_trial trial;
//     hm_graph_trial_init(&trial);
//     hm_graph_trial_module(&trial, "spend.c", "double cost(double spend);\n");
//     ck_assert_str_eq(hm_graph_trial_build(&trial), "");
//     ... trial.graph ...
//     hm_graph_trial_finish(&trial);

#ifndef HM_TESTS_SUPPORT_GRAPH_TRIAL_H
#define HM_TESTS_SUPPORT_GRAPH_TRIAL_H

#include <hamilton/status.h>

#include "base/diagnostics.h"
#include "base/text.h"
#include "graph/graph.h"
#include "tests/support/module_text.h"

enum { HM_TRIAL_MODULES = 8, HM_TRIAL_CONFIG = 8 };

typedef struct hm_graph_trial {
    hm_graph_options options; // may be changed before the build
    const hm_module *modules[HM_TRIAL_MODULES];
    const hm_module *libraries[HM_TRIAL_MODULES];
    hm_binding config[HM_TRIAL_CONFIG];

    hm_graph *graph; // NULL if it failed
    hm_status status;
    hm_error error;
    hm_diagnostics *list;
    hm_text told;
} hm_graph_trial;

void hm_graph_trial_init(hm_graph_trial *trial);
void hm_graph_trial_finish(hm_graph_trial *trial);

// The module may be changed before the build.
hm_module *hm_graph_trial_module(
        hm_graph_trial *trial, const char *file, const char *text);
hm_module *hm_graph_trial_library(
        hm_graph_trial *trial, const char *file, const char *text);
void hm_graph_trial_config(hm_graph_trial *trial, const char *key, hm_value value);

// Builds anew. All that was said, a line each: "file:line: message; mend", a warning
// with "warning: " in front.
const char *hm_graph_trial_build(hm_graph_trial *trial);

// The nodes in their order, as "spend cost(spend)": an input, and what reads it.
const char *hm_graph_trial_nodes(hm_graph_trial *trial);

#endif
