// check_modifiers.c — modifiers are known, have the arguments that they need, and stand
// where they may.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "graph/check.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/variant.h"

static void spell(const char *name, char *spelled, size_t size) {
    size_t i = 0;
    for (; i + 1 < size && name[i] != '\0'; i++) {
        bool is_lower = name[i] >= 'a' && name[i] <= 'z';
        spelled[i] = is_lower ? (char)(name[i] - 'a' + 'A') : name[i];
    }
    spelled[i] = '\0';
}

// No modifier looks deeper than into the bindings of its steps: what a call deeper than
// that has as arguments is not looked at.
enum { DEEPEST_CALL = 2 };

static bool are_sound(const hm_argument *arguments, size_t count, unsigned depth) {
    if (count > 0 && arguments == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const hm_argument *argument = &arguments[i];
        if ((unsigned)argument->kind > HM_ARGUMENT_CALL || argument->text == NULL ||
                (argument->kind == HM_ARGUMENT_CALL && depth < DEEPEST_CALL &&
                        !are_sound(argument->arguments, argument->argument_count,
                                depth + 1))) {
            return false;
        }
    }
    return true;
}

static bool stood_before(const hm_function *function, size_t index) {
    for (size_t i = 0; i < index; i++) {
        const char *name = function->modifiers[i].name;
        if (name != NULL && strcmp(name, function->modifiers[index].name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_modifier(hm_check *check, size_t index) {
    const hm_modifier *modifier = &check->function->modifiers[index];
    if (hm_check_is_empty(modifier->name)) {
        hm_check_complain(check, NULL, "modifier %zu has no name", index);
        return;
    }
    char spelled[64];
    spell(modifier->name, spelled, sizeof spelled);
    const hm_modifier_rule *rule = hm_modifier_rule_find(modifier->name);
    if (rule == NULL) {
        char mend[96] =
                "this library does not know it: it may be too old for the module";
        const char *nearest = hm_modifier_rule_nearest(modifier->name);
        if (nearest != NULL) {
            char meant[64];
            spell(nearest, meant, sizeof meant);
            snprintf(mend, sizeof mend, "did you mean HM_%s?", meant);
        }
        hm_check_complain(check, mend, "HM_%s is no modifier", spelled);
        return;
    }
    if (!are_sound(modifier->arguments, modifier->argument_count, 0)) {
        hm_check_complain(check, NULL,
                "HM_%s has an argument without text or of unknown kind", spelled);
        return;
    }
    if (modifier->argument_count < rule->fewest_arguments ||
            modifier->argument_count > rule->most_arguments) {
        hm_check_complain(check, NULL, "HM_%s takes %s%zu argument%s, not %zu", spelled,
                rule->most_arguments > rule->fewest_arguments ? "at least " : "",
                rule->fewest_arguments, rule->fewest_arguments == 1 ? "" : "s",
                modifier->argument_count);
        return;
    }
    if (rule->is_single && stood_before(check->function, index)) {
        hm_check_complain(check, "keep one of them", "HM_%s stands twice", spelled);
        return;
    }
    const char *fault =
            rule->check != NULL ? rule->check(check->function, modifier) : NULL;
    if (fault != NULL) {
        hm_check_complain(check, NULL, "HM_%s: %s", spelled, fault);
    }
    if (rule->inspect != NULL) {
        rule->inspect(check, modifier);
    }
}

hm_status hm_check_modifiers(hm_check *check) {
    const hm_function *function = check->function;
    size_t faults = check->build->faults->count;
    for (size_t i = 0; i < function->modifier_count; i++) {
        check->modifier = &function->modifiers[i];
        check_modifier(check, i);
    }
    check->modifier = NULL;
    if (function->modifier_count == 0 || check->build->faults->count > faults) {
        return HM_OK;
    }
    HM_TRY(hm_check_modifier_names(check));
    const char *mend = NULL;
    const char *fault = hm_variant_check(function, &mend);
    if (fault != NULL) {
        hm_check_complain(check, mend, "%s", fault);
    }
    return HM_OK;
}

hm_status hm_check_relations(hm_check *check) {
    const hm_function *function = check->function;
    for (size_t i = 0; i < function->modifier_count; i++) {
        const hm_modifier *modifier = &function->modifiers[i];
        const hm_modifier_rule *rule = hm_modifier_rule_find(modifier->name);
        if (rule->relate != NULL) {
            HM_TRY(rule->relate(check, modifier));
        }
    }
    return HM_OK;
}

hm_status hm_check_find_function(hm_check *check, const char *macro, const char *name,
        const hm_function **found) {
    HM_TRY(hm_build_find_function(check->build, check->module_number, name, found));
    if (*found == NULL) {
        char mend[256] = "add a row for it";
        const char *nearest =
                hm_build_nearest_function(check->build, check->module_number, name);
        if (nearest != NULL) {
            snprintf(mend, sizeof mend, "did you mean `%s`?", nearest);
        }
        hm_check_complain(check, mend, "%s names `%s`, and there is no such function",
                macro, name);
    } else if ((*found)->call == NULL && (*found)->start == NULL) {
        hm_check_complain(check, "set its call", "%s names `%s`, which has no thunk",
                macro, name);
        *found = NULL;
    }
    return HM_OK;
}
