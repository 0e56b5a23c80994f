// cmd_list.c — hamilton list: the nodes and inputs of a dataflow.

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/describe.h"
#include "cli/tags.h"

// A name and its node, to be sorted.
typedef struct hm_named {
    const char *name;
    uint32_t id;
} hm_named;

static int compare_names(const void *a, const void *b) {
    return strcmp(((const hm_named *)a)->name, ((const hm_named *)b)->name);
}

static hm_status list_all(hm_session *session, const hm_graph *graph) {
    const bool *tagged;
    HM_TRY(hm_tags_read(session, graph, &tagged));
    uint32_t node_count = hm_graph_node_count(graph);
    uint32_t count = 0;
    hm_named *named = hm_arena_array(&session->arena, node_count, sizeof *named);
    uint32_t *ids = hm_arena_array(&session->arena, node_count, sizeof *ids);
    if (named == NULL || ids == NULL) {
        return hm_session_no_memory(session);
    }
    for (uint32_t id = 0; id < node_count; id++) {
        if (tagged == NULL || tagged[id]) {
            named[count++] = (hm_named){hm_graph_describe(graph, id).name, id};
        }
    }
    qsort(named, count, sizeof *named, compare_names);
    for (uint32_t i = 0; i < count; i++) {
        ids[i] = named[i].id;
    }
    return hm_describe_nodes(session, graph, ids, count);
}

static hm_status list(hm_session *session) {
    hm_dataflow dataflow;
    hm_status status = hm_dataflow_init(session, &dataflow);
    if (status == HM_OK) {
        status = list_all(session, dataflow.graph);
    }
    hm_dataflow_finish(&dataflow);
    return status;
}

static const hm_option list_options[] = {
        {.name = "long", .letter = 'l', .help = "shows the fields of structs as well"},
        {.name = NULL},
};

static const hm_option *const options[] = {list_options, hm_tag_options,
        hm_format_options, hm_dataflow_options, hm_compile_options, hm_help_options,
        NULL};

const hm_command hm_command_list = {
        .name = "list",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "its nodes and inputs, with types, shapes, docs, tags",
        .details =
                "Lists all nodes and inputs of the dataflow by name, or those that "
                "--tag "
                "asks for.\n\n"
                "As JSON, each is an object with name, kind (node or input), type (of "
                "one element), fields (of a struct: name, type and, of an array, "
                "length), shape (one or array), dimension (what the length of an "
                "array is called), module, file, line, doc, tags, "
                "inputs (the names that it reads), optional (those of them that have a "
                "default) and version (of its code).",
        .example = "hamilton list marketing.c --format json",
        .options = options,
        .run = list,
};
