// conditions.c — see conditions.h.

#include "graph/conditions.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/made.h"
#include "base/spelling.h"
#include "graph/modifiers/modifier.h"

enum { LONGEST_VALUE = 40 }; // bytes of a config value that are shown

static bool is_condition(const hm_modifier *modifier) {
    return strcmp(modifier->name, hm_rule_when.name) == 0 ||
           strcmp(modifier->name, hm_rule_when_not.name) == 0 ||
           strcmp(modifier->name, hm_rule_otherwise.name) == 0;
}

void hm_conditions_append(hm_text *text, const hm_function *function) {
    const char *before = "";
    for (size_t i = 0; i < function->modifier_count; i++) {
        if (is_condition(&function->modifiers[i])) {
            hm_text_append(text, before);
            hm_spell_modifier(text, &function->modifiers[i]);
            before = " and ";
        }
    }
}

static void append_value(hm_text *text, const hm_build *build, uint32_t config) {
    hm_text value;
    hm_text_init(&value, build->options->allocator);
    hm_status status =
            hm_json_write(&build->options->config[config].value, hm_text_write, &value);
    text->failed |= status == HM_NO_MEMORY || value.failed;
    size_t length = value.length < LONGEST_VALUE ? value.length : LONGEST_VALUE;
    while (length < value.length &&
            ((unsigned char)value.data[length] & 0xC0) == 0x80) {
        length--; // no character is cut in two
    }
    hm_text_append_bytes(text, hm_text_get(&value), length);
    hm_text_append(text, length < value.length ? "…" : "");
    hm_text_finish(&value);
}

// "region = \"us\"" or "no region"
static void append_key(
        hm_text *text, const hm_build *build, const hm_scope *scope, const char *key) {
    const hm_argument *literal = hm_scope_literal(scope, key);
    uint32_t config = hm_names_find(&build->config_keys, key);
    if (literal != NULL) {
        bool is_text = literal->kind == HM_ARGUMENT_STRING ||
                       literal->kind == HM_ARGUMENT_NAME;
        const char *quote = is_text ? "\"" : "";
        hm_text_format(text, "%s = %s%s%s", key, quote, literal->text, quote);
    } else if (config != HM_NAMES_ABSENT) {
        hm_text_format(text, "%s = ", key);
        append_value(text, build, config);
    } else {
        hm_text_format(text, "no %s", key);
    }
}

// The next key that a condition asks for and none before has, or NULL.
static const char *next_key(const hm_function *const *functions, size_t count,
        size_t *function, size_t *modifier, hm_names *seen, bool *no_memory) {
    for (; *function < count; (*function)++, *modifier = 0) {
        const hm_function *of = functions[*function];
        while (*modifier < of->modifier_count) {
            const hm_modifier *next = &of->modifiers[(*modifier)++];
            if (!is_condition(next) || next->argument_count == 0) {
                continue;
            }
            const char *key = next->arguments[0].text;
            uint32_t *known = hm_names_put(seen, key);
            *no_memory |= known == NULL;
            if (known != NULL && *known == HM_NAMES_ABSENT) {
                *known = 0;
                return key;
            }
        }
    }
    return NULL;
}

void hm_conditions_append_config(hm_text *text, const hm_build *build,
        const hm_scope *scope, const hm_function *const *functions, size_t count) {
    hm_names seen;
    hm_names_init(&seen, build->options->allocator);
    size_t function = 0;
    size_t modifier = 0;
    const char *before = "config has ";
    const char *key;
    while ((key = next_key(functions, count, &function, &modifier, &seen,
                    &text->failed)) != NULL) {
        hm_text_append(text, before);
        append_key(text, build, scope, key);
        before = ", ";
    }
    hm_names_finish(&seen);
}

hm_status hm_conditions_note_absent(
        hm_build *build, const hm_scope *scope, const hm_function *function) {
    if (build->absent_count == build->absent_capacity) {
        size_t capacity = build->absent_capacity == 0 ? 16 : build->absent_capacity * 2;
        hm_absent_function *grown =
                hm_arena_array(&build->scratch, capacity, sizeof *grown);
        if (grown == NULL) {
            return HM_NO_MEMORY;
        }
        if (build->absent_count > 0) {
            memcpy(grown, build->absent, build->absent_count * sizeof *grown);
        }
        build->absent = grown;
        build->absent_capacity = capacity;
    }
    build->absent[build->absent_count++] = (hm_absent_function){function, scope};
    return HM_OK;
}

// One function that would make a name, and the next that would make the same.
typedef struct hm_absent {
    hm_absent_function of;
    const char *name; // in full
    struct hm_absent *next;
} hm_absent;

typedef struct hm_absent_list {
    hm_build *build;
    hm_absent_function of; // whose names are visited
    hm_absent **last;      // by name: the last of them, whose next is the first
    size_t count;
    size_t capacity;
    bool no_memory;
} hm_absent_list;

