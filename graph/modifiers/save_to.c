// save_to.c — HM_SAVE_TO(format, binding, ...): behind all else that stands behind a
// function's output is a node that saves it.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/data_use.h"
#include "base/error.h"
#include "base/extraction.h"
#include "base/text.h"
#include "graph/check.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"
#include "graph/save_nodes.h"

static hm_formatted formatted_of(const hm_output *output) {
    return (hm_formatted){.name = output->name,
            .type = output->type,
            .is_array = output->shape != HM_ONE,
            .pass = output->pass};
}

// What is saved of a function: the node that is called as it is, or else all outputs.
typedef struct hm_saved_outputs {
    const hm_output *items;
    size_t count;
} hm_saved_outputs;

static hm_saved_outputs outputs_of(
        const char *name, const hm_output *outputs, size_t count) {
    const hm_output *own = hm_output_own(name, outputs, count);
    return own != NULL ? (hm_saved_outputs){own, 1}
                       : (hm_saved_outputs){outputs, count};
}

typedef struct hm_save_reporter {
    hm_build *build;
    const hm_function *declared;
    const hm_modifier *modifier;
    const char *node;
} hm_save_reporter;

static void report(void *context, const char *mend, const char *message) {
    const hm_save_reporter *reporter = context;
    hm_diagnostic fault = hm_build_modifier_fault(
            HM_TYPE_MISMATCH, reporter->declared, reporter->modifier, reporter->node);
    fault.mend = mend;
    hm_faults_format(reporter->build->faults, fault, "%s", message);
}

// The output that makes a node of this name in the end.
static const hm_output *find_made(const hm_applying *applying, const char *node) {
    for (size_t i = applying->definitions->count; i-- > applying->first;) {
        const hm_definition *definition = &applying->definitions->items[i];
        for (uint32_t o = 0; o < definition->output_count; o++) {
            if (strcmp(definition->outputs[o].name, node) == 0) {
                return &definition->outputs[o];
            }
        }
    }
    return NULL;
}

// "save.f", or "save.f_1" of the second that stands there; or what HM_AS says.
static const char *name_node(hm_build *build, const hm_function *declared,
        const hm_modifier *modifier, const hm_data_use *use, const char *base) {
    if (use->node != NULL) {
        return use->node;
    }
    unsigned before = 0;
    for (const hm_modifier *m = declared->modifiers; m < modifier; m++) {
        before += hm_is_save_to(m) && hm_data_use_read(m).node == NULL;
    }
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text, "save.%s", base);
    if (before > 0) {
        hm_text_format(&text, "_%u", before);
    }
    const char *name =
            text.failed ? NULL
                        : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return name;
}

// How many nodes of their own the function makes that would all be saved there.
static size_t count_nodes(const hm_applying *applying) {
    size_t count = 0;
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        const hm_definition *definition = &applying->definitions->items[i];
        count += definition->role == HM_ROLE_OWN;
    }
    return count;
}

static hm_status list_values(const hm_applying *applying, const hm_definition *like,
        const hm_modifier *modifier, hm_save_nodes *nodes) {
    hm_build *build = applying->build;
    hm_saved_outputs outputs =
            outputs_of(hm_definition_base(like), like->outputs, like->output_count);
    hm_formatted *values =
            hm_arena_array(&build->graph->arena, outputs.count, sizeof *values);
    const char **sources =
            hm_arena_array(&build->graph->arena, outputs.count, sizeof *sources);
    if (values == NULL || sources == NULL) {
        return HM_NO_MEMORY;
    }
    hm_save_reporter reporter = {build, like->declared, modifier, like->declared->name};
    for (size_t o = 0; o < outputs.count; o++) {
        const hm_output *made = find_made(applying, outputs.items[o].name);
        made = made != NULL ? made : &outputs.items[o];
        values[o] = formatted_of(made);
        sources[o] = made->name;
        bool is_column = nodes->use.column != NULL && outputs.count == 1;
        if (!hm_type_equal(made->type, outputs.items[o].type)) {
            hm_format_check_use(build, &nodes->use, HM_DATA_SAVED, &values[o],
                    like->declared->name, report, &reporter);
        }
        values[o].name = is_column ? nodes->use.column : made->name;
    }
    nodes->values = values;
    nodes->sources = sources;
    nodes->value_count = (uint32_t)outputs.count;
    return HM_OK;
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    if (applying->definitions->count == applying->first) {
        return HM_OK;
    }
    hm_build *build = applying->build;
    hm_definition like = applying->definitions->items[applying->first];
    like.outputs = like.nodes; // as they are called by those who take them
    size_t node_count = count_nodes(applying);
    if (node_count > 1) {
        hm_save_reporter reporter = {
                build, like.declared, modifier, like.declared->name};
        char message[512];
        snprintf(message, sizeof message,
                "HM_SAVE_TO of `%s`: it makes %zu nodes, which would all be saved "
                "there",
                like.declared->name, node_count);
        report(&reporter, "save them in functions that take its nodes", message);
        return HM_OK;
    }
    hm_data_use use = hm_data_use_read(modifier);
    const char *base = hm_definition_base(&like);
    char doc[512];
    snprintf(doc, sizeof doc, "Saves `%s` as %s: the metadata.", base, use.format);
    hm_save_nodes nodes = {.format = hm_format_find(build, use.format),
            .use = use,
            .node = name_node(build, like.declared, modifier, &use, base),
            .doc = hm_arena_text(&build->graph->arena, doc),
            .like = like};
    if (nodes.node == NULL || nodes.doc == NULL) {
        return HM_NO_MEMORY;
    }
    nodes.like.made_by = modifier;
    HM_TRY(list_values(applying, &like, modifier, &nodes));
    return hm_save_nodes_add(build, applying->definitions, &nodes);
}

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void look_at(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    hm_bindings bindings = hm_bindings_of_function(function);
    if (!hm_data_use_check(modifier, &bindings, function->modifiers,
                function->modifier_count, complain, check)) {
        return;
    }
    const hm_data_use use = hm_data_use_read(modifier);
    hm_saved_outputs outputs =
            outputs_of(function->name, function->outputs, function->output_count);
    for (size_t o = 0; o < outputs.count; o++) {
        const hm_formatted value = formatted_of(&outputs.items[o]);
        if (!hm_format_check_use(check->build, &use, HM_DATA_SAVED, &value,
                    function->name, complain, check)) {
            return;
        }
    }
    if (use.column != NULL && outputs.count > 1) {
        hm_check_complain(check, "leave out the column",
                "HM_SAVE_TO of `%s`: it makes several columns, which have their names",
                function->name);
    }
}

// What the function makes is looked at, so it is sound.
static hm_status relate(hm_check *check, const hm_modifier *modifier) {
    check->modifier = modifier;
    look_at(check, modifier);
    check->modifier = NULL;
    return HM_OK;
}

const hm_modifier_rule hm_rule_save_to = {
        .name = "save_to",
        .phase = HM_PHASE_TARGETS,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .makes_own_nodes = true,
        .relate = relate,
        .apply = apply,
};
