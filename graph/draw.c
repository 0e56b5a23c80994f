// draw.c — the drawing of a graph as Graphviz' DOT text, in Hamilton's manner:
// functions are rounded boxes, inputs dashed, outputs yellow.
//
// A function with several outputs gets a small box of its own between what it reads and
// what it makes. An edge ends in a crow's foot where an array is read element by
// element, and begins with one where elements are read as an array. What a subdag makes
// has a frame.

#include <string.h>

#include <hamilton/graph.h>

#include "base/allocator.h"
#include "graph/data_object.h"
#include "graph/dot.h"
#include "graph/graph.h"

enum {
    LARGE = 1000,      // nodes, from which on Graphviz is told to hurry
    LONGEST_NAME = 80, // characters
    LONGEST_TYPE = 60,
    LONGEST_DOC = 1000,
    MOST_FIELDS = 24,
};

typedef enum hm_look {
    HM_LOOK_INPUT,
    HM_LOOK_CONFIG,
    HM_LOOK_ONE,
    HM_LOOK_ARRAY,
    HM_LOOK_EXPANSION,
    HM_LOOK_OUTPUT,
    HM_LOOK_COUNT,
} hm_look;

static const struct {
    const char *meaning;
    const char *attributes;
} looks[HM_LOOK_COUNT] = {
        [HM_LOOK_INPUT] = {"input",
                "style=\"rounded,filled,dashed\", fillcolor=\"#FFFFFF\", "
                "color=\"#8793A0\""},
        [HM_LOOK_CONFIG] = {"config",
                "shape=note, style=filled, fillcolor=\"#F5EFD8\", color=\"#B5A368\""},
        [HM_LOOK_ONE] = {"node", "fillcolor=\"#B4D8E4\""},
        [HM_LOOK_ARRAY] = {"array", "fillcolor=\"#B4D8E4\", peripheries=2"},
        [HM_LOOK_EXPANSION] = {"expansion",
                "fillcolor=\"#BFE8CF\", color=\"#3C9A63\", peripheries=2"},
        [HM_LOOK_OUTPUT] = {"output", "fillcolor=\"#FFC857\", color=\"#B8862B\""},
};

typedef struct hm_sketch {
    const hm_graph *graph;
    hm_drawing drawing;
    bool *is_highlighted; // an element per node
    uint32_t shown_count;
    bool is_used[HM_LOOK_COUNT];
    hm_dot dot;
} hm_sketch;

static bool is_shown(const hm_sketch *sketch, uint32_t id) {
    const hm_drawing *drawing = &sketch->drawing;
    bool is_input = sketch->graph->nodes[id].call == HM_NONE;
    return (drawing->shown == NULL || drawing->shown[id]) &&
           !(drawing->hide_inputs && is_input);
}

static uint32_t shown_result_count(const hm_sketch *sketch, const hm_graph_call *call) {
    uint32_t count = 0;
    for (size_t i = 0; i < call->function->output_count; i++) {
        uint32_t node = sketch->graph->results[call->first_result + i];
        count += node != HM_NONE && is_shown(sketch, node);
    }
    return count;
}

static hm_look look_of(const hm_graph_node *node) {
    if (node->config != HM_NONE) {
        return HM_LOOK_CONFIG;
    }
    if (node->call == HM_NONE) {
        return HM_LOOK_INPUT;
    }
    switch (node->function->outputs[node->output].shape) {
    case HM_ONE:
        return HM_LOOK_ONE;
    case HM_ARRAY:
        return HM_LOOK_ARRAY;
    case HM_EXPANSION:
        return HM_LOOK_EXPANSION;
    }
    return HM_LOOK_ONE;
}

static void survey(hm_sketch *sketch) {
    const hm_graph *graph = sketch->graph;
    for (uint32_t id = 0; id < graph->node_count; id++) {
        if (!is_shown(sketch, id)) {
            continue;
        }
        const hm_graph_node *node = &graph->nodes[id];
        sketch->shown_count++;
        sketch->is_used[look_of(node)] = true;
        sketch->is_used[HM_LOOK_OUTPUT] |= sketch->is_highlighted[id];
    }
}

