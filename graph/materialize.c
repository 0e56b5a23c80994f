// materialize.c — what a driver's options load and save: nodes as those of HM_LOAD_FROM
// and HM_SAVE_TO, made when all functions are defined, at the top. What a target is
// loaded as, who makes it or takes it tells.

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/arena.h"
#include "base/data_use.h"
#include "base/error.h"
#include "base/extraction.h"
#include "base/refusal.h"
#include "base/text.h"
#include "graph/build.h"
#include "graph/formats.h"
#include "graph/load_nodes.h"
#include "graph/nearest.h"
#include "graph/save_nodes.h"

// One option while it is read.
typedef struct hm_materializing {
    hm_build *build;
    const char *what;    // "loader"
    const char *subject; // a node that it is about
    size_t number;       // among its kind, from 1
    hm_refusal refusal;
    bool is_refused;
} hm_materializing;

static void refuse(void *context, const char *mend, const char *message) {
    hm_materializing *of = context;
    of->is_refused = true;
    const hm_diagnostic fault = {
            .status = HM_BAD_ARGUMENT, .node = of->subject, .mend = mend};
    hm_faults_format(of->build->faults, fault, "%s %zu of the driver: %s", of->what,
            of->number, message);
}

static void init(
        hm_materializing *of, hm_build *build, const char *what, size_t index) {
    *of = (hm_materializing){.build = build, .what = what, .number = index + 1};
    of->refusal = (hm_refusal){.refuse = refuse, .context = of};
}

// What others have by a name: who makes it, or else who takes it.
typedef struct hm_known {
    const hm_definition *definition;
    hm_formatted value;
} hm_known;

static bool find_made(const hm_build *build, const char *name, hm_known *known) {
    for (size_t i = 0; i < build->definitions.count; i++) {
        const hm_definition *definition = &build->definitions.items[i];
        const hm_output *output =
                hm_output_own(name, definition->outputs, definition->output_count);
        if (output != NULL) {
            *known = (hm_known){
                    definition, {output->name, output->type, output->shape != HM_ONE,
                                        output->pass}};
            return true;
        }
    }
    return false;
}

// Those at the top first; who is in a subdag may take it from there.
static bool find_taken(
        const hm_build *build, const char *name, bool at_top, hm_known *known) {
    bool is_found = false;
    for (size_t i = 0; i < build->definitions.count; i++) {
        const hm_definition *definition = &build->definitions.items[i];
        bool is_looked_at = (definition->scope->outer == NULL) == at_top;
        for (uint32_t p = 0; p < definition->parameter_count && is_looked_at; p++) {
            const hm_parameter *parameter = &definition->parameters[p];
            bool is_bound = definition->is_bound != NULL && definition->is_bound[p];
            if (is_bound || strcmp(parameter->name, name) != 0) {
                continue;
            }
            bool is_array = parameter->shape == HM_ARRAY;
            if (!is_found) {
                *known = (hm_known){definition,
                        {parameter->name, parameter->type, is_array, parameter->pass}};
            }
            known->value.is_array |= is_array; // whoever wants an array makes it one
            is_found = true;
        }
    }
    return is_found;
}

static void refuse_name(const hm_materializing *of, const char *name) {
    const hm_build *build = of->build;
    hm_nearest nearest;
    hm_nearest_init(&nearest, name);
    for (size_t i = 0; i < build->definitions.count; i++) {
        const hm_definition *definition = &build->definitions.items[i];
        for (uint32_t o = 0; o < definition->output_count; o++) {
            hm_nearest_offer(&nearest, definition->outputs[o].name);
        }
        for (uint32_t p = 0; p < definition->parameter_count; p++) {
            hm_nearest_offer(&nearest, definition->parameters[p].name);
        }
    }
    char mend[256];
    snprintf(mend, sizeof mend, "did you mean `%s`?",
            nearest.name != NULL ? nearest.name : "");
    hm_refusal_tell(&of->refusal, nearest.name != NULL ? mend : NULL,
            "there is no node or input `%s`", name);
}

static bool find(const hm_materializing *of, const char *name, hm_known *known) {
    const hm_build *build = of->build;
    if (name == NULL) {
        return hm_refusal_tell(&of->refusal, NULL, "a node has no name");
    }
    if (find_made(build, name, known) || find_taken(build, name, true, known) ||
            find_taken(build, name, false, known)) {
        return true;
    }
    refuse_name(of, name);
    return false;
}