static bool is_made(const hm_build *build, uint32_t number) {
    return build->names[number].definition != HM_NONE ||
           build->names[number].is_replaced;
}

// Finds by what name the graph has what the function would have made: in its scope, or
// in one around it, where those who read it looked next. *name is NULL if it is made
// there.
static hm_status find_name(
        hm_build *build, const hm_scope *scope, const char *own, const char **name) {
    const char *innermost = NULL;
    for (; scope != NULL; scope = scope->outer) {
        *name = hm_scope_join(build, scope, own);
        if (*name == NULL) {
            return HM_NO_MEMORY;
        }
        uint32_t number = hm_names_find(&build->graph->names, *name);
        if (number != HM_NAMES_ABSENT) {
            *name = is_made(build, number) ? NULL : *name;
            return HM_OK;
        }
        innermost = innermost != NULL ? innermost : *name;
    }
    *name = innermost;
    return HM_OK;
}

static bool grow(hm_absent_list *list) {
    if (list->count < list->capacity) {
        return true;
    }
    size_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
    hm_absent **grown = hm_arena_array(&list->build->scratch, capacity, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    if (list->count > 0) {
        memcpy(grown, list->last, list->count * sizeof *grown);
    }
    list->last = grown;
    list->capacity = capacity;
    return true;
}

// Adds a function to those that would make a name, the last of which is given.
static hm_status add(hm_absent_list *list, const char *name, hm_absent **last) {
    hm_absent *at = *last;
    if (at != NULL) {
        do { // in another subdag the same function may lack as well
            if (at->of.function == list->of.function) {
                return HM_OK;
            }
            at = at->next;
        } while (at != *last);
    }
    hm_absent *added = hm_arena_array(&list->build->scratch, 1, sizeof *added);
    if (added == NULL) {
        return HM_NO_MEMORY;
    }
    *added = (hm_absent){list->of, name, *last != NULL ? (*last)->next : added};
    if (*last != NULL) {
        (*last)->next = added;
    }
    *last = added;
    return HM_OK;
}

static hm_status note_name(hm_absent_list *list, const char *text, size_t length) {
    hm_graph *graph = list->build->graph;
    const char *own = hm_arena_slice(&graph->arena, text, length);
    const char *name = NULL;
    if (own == NULL || !grow(list)) {
        return HM_NO_MEMORY;
    }
    HM_TRY(find_name(list->build, list->of.scope, own, &name));
    if (name == NULL) {
        return HM_OK;
    }
    uint32_t *number = hm_names_put(&graph->absent_names, name);
    if (number == NULL) {
        return HM_NO_MEMORY;
    }
    if (*number == HM_NAMES_ABSENT) {
        *number = (uint32_t)list->count++;
        list->last[*number] = NULL;
    }
    return add(list, name, &list->last[*number]);
}

static void visit(
        void *context, const char *name, size_t length, const hm_modifier *by) {
    (void)by;
    hm_absent_list *list = context;
    list->no_memory |= note_name(list, name, length) != HM_OK;
}

// "no variant of `price` exists: price__us (v.c:2) has HM_WHEN(region, us); config has
// no region"
static hm_status explain(hm_build *build, const hm_absent *last, const char **told) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text, "no variant of `%s` exists: ", last->name);
    size_t count = 0;
    const hm_absent *at = last;
    do {
        at = at->next;
        hm_text_format(&text, "%s%s (%s:%u) has ", count++ > 0 ? ", " : "",
                at->of.function->name, at->of.function->file,
                (unsigned)at->of.function->line);
        hm_conditions_append(&text, at->of.function);
    } while (at != last);
    hm_text_append(&text, "; ");
    const hm_function **functions =
            hm_arena_array(&build->scratch, count, sizeof *functions);
    for (size_t i = 0; functions != NULL && i < count; i++, at = at->next) {
        functions[i] = at->next->of.function;
    }
    if (functions != NULL) {
        hm_conditions_append_config(&text, build, last->of.scope, functions, count);
    }
    *told = text.failed || functions == NULL
                    ? NULL
                    : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return *told != NULL ? HM_OK : HM_NO_MEMORY;
}

hm_status hm_conditions_explain_absent(hm_build *build) {
    hm_absent_list list = {.build = build};
    for (size_t i = 0; i < build->absent_count && !list.no_memory; i++) {
        const hm_function *function = build->absent[i].function;
        list.of = build->absent[i];
        hm_made_each(&(hm_making){.function = function->name,
                             .outputs = function->outputs,
                             .output_count = function->output_count,
                             .modifiers = function->modifiers,
                             .modifier_count = function->modifier_count},
                visit, &list);
    }
    hm_graph *graph = build->graph;
    graph->absent = hm_arena_array(&graph->arena, list.count, sizeof *graph->absent);
    if (list.no_memory || graph->absent == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < list.count; i++) {
        HM_TRY(explain(build, list.last[i], &graph->absent[i]));
    }
    return HM_OK;
}