static void write_head(hm_sketch *sketch) {
    hm_dot *dot = &sketch->dot;
    bool is_top_down = sketch->drawing.orientation == HM_TOP_TO_BOTTOM;
    hm_dot_format(dot,
            "digraph dataflow {\n"
            "    graph [rankdir=%s, ranksep=%s, nodesep=0.25, bgcolor=\"#FFFFFF\", "
            "fontname=\"Helvetica\", fontsize=11, fontcolor=\"#52606D\"%s];\n",
            is_top_down ? "TB" : "LR", is_top_down ? "0.45" : "0.6",
            sketch->shown_count > LARGE ? ", splines=line, nslimit=1" : "");
    hm_dot_put(dot, "    node [shape=box, style=\"rounded,filled\", "
                    "fillcolor=\"#B4D8E4\", color=\"#5B8CA0\", "
                    "fontname=\"Helvetica\", fontsize=12, fontcolor=\"#1F2933\", "
                    "margin=\"0.15,0.08\", height=0.45];\n"
                    "    edge [color=\"#7B8794\", arrowsize=0.7];\n");
}

// dimension is NULL for one value.
static void write_type(hm_dot *dot, const hm_type *type, const char *dimension) {
    hm_dot_put(dot, "<font point-size=\"10\" color=\"#52606D\"><i>");
    hm_dot_html(dot, type->name, LONGEST_TYPE);
    if (dimension != NULL) {
        hm_dot_put(dot, "[");
        hm_dot_html(dot, dimension, LONGEST_NAME);
        hm_dot_put(dot, "]");
    }
    hm_dot_put(dot, "</i></font>");
}

static void write_fields(hm_dot *dot, const hm_type *type) {
    for (size_t i = 0; i < type->field_count && i < MOST_FIELDS; i++) {
        const hm_field *field = &type->fields[i];
        hm_dot_put(dot, "<tr><td align=\"left\" bgcolor=\"#D9EAF1\">"
                        "<font face=\"Courier\" point-size=\"10\">");
        hm_dot_html(dot, field->name, LONGEST_NAME);
        hm_dot_put(dot, "</font></td><td align=\"left\" bgcolor=\"#D9EAF1\">");
        write_type(dot, field->type, NULL);
        if (field->length > 0) {
            hm_dot_format(dot, "<font point-size=\"10\">[%zu]</font>", field->length);
        }
        hm_dot_put(dot, "</td></tr>");
    }
    if (type->field_count > MOST_FIELDS) {
        hm_dot_format(dot, "<tr><td colspan=\"2\">and %zu more</td></tr>",
                type->field_count - MOST_FIELDS);
    }
}

// The frame of modules goes before those of subdags: they would cross.
static bool is_framed_by_module(const hm_sketch *sketch, const hm_graph_node *node) {
    return sketch->drawing.show_modules && node->call != HM_NONE;
}

static const hm_graph_space *space_of(
        const hm_sketch *sketch, const hm_graph_node *node) {
    return sketch->drawing.show_modules ? NULL : node->space;
}

static void write_label(hm_sketch *sketch, const hm_graph_node *node) {
    hm_dot *dot = &sketch->dot;
    // What metadata have is always the same.
    bool has_fields = sketch->drawing.show_fields && node->type->field_count > 0 &&
                      !hm_type_equal(node->type, &hm_metadata_type);
    if (has_fields) {
        hm_dot_put(dot, "<<table border=\"0\" cellborder=\"0\" cellspacing=\"2\">"
                        "<tr><td colspan=\"2\">");
    } else {
        hm_dot_put(dot, "<");
    }
    hm_dot_put(dot, "<b>");
    const hm_graph_space *space = space_of(sketch, node);
    hm_dot_html(
            dot, node->name + (space != NULL ? space->path_length : 0), LONGEST_NAME);
    hm_dot_put(dot, "</b><br/>");
    write_type(dot, node->type, node->dimension);
    if (has_fields) {
        hm_dot_put(dot, "</td></tr>");
        write_fields(dot, node->type);
        hm_dot_put(dot, "</table>>");
    } else {
        hm_dot_put(dot, ">");
    }
}

