// choice.c — see choice.h.

#include "base/choice.h"

#include <stdio.h>
#include <string.h>

#include "base/literal.h"
#include "base/names.h"

enum { TRUTHS = 2 }; // values of a bool

uint32_t hm_choice_parameter(const hm_choice *choice) {
    for (size_t i = 0; i < choice->parameter_count; i++) {
        if (strcmp(choice->parameters[i].name, choice->modifier->arguments[0].text) ==
                0) {
            return (uint32_t)i;
        }
    }
    return HM_NONE;
}

static size_t branch_count(const hm_choice *choice) {
    return choice->parameter_count - 1;
}

static const hm_parameter *branch_at(const hm_choice *choice, size_t branch) {
    return &choice->parameters[branch + (branch >= hm_choice_parameter(choice))];
}

hm_argument hm_choice_value(const hm_choice *choice, size_t branch) {
    const hm_modifier *modifier = choice->modifier;
    const hm_type *type = choice->parameters[hm_choice_parameter(choice)].type;
    hm_argument value = {.kind = HM_ARGUMENT_INT, .integer = (int64_t)branch};
    if (modifier->argument_count > 1) {
        value = modifier->arguments[1 + branch];
    } else if (type->kind == HM_KIND_STRING) {
        value = (hm_argument){
                .kind = HM_ARGUMENT_STRING, .text = branch_at(choice, branch)->name};
    }
    if (type->kind == HM_KIND_STRING && value.kind == HM_ARGUMENT_NAME) {
        value.kind = HM_ARGUMENT_STRING; // words may stand without quotes
    }
    return value;
}

typedef struct hm_choosing {
    const hm_choice *choice;
    hm_refusal refusal;
} hm_choosing;

static bool refuse_unknown(const hm_choosing *choosing) {
    const hm_choice *choice = choosing->choice;
    const char *name = choice->modifier->arguments[0].text;
    const char *nearest = NULL;
    size_t distance = hm_names_tolerance(name) + 1;
    for (size_t i = 0; i < choice->parameter_count; i++) {
        const char *other = choice->parameters[i].name;
        size_t found = hm_names_distance(name, other, distance);
        if (found < distance) {
            distance = found;
            nearest = other;
        }
    }
    char mend[256] = "name the parameter that chooses among the others";
    if (nearest != NULL) {
        snprintf(mend, sizeof mend, "did you mean `%s`?", nearest);
    }
    return hm_refusal_tell(&choosing->refusal, mend, "it has no parameter `%s`", name);
}

static bool check_chooser(const hm_choosing *choosing) {
    const hm_choice *choice = choosing->choice;
    uint32_t index = hm_choice_parameter(choice);
    if (index == HM_NONE) {
        return refuse_unknown(choosing);
    }
    const hm_parameter *chooser = &choice->parameters[index];
    const hm_type *type = chooser->type;
    if (chooser->shape != HM_ONE) {
        return hm_refusal_tell(&choosing->refusal,
                "take one value: of a column it is one of each row",
                "`%s` is an array, and one value chooses", chooser->name);
    }
    bool can_choose = type->kind == HM_KIND_BOOL || type->kind == HM_KIND_STRING ||
                      ((type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT) &&
                              type->time_unit == HM_TIME_NONE);
    if (!can_choose || chooser->pass != HM_BY_VALUE) {
        return hm_refusal_tell(&choosing->refusal, "let a node make one of these of it",
                "`%s` is %s, and what chooses is an integer, an enum, a bool or text",
                chooser->name, type->name);
    }
    return true;
}

// It hands on what a branch is, and has no part in it.
static bool check_output(const hm_choosing *choosing) {
    const hm_choice *choice = choosing->choice;
    const hm_output *output = &choice->outputs[0];
    if (choosing->choice->is_async) {
        return hm_refusal_tell(&choosing->refusal, "take out hm_async",
                "it takes one of its parameters, for which it need not wait");
    }
    if (choice->output_count != 1 || output->shape != HM_ONE) {
        return hm_refusal_tell(&choosing->refusal, "return one value",
                "it makes %s, and a branch is one value",
                choice->output_count == 0   ? "nothing"
                : choice->output_count == 1 ? "an array"
                                            : "several values");
    }
    if (output->ownership == HM_GIVEN) {
        return hm_refusal_tell(&choosing->refusal, "return it as const",
                "what it makes belongs to the branch that is taken, and it would give "
                "it away");
    }
    return true;
}

