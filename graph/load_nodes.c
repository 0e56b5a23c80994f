// load_nodes.c — see load_nodes.h.

#include "graph/load_nodes.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "graph/data_object.h"
#include "graph/identity.h"
#include "graph/loads.h"
#include "graph/records.h"

static bool is_table(const hm_load_nodes *nodes, const hm_load_part *part) {
    return hm_format_is_table(nodes->format, &part->use, HM_DATA_LOADED);
}

static bool is_record(const hm_load_nodes *nodes, const hm_load_part *part) {
    return hm_format_takes_fields(
            nodes->format, &part->use, HM_DATA_LOADED, &part->value);
}

static uint32_t column_count(const hm_load_nodes *nodes, const hm_load_part *part) {
    return is_record(nodes, part) ? (uint32_t)part->value.type->field_count : 1;
}

static hm_column column_at(
        const hm_load_nodes *nodes, const hm_load_part *part, uint32_t index) {
    if (is_record(nodes, part)) {
        const hm_field *field = &part->value.type->fields[index];
        return (hm_column){field->name, hm_record_column_type(field)};
    }
    const char *column = part->use.column;
    return (hm_column){column != NULL ? column : part->value.name, part->value.type};
}

static bool is_item_equal(const hm_argument *a, const hm_argument *b) {
    return strcmp(a->text, b->text) == 0 &&
           strcmp(a->arguments[0].text, b->arguments[0].text) == 0 &&
           a->arguments[1].kind == b->arguments[1].kind &&
           strcmp(a->arguments[1].text, b->arguments[1].text) == 0;
}

// Whether everything that is bound by one is bound alike by the other.
static bool covers(const hm_data_use *use, const hm_data_use *other) {
    for (size_t i = 0; i < other->item_count; i++) {
        bool is_found = !hm_data_use_binds(&other->items[i]);
        for (size_t k = 0; k < use->item_count && !is_found; k++) {
            is_found = hm_data_use_binds(&use->items[k]) &&
                       is_item_equal(&use->items[k], &other->items[i]);
        }
        if (!is_found) {
            return false;
        }
    }
    return true;
}

