// bindings.c — see bindings.h.

#include "base/bindings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/literal.h"
#include "base/names.h"

enum { BINDING_PARTS = 2 }; // the parameter and what it is bound to

bool hm_binding_is_value(const hm_argument *binding) {
    return strcmp(binding->text, "value") == 0;
}

uint32_t hm_binding_parameter(const hm_bindings *bindings, const hm_argument *binding) {
    for (size_t i = 0; i < bindings->parameter_count; i++) {
        if (strcmp(bindings->parameters[i].name, binding->arguments[0].text) == 0) {
            return (uint32_t)i;
        }
    }
    return HM_NONE;
}

typedef struct hm_refusing {
    const hm_bindings *bindings;
    hm_bindings_refuse *refuse;
    void *context;
} hm_refusing;

// Behind "HM_INJECT of `price`: ".
__attribute__((format(printf, 3, 4))) static void refuse(
        hm_refusing *refusing, const char *mend, const char *format, ...) {
    char fault[384];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault, sizeof fault, format, arguments);
    va_end(arguments);
    char message[512];
    snprintf(message, sizeof message, "%s of `%s`: %s", refusing->bindings->macro,
            refusing->bindings->function, fault);
    refusing->refuse(refusing->context, mend, message);
}

// Whether it is a call of a binding with the arguments that it needs.
static bool check_form(hm_refusing *refusing, const hm_argument *binding) {
    static const char usage[] =
            "write HM_SOURCE(parameter, node) or HM_VALUE(parameter, literal)";
    if (binding->kind != HM_ARGUMENT_CALL) {
        refuse(refusing, usage, "`%s` is no binding", binding->text);
        return false;
    }
    bool is_value = hm_binding_is_value(binding);
    if (!is_value && strcmp(binding->text, "source") != 0) {
        refuse(refusing, usage, "`%s` is no binding", binding->text);
        return false;
    }
    const hm_argument *parts = binding->arguments;
    const char *mend = is_value ? "write HM_VALUE(parameter, literal)"
                                : "write HM_SOURCE(parameter, node)";
    if (binding->argument_count != BINDING_PARTS) {
        refuse(refusing, mend, "a binding has %zu argument%s", binding->argument_count,
                binding->argument_count == 1 ? "" : "s");
        return false;
    }
    if (!hm_argument_is_word(&parts[0]) ||
            (!is_value && !hm_argument_is_word(&parts[1])) ||
            parts[1].kind == HM_ARGUMENT_CALL) {
        refuse(refusing, mend, "`%s` is no %s",
                hm_argument_is_word(&parts[0]) ? parts[1].text : parts[0].text,
                !hm_argument_is_word(&parts[0]) ? "parameter"
                : is_value                      ? "literal"
                                                : "name of a node");
        return false;
    }
    return true;
}

static void refuse_unknown(hm_refusing *refusing, const char *name) {
    const hm_bindings *bindings = refusing->bindings;
    const char *nearest = NULL;
    size_t distance = hm_names_tolerance(name) + 1;
    for (size_t i = 0; i < bindings->parameter_count; i++) {
        const char *other = bindings->parameters[i].name;
        size_t found = hm_names_distance(name, other, distance);
        if (found < distance) {
            distance = found;
            nearest = other;
        }
    }
    char mend[256] = "name one of its parameters";
    if (nearest != NULL) {
        snprintf(mend, sizeof mend, "did you mean `%s`?", nearest);
    }
    refuse(refusing, mend, "it takes no `%s`", name);
}

static void check_value(hm_refusing *refusing, const hm_parameter *parameter,
        const hm_argument *literal) {
    char mend[256];
    const hm_type *type = parameter->type;
    if (parameter->shape != HM_ONE || type->kind == HM_KIND_STRUCT ||
            type->kind == HM_KIND_OPAQUE) {
        snprintf(mend, sizeof mend,
                "bind it to a node or an input: HM_SOURCE(%s, node)", parameter->name);
        refuse(refusing, mend, "`%s` is an %s, which no literal is", parameter->name,
                parameter->shape != HM_ONE ? "array" : "object");
        return;
    }
    _Alignas(max_align_t) char slot[sizeof(long double)];
    if (!hm_literal_store(literal, type, slot)) {
        snprintf(mend, sizeof mend, "write a literal that `%s` can hold%s", type->name,
                type->kind == HM_KIND_STRING ? ", in quotes" : "");
        refuse(refusing, mend, "the value %s of `%s` is no %s", literal->text,
                parameter->name, type->name);
    }
}

static bool is_bound_before(
        const hm_bindings *bindings, size_t index, uint32_t parameter) {
    for (size_t i = 0; i < index; i++) {
        const hm_argument *earlier = &bindings->items[i];
        if (earlier->kind == HM_ARGUMENT_CALL && earlier->argument_count > 0 &&
                hm_binding_parameter(bindings, earlier) == parameter) {
            return true;
        }
    }
    return false;
}

// A node for each output would need a name for each.
static void check_outputs(hm_refusing *refusing) {
    const hm_bindings *bindings = refusing->bindings;
    static const char mend[] = "let it make one thing, returned or called `out`";
    if (bindings->output_count > 1) {
        refuse(refusing, mend, "it makes %zu things, `%s` and `%s` among them",
                bindings->output_count, bindings->outputs[0].name,
                bindings->outputs[1].name);
    } else if (bindings->output_count == 1 &&
               strcmp(bindings->outputs[0].name, bindings->function) != 0) {
        refuse(refusing, mend, "it makes `%s`, which is not called as the function",
                bindings->outputs[0].name);
    }
}

void hm_bindings_check(
        const hm_bindings *bindings, hm_bindings_refuse *refuse_it, void *context) {
    hm_refusing refusing = {bindings, refuse_it, context};
    check_outputs(&refusing);
    for (size_t i = 0; i < bindings->count; i++) {
        const hm_argument *binding = &bindings->items[i];
        if (!check_form(&refusing, binding)) {
            continue;
        }
        uint32_t parameter = hm_binding_parameter(bindings, binding);
        if (parameter == HM_NONE) {
            refuse_unknown(&refusing, binding->arguments[0].text);
        } else if (is_bound_before(bindings, i, parameter)) {
            refuse(&refusing, "keep one of the bindings", "`%s` is bound twice",
                    binding->arguments[0].text);
        } else if (hm_binding_is_value(binding)) {
            check_value(&refusing, &bindings->parameters[parameter],
                    &binding->arguments[1]);
        }
    }
}
