// describe.c — see describe.h.

#include "cli/describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/grid.h"
#include "cli/output.h"

const char *hm_describe_module(hm_session *session, const hm_module *module) {
    const char *name = module->file != NULL ? hm_file_name(module->file) : module->name;
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name
                   ? hm_session_text(session, "%.*s", (int)(dot - name), name)
                   : name;
}

const char *hm_describe_file(const hm_node *node) {
    return node->function != NULL ? node->function->file : node->module->file;
}

const char *hm_describe_type(hm_session *session, const hm_node *node) {
    return node->is_array ? hm_session_text(session, "%s[%s]", node->type->name,
                                    node->dimension)
                          : node->type->name;
}

static void print_argument(const hm_argument *argument) {
    char number[HM_NUMBER_SIZE];
    switch (argument->kind) {
    case HM_ARGUMENT_INT:
        printf("%" PRId64, argument->integer);
        break;
    case HM_ARGUMENT_REAL:
        hm_number_format(&hm_type_double, &argument->real, number);
        fputs(number, stdout);
        break;
    case HM_ARGUMENT_BOOL:
        fputs(argument->integer != 0 ? "true" : "false", stdout);
        break;
    default:
        hm_output_json_text(argument->text);
    }
}

// One value as it is, several as an array.
static void print_tags(const hm_node *node) {
    putchar('{');
    for (uint32_t t = 0; t < node->tag_count; t++) {
        const hm_tag *tag = &node->tags[t];
        fputs(t > 0 ? ", " : "", stdout);
        hm_output_json_text(tag->key);
        fputs(tag->value_count == 1 ? ": " : ": [", stdout);
        for (size_t v = 0; v < tag->value_count; v++) {
            fputs(v > 0 ? ", " : "", stdout);
            print_argument(&tag->values[v]);
        }
        fputs(tag->value_count == 1 ? "" : "]", stdout);
    }
    putchar('}');
}

// The names that the node reads, or only those of them that have a default.
static void print_dependencies(
        const hm_graph *graph, const hm_node *node, bool only_optional) {
    const char *before = "";
    putchar('[');
    for (uint32_t d = 0; d < node->dependency_count; d++) {
        bool is_optional = node->function->parameters[d].default_value != NULL;
        if (node->dependencies[d] != HM_NONE && (is_optional || !only_optional)) {
            fputs(before, stdout);
            hm_output_json_text(hm_graph_describe(graph, node->dependencies[d]).name);
            before = ", ";
        }
    }
    putchar(']');
}

const char *hm_describe_field(hm_session *session, const hm_field *field) {
    return field->length > 0 ? hm_session_text(session, "%s[%zu]", field->type->name,
                                       field->length)
                             : field->type->name;
}

// The members of a struct, in its order; a field that is an array has a length.
static void print_fields(const hm_type *type) {
    fputs(", \"fields\": [", stdout);
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        fputs(i > 0 ? ", {\"name\": " : "{\"name\": ", stdout);
        hm_output_json_text(field->name);
        fputs(", \"type\": ", stdout);
        hm_output_json_text(field->type->name);
        if (field->length > 0) {
            printf(", \"length\": %zu", field->length);
        }
        putchar('}');
    }
    putchar(']');
}

hm_status hm_describe_as_json(
        hm_session *session, const hm_graph *graph, const hm_node *node) {
    const char *module = hm_describe_module(session, node->module);
    if (module == NULL) {
        return hm_session_no_memory(session);
    }
    fputs("{\"name\": ", stdout);
    hm_output_json_text(node->name);
    printf(", \"kind\": \"%s\", \"type\": ", node->is_input ? "input" : "node");
    hm_output_json_text(node->type->name);
    if (node->type->kind == HM_KIND_STRUCT) {
        print_fields(node->type);
    }
    printf(", \"shape\": \"%s\", \"dimension\": ", node->is_array ? "array" : "one");
    hm_output_json_text(node->dimension);
    fputs(", \"module\": ", stdout);
    hm_output_json_text(module);
    fputs(", \"file\": ", stdout);
    hm_output_json_text(hm_describe_file(node));
    printf(", \"line\": %" PRIu32 ", \"doc\": ", node->line);
    hm_output_json_text(node->function != NULL ? node->function->doc : NULL);
    fputs(", \"tags\": ", stdout);
    print_tags(node);
    fputs(", \"inputs\": ", stdout);
    print_dependencies(graph, node, false);
    fputs(", \"optional\": ", stdout);
    print_dependencies(graph, node, true);
    fputs(", \"version\": ", stdout);
    hm_output_json_text(node->function != NULL ? node->function->version : NULL);
    putchar('}');
    return HM_OK;
}

