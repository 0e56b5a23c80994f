// load_from.c — HM_LOAD_FROM(format, parameter, binding, ...): the parameter takes what
// a format loads. What one place has for several parameters is loaded once.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/data_use.h"
#include "base/error.h"
#include "graph/check.h"
#include "graph/load_nodes.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"

static uint32_t parameter_of(const hm_function *declared, const char *name) {
    const hm_bindings bindings = {.parameters = declared->parameters,
            .parameter_count = declared->parameter_count};
    const hm_argument text = {.text = name};
    return hm_binding_parameter(&bindings, &(hm_argument){.arguments = &text});
}

static hm_formatted formatted_of(const hm_function *declared, const char *name) {
    const hm_parameter *parameter = &declared->parameters[parameter_of(declared, name)];
    return (hm_formatted){.name = parameter->name,
            .type = parameter->type,
            .is_array = parameter->shape == HM_ARRAY,
            .pass = parameter->pass};
}

static const char *join(
        hm_build *build, const char *base, const char *between, const char *name) {
    size_t length = strlen(base) + strlen(between) + strlen(name) + 1;
    char *text = hm_arena_take(&build->graph->arena, length, 1);
    if (text != NULL) {
        snprintf(text, length, "%s%s%s", base, between, name);
    }
    return text;
}

// All that the modifiers of one function load.
typedef struct hm_load_list {
    hm_applying *applying;
    const char *base; // that the nodes are called by
    hm_definition like;
    hm_load_nodes *items;
    size_t count;
    size_t room; // of parts
} hm_load_list;

static hm_status describe(
        hm_load_list *list, const hm_modifier *modifier, hm_load_part *part) {
    hm_build *build = list->applying->build;
    hm_data_use use = hm_data_use_read(modifier);
    *part = (hm_load_part){.value = formatted_of(list->like.declared, use.parameter),
            .use = use,
            .node = join(build, list->base, ".select_data.", use.parameter),
            .metadata = join(build, list->base, ".load_data.", use.parameter)};
    return part->node != NULL && part->metadata != NULL ? HM_OK : HM_NO_MEMORY;
}

static hm_status begin(
        hm_load_list *list, const hm_modifier *modifier, hm_load_nodes **begun) {
    hm_build *build = list->applying->build;
    hm_load_nodes *nodes = &list->items[list->count++];
    char doc[512];
    snprintf(doc, sizeof doc, "What %s has for `%s`: the data, and the metadata.",
            modifier->arguments[0].text, list->base);
    *nodes = (hm_load_nodes){
            .format = hm_format_find(build, modifier->arguments[0].text),
            .parts = hm_arena_array(&build->scratch, list->room, sizeof *nodes->parts),
            .doc = hm_arena_text(&build->graph->arena, doc),
            .like = list->like};
    nodes->like.made_by = modifier;
    *begun = nodes;
    return nodes->parts != NULL && nodes->doc != NULL ? HM_OK : HM_NO_MEMORY;
}

static hm_status add_part(hm_load_list *list, const hm_modifier *modifier) {
    hm_load_part part;
    HM_TRY(describe(list, modifier, &part));
    hm_load_nodes *nodes = NULL;
    for (size_t i = 0; i < list->count && nodes == NULL; i++) {
        nodes = hm_load_part_fits(&list->items[i], &part) ? &list->items[i] : NULL;
    }
    if (nodes == NULL) {
        HM_TRY(begin(list, modifier, &nodes));
    }
    nodes->parts[nodes->part_count++] = part;
    return HM_OK;
}

static void report_bound(
        hm_build *build, const hm_definition *definition, const hm_modifier *modifier) {
    const char *node = hm_definition_base(definition);
    hm_diagnostic fault = hm_build_modifier_fault(
            HM_BAD_ARGUMENT, definition->declared, modifier, node);
    fault.mend = "leave it out of config";
    hm_faults_format(build->faults, fault,
            "HM_LOAD_FROM of `%s`: config binds `%s` of `%s` as well",
            definition->declared->name, modifier->arguments[1].text, node);
}

// The parameter of a definition takes what was loaded.
static hm_status redirect(
        hm_load_list *list, size_t index, const hm_modifier *modifier) {
    hm_build *build = list->applying->build;
    hm_definition definition = list->applying->definitions->items[index];
    const char *name = modifier->arguments[1].text;
    uint32_t place = hm_definition_place(&definition, name);
    if (place == HM_NONE || strcmp(definition.parameters[place].name, name) != 0) {
        report_bound(build, &definition, modifier);
        return HM_OK;
    }
    hm_own_function made;
    HM_TRY(hm_definition_own(build, &definition, &made));
    const char *node = join(build, list->base, ".select_data.", name);
    if (node == NULL) {
        return HM_NO_MEMORY;
    }
    made.parameters[place].name = node;
    made.parameters[place].default_value = NULL;
    list->applying->definitions->items[index] = definition;
    return HM_OK;
}

static bool is_first(const hm_function *function, const hm_modifier *modifier) {
    const hm_modifier *first = function->modifiers;
    while (!hm_is_load_from(first)) {
        first++;
    }
    return first == modifier;
}

// The first of them does it for all.
static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    size_t last = applying->definitions->count;
    if (last == applying->first) {
        return HM_OK;
    }
    const hm_definition like = applying->definitions->items[applying->first];
    const hm_function *declared = like.declared;
    if (!is_first(declared, modifier)) {
        return HM_OK;
    }
    hm_load_list list = {.applying = applying,
            .base = like.is_parameterized ? declared->name : hm_definition_base(&like),
            .like = like,
            .room = declared->modifier_count};
    list.items =
            hm_arena_array(&applying->build->scratch, list.room, sizeof *list.items);
    if (list.items == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t m = 0; m < declared->modifier_count; m++) {
        const hm_modifier *each = &declared->modifiers[m];
        if (!hm_is_load_from(each)) {
            continue;
        }
        HM_TRY(add_part(&list, each));
        for (size_t i = applying->first; i < last; i++) {
            HM_TRY(redirect(&list, i, each));
        }
    }
    for (size_t i = 0; i < list.count; i++) {
        HM_TRY(hm_load_nodes_add(
                applying->build, applying->definitions, &list.items[i]));
    }
    return HM_OK;
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
    if (hm_function_has(function, &hm_rule_subdag) ||
            hm_function_has(function, &hm_rule_subdag_as)) {
        hm_check_complain(check, "load it in a function that the other one takes",
                "HM_LOAD_FROM loads a parameter that HM_SUBDAG takes from inside");
        return;
    }
    const hm_data_use use = hm_data_use_read(modifier);
    const hm_formatted value = formatted_of(function, use.parameter);
    hm_format_check_use(check->build, &use, HM_DATA_LOADED, &value, function->name,
            complain, check);
}

// Other modifiers of the function are looked at, so all of them are sound.
static hm_status relate(hm_check *check, const hm_modifier *modifier) {
    check->modifier = modifier;
    look_at(check, modifier);
    check->modifier = NULL;
    return HM_OK;
}

const hm_modifier_rule hm_rule_load_from = {
        .name = "load_from",
        .phase = HM_PHASE_SOURCES,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .relate = relate,
        .apply = apply,
};