// A literal of the graph's own for a value.
static hm_status read_literal(
        hm_materializing *of, const hm_data_argument *argument, hm_argument *literal) {
    hm_arena *arena = &of->build->graph->arena;
    hm_scalar scalar = {.kind = HM_SCALAR_NONE};
    hm_error error = {.message = ""};
    hm_status status = argument->value.type != NULL ? hm_scalar_read(&argument->value,
                                                              arena, &scalar, &error)
                                                    : HM_OK;
    if (status == HM_NO_MEMORY) {
        return status;
    }
    char number[HM_NUMBER_SIZE] = "";
    *literal = (hm_argument){.integer = scalar.integer, .real = scalar.real};
    switch (scalar.kind) {
    case HM_SCALAR_TEXT:
        literal->kind = HM_ARGUMENT_STRING;
        literal->text = hm_arena_text(arena, scalar.text);
        break;
    case HM_SCALAR_BOOL:
        literal->kind = HM_ARGUMENT_BOOL;
        literal->text = scalar.integer != 0 ? "true" : "false";
        break;
    case HM_SCALAR_INT:
        literal->kind = HM_ARGUMENT_INT;
        snprintf(number, sizeof number, "%lld", (long long)scalar.integer);
        literal->text = hm_arena_text(arena, number);
        break;
    case HM_SCALAR_REAL:
    case HM_SCALAR_FLOAT:
        literal->kind = HM_ARGUMENT_REAL;
        hm_number_format(&hm_type_double, &scalar.real, number);
        literal->text = hm_arena_text(arena, number);
        break;
    case HM_SCALAR_NONE:
    default:
        literal->text = "";
        hm_refusal_tell(&of->refusal, "give it one text, number or bool",
                "`%s` has no value that a format could take%s%s", argument->parameter,
                error.message[0] != '\0' ? ": " : "", error.message);
    }
    return literal->text != NULL ? HM_OK : HM_NO_MEMORY;
}

// The arguments as HM_VALUE and HM_SOURCE would say them.
static hm_status read_arguments(hm_materializing *of, const hm_data_argument *arguments,
        size_t count, hm_data_use *use) {
    hm_arena *arena = &of->build->graph->arena;
    hm_argument *items = hm_arena_array(arena, count, sizeof *items);
    if (items == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const hm_data_argument *argument = &arguments[i];
        hm_argument *parts = hm_arena_array(arena, 2, sizeof *parts);
        if (parts == NULL) {
            return HM_NO_MEMORY;
        }
        if (argument->parameter == NULL || argument->parameter[0] == '\0') {
            hm_refusal_tell(&of->refusal, NULL, "argument %zu has no name", i + 1);
            continue;
        }
        parts[0] = (hm_argument){.kind = HM_ARGUMENT_NAME,
                .text = hm_arena_text(arena, argument->parameter)};
        bool is_source = argument->source != NULL;
        if (is_source) {
            parts[1] = (hm_argument){.kind = HM_ARGUMENT_NAME,
                    .text = hm_arena_text(arena, argument->source)};
        } else {
            HM_TRY(read_literal(of, argument, &parts[1]));
        }
        if (parts[0].text == NULL || parts[1].text == NULL) {
            return HM_NO_MEMORY;
        }
        items[use->item_count++] = (hm_argument){.kind = HM_ARGUMENT_CALL,
                .text = is_source ? "source" : "value",
                .arguments = parts,
                .argument_count = 2};
    }
    use->items = items;
    return HM_OK;
}

// Refuses what the format does not do with a value.
static void check(
        hm_materializing *of, hm_data_use use, hm_data_way way, hm_formatted value) {
    use.macro = NULL; // the option is told of instead
    hm_format_check_use(of->build, &use, way, &value, value.name, refuse, of);
}

// What all nodes of options have of a function.
static const hm_function nobody = {.name = "driver", .file = "(driver)"};

static hm_definition like(const hm_build *build, const hm_known *known) {
    return (hm_definition){.function = &nobody,
            .module = known->definition->module,
            .scope = build->scopes,
            .replaces = true};
}

static const char *format_text(
        hm_build *build, const char *before, const char *name, const char *after) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text, "%s%s%s", before, name, after);
    const char *kept =
            text.failed ? NULL
                        : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return kept;
}

static hm_status read_target(hm_materializing *of, const hm_loader_option *option,
        size_t index, hm_load_part *part, hm_known *known) {
    hm_build *build = of->build;
    of->subject = option->targets[index];
    if (!find(of, of->subject, known)) {
        return HM_OK;
    }
    const hm_data_format *format = hm_format_find(build, part->use.format);
    bool is_table =
            format != NULL && hm_format_is_table(format, &part->use, HM_DATA_LOADED);
    part->value = known->value;
    part->value.is_array |= option->is_array;
    part->node = hm_arena_text(&build->graph->arena, of->subject);
    part->value.name = part->node;
    part->metadata = format_text(build, "load_data.", of->subject, "");
    if (part->node == NULL || part->metadata == NULL) {
        return HM_NO_MEMORY;
    }
    if (option->column != NULL && option->target_count == 1) {
        part->use.column = hm_arena_text(&build->graph->arena, option->column);
    } else if (option->target_count > 1 && !is_table) {
        part->use.column = part->node;
    }
    check(of, part->use, HM_DATA_LOADED, part->value);
    return HM_OK;
}

