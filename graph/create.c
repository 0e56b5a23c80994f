// create.c — the steps that make a graph, and its end.

#include "base/allocator.h"
#include "base/error.h"
#include "graph/build.h"
#include "graph/conditions.h"

// A fault in the tables or in config makes what follows unsafe or misleading, so these
// are told first, alone.
static hm_status run_steps(hm_build *build) {
    HM_TRY(hm_build_check(build));
    HM_TRY(hm_build_index_config(build));
    if (build->faults->count > 0) {
        return build->faults->first;
    }
    HM_TRY(hm_build_define(build));
    HM_TRY(hm_build_materialize(build));
    HM_TRY(hm_build_wire(build));
    HM_TRY(hm_build_check_scopes(build));
    HM_TRY(hm_conditions_explain_absent(build));
    HM_TRY(hm_build_order(build));
    HM_TRY(hm_build_number(build));
    HM_TRY(hm_build_supply(build));
    return build->faults->first;
}

static hm_status build_graph(
        const hm_graph_options *options, hm_graph *graph, hm_faults *faults) {
    hm_build build = {.options = options, .faults = faults, .graph = graph};
    hm_arena_init(&build.scratch, options->allocator);
    hm_names_init(&build.config_keys, options->allocator);
    hm_names_init(&build.condition_keys, options->allocator);
    hm_names_init(&build.module_files, options->allocator);
    hm_names_init(&build.scope_paths, options->allocator);
    hm_status status = run_steps(&build);
    hm_build_forget_functions(&build);
    hm_names_finish(&build.scope_paths);
    hm_names_finish(&build.module_files);
    hm_names_finish(&build.condition_keys);
    hm_names_finish(&build.config_keys);
    hm_arena_finish(&build.scratch);
    return status;
}

hm_status hm_graph_create(
        const hm_graph_options *options, hm_graph **graph, hm_faults *faults) {
    hm_graph *created = hm_allocate_array(options->allocator, 1, sizeof *created);
    hm_status status = HM_NO_MEMORY;
    if (created != NULL) {
        created->allocator = options->allocator;
        hm_arena_init(&created->arena, options->allocator);
        hm_names_init(&created->names, options->allocator);
        hm_names_init(&created->absent_names, options->allocator);
        status = build_graph(options, created, faults);
    }
    if (status == HM_OK) {
        *graph = created;
        return HM_OK;
    }
    hm_graph_destroy(created);
    if (status == HM_NO_MEMORY) {
        hm_error_no_memory(faults->error);
    }
    return status;
}

void hm_graph_destroy(hm_graph *graph) {
    if (graph == NULL) {
        return;
    }
    const hm_allocator *allocator = graph->allocator;
    for (uint32_t i = 0; i < graph->config_count; i++) {
        hm_value_release(&graph->config[i].value);
    }
    hm_names_finish(&graph->absent_names);
    hm_names_finish(&graph->names);
    hm_arena_finish(&graph->arena);
    hm_deallocate_array(allocator, graph, 1, sizeof *graph);
}