static bool has_column(const hm_load_nodes *nodes, const char *name) {
    for (uint32_t p = 0; p < nodes->part_count; p++) {
        const hm_load_part *part = &nodes->parts[p];
        for (uint32_t c = 0; c < column_count(nodes, part); c++) {
            if (strcmp(column_at(nodes, part, c).name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool hm_load_part_fits(const hm_load_nodes *nodes, const hm_load_part *part) {
    const hm_load_part *first = &nodes->parts[0];
    if (strcmp(part->use.format, first->use.format) != 0 || !is_table(nodes, first) ||
            !is_table(nodes, part) || !covers(&first->use, &part->use) ||
            !covers(&part->use, &first->use)) {
        return false;
    }
    for (uint32_t c = 0; c < column_count(nodes, part); c++) {
        if (has_column(nodes, column_at(nodes, part, c).name)) {
            return false;
        }
    }
    return true;
}

// What the load's function needs, in the graph's memory.
typedef struct hm_load_tables {
    hm_loading loading;
    hm_function function;
    hm_column *columns;
    hm_load_target *targets;
    hm_output *outputs;
    hm_format_call call;
} hm_load_tables;

static hm_status take_tables(
        hm_build *build, const hm_load_nodes *nodes, hm_load_tables **tables) {
    hm_arena *arena = &build->graph->arena;
    size_t columns = 0;
    for (uint32_t p = 0; p < nodes->part_count; p++) {
        columns += column_count(nodes, &nodes->parts[p]);
    }
    hm_load_tables *taken = hm_arena_array(arena, 1, sizeof *taken);
    if (taken == NULL) {
        return HM_NO_MEMORY;
    }
    taken->columns = hm_arena_array(arena, columns, sizeof *taken->columns);
    taken->targets = hm_arena_array(arena, nodes->part_count, sizeof *taken->targets);
    taken->outputs =
            hm_arena_array(arena, nodes->part_count + 1, sizeof *taken->outputs);
    *tables = taken;
    bool is_taken =
            taken->columns != NULL && taken->targets != NULL && taken->outputs != NULL;
    return is_taken ? HM_OK : HM_NO_MEMORY;
}

static void fill_targets(
        const hm_load_nodes *nodes, hm_load_tables *tables, hm_text *schema) {
    hm_loading *loading = &tables->loading;
    for (uint32_t p = 0; p < nodes->part_count; p++) {
        const hm_load_part *part = &nodes->parts[p];
        bool is_array = part->value.is_array || is_table(nodes, part);
        tables->targets[p] = (hm_load_target){.type = part->value.type,
                .is_array = is_array,
                .is_record = is_record(nodes, part),
                .first_column = loading->column_count};
        for (uint32_t c = 0; c < column_count(nodes, part); c++) {
            hm_column column = column_at(nodes, part, c);
            bool is_text = column.type->kind == HM_KIND_STRING;
            hm_text_format(schema, "%s%s %s", loading->column_count > 0 ? ", " : "",
                    column.name, is_text ? "string" : column.type->name);
            tables->columns[loading->column_count++] = column;
        }
        // What it points at, or lies in, is the first output's.
        tables->outputs[1 + p] = (hm_output){.name = part->node,
                .type = part->value.type,
                .shape = is_array ? HM_EXPANSION : HM_ONE,
                .ownership = HM_BORROWED,
                .dimension = is_array ? 0 : HM_NONE};
    }
}

static hm_status describe(
        hm_build *build, const hm_load_nodes *nodes, hm_load_tables *tables) {
    static const char *const dimensions[] = {"n"};
    const hm_data_use *use = &nodes->parts[0].use;
    hm_text schema;
    hm_text_init(&schema, build->options->allocator);
    fill_targets(nodes, tables, &schema);
    const char *kept =
            schema.failed ? NULL
                          : hm_arena_text(&build->graph->arena, hm_text_get(&schema));
    hm_text_finish(&schema);
    if (kept == NULL) {
        return HM_NO_MEMORY;
    }
    tables->outputs[0] = (hm_output){.name = nodes->parts[0].metadata,
            .type = &hm_metadata_type,
            .pass = HM_BY_REFERENCE,
            .ownership = HM_GIVEN,
            .dimension = HM_NONE};
    HM_TRY(hm_format_bind(build, nodes->format, use, 0, &tables->call));
    tables->function = (hm_function){.name = nodes->parts[0].metadata,
            .doc = nodes->doc,
            .file = nodes->like.function->file,
            .line = nodes->like.made_by != NULL ? nodes->like.made_by->line
                                                : nodes->like.function->line,
            // What it makes depends on more than its arguments.
            .flags = HM_FUNCTION_FALLIBLE | HM_FUNCTION_STATEFUL,
            .parameters = tables->call.parameters,
            .parameter_count = tables->call.count,
            .outputs = tables->outputs,
            .output_count = nodes->part_count + 1,
            .dimensions = dimensions,
            .dimension_count = tables->targets[0].is_array,
            .modifiers = nodes->like.made_by,
            .modifier_count = nodes->like.made_by != NULL,
            .call = hm_loading_call,
            .self = &tables->loading};
    tables->loading.format = nodes->format;
    tables->loading.is_table = is_table(nodes, &nodes->parts[0]);
    tables->loading.allocator = build->options->allocator;
    tables->loading.thread_count = build->options->thread_count;
    tables->loading.arguments = tables->call.arguments;
    tables->loading.columns = tables->columns;
    tables->loading.targets = tables->targets;
    tables->loading.target_count = nodes->part_count;
    tables->loading.schema = kept;
    tables->loading.function = &tables->function;
    return hm_format_version(
            build, nodes->format, use, kept, &tables->function.version);
}

static hm_status add(hm_build *build, hm_definitions *definitions,
        const hm_load_nodes *nodes, const hm_function *function, const bool *is_bound,
        hm_definition_role role) {
    hm_definition *definition = hm_build_add_definition(build, definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = nodes->like;
    definition->function = function;
    definition->declared =
            nodes->like.declared != NULL ? nodes->like.declared : function;
    definition->parameters = function->parameters;
    definition->outputs = function->outputs;
    definition->parameter_count = (uint32_t)function->parameter_count;
    definition->output_count = (uint32_t)function->output_count;
    definition->is_bound = is_bound;
    definition->places = NULL;
    definition->role = role;
    definition->is_inner = true;
    definition->aside_output = 1; // the metadata
    return hm_format_tag(build, nodes->format, "data_loader", &definition->tags);
}

// The metadata under the name that belongs to another part.
static hm_status add_other_name(hm_build *build, hm_definitions *definitions,
        const hm_load_nodes *nodes, const hm_function *load, const char *name) {
    hm_function *function;
    HM_TRY(hm_identity_describe(
            &build->graph->arena, &load->outputs[0], name, &function));
    function->doc = load->doc;
    function->file = load->file;
    function->line = load->line;
    function->version = load->version;
    return add(build, definitions, nodes, function, NULL, HM_ROLE_STEP);
}

hm_status hm_load_nodes_add(
        hm_build *build, hm_definitions *definitions, const hm_load_nodes *nodes) {
    hm_load_tables *tables;
    HM_TRY(take_tables(build, nodes, &tables));
    HM_TRY(describe(build, nodes, tables));
    HM_TRY(add(build, definitions, nodes, &tables->function, tables->call.is_bound,
            HM_ROLE_LOADS));
    for (uint32_t p = 1; p < nodes->part_count; p++) {
        HM_TRY(add_other_name(build, definitions, nodes, &tables->function,
                nodes->parts[p].metadata));
    }
    return HM_OK;
}
