// save_nodes.c — see save_nodes.h.

#include "graph/save_nodes.h"

#include "base/arena.h"
#include "base/error.h"
#include "graph/data_object.h"
#include "graph/saves.h"

// What the function needs, in the graph's memory.
typedef struct hm_save_tables {
    hm_saving saving;
    hm_save_source *sources;
    hm_function function;
    hm_output output;
    hm_format_call call;
} hm_save_tables;

static hm_status fill_sources(
        hm_build *build, const hm_save_nodes *nodes, hm_save_tables *tables) {
    tables->sources = hm_arena_array(
            &build->graph->arena, nodes->value_count, sizeof *tables->sources);
    if (tables->sources == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t s = 0; s < nodes->value_count; s++) {
        const hm_formatted *value = &nodes->values[s];
        tables->sources[s] = (hm_save_source){.name = value->name,
                .is_record = hm_format_takes_fields(
                        nodes->format, &nodes->use, HM_DATA_SAVED, value)};
        // Whole: what is missing is saved as such.
        tables->call.parameters[s] = (hm_parameter){.name = nodes->sources[s],
                .type = value->type,
                .pass = value->pass,
                .dimension = HM_NONE,
                .is_nullable = true};
    }
    return HM_OK;
}

static hm_status describe(
        hm_build *build, const hm_save_nodes *nodes, hm_save_tables *tables) {
    HM_TRY(hm_format_bind(
            build, nodes->format, &nodes->use, nodes->value_count, &tables->call));
    HM_TRY(fill_sources(build, nodes, tables));
    tables->output = (hm_output){.name = nodes->node,
            .type = &hm_metadata_type,
            .pass = HM_BY_REFERENCE,
            .ownership = HM_GIVEN,
            .dimension = HM_NONE};
    tables->function = (hm_function){.name = nodes->node,
            .doc = nodes->doc,
            .file = nodes->like.function->file,
            .line = nodes->like.made_by != NULL ? nodes->like.made_by->line
                                                : nodes->like.function->line,
            // It does more than what it makes.
            .flags = HM_FUNCTION_FALLIBLE | HM_FUNCTION_STATEFUL,
            .parameters = tables->call.parameters,
            .parameter_count = tables->call.count,
            .outputs = &tables->output,
            .output_count = 1,
            .modifiers = nodes->like.made_by,
            .modifier_count = nodes->like.made_by != NULL,
            .call = hm_saving_call,
            .self = &tables->saving};
    tables->saving = (hm_saving){.format = nodes->format,
            .is_table = hm_format_is_table(nodes->format, &nodes->use, HM_DATA_SAVED),
            .allocator = build->options->allocator,
            .thread_count = build->options->thread_count,
            .sources = tables->sources,
            .source_count = nodes->value_count,
            .arguments = tables->call.arguments,
            .function = &tables->function};
    return hm_format_version(
            build, nodes->format, &nodes->use, "", &tables->function.version);
}

hm_status hm_save_nodes_add(
        hm_build *build, hm_definitions *definitions, const hm_save_nodes *nodes) {
    hm_save_tables *tables = hm_arena_array(&build->graph->arena, 1, sizeof *tables);
    if (tables == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(describe(build, nodes, tables));
    hm_definition *definition = hm_build_add_definition(build, definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = nodes->like;
    definition->function = &tables->function;
    definition->declared =
            nodes->like.declared != NULL ? nodes->like.declared : &tables->function;
    definition->parameters = tables->function.parameters;
    definition->outputs = &tables->output;
    definition->parameter_count = (uint32_t)tables->function.parameter_count;
    definition->output_count = 1;
    definition->is_bound = tables->call.is_bound;
    definition->places = NULL;
    definition->role = HM_ROLE_SAVES;
    definition->is_inner = true;
    definition->whole_count = nodes->value_count;
    return hm_format_tag(build, nodes->format, "data_saver", &definition->tags);
}
