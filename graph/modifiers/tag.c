// tag.c — HM_TAG(key, value, ...): a key and its values, for queries; and
// HM_TAG_OUTPUT(output, key, value, ...), which is about one node of those that the
// function makes, and goes first where both say the same key.

#include "graph/modifiers/tag.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"
#include "base/tagging.h"
#include "graph/check.h"
#include "graph/modifiers/arguments.h"
#include "graph/modifiers/modifier.h"
#include "graph/nearest.h"

static bool is_tag(const hm_modifier *modifier) {
    return strcmp(modifier->name, hm_rule_tag.name) == 0;
}

static bool is_output_tag(const hm_modifier *modifier) {
    return strcmp(modifier->name, hm_rule_tag_output.name) == 0;
}

// What the modifiers of a function say, in the order in which they stand.
typedef struct hm_said {
    const hm_modifier *modifier;
    const char *node; // that it is about, or NULL for all
    hm_tag tag;
} hm_said;

typedef struct hm_tagging {
    hm_applying *applying;
    hm_said *said;
    size_t count;
    bool has_output_tags;
} hm_tagging;

static hm_status collect(hm_tagging *tagging, const hm_function *function) {
    tagging->said = hm_arena_array(&tagging->applying->build->scratch,
            function->modifier_count, sizeof *tagging->said);
    if (tagging->said == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < function->modifier_count; i++) {
        const hm_modifier *modifier = &function->modifiers[i];
        const hm_argument *arguments = modifier->arguments;
        size_t key = is_output_tag(modifier) ? 1 : 0;
        if (key == 0 && !is_tag(modifier)) {
            continue;
        }
        tagging->has_output_tags |= key > 0;
        tagging->said[tagging->count++] = (hm_said){
                .modifier = modifier,
                .node = key > 0 ? arguments[0].text : NULL,
                .tag = {.key = arguments[key].text,
                        .values = arguments + key + 1,
                        .value_count = modifier->argument_count - key - 1},
        };
    }
    return HM_OK;
}

static bool is_about(const hm_said *said, const char *node) {
    return said->node != NULL && node != NULL && strcmp(said->node, node) == 0;
}

