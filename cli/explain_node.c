// explain_node.c — see explain_node.h.

#include "cli/explain_node.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/spelling.h"
#include "base/text.h"
#include "cli/describe.h"
#include "cli/grid.h"
#include "cli/output.h"
#include "cli/words.h"

// What fills a parameter.
typedef enum hm_filling {
    HM_FILLED_BY_NODE,
    HM_FILLED_BY_INPUT,
    HM_FILLED_BY_CONFIG,
    HM_FILLED_BY_DEFAULT, // an input that need not be given
    HM_FILLED_BY_LITERAL,
} hm_filling;

static const char *const fillings[] = {"node", "input", "config", "default", "literal"};

typedef struct hm_explained {
    hm_session *session;
    const hm_graph *graph;
    uint32_t id;
    hm_node node;
    hm_applied *applied;
    size_t applied_count;
    hm_words readers; // nodes
    hm_words beside;  // nodes that modifiers made before and behind it
} hm_explained;

static hm_status list_applied(hm_explained *of) {
    size_t count = hm_graph_applied(of->graph, of->id, NULL, 0);
    of->applied = hm_arena_array(&of->session->arena, count, sizeof *of->applied);
    if (of->applied == NULL) {
        return hm_session_no_memory(of->session);
    }
    of->applied_count = hm_graph_applied(of->graph, of->id, of->applied, count);
    return HM_OK;
}

static bool reads(const hm_node *reader, uint32_t id) {
    for (uint32_t d = 0; d < reader->dependency_count; d++) {
        if (reader->dependencies[d] == id) {
            return true;
        }
    }
    return false;
}

static hm_status list_readers(hm_explained *of) {
    uint32_t count = hm_graph_node_count(of->graph);
    for (uint32_t i = of->id + 1; i < count; i++) { // in topological order
        hm_node reader = hm_graph_describe(of->graph, i);
        if (reads(&reader, of->id)) {
            HM_TRY(hm_words_add(of->session, &of->readers, reader.name));
        }
    }
    return HM_OK;
}

// Their names begin with the node's.
static hm_status list_beside(hm_explained *of) {
    uint32_t count = hm_graph_node_count(of->graph);
    size_t length = strlen(of->node.name);
    for (uint32_t i = 0; i < count && !of->node.is_input; i++) {
        hm_node other = hm_graph_describe(of->graph, i);
        if (other.declared == of->node.declared && !other.is_input &&
                strncmp(other.name, of->node.name, length) == 0 &&
                (other.name[length] == '.' || other.name[length] == '_')) {
            HM_TRY(hm_words_add(of->session, &of->beside, other.name));
        }
    }
    return HM_OK;
}

// Copies a text into the session and ends it; NULL if memory ran out.
static const char *keep(hm_session *session, hm_text *text) {
    const char *copy =
            text->failed ? NULL : hm_arena_text(&session->arena, hm_text_get(text));
    hm_text_finish(text);
    return copy;
}

static const char *spell(hm_session *session, const hm_modifier *modifier) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_spell_modifier(&text, modifier);
    return keep(session, &text);
}

static const char *place(
        hm_session *session, const hm_function *function, uint32_t line) {
    return hm_session_text(session, "%s:%" PRIu32, function->file, line);
}

static hm_filling filling_of(const hm_explained *of, uint32_t index) {
    uint32_t from = of->node.dependencies[index];
    if (from == HM_NONE) {
        return HM_FILLED_BY_LITERAL;
    }
    hm_node node = hm_graph_describe(of->graph, from);
    return !node.is_input   ? HM_FILLED_BY_NODE
           : node.is_config ? HM_FILLED_BY_CONFIG
           : of->node.function->parameters[index].default_value != NULL
                   ? HM_FILLED_BY_DEFAULT
                   : HM_FILLED_BY_INPUT;
}

// The literal or default as JSON.
static const char *value_of(hm_session *session, const hm_parameter *parameter) {
    hm_value value = hm_value_one(parameter->type, parameter->default_value);
    hm_text text;
    hm_text_init(&text, NULL);
    if (hm_json_write(&value, hm_text_write, &text) != HM_OK) {
        text.failed = true;
    }
    return keep(session, &text);
}

// "input `alpha`, else 0.1"
static const char *source_of(const hm_explained *of, uint32_t index) {
    const hm_parameter *parameter = &of->node.function->parameters[index];
    hm_filling filling = filling_of(of, index);
    const char *value = "";
    if (filling >= HM_FILLED_BY_DEFAULT) {
        value = value_of(of->session, parameter);
    }
    if (value == NULL) {
        return NULL;
    }
    if (filling == HM_FILLED_BY_LITERAL) {
        return hm_session_text(of->session, "the literal %s", value);
    }
    const char *name = hm_graph_describe(of->graph, of->node.dependencies[index]).name;
    return filling == HM_FILLED_BY_DEFAULT
                   ? hm_session_text(of->session, "input %s, else %s", name, value)
                   : hm_session_text(of->session, "%s %s", fillings[filling], name);
}

