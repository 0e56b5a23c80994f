// callees.c — see callees.h.

#include "reflect/callees.h"

#include "base/names.h"

// An excluded function is as if it were not there, its modifiers too.
static bool counts(const hm_declared_function *function) {
    return hm_modifiers_find(&function->modifiers, "exclude") == HM_NONE;
}

static hm_declared_function *find(const hm_declared *declared, const char *name) {
    uint32_t number = hm_names_find(&declared->names, name);
    return number != HM_NAMES_ABSENT ? &declared->items[number] : NULL;
}

static void mark(hm_declared *declared, const hm_modifier_kind *kind,
        const hm_modifier *modifier) {
    for (size_t i = 0; i < modifier->argument_count; i++) {
        const hm_argument *named = hm_modifier_callee(kind, modifier, i);
        hm_declared_function *callee =
                named != NULL ? find(declared, named->text) : NULL;
        if (callee != NULL) {
            callee->is_callee = true;
        }
    }
}

void hm_callees_mark(hm_declared *declared) {
    for (uint32_t i = 0; i < declared->count; i++) {
        const hm_modifiers *modifiers = &declared->items[i].modifiers;
        for (uint32_t m = 0; m < modifiers->count && counts(&declared->items[i]); m++) {
            mark(declared, modifiers->kinds[m], &modifiers->items[m]);
        }
    }
}

static const char *nearest(const hm_declared *declared, const char *name) {
    const char *found = NULL;
    size_t distance = hm_names_tolerance(name) + 1;
    for (uint32_t i = 0; i < declared->count; i++) {
        size_t other = hm_names_distance(name, declared->items[i].name, distance);
        if (other < distance) {
            distance = other;
            found = declared->items[i].name;
        }
    }
    return found;
}

static void report_unknown(hm_source *source, const hm_declared *declared,
        const hm_declared_function *user, uint32_t modifier, const char *name) {
    const char *meant = nearest(declared, name);
    hm_source_fault(source, user->modifiers.places[modifier], user->name,
            meant != NULL ? hm_source_format(source, "did you mean `%s`?", meant)
                          : "define it in this file or in a header of yours, under "
                            "HM_EXCLUDE if it is no node",
            "%s of `%s` names `%s`, and there is no such function",
            user->modifiers.kinds[modifier]->macro, user->name, name);
}

static void check(hm_source *source, const hm_declared *declared,
        const hm_declared_function *user, uint32_t modifier, const char *name) {
    const char *macro = user->modifiers.kinds[modifier]->macro;
    hm_place place = user->modifiers.places[modifier];
    const hm_declared_function *callee = find(declared, name);
    if (callee == NULL) {
        report_unknown(source, declared, user, modifier, name);
    } else if (clang_Cursor_isNull(callee->definition)) {
        hm_source_fault(source, place, user->name, "define it in this file",
                "%s of `%s` names `%s`, which is only declared, in line %u", macro,
                user->name, name, (unsigned)callee->place.line);
    } else if (!callee->has_symbol &&
               clang_getCursorLinkage(callee->definition) == CXLinkage_External) {
        hm_source_fault(source, place, user->name, "make it `static inline`",
                "%s of `%s` names `%s`, which is inline and may have no code of its "
                "own",
                macro, user->name, name);
    }
}

// A mutator is called as well, but nobody names it. Those of a file have an order.
static void check_mutator(hm_source *source, const hm_declared_function *mutator) {
    uint32_t found = hm_modifiers_find(&mutator->modifiers, "mutate");
    if (found != HM_NONE && (clang_Cursor_isNull(mutator->definition) ||
                                    mutator->place.file != source->main)) {
        hm_source_fault(source, mutator->modifiers.places[found], mutator->name,
                "define it in the file of the node that it changes",
                "`%s` is under HM_MUTATE, and not defined in this file", mutator->name);
    }
}

void hm_callees_check(hm_source *source, const hm_declared *declared) {
    for (uint32_t i = 0; i < declared->count; i++) {
        const hm_declared_function *user = &declared->items[i];
        check_mutator(source, user);
        const hm_modifiers *modifiers = &user->modifiers;
        for (uint32_t m = 0; m < modifiers->count && counts(user); m++) {
            const hm_modifier *modifier = &modifiers->items[m];
            for (size_t a = 0; a < modifier->argument_count; a++) {
                const hm_argument *named =
                        hm_modifier_callee(modifiers->kinds[m], modifier, a);
                if (named != NULL) {
                    check(source, declared, user, m, named->text);
                }
            }
        }
    }
}

hm_model_function *hm_callee_find(
        const hm_declared *declared, const hm_model *model, const char *name) {
    const hm_declared_function *callee = find(declared, name);
    return callee != NULL && callee->function != HM_NONE
                   ? &model->functions[callee->function]
                   : NULL;
}