static void write_tooltip(hm_dot *dot, const hm_function *function) {
    hm_dot_put(dot, ", tooltip=\"");
    if (function->doc != NULL) {
        hm_dot_quoted(dot, function->doc, LONGEST_DOC);
        hm_dot_put(dot, "\\n");
    }
    hm_dot_quoted(dot, function->file, LONGEST_DOC);
    hm_dot_format(dot, ":%u\"", (unsigned)function->line);
}

static void write_node(hm_sketch *sketch, uint32_t id) {
    hm_dot *dot = &sketch->dot;
    const hm_graph_node *node = &sketch->graph->nodes[id];
    hm_dot_format(dot, "n%u [label=", (unsigned)id);
    write_label(sketch, node);
    hm_dot_format(dot, ", %s", looks[look_of(node)].attributes);
    if (sketch->is_highlighted[id]) {
        hm_dot_format(dot, ", %s", looks[HM_LOOK_OUTPUT].attributes);
    }
    if (node->call != HM_NONE) {
        write_tooltip(dot, node->function);
    }
    hm_dot_put(dot, "];");
}

static void write_call(hm_sketch *sketch, uint32_t index) {
    hm_dot *dot = &sketch->dot;
    const hm_function *function = sketch->graph->calls[index].function;
    hm_dot_format(dot,
            "c%u [shape=box, style=\"rounded,filled\", fillcolor=\"#E8F2F6\", "
            "color=\"#B4D8E4\", height=0.25, margin=\"0.1,0.03\", "
            "label=<<font point-size=\"10\" color=\"#52606D\">",
            (unsigned)index);
    hm_dot_html(dot, function->name, LONGEST_NAME);
    hm_dot_put(dot, "( )</font>>");
    write_tooltip(dot, function);
    hm_dot_put(dot, "];");
}

// A frame is a cluster, which may be opened any number of times.
static void open_frame(
        hm_dot *dot, const char *kind, uint32_t number, const char *name) {
    hm_dot_format(dot,
            "subgraph cluster_%s%u { style=\"rounded,filled\"; "
            "fillcolor=\"#F7FAFC\"; "
            "color=\"#CBD5DD\"; label=\"",
            kind, (unsigned)number);
    hm_dot_quoted(dot, name, LONGEST_NAME);
    hm_dot_put(dot, "\"; ");
}

static void open_space(hm_dot *dot, const hm_graph_space *space) {
    if (space != NULL) {
        open_space(dot, space->outer); // as deep as subdags stand in each other
        open_frame(dot, "subdag_", space->number, space->name);
    }
}

static void open_place(hm_sketch *sketch, const hm_graph_node *node) {
    hm_dot *dot = &sketch->dot;
    hm_dot_put(dot, "    ");
    if (is_framed_by_module(sketch, node)) {
        open_frame(dot, "", node->module, sketch->graph->modules[node->module]->name);
    }
    open_space(dot, space_of(sketch, node));
}

static void close_place(hm_sketch *sketch, const hm_graph_node *node) {
    for (const hm_graph_space *space = space_of(sketch, node); space != NULL;
            space = space->outer) {
        hm_dot_put(&sketch->dot, " }");
    }
    hm_dot_put(&sketch->dot, is_framed_by_module(sketch, node) ? " }\n" : "\n");
}

static void write_nodes(hm_sketch *sketch) {
    const hm_graph *graph = sketch->graph;
    for (uint32_t id = 0; id < graph->node_count; id++) {
        if (is_shown(sketch, id)) {
            open_place(sketch, &graph->nodes[id]);
            write_node(sketch, id);
            close_place(sketch, &graph->nodes[id]);
        }
    }
}

static const char *edge_attributes(
        const hm_graph_node *node, const hm_parameter *parameter) {
    bool fans_out = look_of(node) == HM_LOOK_EXPANSION && parameter->shape == HM_ONE;
    return fans_out ? " [arrowhead=crow]" : "";
}