// The first sentence or line of a doc comment.
static const char *summary_of(hm_session *session, const hm_node *node) {
    const char *doc = node->function != NULL ? node->function->doc : NULL;
    if (doc == NULL) {
        return node->is_input ? node->is_optional ? "(optional input)" : "(input)" : "";
    }
    size_t length = strcspn(doc, "\n");
    return hm_session_text(session, "%.*s", (int)length, doc);
}

const char *hm_describe_tags(hm_session *session, const hm_node *node) {
    hm_text text;
    hm_text_init(&text, NULL);
    for (uint32_t t = 0; t < node->tag_count; t++) {
        const hm_tag *tag = &node->tags[t];
        hm_text_format(&text, "%s%s=", t > 0 ? ", " : "", tag->key);
        for (size_t v = 0; v < tag->value_count; v++) {
            hm_text_format(&text, "%s%s", v > 0 ? "|" : "", tag->values[v].text);
        }
    }
    const char *copy =
            text.failed ? NULL : hm_arena_text(&session->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return copy;
}

static bool any_has_tags(const hm_graph *graph, const uint32_t *ids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (hm_graph_describe(graph, ids[i]).tag_count > 0) {
            return true;
        }
    }
    return false;
}

static hm_status add_row(
        hm_session *session, hm_grid *grid, const hm_node *node, bool with_tags) {
    HM_TRY(hm_grid_add(session, grid, node->name));
    HM_TRY(hm_grid_add(session, grid, hm_describe_type(session, node)));
    HM_TRY(hm_grid_add(session, grid,
            hm_session_text(
                    session, "%s:%" PRIu32, hm_describe_file(node), node->line)));
    if (with_tags) {
        HM_TRY(hm_grid_add(session, grid, hm_describe_tags(session, node)));
    }
    return hm_grid_add(session, grid, summary_of(session, node));
}

// A row for each field of a struct, below its node's.
static hm_status add_fields(
        hm_session *session, hm_grid *grid, const hm_type *type, bool with_tags) {
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        HM_TRY(hm_grid_add(
                session, grid, hm_session_text(session, "  .%s", field->name)));
        HM_TRY(hm_grid_add(session, grid, hm_describe_field(session, field)));
        for (size_t column = 2; column < (with_tags ? 5 : 4); column++) {
            HM_TRY(hm_grid_add(session, grid, ""));
        }
    }
    return HM_OK;
}

static hm_status print_rows(hm_session *session, const hm_graph *graph,
        const uint32_t *ids, size_t count, bool is_csv) {
    static const hm_grid_column with_tags[] = {{"name", HM_ALIGN_LEFT},
            {"type", HM_ALIGN_LEFT}, {"where", HM_ALIGN_LEFT}, {"tags", HM_ALIGN_LEFT},
            {"description", HM_ALIGN_LEFT}};
    static const hm_grid_column without[] = {{"name", HM_ALIGN_LEFT},
            {"type", HM_ALIGN_LEFT}, {"where", HM_ALIGN_LEFT},
            {"description", HM_ALIGN_LEFT}};
    bool show_tags = is_csv || any_has_tags(graph, ids, count);
    hm_grid grid = {.columns = show_tags ? with_tags : without,
            .column_count = show_tags ? 5 : 4,
            .keep_together = true};
    for (size_t i = 0; i < count; i++) {
        hm_node node = hm_graph_describe(graph, ids[i]);
        HM_TRY(add_row(session, &grid, &node, show_tags));
        if (hm_arguments_value(session, "long") != NULL) {
            HM_TRY(add_fields(session, &grid, node.type, show_tags));
        }
    }
    return is_csv ? hm_grid_print_csv(session, &grid) : hm_grid_print(session, &grid);
}

hm_status hm_describe_nodes(
        hm_session *session, const hm_graph *graph, const uint32_t *ids, size_t count) {
    hm_output_format format = hm_output_format_of(session);
    if (format != HM_OUTPUT_JSON) {
        return print_rows(session, graph, ids, count, format == HM_OUTPUT_CSV);
    }
    putchar('[');
    for (size_t i = 0; i < count; i++) {
        hm_node node = hm_graph_describe(graph, ids[i]);
        fputs(i > 0 ? ",\n " : "", stdout);
        HM_TRY(hm_describe_as_json(session, graph, &node));
    }
    puts("]");
    return HM_OK;
}
