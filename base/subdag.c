// subdag.c — see subdag.h.

#include "base/subdag.h"

#include <stdio.h>
#include <string.h>

#include "base/literal.h"
#include "base/names.h"

static const char subdag_usage[] = "write HM_SUBDAG(\"module.c\", ...)";
static const char subdag_as_usage[] = "write HM_SUBDAG_AS(node, \"module.c\", ...)";

static bool is_named(const hm_modifier *modifier, const char *name) {
    return strcmp(modifier->name, name) == 0;
}

static bool is_file(const hm_argument *argument) {
    return argument->kind == HM_ARGUMENT_STRING && argument->text != NULL &&
           argument->text[0] != '\0';
}

bool hm_subdag_read(const hm_modifier *modifier, hm_subdag *subdag) {
    bool has_node = is_named(modifier, "subdag_as");
    size_t before = has_node ? 2 : 1; // the items
    if ((!has_node && !is_named(modifier, "subdag")) ||
            modifier->argument_count < before ||
            !is_file(&modifier->arguments[before - 1]) ||
            (has_node && !hm_argument_is_word(&modifier->arguments[0]))) {
        return false;
    }
    *subdag = (hm_subdag){
            .macro = has_node ? "HM_SUBDAG_AS" : "HM_SUBDAG",
            .node = has_node ? modifier->arguments[0].text : NULL,
            .path = modifier->arguments[before - 1].text,
            .items = modifier->arguments + before,
            .count = modifier->argument_count - before,
    };
    return true;
}

bool hm_subdag_is_value(const hm_argument *item) {
    return strcmp(item->text, "value") == 0;
}

bool hm_subdag_is_config(const hm_argument *item) {
    return strcmp(item->text, "config") == 0;
}

bool hm_subdag_is_external(const hm_argument *item) {
    return strcmp(item->text, "external") == 0;
}

typedef struct hm_refusing {
    const hm_subdag_function *function;
    hm_refusal refusal;
} hm_refusing;

// How a kind of item is written, or NULL if there is no such kind.
static const char *usage_of(const hm_argument *item) {
    if (item->kind != HM_ARGUMENT_CALL) {
        return NULL;
    }
    return strcmp(item->text, "source") == 0 ? "write HM_SOURCE(input, node)"
           : hm_subdag_is_value(item)        ? "write HM_VALUE(input, literal)"
           : hm_subdag_is_config(item)       ? "write HM_CONFIG(key, literal)"
           : hm_subdag_is_external(item)     ? "write HM_EXTERNAL(parameter, ...)"
                                             : NULL;
}

// Whether it is an item with the arguments that it needs.
static bool check_form(hm_refusing *refusing, const hm_argument *item) {
    const char *usage = usage_of(item);
    if (usage == NULL) {
        hm_refusal_tell(&refusing->refusal,
                "write HM_SOURCE(input, node), HM_VALUE(input, literal), "
                "HM_CONFIG(key, literal) or HM_EXTERNAL(parameter)",
                "`%s` is none of what it takes", item->text);
        return false;
    }
    bool is_external = hm_subdag_is_external(item);
    size_t count = item->argument_count;
    if (is_external ? count == 0 : count != 2) {
        hm_refusal_tell(&refusing->refusal, usage, "its `%s` has %zu argument%s",
                item->text, count, count == 1 ? "" : "s");
        return false;
    }
    bool is_source = strcmp(item->text, "source") == 0;
    for (size_t i = 0; i < count; i++) {
        const hm_argument *part = &item->arguments[i];
        bool must_be_word = i == 0 || is_external || is_source;
        if (must_be_word ? !hm_argument_is_word(part)
                         : part->kind == HM_ARGUMENT_CALL) {
            hm_refusal_tell(&refusing->refusal, usage, "`%s` is no %s", part->text,
                    must_be_word ? "name" : "literal");
            return false;
        }
    }
    return true;
}

