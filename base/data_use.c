// data_use.c — see data_use.h.

#include "base/data_use.h"

#include <string.h>

#include "base/extraction.h"
#include "base/literal.h"

static const char load_usage[] =
        "write HM_LOAD_FROM(format, parameter, binding, ...), where a binding is "
        "HM_VALUE(its_parameter, literal) or HM_SOURCE(its_parameter, node)";
static const char save_usage[] =
        "write HM_SAVE_TO(format, binding, ...), where a binding is "
        "HM_VALUE(its_parameter, literal) or HM_SOURCE(its_parameter, node)";

bool hm_is_load_from(const hm_modifier *modifier) {
    return strcmp(modifier->name, "load_from") == 0;
}

bool hm_is_save_to(const hm_modifier *modifier) {
    return strcmp(modifier->name, "save_to") == 0;
}

static bool is_call(const hm_argument *argument, const char *name) {
    return argument->kind == HM_ARGUMENT_CALL && strcmp(argument->text, name) == 0;
}

static bool is_column(const hm_argument *item) {
    return is_call(item, "value") && strcmp(item->arguments[0].text, "column") == 0;
}

static bool is_as(const hm_argument *item) {
    return is_call(item, "as");
}

bool hm_data_use_binds(const hm_argument *item) {
    return !is_column(item) && !is_as(item);
}

static size_t first_item(const hm_modifier *modifier) {
    return hm_is_load_from(modifier) ? 2 : 1;
}

hm_data_use hm_data_use_read(const hm_modifier *modifier) {
    size_t first = first_item(modifier);
    hm_data_use use = {.macro = "HM_SAVE_TO",
            .format = modifier->arguments[0].text,
            .items = modifier->arguments + first,
            .item_count = modifier->argument_count - first};
    if (hm_is_load_from(modifier)) {
        use.macro = "HM_LOAD_FROM";
        use.parameter = modifier->arguments[1].text;
    }
    for (size_t i = 0; i < use.item_count; i++) {
        if (is_column(&use.items[i])) {
            use.column = use.items[i].arguments[1].text;
        } else if (is_as(&use.items[i])) {
            use.node = use.items[i].arguments[0].text;
        }
    }
    return use;
}

static bool check_as(const hm_refusal *refusal, const hm_argument *item, bool loads) {
    if (loads) {
        return hm_refusal_tell(refusal,
                "leave it out: its nodes are called by the "
                "function and the parameter",
                "HM_AS names a step, or a node that saves");
    }
    return (item->argument_count == 1 && hm_argument_is_word(&item->arguments[0])) ||
           hm_refusal_tell(refusal, "write HM_AS(node)", "HM_AS has no name");
}

static bool check_item(
        const hm_refusal *refusal, const hm_argument *item, const char *usage) {
    bool loads = usage == load_usage;
    if (is_as(item)) {
        return check_as(refusal, item, loads);
    }
    bool is_value = is_call(item, "value");
    if (!is_value && !is_call(item, "source")) {
        return hm_refusal_tell(refusal, usage, "`%s` is no binding", item->text);
    }
    const hm_argument *parts = item->arguments;
    if (item->argument_count != 2 || !hm_argument_is_word(&parts[0]) ||
            parts[1].kind == HM_ARGUMENT_CALL ||
            (!is_value && !hm_argument_is_word(&parts[1]))) {
        return hm_refusal_tell(
                refusal, usage, "a binding does not say which parameter is what");
    }
    if (strcmp(parts[0].text, "column") == 0 &&
            (!is_value || !hm_argument_is_word(&parts[1]))) {
        return hm_refusal_tell(refusal, "write HM_VALUE(column, \"name\")",
                "which column is loaded is known before anything runs");
    }
    return true;
}

// What a binding is for, to find it twice: NULL of HM_AS.
static const char *subject_of(const hm_argument *item) {
    return is_as(item) ? NULL : item->arguments[0].text;
}

static bool check_items(
        const hm_refusal *refusal, const hm_modifier *modifier, const char *usage) {
    for (size_t i = first_item(modifier); i < modifier->argument_count; i++) {
        const hm_argument *item = &modifier->arguments[i];
        if (!check_item(refusal, item, usage)) {
            return false;
        }
        for (size_t k = first_item(modifier); k < i; k++) {
            const char *earlier = subject_of(&modifier->arguments[k]);
            const char *subject = subject_of(item);
            if (subject == NULL ? earlier == NULL
                                : earlier != NULL && strcmp(subject, earlier) == 0) {
                return hm_refusal_tell(refusal, "keep one of them",
                        "`%s` is bound twice", subject != NULL ? subject : "HM_AS");
            }
        }
    }
    return true;
}