static hm_status add_loader(hm_build *build, size_t index) {
    const hm_loader_option *option = &build->options->loaders[index];
    hm_materializing of;
    init(&of, build, "loader", index);
    if (option->format == NULL || option->target_count == 0 ||
            option->targets == NULL ||
            (option->argument_count > 0 && option->arguments == NULL)) {
        hm_refusal_tell(&of.refusal, NULL,
                "it has no format or no target, or counts arguments and has none");
        return HM_OK;
    }
    hm_data_use use = {.macro = "loader", .format = option->format};
    HM_TRY(read_arguments(&of, option->arguments, option->argument_count, &use));
    hm_load_nodes nodes = {.format = hm_format_find(build, option->format),
            .parts = hm_arena_array(
                    &build->scratch, option->target_count, sizeof *nodes.parts),
            .doc = format_text(
                    build, "What the driver loads as ", option->format, ".")};
    if (nodes.parts == NULL || nodes.doc == NULL) {
        return HM_NO_MEMORY;
    }
    hm_known known = {0};
    for (size_t t = 0; t < option->target_count; t++) {
        hm_load_part part = {.use = use};
        HM_TRY(read_target(&of, option, t, &part, &known));
        if (!of.is_refused && t > 0 && !hm_load_part_fits(&nodes, &part)) {
            hm_refusal_tell(&of.refusal, "load it by a loader of its own",
                    "`%s` is no column beside those of the other targets",
                    option->targets[t]);
        }
        nodes.parts[nodes.part_count++] = part;
    }
    if (of.is_refused) {
        return HM_OK;
    }
    nodes.like = like(build, &known);
    return hm_load_nodes_add(build, &build->definitions, &nodes);
}

static hm_status read_nodes(hm_materializing *of, const hm_saver_option *option,
        hm_save_nodes *nodes, hm_known *known) {
    hm_arena *arena = &of->build->graph->arena;
    hm_formatted *values = hm_arena_array(arena, option->node_count, sizeof *values);
    const char **sources = hm_arena_array(arena, option->node_count, sizeof *sources);
    if (values == NULL || sources == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t n = 0; n < option->node_count; n++) {
        of->subject = option->nodes[n];
        if (!find(of, of->subject, known)) {
            continue;
        }
        values[n] = known->value;
        sources[n] = known->value.name;
        check(of, nodes->use, HM_DATA_SAVED, values[n]);
    }
    nodes->values = values;
    nodes->sources = sources;
    nodes->value_count = (uint32_t)option->node_count;
    return HM_OK;
}

static hm_status add_saver(hm_build *build, size_t index) {
    const hm_saver_option *option = &build->options->savers[index];
    hm_materializing of;
    init(&of, build, "saver", index);
    if (option->name == NULL || option->name[0] == '\0' || option->format == NULL ||
            option->node_count == 0 || option->nodes == NULL ||
            (option->argument_count > 0 && option->arguments == NULL)) {
        hm_refusal_tell(&of.refusal, NULL,
                "it has no name, no format or no node, or counts arguments and has "
                "none");
        return HM_OK;
    }
    hm_save_nodes nodes = {.format = hm_format_find(build, option->format),
            .use = {.macro = "saver", .format = option->format},
            .node = hm_arena_text(&build->graph->arena, option->name),
            .doc = format_text(
                    build, "What the driver saves as ", option->format, ".")};
    if (nodes.node == NULL || nodes.doc == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(read_arguments(&of, option->arguments, option->argument_count, &nodes.use));
    hm_known known = {0};
    HM_TRY(read_nodes(&of, option, &nodes, &known));
    if (of.is_refused) {
        return HM_OK;
    }
    nodes.like = like(build, &known);
    nodes.like.replaces = false; // its name is its own
    return hm_save_nodes_add(build, &build->definitions, &nodes);
}

hm_status hm_build_materialize(hm_build *build) {
    for (size_t i = 0; i < build->options->loader_count; i++) {
        HM_TRY(add_loader(build, i));
    }
    for (size_t i = 0; i < build->options->saver_count; i++) {
        HM_TRY(add_saver(build, i));
    }
    return HM_OK;
}
