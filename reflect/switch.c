// switch.c — see switch.h.

#include "reflect/switch.h"

#include "base/choice.h"
#include "reflect/default.h"
#include "reflect/signature.h"

typedef struct hm_enumeration {
    hm_source *source;
    hm_argument *items;
    size_t count;
} hm_enumeration;

static enum CXChildVisitResult add_enumerator(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_enumeration *enumeration = data;
    if (clang_getCursorKind(cursor) != CXCursor_EnumConstantDecl) {
        return CXChildVisit_Continue;
    }
    hm_source *source = enumeration->source;
    hm_argument *items = hm_source_grow(
            source, enumeration->items, enumeration->count, sizeof *items);
    if (items == NULL) {
        return CXChildVisit_Break;
    }
    long long value = clang_getEnumConstantDeclValue(cursor);
    enumeration->items = items;
    items[enumeration->count++] = (hm_argument){.kind = HM_ARGUMENT_INT,
            .text = hm_source_text(source, clang_getCursorSpelling(cursor)),
            .integer = value,
            .real = (double)value};
    return CXChildVisit_Continue;
}

// The modifier's one argument, and behind it the enumerators.
static void add_enumerators(
        hm_source *source, const hm_model_type *type, hm_modifier *modifier) {
    hm_enumeration enumeration = {.source = source};
    enumeration.items = hm_source_grow(source, NULL, 0, sizeof *enumeration.items);
    if (enumeration.items == NULL) {
        return;
    }
    enumeration.items[enumeration.count++] = modifier->arguments[0];
    clang_visitChildren(
            clang_getTypeDeclaration(type->clang), add_enumerator, &enumeration);
    modifier->arguments = enumeration.items;
    modifier->argument_count = enumeration.count;
}

typedef struct hm_switch_place {
    hm_source *source;
    hm_place place;
    const char *function;
} hm_switch_place;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_switch_place *at = context;
    hm_source_fault(at->source, at->place, at->function,
            hm_source_format(at->source, "%s", mend), "%s", message);
}

// False if it was refused.
static bool read_enumerators(
        const hm_switch_place *at, const hm_choice *choice, hm_modifier *modifier) {
    uint32_t chooser = hm_choice_parameter(choice);
    const hm_model_type *type =
            chooser != HM_NONE ? (const hm_model_type *)choice->parameters[chooser].type
                               : NULL;
    if (type == NULL || type->clang.kind != CXType_Enum) {
        return true;
    }
    bool is_by_order = modifier->argument_count == 1;
    for (size_t i = 1; i < modifier->argument_count; i++) {
        // What was read is the source's own, and only handed out as constant.
        hm_default_resolve(at->source, type, (hm_argument *)&modifier->arguments[i]);
    }
    if (!is_by_order) {
        return true;
    }
    add_enumerators(at->source, type, modifier);
    if (modifier->argument_count != choice->parameter_count) {
        hm_source_fault(at->source, at->place, at->function,
                hm_source_format(at->source,
                        "take as many, or name those of the branches: HM_SWITCH(%s, "
                        "%s, "
                        "...)",
                        choice->parameters[chooser].name,
                        modifier->argument_count > 1 ? modifier->arguments[1].text
                                                     : "A"),
                "HM_SWITCH of `%s`: `%s` has %zu enumerators, and there are %zu "
                "branches",
                at->function, type->type.name, modifier->argument_count - 1,
                choice->parameter_count - 1);
        return false;
    }
    return true;
}

void hm_switch_read(hm_source *source, hm_model_function *function,
        hm_modifier *modifier, hm_place place) {
    if (function->has_body) {
        hm_source_fault(source, place, function->name,
                "end the declaration with `;`: the engine takes the branch",
                "HM_SWITCH of `%s`: the function has a body", function->name);
        return;
    }
    const hm_choice choice = {.function = function->name,
            .modifier = modifier,
            .parameters = hm_signature_parameters(source, function),
            .parameter_count = function->parameter_count,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .is_async = function->is_async};
    if (modifier->argument_count == 0 ||
            (function->parameter_count > 0 && choice.parameters == NULL)) {
        return; // it has been reported
    }
    function->flags |= HM_FUNCTION_FALLIBLE; // a value may choose nothing
    hm_switch_place at = {source, place, function->name};
    if (read_enumerators(&at, &choice, modifier)) {
        hm_choice_check(&choice, refuse, &at);
    }
}