static const char *passed(hm_pass pass) {
    return pass == HM_BY_REFERENCE ? " by reference" : "";
}

static bool check_branches(const hm_choosing *choosing) {
    const hm_choice *choice = choosing->choice;
    const hm_output *output = &choice->outputs[0];
    if (branch_count(choice) < 2) {
        return hm_refusal_tell(&choosing->refusal,
                "take the nodes that it chooses from as parameters",
                "there are no two branches to choose from");
    }
    for (size_t i = 0; i < branch_count(choice); i++) {
        const hm_parameter *branch = branch_at(choice, i);
        if (branch->shape != HM_ONE) {
            return hm_refusal_tell(&choosing->refusal,
                    "take one value: of a column it is one of each row",
                    "branch `%s` is an array", branch->name);
        }
        if (!hm_type_equal(branch->type, output->type) ||
                branch->pass != output->pass) {
            return hm_refusal_tell(&choosing->refusal,
                    "give all branches the type of what it makes",
                    "branch `%s` is %s%s, and `%s` is %s%s", branch->name,
                    branch->type->name, passed(branch->pass), output->name,
                    output->type->name, passed(output->pass));
        }
    }
    return true;
}

static bool is_same(const hm_type *type, const uint64_t *a, const uint64_t *b) {
    if (type->kind == HM_KIND_STRING) {
        const char *texts[2];
        memcpy(&texts[0], a, sizeof texts[0]);
        memcpy(&texts[1], b, sizeof texts[1]);
        return strcmp(texts[0], texts[1]) == 0;
    }
    return *a == *b;
}

static void check_values(const hm_choosing *choosing) {
    const hm_choice *choice = choosing->choice;
    size_t count = branch_count(choice);
    size_t named = choice->modifier->argument_count - 1;
    const hm_parameter *chooser = &choice->parameters[hm_choice_parameter(choice)];
    if (named != 0 && named != count) {
        hm_refusal_tell(&choosing->refusal,
                "name one for each branch, in the order of the parameters",
                "it names %zu value%s, and there are %zu branches", named,
                named == 1 ? "" : "s", count);
        return;
    }
    if (chooser->type->kind == HM_KIND_BOOL && count != TRUTHS) {
        hm_refusal_tell(&choosing->refusal,
                "take two branches, the one for false first",
                "`%s` is false or true, and there are %zu branches", chooser->name,
                count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        hm_argument value = hm_choice_value(choice, i);
        uint64_t slot = 0;
        if (!hm_literal_store(&value, chooser->type, &slot)) {
            hm_refusal_tell(&choosing->refusal, "name values that it can have",
                    "value %zu%s%s%s is no %s, as `%s` is", i + 1,
                    named > 0 ? ", `" : "", named > 0 ? value.text : "",
                    named > 0 ? "`," : "", chooser->type->name, chooser->name);
            return;
        }
        for (size_t k = 0; k < i; k++) {
            hm_argument other = hm_choice_value(choice, k);
            uint64_t before = 0;
            bool stored = hm_literal_store(&other, chooser->type, &before);
            if (stored && is_same(chooser->type, &before, &slot)) {
                hm_refusal_tell(&choosing->refusal, "name each once",
                        "values %zu and %zu are the same", k + 1, i + 1);
                return;
            }
        }
    }
}

void hm_choice_check(const hm_choice *choice, hm_refuse *refuse, void *context) {
    const hm_choosing choosing = {
            choice, {"HM_SWITCH", choice->function, refuse, context}};
    if (check_chooser(&choosing) && check_output(&choosing) &&
            check_branches(&choosing)) {
        check_values(&choosing);
    }
}