// Edges from what a call reads to a point: a node, or the call's own box.
static void write_arguments(hm_sketch *sketch, const hm_graph_call *call,
        const char *kind, uint32_t number) {
    const hm_graph *graph = sketch->graph;
    for (size_t i = 0; i < call->function->parameter_count; i++) {
        uint32_t node = graph->arguments[call->first_argument + i];
        if (node != HM_NONE && is_shown(sketch, node)) {
            hm_dot_format(&sketch->dot, "    n%u -> %s%u%s;\n", (unsigned)node, kind,
                    (unsigned)number,
                    edge_attributes(
                            &graph->nodes[node], &call->function->parameters[i]));
        }
    }
}

static void write_calls(hm_sketch *sketch) {
    const hm_graph *graph = sketch->graph;
    for (uint32_t i = 0; i < graph->call_count; i++) {
        const hm_graph_call *call = &graph->calls[i];
        uint32_t shown = shown_result_count(sketch, call);
        bool is_drawn = false; // its own box
        for (size_t o = 0; o < call->function->output_count && shown > 0; o++) {
            uint32_t node = graph->results[call->first_result + o];
            if (node == HM_NONE || !is_shown(sketch, node)) {
                continue;
            }
            if (shown == 1) {
                write_arguments(sketch, call, "n", node);
                break;
            }
            if (!is_drawn) {
                is_drawn = true;
                open_place(sketch, &graph->nodes[node]);
                write_call(sketch, i);
                close_place(sketch, &graph->nodes[node]);
                write_arguments(sketch, call, "c", i);
            }
            hm_dot_format(&sketch->dot, "    c%u -> n%u [arrowhead=none];\n",
                    (unsigned)i, (unsigned)node);
        }
    }
}

static void write_legend(hm_sketch *sketch) {
    hm_dot *dot = &sketch->dot;
    if (!sketch->drawing.show_legend || sketch->shown_count == 0) {
        return;
    }
    hm_dot_put(dot, "    subgraph cluster_legend { label=\"Legend\"; "
                    "style=\"rounded,dashed\"; color=\"#CBD5DD\";\n");
    for (size_t i = 0; i < HM_LOOK_COUNT; i++) {
        if (sketch->is_used[i]) {
            hm_dot_format(dot,
                    "        legend_%s [label=\"%s\", fontsize=10, "
                    "height=0.3, %s];\n",
                    looks[i].meaning, looks[i].meaning, looks[i].attributes);
        }
    }
    hm_dot_put(dot, "    }\n");
}

static bool write_sketch(hm_sketch *sketch, hm_write *write, void *to) {
    hm_dot_init(&sketch->dot, write, to);
    write_head(sketch);
    write_nodes(sketch);
    write_calls(sketch);
    write_legend(sketch);
    hm_dot_put(&sketch->dot, "}\n");
    return hm_dot_flush(&sketch->dot);
}

hm_status hm_graph_draw(
        const hm_graph *graph, const hm_drawing *drawing, hm_write *write, void *to) {
    hm_sketch sketch = {.graph = graph};
    size_t known = drawing->struct_size < sizeof sketch.drawing ? drawing->struct_size
                                                                : sizeof sketch.drawing;
    memcpy(&sketch.drawing, drawing, known);
    size_t count = graph->node_count;
    sketch.is_highlighted =
            hm_allocate_array(graph->allocator, count, sizeof *sketch.is_highlighted);
    if (sketch.is_highlighted == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < sketch.drawing.highlighted_count; i++) {
        uint32_t id = sketch.drawing.highlighted[i];
        if (id < count) {
            sketch.is_highlighted[id] = true;
        }
    }
    survey(&sketch);
    bool written = write_sketch(&sketch, write, to);
    hm_deallocate_array(graph->allocator, sketch.is_highlighted, count,
            sizeof *sketch.is_highlighted);
    return written ? HM_OK : HM_IO;
}