// The function takes the name: by a parameter, or by what another modifier makes of it.
static bool takes(const hm_subdag_function *function, const char *name) {
    for (size_t i = 0; i < function->parameter_count; i++) {
        if (strcmp(function->parameters[i].name, name) == 0) {
            return true;
        }
    }
    for (size_t m = 0; m < function->modifier_count; m++) {
        const hm_modifier *modifier = &function->modifiers[m];
        for (size_t i = 0; is_named(modifier, "inject") && i < modifier->argument_count;
                i++) {
            const hm_argument *binding = &modifier->arguments[i];
            for (size_t p = 1; p < binding->argument_count; p++) {
                if (strcmp(binding->arguments[p].text, name) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void check_external(hm_refusing *refusing, const hm_argument *item) {
    const hm_subdag_function *function = refusing->function;
    for (size_t i = 0; i < item->argument_count; i++) {
        const char *name = item->arguments[i].text;
        if (takes(function, name)) {
            continue;
        }
        const char *nearest = NULL;
        size_t distance = hm_names_tolerance(name) + 1;
        for (size_t p = 0; p < function->parameter_count; p++) {
            const char *other = function->parameters[p].name;
            size_t found = hm_names_distance(name, other, distance);
            nearest = found < distance ? other : nearest;
            distance = found < distance ? found : distance;
        }
        char mend[256] = "name one of its parameters";
        if (nearest != NULL) {
            snprintf(mend, sizeof mend, "did you mean `%s`?", nearest);
        }
        hm_refusal_tell(&refusing->refusal, mend,
                "HM_EXTERNAL names `%s`, which it does not take", name);
    }
}

// Config and inputs are one for whoever reads them.
static void check_twice(
        hm_refusing *refusing, const hm_subdag *subdag, const hm_argument *item) {
    const char *name = item->arguments[0].text;
    for (const hm_argument *other = subdag->items; other < item; other++) {
        if (other->kind != HM_ARGUMENT_CALL || other->argument_count == 0 ||
                usage_of(other) == NULL || hm_subdag_is_external(other) ||
                strcmp(other->arguments[0].text, name) != 0) {
            continue;
        }
        if (hm_subdag_is_config(other) != hm_subdag_is_config(item)) {
            hm_refusal_tell(&refusing->refusal, "keep HM_CONFIG, which is an input too",
                    "`%s` is a config key and an input that is bound", name);
        } else {
            hm_refusal_tell(&refusing->refusal, "keep one of them", "`%s` is %s twice",
                    name, hm_subdag_is_config(item) ? "configured" : "bound");
        }
        return;
    }
}

static void check_items(hm_refusing *refusing, const hm_subdag *subdag) {
    for (size_t i = 0; i < subdag->count; i++) {
        const hm_argument *item = &subdag->items[i];
        if (!check_form(refusing, item)) {
            continue;
        }
        if (hm_subdag_is_external(item)) {
            check_external(refusing, item);
        } else {
            check_twice(refusing, subdag, item);
        }
    }
}

// Each of the others decides what makes the node, or multiplies it.
static void check_company(hm_refusing *refusing, bool is_first_as, bool is_as) {
    static const struct {
        const char *name;
        const char *macro;
        const char *mend;
    } others[] = {
            {"subdag", "HM_SUBDAG", "keep HM_SUBDAG_AS alone, once for each node"},
            {"parameterize", "HM_PARAMETERIZE",
                    "write HM_SUBDAG_AS(node, ...) once for each node"},
            {"parameterize_from_config", "HM_PARAMETERIZE_FROM_CONFIG",
                    "write HM_SUBDAG_AS(node, ...) once for each node"},
    };
    const hm_subdag_function *function = refusing->function;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        bool is_there = false;
        for (size_t m = 0; m < function->modifier_count; m++) {
            is_there |= is_named(&function->modifiers[m], others[i].name);
        }
        if (is_there && (is_as ? is_first_as : i > 0)) {
            hm_refusal_tell(&refusing->refusal, others[i].mend, "it has %s as well",
                    others[i].macro);
        }
    }
}

static bool is_first(const hm_subdag_function *function, const hm_modifier *modifier) {
    const hm_modifier *first = function->modifiers;
    while (!is_named(first, modifier->name)) {
        first++;
    }
    return first == modifier;
}

void hm_subdag_check(const hm_subdag_function *function, const hm_modifier *modifier,
        hm_refuse *refuse, void *context) {
    bool is_as = is_named(modifier, "subdag_as");
    hm_refusing refusing = {function,
            {is_as ? "HM_SUBDAG_AS" : "HM_SUBDAG", function->name, refuse, context}};
    hm_subdag subdag;
    if (!hm_subdag_read(modifier, &subdag)) {
        hm_refusal_tell(&refusing.refusal, is_as ? subdag_as_usage : subdag_usage,
                "it does not name %sthe file of a module in quotes",
                is_as ? "a node and " : "");
        return;
    }
    check_items(&refusing, &subdag);
    bool is_first_as = is_as && is_first(function, modifier);
    check_company(&refusing, is_first_as, is_as);
    if (is_first_as) {
        const hm_bindings renamed = {.macro = refusing.refusal.macro,
                .function = function->name,
                .outputs = function->outputs,
                .output_count = function->output_count,
                .renames_output = true};
        hm_bindings_check(&renamed, refuse, context);
    }
}
