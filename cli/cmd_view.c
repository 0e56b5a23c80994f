// cmd_view.c — hamilton view: draws a dataflow.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/file.h"
#include "cli/graphviz.h"
#include "cli/interrupt.h"
#include "cli/question.h"
#include "cli/selection.h"

// What a file's suffix asks for; NULL is the DOT text itself.
typedef struct hm_picture {
    const char *suffix;
    const char *format;
} hm_picture;

enum { MOST_SECONDS = 1000000 };

static const hm_picture pictures[] = {{".dot", NULL}, {".gv", NULL}, {".svg", "svg"},
        {".png", "png"}, {".pdf", "pdf"}};

static hm_status find_picture(
        hm_session *session, const char *path, const hm_picture **picture) {
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        if (hm_file_has_suffix(path, pictures[i].suffix)) {
            *picture = &pictures[i];
            return HM_OK;
        }
    }
    return hm_session_fail(session, HM_BAD_ARGUMENT,
            "its suffix can be .dot, .gv, .svg, .png or .pdf",
            "it is not known how to draw `%s`", path);
}

// The DOT text of what the options choose.
static hm_status draw(hm_session *session, const hm_graph *graph, hm_text *dot,
        uint32_t *shown_count) {
    hm_drawing drawing = HM_DRAWING_INIT;
    HM_TRY(hm_selection_read(session, graph, &drawing.shown));
    *shown_count = 0;
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        *shown_count += drawing.shown == NULL || drawing.shown[id];
    }
    hm_words marked = {0};
    HM_TRY(hm_question_names(session, "highlight", &marked));
    uint32_t *ids = hm_arena_array(&session->arena, marked.count, sizeof *ids);
    if (ids == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < marked.count; i++) {
        HM_TRY(hm_selection_find(session, graph, marked.items[i], &ids[i]));
    }
    drawing.highlighted = ids;
    drawing.highlighted_count = marked.count;
    drawing.orientation = hm_arguments_value(session, "top-to-bottom") != NULL
                                  ? HM_TOP_TO_BOTTOM
                                  : HM_LEFT_TO_RIGHT;
    drawing.hide_inputs = hm_arguments_value(session, "hide-inputs") != NULL;
    drawing.show_fields = hm_arguments_value(session, "hide-fields") == NULL;
    drawing.show_legend = hm_arguments_value(session, "legend") != NULL;
    hm_status status = hm_graph_draw(graph, &drawing, hm_text_write, dot);
    return status == HM_OK && !dot->failed ? HM_OK : hm_session_no_memory(session);
}

static hm_status write_drawing(hm_session *session, const hm_graph *graph,
        const hm_picture *picture, const char *path, uint32_t limit) {
    hm_text dot;
    hm_text_init(&dot, NULL);
    uint32_t shown_count;
    hm_status status = draw(session, graph, &dot, &shown_count);
    if (status == HM_OK && picture == NULL) {
        fputs(hm_text_get(&dot), stdout);
    } else if (status == HM_OK && picture->format == NULL) {
        status = hm_file_write(session, path, hm_text_get(&dot), dot.length);
    } else if (status == HM_OK) {
        hm_interrupt_hold();
        status = hm_graphviz_draw(session, hm_text_get(&dot), dot.length, shown_count,
                picture->format, path, limit);
        hm_interrupt_release();
    }
    hm_text_finish(&dot);
    return status;
}

static hm_status view(hm_session *session) {
    const char *path = hm_arguments_value(session, "output");
    const hm_picture *picture = NULL;
    uint32_t limit = 60;
    if (path != NULL && strcmp(path, "-") != 0) {
        HM_TRY(find_picture(session, path, &picture));
    }
    HM_TRY(hm_arguments_number(session, "time-limit", MOST_SECONDS, &limit));
    hm_dataflow dataflow;
    hm_status status = hm_dataflow_init(session, &dataflow);
    if (status == HM_OK) {
        status = write_drawing(session, dataflow.graph, picture, path, limit);
    }
    hm_dataflow_finish(&dataflow);
    return status;
}

static const hm_option view_options[] = {
        {.name = "output",
                .letter = 'o',
                .operand = "FILE",
                .help = "the file to write: .dot, .gv, .svg, .png or .pdf; without it, "
                        "DOT goes to standard output"},
        {.name = "highlight",
                .operand = "NAME[,NAME...]",
                .help = "nodes to stand out"},
        {.name = "hide-fields", .help = "draws structs without their fields"},
        {.name = "hide-inputs", .help = "draws computed nodes only"},
        {.name = "legend", .help = "adds a legend"},
        {.name = "top-to-bottom", .help = "draws downwards instead of to the right"},
        {.name = "time-limit",
                .operand = "SECONDS",
                .help = "when to give up a picture; 60 without it"},
        {.name = NULL},
};

static const hm_option *const options[] = {view_options, hm_lineage_options,
        hm_dataflow_options, hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_view = {
        .name = "view",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "draw it",
        .details =
                "Draws the dataflow, or a part of it. DOT text can always be written; "
                "for pictures `dot` of Graphviz is called. Graphs of more than a "
                "thousand nodes are drawn in a simpler way.",
        .example = "hamilton view marketing.c -o marketing.svg --upstream spend_mean",
        .options = options,
        .run = view,
};
