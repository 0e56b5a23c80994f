// destroys.c — see destroys.h.

#include "reflect/destroys.h"

// The T of `void f(T *)`, or an invalid type.
static CXType find_target(CXCursor function) {
    CXType none = {.kind = CXType_Invalid};
    if (clang_getCanonicalType(clang_getCursorResultType(function)).kind !=
                    CXType_Void ||
            clang_Cursor_getNumArguments(function) != 1) {
        return none;
    }
    CXType pointer = clang_getCanonicalType(
            clang_getCursorType(clang_Cursor_getArgument(function, 0)));
    CXType target = clang_getCanonicalType(clang_getPointeeType(pointer));
    bool fits = pointer.kind == CXType_Pointer && target.kind == CXType_Record &&
                !clang_isConstQualifiedType(target);
    return fits ? target : none;
}

void hm_destroys_note(
        hm_types *types, const hm_declared_function *function, hm_place place) {
    hm_source *source = types->source;
    CXType target = find_target(function->latest);
    if (target.kind == CXType_Invalid) {
        hm_source_fault(source, place, function->name,
                "declare it as `void f(struct T *)`",
                "`%s` is under HM_DESTROYS, but does not take one pointer to a struct "
                "and return void",
                function->name);
        return;
    }
    hm_model_type *type = hm_types_get(types, target);
    if (type == NULL) {
        return;
    }
    if (type->destroyer != NULL) {
        hm_source_fault(source, place, function->name,
                "keep HM_DESTROYS on one of them",
                "`%s` and `%s` (line %u) both destroy `%s`", function->name,
                type->destroyer, (unsigned)type->destroyer_place.line, type->type.name);
        return;
    }
    type->destroyer = function->name;
    type->destroyer_place = place;
}

void hm_destroys_check(hm_source *source, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        const hm_output *output = &function->outputs[i];
        hm_model_type *type = (hm_model_type *)output->type;
        if (output->pass != HM_BY_REFERENCE || output->ownership != HM_GIVEN) {
            continue;
        }
        type->is_given = true;
        if (type->destroyer == NULL) {
            hm_source_fault(source, function->place, function->name,
                    hm_source_format(source,
                            "declare `HM_DESTROYS void f(%s *);`, or return `const %s "
                            "*` if it is static or part of an input",
                            type->type.name, type->type.name),
                    "`%s` gives a `%s *`, and nothing says how to destroy it",
                    function->name, type->type.name);
        }
    }
}