// What else fills the parameter, or NULL.
static const char *find_rival(const hm_modifier *modifier, const char *parameter,
        const hm_modifier *modifiers, size_t count) {
    for (size_t m = 0; m < count; m++) {
        const hm_modifier *other = &modifiers[m];
        if (other < modifier && hm_is_load_from(other) && other->argument_count > 1 &&
                strcmp(other->arguments[1].text, parameter) == 0) {
            return "another HM_LOAD_FROM";
        }
        bool injects = strcmp(other->name, "inject") == 0;
        bool expands = strcmp(other->name, "parameterize") == 0;
        for (size_t i = expands; i < other->argument_count && (injects || expands);
                i++) {
            const hm_argument *binding = &other->arguments[i];
            if (binding->kind == HM_ARGUMENT_CALL && binding->argument_count > 0 &&
                    strcmp(binding->arguments[0].text, parameter) == 0) {
                return injects ? "HM_INJECT" : "HM_PARAMETERIZE";
            }
        }
    }
    return NULL;
}

static bool check_parameter(const hm_refusal *refusal, const hm_modifier *modifier,
        const hm_bindings *function, const hm_modifier *modifiers, size_t count) {
    const hm_argument *name = &modifier->arguments[1];
    const hm_argument binding = {.arguments = name, .argument_count = 1};
    if (hm_binding_parameter(function, &binding) == HM_NONE) {
        hm_bindings named = *function;
        named.macro = refusal->macro;
        hm_bindings_refuse_unknown(
                &named, name->text, refusal->refuse, refusal->context);
        return false;
    }
    const char *rival = find_rival(modifier, name->text, modifiers, count);
    return rival == NULL || hm_refusal_tell(refusal, "keep one of them",
                                    "%s fills `%s` already", rival, name->text);
}

bool hm_data_use_check(const hm_modifier *modifier, const hm_bindings *function,
        const hm_modifier *modifiers, size_t modifier_count, hm_refuse *refuse,
        void *context) {
    bool loads = hm_is_load_from(modifier);
    const char *usage = loads ? load_usage : save_usage;
    const hm_refusal refusal = {.macro = loads ? "HM_LOAD_FROM" : "HM_SAVE_TO",
            .function = function->function,
            .refuse = refuse,
            .context = context};
    for (size_t i = 0; i < first_item(modifier); i++) {
        if (!hm_argument_is_word(&modifier->arguments[i])) {
            return hm_refusal_tell(&refusal, usage, "argument %zu is no name", i + 1);
        }
    }
    return check_items(&refusal, modifier, usage) &&
           (!loads || check_parameter(
                              &refusal, modifier, function, modifiers, modifier_count));
}

bool hm_is_loader(const hm_modifier *modifier) {
    return strcmp(modifier->name, "loader") == 0;
}

bool hm_is_saver(const hm_modifier *modifier) {
    return strcmp(modifier->name, "saver") == 0;
}

static bool is_metadata(const hm_output *output) {
    return output->shape == HM_ONE && output->type->kind == HM_KIND_STRUCT &&
           strcmp(output->type->name, "struct hm_metadata") == 0;
}

const hm_output *hm_loader_metadata(
        const char *function, const hm_output *outputs, size_t output_count) {
    const hm_output *own = hm_output_own(function, outputs, output_count);
    for (size_t o = 0; o < output_count; o++) {
        if (&outputs[o] != own && is_metadata(&outputs[o])) {
            return &outputs[o];
        }
    }
    return NULL;
}

void hm_data_maker_check(const hm_modifier *modifier, const char *function,
        const hm_output *outputs, size_t output_count, hm_refuse *refuse,
        void *context) {
    bool loads = hm_is_loader(modifier);
    const hm_refusal refusal = {.macro = loads ? "HM_LOADER" : "HM_SAVER",
            .function = function,
            .refuse = refuse,
            .context = context};
    const hm_output *own = hm_output_own(function, outputs, output_count);
    if (!loads && (own == NULL || !is_metadata(own) || output_count != 1)) {
        hm_refusal_tell(&refusal,
                "return the struct hm_metadata of <hamilton/metadata.h>, or write it "
                "to a parameter `struct hm_metadata *out`, and nothing else",
                "it does not make the metadata of what it saved");
    } else if (loads &&
               (own == NULL || output_count != 2 ||
                       hm_loader_metadata(function, outputs, output_count) == NULL)) {
        hm_refusal_tell(&refusal,
                "let it make the data as `out`, and a `struct hm_metadata *metadata` "
                "of <hamilton/metadata.h> beside them",
                "it does not make data and their metadata");
    }
}