// Whether something is said of a node that all others have otherwise.
static bool is_said_of(const hm_tagging *tagging, const char *key, const char *node) {
    for (size_t i = 0; i < tagging->count && tagging->has_output_tags; i++) {
        const hm_said *said = &tagging->said[i];
        if (is_about(said, node) && strcmp(said->tag.key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_limit(const hm_tag *tag) {
    return strcmp(tag->key, "limit") == 0;
}

// A limit bounds how many calls of the function are under way, and what only handles
// its result is none of them.
static bool is_passed_over(const hm_definition *definition, const hm_said *said) {
    return is_limit(&said->tag) ? definition->role != HM_ROLE_OWN
                                : definition->is_inner;
}

// The tags of a definition's node of this name; NULL: of all its nodes.
static hm_status list_tags(const hm_tagging *tagging, const hm_definition *definition,
        const char *node, hm_tags *tags) {
    const hm_tags before = definition->tags; // of a step's function
    hm_tag *items = hm_arena_array(&tagging->applying->build->graph->arena,
            before.count + tagging->count, sizeof *items);
    if (items == NULL) {
        return HM_NO_MEMORY;
    }
    if (before.count > 0) {
        memcpy(items, before.items, before.count * sizeof *items);
    }
    *tags = (hm_tags){items, before.count};
    for (size_t i = 0; i < tagging->count; i++) {
        const hm_said *said = &tagging->said[i];
        bool applies = said->node == NULL
                               ? !is_passed_over(definition, said) &&
                                         !is_said_of(tagging, said->tag.key, node)
                               : is_about(said, node);
        if (applies) {
            items[tags->count++] = said->tag;
        }
    }
    return HM_OK;
}

static hm_status tag_outputs(const hm_tagging *tagging, hm_definition *definition) {
    hm_tags *tags = hm_arena_array(
            &tagging->applying->build->scratch, definition->output_count, sizeof *tags);
    if (tags == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t o = 0; o < definition->output_count; o++) {
        HM_TRY(list_tags(tagging, definition, definition->outputs[o].name, &tags[o]));
    }
    definition->output_tags = tags;
    return HM_OK;
}

// Whether it has tags that others of the function have not.
static bool has_own_tags(const hm_definition *definition) {
    return definition->role == HM_ROLE_STEP || definition->role == HM_ROLE_LOADS ||
           definition->role == HM_ROLE_SAVES;
}

static bool has_tags_of(const hm_definition *definition, const hm_definition *before) {
    return (before->role == HM_ROLE_OWN) == (definition->role == HM_ROLE_OWN) &&
           before->is_inner == definition->is_inner && !has_own_tags(before) &&
           !has_own_tags(definition);
}

// Definitions of one kind have the same tags, so that thousands of them share a list.
static hm_status tag_all(const hm_tagging *tagging) {
    const hm_applying *applying = tagging->applying;
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        hm_definition *definition = &applying->definitions->items[i];
        const hm_definition *before = i > applying->first ? definition - 1 : NULL;
        if (tagging->has_output_tags) {
            HM_TRY(tag_outputs(tagging, definition));
        } else if (before != NULL && has_tags_of(definition, before)) {
            definition->tags = before->tags;
        } else {
            HM_TRY(list_tags(tagging, definition, NULL, &definition->tags));
        }
    }
    return HM_OK;
}

static bool makes(const hm_applying *applying, const char *node, hm_nearest *nearest) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        const hm_definition *definition = &applying->definitions->items[i];
        for (uint32_t o = 0; o < definition->output_count; o++) {
            if (strcmp(definition->outputs[o].name, node) == 0) {
                return true;
            }
            hm_nearest_offer(nearest, definition->outputs[o].name);
        }
    }
    return false;
}

// What only config, or what stands before and behind the function, could tell.
static void refuse_unknown(const hm_tagging *tagging, const hm_function *function) {
    for (size_t i = 0; i < tagging->count; i++) {
        const hm_said *said = &tagging->said[i];
        hm_nearest nearest;
        hm_nearest_init(&nearest, said->node != NULL ? said->node : "");
        if (said->node == NULL || makes(tagging->applying, said->node, &nearest)) {
            continue;
        }
        char mend[256] = "name a node that the function makes";
        if (nearest.name != NULL) {
            snprintf(mend, sizeof mend, "did you mean `%s`?", nearest.name);
        }
        hm_diagnostic fault = hm_build_modifier_fault(
                HM_UNKNOWN_NAME, function, said->modifier, function->name);
        fault.mend = mend;
        hm_faults_format(tagging->applying->build->faults, fault,
                "HM_TAG_OUTPUT of `%s`: it makes no node `%s`", function->name,
                said->node);
    }
}

// Of the step that makes the function's own node only how many calls may be under way
// is its own.
hm_status hm_definition_tag_step(
        hm_build *build, hm_definition *definition, const hm_function *called) {
    if (called->modifier_count == 0) {
        return HM_OK;
    }
    hm_tag *items =
            hm_arena_array(&build->graph->arena, called->modifier_count, sizeof *items);
    if (items == NULL) {
        return HM_NO_MEMORY;
    }
    definition->tags = (hm_tags){items, 0};
    for (size_t i = 0; i < called->modifier_count; i++) {
        const hm_modifier *modifier = &called->modifiers[i];
        const hm_tag tag = {.key = is_tag(modifier) ? modifier->arguments[0].text : "",
                .values = modifier->arguments + 1,
                .value_count = modifier->argument_count - 1};
        if (is_tag(modifier) && (definition->is_inner || is_limit(&tag))) {
            items[definition->tags.count++] = tag;
        }
    }
    return HM_OK;
}

static bool is_first(const hm_function *function, const hm_modifier *modifier) {
    const hm_modifier *first = function->modifiers;
    while (!is_tag(first) && !is_output_tag(first)) {
        first++;
    }
    return first == modifier;
}

// The first of them does it for all.
static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    if (applying->definitions->count == applying->first) {
        return HM_OK;
    }
    const hm_function *function =
            applying->definitions->items[applying->first].declared;
    if (!is_first(function, modifier)) {
        return HM_OK;
    }
    hm_tagging tagging = {.applying = applying};
    HM_TRY(collect(&tagging, function));
    refuse_unknown(&tagging, function);
    return tag_all(&tagging);
}

static const char *check(const hm_function *function, const hm_modifier *modifier) {
    (void)function;
    return hm_arguments_check_key_and_values(modifier);
}

const hm_modifier_rule hm_rule_tag = {
        .name = "tag",
        .phase = HM_PHASE_METADATA,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .check = check,
        .apply = apply,
};

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    for (size_t i = 0; i < modifier->argument_count; i++) {
        bool is_name = i < 2;
        if (is_name ? !hm_argument_is_word(&modifier->arguments[i])
                    : modifier->arguments[i].kind == HM_ARGUMENT_CALL) {
            hm_check_complain(check, "write HM_TAG_OUTPUT(output, key, value, ...)",
                    "argument %zu of HM_TAG_OUTPUT is no %s", i + 1,
                    is_name ? "name" : "literal or name");
            return;
        }
    }
    const hm_making making = {.function = function->name,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .modifiers = function->modifiers,
            .modifier_count = function->modifier_count};
    hm_tagging_check(
            &making, (size_t)(modifier - function->modifiers), complain, check);
}

const hm_modifier_rule hm_rule_tag_output = {
        .name = "tag_output",
        .phase = HM_PHASE_METADATA,
        .fewest_arguments = 3,
        .most_arguments = SIZE_MAX,
        .names_output = true,
        .inspect = inspect,
        .apply = apply,
};
