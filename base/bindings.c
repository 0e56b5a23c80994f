// bindings.c — see bindings.h.

#include "base/bindings.h"

#include <stdio.h>
#include <string.h>

#include <hamilton/value.h>

#include "base/literal.h"
#include "base/names.h"

enum { BINDING_PARTS = 2 }; // the parameter and what it is bound to

bool hm_binding_is_value(const hm_argument *binding) {
    return strcmp(binding->text, "value") == 0;
}

bool hm_binding_is_group(const hm_argument *binding) {
    return strcmp(binding->text, "group") == 0;
}

bool hm_binding_names_node(const hm_argument *member, const hm_type *type) {
    bool can_be_text = type->kind == HM_KIND_STRING || type->time_unit != HM_TIME_NONE;
    return member->kind == HM_ARGUMENT_NAME ||
           (member->kind == HM_ARGUMENT_STRING && !can_be_text &&
                   member->text[0] != '\0');
}

static hm_bound_size size_of(hm_shape shape, hm_pass pass, const hm_type *type) {
    if (shape != HM_ONE) {
        return (hm_bound_size){sizeof(hm_array), _Alignof(hm_array)};
    }
    if (pass == HM_BY_REFERENCE) {
        return (hm_bound_size){sizeof(void *), _Alignof(void *)};
    }
    return (hm_bound_size){type->size, type->alignment};
}

hm_bound_size hm_bound_size_of_parameter(const hm_parameter *parameter) {
    return size_of(parameter->shape, parameter->pass, parameter->type);
}

hm_bound_size hm_bound_size_of_output(const hm_output *output) {
    return size_of(output->shape, output->pass, output->type);
}

uint32_t hm_bound_place(uint32_t *end, hm_bound_size size) {
    uint32_t place = (*end + size.alignment - 1) / size.alignment * size.alignment;
    *end = place + size.bytes;
    return place;
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
    hm_refusal refusal;
} hm_refusing;

typedef struct hm_binding_kind {
    const char *name;
    const char *usage;
} hm_binding_kind;