// What a parameter is called in C; "days[0]" for the first of a group.
static const char *declared_name(const hm_explained *of, uint32_t index) {
    const hm_parameter *taken = &of->node.function->parameters[index];
    const hm_parameter *declared =
            hm_graph_declared_parameter(of->graph, of->id, index);
    if (declared == NULL) {
        return taken->name;
    }
    if (declared->shape == taken->shape) {
        return declared->name;
    }
    uint32_t first = index;
    while (first > 0 &&
            declared == hm_graph_declared_parameter(of->graph, of->id, first - 1)) {
        first--;
    }
    return hm_session_text(
            of->session, "%s[%" PRIu32 "]", declared->name, index - first);
}

static const char *parameter_type(const hm_explained *of, uint32_t index) {
    const hm_function *function = of->node.function;
    const hm_parameter *parameter = &function->parameters[index];
    return parameter->shape == HM_ONE
                   ? parameter->type->name
                   : hm_session_text(of->session, "%s[%s]", parameter->type->name,
                             function->dimensions[parameter->dimension]);
}

static void print_title(const char *title) {
    printf("\n%s\n", title);
}

// Lines below a title, each a few texts.
static hm_grid lines_of(size_t column_count) {
    static const hm_grid_column columns[] = {
            {"", HM_ALIGN_LEFT}, {"", HM_ALIGN_LEFT}, {"", HM_ALIGN_LEFT}};
    return (hm_grid){.columns = columns,
            .column_count = column_count,
            .hide_titles = true,
            .keep_together = true};
}

static hm_status add(
        hm_explained *of, hm_grid *grid, const char *label, const char *value) {
    HM_TRY(hm_grid_add(of->session, grid, hm_session_text(of->session, "  %s", label)));
    return hm_grid_add(of->session, grid, value);
}

static hm_status print_head(hm_explained *of) {
    hm_session *session = of->session;
    const hm_node *node = &of->node;
    hm_grid grid = lines_of(2);
    const char *kind = !node->is_input     ? "node"
                       : node->is_config   ? "input, given by config"
                       : node->is_optional ? "optional input"
                                           : "input";
    printf("%s\n", node->name);
    HM_TRY(add(of, &grid, "kind", kind));
    HM_TRY(add(of, &grid, "type", hm_describe_type(session, node)));
    for (size_t i = 0; i < node->type->field_count; i++) {
        const hm_field *field = &node->type->fields[i];
        const char *type = hm_describe_field(session, field);
        HM_TRY(add(of, &grid, "",
                type != NULL ? hm_session_text(session, ".%s %s", field->name, type)
                             : NULL));
    }
    const char *absent = hm_graph_absent(of->graph, node->name);
    if (absent != NULL) {
        HM_TRY(add(of, &grid, "variants", absent));
    }
    if (!node->is_input) {
        HM_TRY(add(of, &grid, "function",
                hm_session_text(session, "%s, %s:%" PRIu32, node->declared->name,
                        node->declared->file, node->declared->line)));
    }
    if (!node->is_input && node->function->line != node->declared->line) {
        HM_TRY(add(of, &grid, "computed at",
                place(session, node->function, node->function->line)));
    }
    if (node->made_by != NULL) {
        HM_TRY(add(of, &grid, "made by",
                hm_session_text(session, "%s, %s:%" PRIu32,
                        spell(session, node->made_by), node->declared->file,
                        node->made_by->line)));
    }
    if (node->tag_count > 0) {
        HM_TRY(add(of, &grid, "tags", hm_describe_tags(session, node)));
    }
    if (node->function != NULL && node->function->version != NULL) {
        HM_TRY(add(of, &grid, "version", node->function->version));
    }
    HM_TRY(hm_grid_print(session, &grid));
    if (node->function != NULL && node->function->doc != NULL) {
        printf("\n%s\n", node->function->doc);
    }
    return HM_OK;
}

static hm_status print_applied(hm_explained *of) {
    if (of->applied_count == 0) {
        return HM_OK;
    }
    print_title("modifiers, in the order in which they applied");
    hm_grid grid = lines_of(3);
    for (size_t i = 0; i < of->applied_count; i++) {
        const hm_applied *applied = &of->applied[i];
        HM_TRY(add(of, &grid, applied->phase, spell(of->session, applied->modifier)));
        HM_TRY(hm_grid_add(of->session, &grid,
                place(of->session, applied->on, applied->modifier->line)));
    }
    return hm_grid_print(of->session, &grid);
}

