// cmd_version.c — hamilton version: the code version of each node, and of all together.

#include <stdio.h>

#include "base/error.h"
#include "cli/code_version.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/grid.h"
#include "cli/output.h"

static void print_json(const char *whole, const hm_code_version *nodes, size_t count) {
    fputs("{\"dataflow\": ", stdout);
    hm_output_json_text(whole);
    fputs(", \"nodes\": {", stdout);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", stdout);
        hm_output_json_text(nodes[i].name);
        fputs(": ", stdout);
        hm_output_json_text(nodes[i].version);
    }
    puts("}}");
}

static hm_status print(
        hm_session *session, const hm_code_version *nodes, size_t count) {
    static const hm_grid_column columns[] = {
            {"node", HM_ALIGN_LEFT}, {"version", HM_ALIGN_LEFT}};
    hm_grid grid = {.columns = columns, .column_count = 2, .keep_together = true};
    char whole[HM_DIGEST_SIZE];
    HM_TRY(hm_code_versions_digest(session, nodes, count, whole));
    for (size_t i = 0; i < count; i++) {
        HM_TRY(hm_grid_add(session, &grid, nodes[i].name));
        HM_TRY(hm_grid_add(
                session, &grid, nodes[i].version != NULL ? nodes[i].version : ""));
    }
    switch (hm_output_format_of(session)) {
    case HM_OUTPUT_TABLE:
        printf("dataflow %s\n\n", whole);
        return hm_grid_print(session, &grid);
    case HM_OUTPUT_CSV:
        return hm_grid_print_csv(session, &grid);
    default:
        print_json(whole, nodes, count);
        return HM_OK;
    }
}

static hm_status version(hm_session *session) {
    hm_dataflow dataflow;
    hm_code_version *nodes;
    size_t count;
    hm_status status = hm_dataflow_init(session, &dataflow);
    if (status == HM_OK) {
        status = hm_code_versions(session, dataflow.graph, &nodes, &count);
    }
    if (status == HM_OK) {
        status = print(session, nodes, count);
    }
    hm_dataflow_finish(&dataflow);
    return status;
}

static const hm_option *const options[] = {hm_format_options, hm_dataflow_options,
        hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_version = {
        .name = "version",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "code version of each node and of the dataflow",
        .details = "A node's version changes when the code of its function does, or "
                   "anything "
                   "that the function uses: static functions, macros, types, globals. "
                   "Comments and white space do not count. The dataflow's changes when "
                   "that "
                   "of any node does, or when nodes come and go.\n\n"
                   "As JSON, this is {\"dataflow\": \"...\", \"nodes\": {\"NAME\": "
                   "\"...\"}}.",
        .example = "hamilton version marketing.c",
        .options = options,
        .run = version,
};