static const hm_binding_kind kinds[] = {
        {"source", "write HM_SOURCE(parameter, node)"},
        {"value", "write HM_VALUE(parameter, literal)"},
        {"group", "write HM_GROUP(parameter, member, ...)"},
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

// How a kind of binding is written, or NULL if there is no such kind.
static const char *usage_of(const hm_argument *binding) {
    for (size_t i = 0; i < KIND_COUNT && binding->kind == HM_ARGUMENT_CALL; i++) {
        if (strcmp(binding->text, kinds[i].name) == 0) {
            return kinds[i].usage;
        }
    }
    return NULL;
}

// A call is told by its macro.
static void refuse_kind(hm_refusing *refusing, const hm_argument *binding) {
    bool is_call = binding->kind == HM_ARGUMENT_CALL;
    const hm_binding_kind *nearest = NULL;
    size_t distance = hm_names_tolerance(binding->text) + 1;
    for (size_t i = 0; i < KIND_COUNT && is_call; i++) {
        size_t found = hm_names_distance(binding->text, kinds[i].name, distance);
        if (found < distance) {
            distance = found;
            nearest = &kinds[i];
        }
    }
    char macro[64];
    size_t length = 0;
    for (const char *at = binding->text; *at != '\0' && length + 1 < sizeof macro;
            at++) {
        bool is_lower = is_call && *at >= 'a' && *at <= 'z';
        macro[length++] = is_lower ? (char)(*at - 'a' + 'A') : *at;
    }
    macro[length] = '\0';
    hm_refusal_tell(&refusing->refusal,
            nearest != NULL ? nearest->usage
                            : "write HM_SOURCE(parameter, node), HM_VALUE(parameter, "
                              "literal) or HM_GROUP(parameter, member, ...)",
            "`%s%s` is no binding", is_call ? "HM_" : "", macro);
}

// Whether it is a call of a binding with the arguments that it needs.
static bool check_form(hm_refusing *refusing, const hm_argument *binding) {
    const char *usage = usage_of(binding);
    if (usage == NULL) {
        refuse_kind(refusing, binding);
        return false;
    }
    const hm_argument *parts = binding->arguments;
    size_t count = binding->argument_count;
    bool is_group = hm_binding_is_group(binding);
    if (count < BINDING_PARTS || (count > BINDING_PARTS && !is_group)) {
        hm_refusal_tell(&refusing->refusal, usage, "a binding has %zu argument%s",
                count, count == 1 ? "" : "s");
        return false;
    }
    if (!hm_argument_is_word(&parts[0])) {
        hm_refusal_tell(
                &refusing->refusal, usage, "`%s` is no parameter", parts[0].text);
        return false;
    }
    bool is_source = !is_group && !hm_binding_is_value(binding);
    for (size_t i = 1; i < count; i++) {
        if (parts[i].kind == HM_ARGUMENT_CALL ||
                (is_source && !hm_argument_is_word(&parts[i]))) {
            hm_refusal_tell(&refusing->refusal, usage, "`%s` is no %s", parts[i].text,
                    is_source ? "name of a node" : "literal");
            return false;
        }
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
    hm_refusal_tell(&refusing->refusal, mend, "it takes no `%s`", name);
}

static void check_value(hm_refusing *refusing, const hm_parameter *parameter,
        const hm_argument *literal) {
    char mend[256];
    const hm_type *type = parameter->type;
    if (parameter->shape != HM_ONE || type->kind == HM_KIND_STRUCT ||
            type->kind == HM_KIND_OPAQUE) {
        snprintf(mend, sizeof mend,
                "bind it to a node or an input: HM_SOURCE(%s, node)", parameter->name);
        hm_refusal_tell(&refusing->refusal, mend, "`%s` is an %s, which no literal is",
                parameter->name, parameter->shape != HM_ONE ? "array" : "object");
        return;
    }
    _Alignas(max_align_t) char slot[sizeof(long double)];
    if (!hm_literal_store(literal, type, slot)) {
        snprintf(mend, sizeof mend, "write a literal that `%s` can hold%s", type->name,
                type->kind == HM_KIND_STRING ? ", in quotes" : "");
        hm_refusal_tell(&refusing->refusal, mend, "the value %s of `%s` is no %s",
                literal->text, parameter->name, type->name);
    }
}

// The group that a parameter is bound to, or NULL.
static const hm_argument *group_of(const hm_bindings *bindings, uint32_t parameter) {
    for (size_t i = 0; i < bindings->count; i++) {
        const hm_argument *binding = &bindings->items[i];
        if (usage_of(binding) != NULL && hm_binding_is_group(binding) &&
                binding->argument_count > 0 &&
                hm_binding_parameter(bindings, binding) == parameter) {
            return binding;
        }
    }
    return NULL;
}

// What shares the dimension of a group has its length: other groups, and nothing else.
static void check_dimension(
        hm_refusing *refusing, const hm_parameter *array, const hm_argument *group) {
    const hm_bindings *bindings = refusing->bindings;
    for (size_t i = 0; i < bindings->parameter_count; i++) {
        const hm_parameter *other = &bindings->parameters[i];
        if (other->shape != HM_ARRAY || other->dimension != array->dimension) {
            continue;
        }
        const hm_argument *its = group_of(bindings, (uint32_t)i);
        if (its != NULL && other < array) {
            continue; // which has been compared
        }
        if (its == NULL || its->argument_count != group->argument_count) {
            hm_refusal_tell(&refusing->refusal, "group as many members for each",
                    "`%s` must be as long as `%s`", other->name, array->name);
            return;
        }
    }
    for (size_t i = 0; i < bindings->output_count; i++) {
        const hm_output *output = &bindings->outputs[i];
        if (output->shape == HM_ARRAY && output->dimension == array->dimension) {
            hm_refusal_tell(&refusing->refusal,
                    "give it an array: a node that makes one, or an input",
                    "it makes an array, `%s`, as long as `%s`", output->name,
                    array->name);
            return;
        }
    }
}

// What is borrowed may point into the array, which ends with the call.
static void check_borrowed(hm_refusing *refusing, const hm_parameter *array) {
    const hm_bindings *bindings = refusing->bindings;
    for (size_t i = 0; i < bindings->output_count; i++) {
        const hm_output *output = &bindings->outputs[i];
        if (output->pass == HM_BY_REFERENCE && output->ownership == HM_BORROWED &&
                array->type->kind == HM_KIND_STRUCT) {
            hm_refusal_tell(&refusing->refusal, "return the struct itself",
                    "`%s` may point into the group `%s`, which ends with the call",
                    output->name, array->name);
            return;
        }
    }
}

static void check_group(
        hm_refusing *refusing, const hm_parameter *array, const hm_argument *group) {
    char mend[256];
    const hm_type *type = array->type;
    if (array->shape != HM_ARRAY || array->pass != HM_BY_VALUE) {
        snprintf(mend, sizeof mend, "write HM_SOURCE(%s, node)", array->name);
        hm_refusal_tell(
                &refusing->refusal, mend, "`%s` is no array of values", array->name);
        return;
    }
    if (refusing->bindings->is_async) {
        hm_refusal_tell(&refusing->refusal,
                "give it an array: a node that makes one, or an input",
                "it is asynchronous, and a group ends with the call");
        return;
    }
    _Alignas(HM_GROUP_ALIGNMENT) char slot[sizeof(long double)];
    for (size_t i = 1; i < group->argument_count; i++) {
        const hm_argument *member = &group->arguments[i];
        bool is_value = type->kind != HM_KIND_STRUCT;
        if (!hm_binding_names_node(member, type) &&
                !(is_value && hm_literal_store(member, type, slot))) {
            snprintf(mend, sizeof mend, "write a literal that `%s` can hold, or a node",
                    type->name);
            hm_refusal_tell(&refusing->refusal, mend, "the member %s of `%s` is no %s",
                    member->text, array->name, type->name);
        }
    }
    check_dimension(refusing, array, group);
    check_borrowed(refusing, array);
}

// At most, wherever it is placed; what is aligned more than the frame has no room.
static uint64_t bytes_on_stack(hm_bound_size size) {
    return size.alignment <= HM_GROUP_ALIGNMENT
                   ? (uint64_t)size.bytes + 2 * size.alignment
                   : HM_GROUP_FRAME + 1;
}

static uint64_t bytes_of_members(const hm_type *type, size_t count) {
    return bytes_on_stack((hm_bound_size){type->size, type->alignment}) +
           (uint64_t)count * type->size;
}

// All arguments of a function that takes a group are together on the stack.
static void check_frame(hm_refusing *refusing) {
    const hm_bindings *bindings = refusing->bindings;
    uint64_t bytes = 0;
    bool has_group = false;
    for (size_t i = 0; i < bindings->parameter_count; i++) {
        const hm_parameter *parameter = &bindings->parameters[i];
        const hm_argument *group = group_of(bindings, (uint32_t)i);
        bytes += bytes_on_stack(hm_bound_size_of_parameter(parameter));
        if (group != NULL) {
            has_group = true;
            bytes += bytes_of_members(parameter->type, group->argument_count);
        }
    }
    for (size_t i = 0; i < bindings->output_count; i++) {
        bytes += bytes_on_stack(hm_bound_size_of_output(&bindings->outputs[i]));
    }
    if (has_group && bytes > HM_GROUP_FRAME) {
        hm_refusal_tell(&refusing->refusal,
                "give it an array: a node that makes one, or an input",
                "what it takes and makes is too large for a group, which is formed on "
                "the stack");
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
        hm_refusal_tell(&refusing->refusal, mend,
                "it makes %zu things, `%s` and `%s` among them", bindings->output_count,
                bindings->outputs[0].name, bindings->outputs[1].name);
    } else if (bindings->output_count == 1 &&
               strcmp(bindings->outputs[0].name, bindings->function) != 0) {
        hm_refusal_tell(&refusing->refusal, mend,
                "it makes `%s`, which is not called as the function",
                bindings->outputs[0].name);
    }
}

void hm_bindings_refuse_unknown(const hm_bindings *bindings, const char *name,
        hm_refuse *refuse, void *context) {
    hm_refusing refusing = {
            bindings, {bindings->macro, bindings->function, refuse, context}};
    refuse_unknown(&refusing, name);
}

void hm_bindings_check(const hm_bindings *bindings, hm_refuse *refuse, void *context) {
    hm_refusing refusing = {
            bindings, {bindings->macro, bindings->function, refuse, context}};
    if (bindings->renames_output) {
        check_outputs(&refusing);
    }
    check_frame(&refusing);
    for (size_t i = 0; i < bindings->count; i++) {
        const hm_argument *binding = &bindings->items[i];
        if (!check_form(&refusing, binding)) {
            continue;
        }
        uint32_t parameter = hm_binding_parameter(bindings, binding);
        if (parameter == HM_NONE) {
            refuse_unknown(&refusing, binding->arguments[0].text);
        } else if (is_bound_before(bindings, i, parameter)) {
            hm_refusal_tell(&refusing.refusal, "keep one of the bindings",
                    "`%s` is bound twice", binding->arguments[0].text);
        } else if (hm_binding_is_value(binding)) {
            check_value(&refusing, &bindings->parameters[parameter],
                    &binding->arguments[1]);
        } else if (hm_binding_is_group(binding)) {
            check_group(&refusing, &bindings->parameters[parameter], binding);
        }
    }
}