static hm_status print_parameters(hm_explained *of) {
    if (of->node.dependency_count == 0) {
        return HM_OK;
    }
    print_title("takes");
    hm_grid grid = lines_of(3);
    for (uint32_t i = 0; i < of->node.dependency_count; i++) {
        HM_TRY(add(of, &grid, declared_name(of, i), parameter_type(of, i)));
        HM_TRY(hm_grid_add(of->session, &grid, source_of(of, i)));
    }
    return hm_grid_print(of->session, &grid);
}

static void print_names(const char *title, const hm_words *names) {
    print_title(title);
    for (size_t i = 0; i < names->count; i++) {
        printf("  %s\n", names->items[i]);
    }
}

static hm_status print_text(hm_explained *of) {
    HM_TRY(print_head(of));
    HM_TRY(print_applied(of));
    HM_TRY(print_parameters(of));
    print_names(of->readers.count > 0 ? "read by" : "read by no node", &of->readers);
    if (of->beside.count > 0) {
        print_names("made beside it", &of->beside);
    }
    return HM_OK;
}

static void put(const char *key, const char *text) {
    printf(", \"%s\": ", key);
    hm_output_json_text(text);
}

static hm_status put_applied(hm_explained *of) {
    fputs(",\n \"modifiers\": [", stdout);
    for (size_t i = 0; i < of->applied_count; i++) {
        const hm_applied *applied = &of->applied[i];
        const char *text = spell(of->session, applied->modifier);
        if (text == NULL) {
            return hm_session_no_memory(of->session);
        }
        fputs(i > 0 ? ",\n  {\"phase\": " : "{\"phase\": ", stdout);
        hm_output_json_text(applied->phase);
        put("text", text);
        put("file", applied->on->file);
        printf(", \"line\": %" PRIu32 "}", applied->modifier->line);
    }
    fputs("]", stdout);
    return HM_OK;
}

static hm_status put_parameters(hm_explained *of) {
    fputs(",\n \"parameters\": [", stdout);
    for (uint32_t i = 0; i < of->node.dependency_count; i++) {
        const hm_parameter *parameter = &of->node.function->parameters[i];
        uint32_t from = of->node.dependencies[i];
        const char *value = parameter->default_value != NULL
                                    ? value_of(of->session, parameter)
                                    : "null";
        const char *name = declared_name(of, i);
        if (value == NULL || name == NULL) {
            return hm_session_no_memory(of->session);
        }
        fputs(i > 0 ? ",\n  {\"name\": " : "{\"name\": ", stdout);
        hm_output_json_text(name);
        put("type", parameter->type->name);
        put("shape", parameter->shape == HM_ONE ? "one" : "array");
        put("from", fillings[filling_of(of, i)]);
        put("source", from != HM_NONE ? hm_graph_describe(of->graph, from).name : NULL);
        printf(", \"value\": %s}", value);
    }
    fputs("]", stdout);
    return HM_OK;
}

// What `list` prints of it, and behind it how it came to be.
static hm_status print_json(hm_explained *of) {
    const hm_node *node = &of->node;
    fputs("{\"node\": ", stdout);
    HM_TRY(hm_describe_as_json(of->session, of->graph, node));
    fputs(",\n \"function\": ", stdout);
    if (node->declared != NULL) {
        fputs("{\"name\": ", stdout);
        hm_output_json_text(node->declared->name);
        put("file", node->declared->file);
        printf(", \"line\": %" PRIu32 "}", node->declared->line);
    } else {
        fputs("null", stdout);
    }
    const char *made_by =
            node->made_by != NULL ? spell(of->session, node->made_by) : NULL;
    fputs(",\n \"made_by\": ", stdout);
    hm_output_json_text(made_by);
    fputs(",\n \"absent\": ", stdout);
    hm_output_json_text(hm_graph_absent(of->graph, node->name));
    HM_TRY(put_applied(of));
    HM_TRY(put_parameters(of));
    fputs(",\n \"readers\": ", stdout);
    hm_output_json_names(of->readers.items, of->readers.count);
    fputs(",\n \"beside\": ", stdout);
    hm_output_json_names(of->beside.items, of->beside.count);
    puts("}");
    return HM_OK;
}

hm_status hm_explain_node(hm_session *session, const hm_graph *graph, uint32_t id) {
    hm_explained of = {.session = session,
            .graph = graph,
            .id = id,
            .node = hm_graph_describe(graph, id)};
    HM_TRY(list_applied(&of));
    HM_TRY(list_readers(&of));
    HM_TRY(list_beside(&of));
    return hm_output_format_of(session) == HM_OUTPUT_TABLE ? print_text(&of)
                                                           : print_json(&of);
}
