// cmd_lineage.c — hamilton lineage: what a node needs, and what needs it.

#include <stdio.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/describe.h"
#include "cli/grid.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/tags.h"

static hm_status print_names(
        hm_session *session, const hm_graph *graph, const uint32_t *ids, size_t count) {
    static const hm_grid_column columns[] = {{"name", HM_ALIGN_LEFT}};
    hm_grid grid = {.columns = columns, .column_count = 1, .hide_titles = true};
    const char **names = hm_arena_array(&session->arena, count, sizeof *names);
    if (names == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = hm_graph_describe(graph, ids[i]).name;
        HM_TRY(hm_grid_add(session, &grid, names[i]));
    }
    switch (hm_output_format_of(session)) {
    case HM_OUTPUT_TABLE:
        return hm_grid_print(session, &grid);
    case HM_OUTPUT_CSV:
        return hm_grid_print_csv(session, &grid);
    default:
        hm_output_json_names(names, count);
        putchar('\n');
        return HM_OK;
    }
}

static hm_status print_selected(
        hm_session *session, const hm_graph *graph, const bool *selected) {
    const bool *tagged;
    HM_TRY(hm_tags_read(session, graph, &tagged));
    uint32_t node_count = hm_graph_node_count(graph);
    uint32_t *ids = hm_arena_array(&session->arena, node_count, sizeof *ids);
    if (ids == NULL) {
        return hm_session_no_memory(session);
    }
    size_t count = 0;
    for (uint32_t id = 0; id < node_count; id++) {
        if (selected[id] && (tagged == NULL || tagged[id])) {
            ids[count++] = id;
        }
    }
    return hm_arguments_value(session, "verbose") != NULL
                   ? hm_describe_nodes(session, graph, ids, count)
                   : print_names(session, graph, ids, count);
}

static hm_status lineage(hm_session *session) {
    size_t asked = 0;
    for (size_t i = 0; i < session->given_count; i++) {
        for (const hm_option *o = hm_lineage_options; o->name != NULL; o++) {
            asked += session->given[i].option == o;
        }
    }
    if (asked == 0) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "give --upstream NAME, --downstream NAME or --between A B",
                "`lineage` needs to know of what");
    }
    hm_dataflow dataflow;
    const bool *selected = NULL;
    hm_status status = hm_dataflow_init(session, &dataflow);
    if (status == HM_OK) {
        status = hm_selection_read(session, dataflow.graph, &selected);
    }
    if (status == HM_OK) {
        status = print_selected(session, dataflow.graph, selected);
    }
    hm_dataflow_finish(&dataflow);
    return status;
}

static const hm_option lineage_options[] = {
        {.name = "verbose",
                .letter = 'v',
                .help = "all that `list` tells of them, not the names alone"},
        {.name = NULL},
};

static const hm_option *const options[] = {hm_lineage_options, hm_tag_options,
        lineage_options, hm_format_options, hm_dataflow_options, hm_compile_options,
        hm_help_options, NULL};

const hm_command hm_command_lineage = {
        .name = "lineage",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "what a node needs, what needs it, what lies between two",
        .details =
                "Prints names in topological order: what is needed comes before what "
                "needs it. Ends and inputs are included. Where several options are "
                "given, what any of them means is printed.\n\n"
                "As JSON, this is an array of names, or with --verbose of objects as "
                "`hamilton list` prints them.",
        .example = "hamilton lineage marketing.c --between spend spend_std_dev",
        .options = options,
        .run = lineage,
};
