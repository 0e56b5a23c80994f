// cmd_diff.c — hamilton diff: which nodes two versions of a module have, and which
// differ.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/code_version.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/grid.h"
#include "cli/output.h"
#include "cli/revision.h"
#include "cli/words.h"

typedef struct hm_difference {
    hm_words added;
    hm_words removed;
    hm_words edited;
} hm_difference;

// One of the two sides.
typedef struct hm_side {
    hm_dataflow dataflow;
    hm_code_version *nodes;
    size_t count;
} hm_side;

// Builds a side from one operand, as if it were the only one. Finish it in any case.
static hm_status init_side(hm_session *session, const char *operand, hm_side *side) {
    *side = (hm_side){0};
    const char *path;
    HM_TRY(hm_revision_path(session, operand, &path));
    const char *const *operands = session->operands;
    size_t operand_count = session->operand_count;
    session->operands = &path;
    session->operand_count = 1;
    hm_status status = hm_dataflow_init(session, &side->dataflow);
    session->operands = operands;
    session->operand_count = operand_count;
    HM_TRY(status);
    return hm_code_versions(session, side->dataflow.graph, &side->nodes, &side->count);
}

static bool same_version(const hm_code_version *a, const hm_code_version *b) {
    return a->version == NULL || b->version == NULL
                   ? a->version == b->version
                   : strcmp(a->version, b->version) == 0;
}

// Walks both sorted lists side by side.
static hm_status compare(hm_session *session, const hm_side *old_side,
        const hm_side *new_side, hm_difference *difference) {
    size_t o = 0;
    size_t n = 0;
    while (o < old_side->count || n < new_side->count) {
        int order = o == old_side->count ? 1
                    : n == new_side->count
                            ? -1
                            : strcmp(old_side->nodes[o].name, new_side->nodes[n].name);
        if (order < 0) {
            HM_TRY(hm_words_add(
                    session, &difference->removed, old_side->nodes[o++].name));
        } else if (order > 0) {
            HM_TRY(hm_words_add(
                    session, &difference->added, new_side->nodes[n++].name));
        } else {
            if (!same_version(&old_side->nodes[o], &new_side->nodes[n])) {
                HM_TRY(hm_words_add(
                        session, &difference->edited, new_side->nodes[n].name));
            }
            o++;
            n++;
        }
    }
    return HM_OK;
}

static hm_status add_rows(
        hm_session *session, hm_grid *grid, const char *change, const hm_words *names) {
    for (size_t i = 0; i < names->count; i++) {
        HM_TRY(hm_grid_add(session, grid, change));
        HM_TRY(hm_grid_add(session, grid, names->items[i]));
    }
    return HM_OK;
}

static void print_json(const hm_difference *difference) {
    fputs("{\"added\": ", stdout);
    hm_output_json_names(difference->added.items, difference->added.count);
    fputs(", \"removed\": ", stdout);
    hm_output_json_names(difference->removed.items, difference->removed.count);
    fputs(", \"edited\": ", stdout);
    hm_output_json_names(difference->edited.items, difference->edited.count);
    puts("}");
}

static hm_status print(hm_session *session, const hm_difference *difference) {
    hm_output_format format = hm_output_format_of(session);
    if (format == HM_OUTPUT_JSON) {
        print_json(difference);
        return HM_OK;
    }
    static const hm_grid_column columns[] = {
            {"change", HM_ALIGN_LEFT}, {"node", HM_ALIGN_LEFT}};
    hm_grid grid = {.columns = columns, .column_count = 2, .hide_titles = true};
    HM_TRY(add_rows(session, &grid, "added", &difference->added));
    HM_TRY(add_rows(session, &grid, "removed", &difference->removed));
    HM_TRY(add_rows(session, &grid, "edited", &difference->edited));
    return format == HM_OUTPUT_CSV ? hm_grid_print_csv(session, &grid)
                                   : hm_grid_print(session, &grid);
}

static hm_status diff(hm_session *session) {
    hm_side old_side;
    hm_side new_side;
    hm_difference difference = {0};
    hm_status status = init_side(session, session->operands[0], &old_side);
    hm_status other = init_side(session, session->operands[1], &new_side);
    status = status == HM_OK ? other : status;
    if (status == HM_OK) {
        status = compare(session, &old_side, &new_side, &difference);
    }
    if (status == HM_OK) {
        status = print(session, &difference);
    }
    hm_dataflow_finish(&old_side.dataflow);
    hm_dataflow_finish(&new_side.dataflow);
    return status;
}

static const hm_option *const options[] = {hm_format_options, hm_dataflow_options,
        hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_diff = {
        .name = "diff",
        .operands = "OLD NEW",
        .least_operands = 2,
        .most_operands = 2,
        .summary =
                "nodes added, removed, edited between two modules or two git revisions "
                "(REV:path)",
        .details =
                "Compares the nodes of two modules by name and code version: comments, "
                "white space and the order of functions make no difference. Each is a "
                ".c "
                "or .so file, or REV:path, a file of a git revision, which is seen "
                "with "
                "all .c and .h files of that revision. As for git, the path begins at "
                "the "
                "root of the repository; REV:./path begins here.\n\n"
                "Nodes that exist under some configurations only are compared under "
                "that "
                "of --config. The exit status is 0 also when there are differences.\n\n"
                "As JSON, this is {\"added\": [], \"removed\": [], \"edited\": []}.",
        .example = "hamilton diff HEAD~1:marketing.c marketing.c",
        .options = options,
        .run = diff,
};
