// duties.c — see duties.h.

#include "reflect/duties.h"

#include <stddef.h>
#include <string.h>

typedef enum hm_duty_form {
    FORM_DESTROYS, // void f(T *)
    FORM_WRITES,   // int f(const T *, FILE *)
    FORM_READS,    // T *f(FILE *)
    FORM_HASHES,   // uint64_t f(const T *)
} hm_duty_form;

typedef struct hm_duty_kind {
    const char *modifier;
    const char *macro;
    size_t duty; // where it stands in an hm_model_type
    const char *does;
    const char *declaration;
    const char *verb;
} hm_duty_kind;

static const hm_duty_kind kinds[] = {
        [FORM_DESTROYS] = {"destroys", "HM_DESTROYS",
                offsetof(hm_model_type, destroyer),
                "take one pointer to a struct and return void", "void f(struct T *)",
                "destroy"},
        [FORM_WRITES] = {"writes", "HM_WRITES", offsetof(hm_model_type, writer),
                "take a pointer to a const struct and a FILE * and return int",
                "int f(const struct T *, FILE *)", "write"},
        [FORM_READS] = {"reads", "HM_READS", offsetof(hm_model_type, reader),
                "take a FILE * and return a pointer to a struct", "struct T *f(FILE *)",
                "read"},
        [FORM_HASHES] = {"hashes", "HM_HASHES", offsetof(hm_model_type, hasher),
                "take one pointer to a const struct and return uint64_t",
                "uint64_t f(const struct T *)", "hash"},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

static uint32_t find(const hm_declared_function *function, const hm_duty_kind *kind) {
    return hm_modifiers_find(&function->modifiers, kind->modifier);
}

bool hm_duties_has(const hm_declared_function *function) {
    bool has = false;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        has = has || find(function, &kinds[i]) != HM_NONE;
    }
    return has;
}

static CXType canonical_result(CXCursor function) {
    return clang_getCanonicalType(clang_getCursorResultType(function));
}

static CXType argument_type(CXCursor function, unsigned number) {
    return clang_getCursorType(clang_Cursor_getArgument(function, number));
}

// The T of `T *` or `const T *`, or an invalid type.
static CXType find_target(CXType type, bool is_const) {
    CXType pointer = clang_getCanonicalType(type);
    CXType target = clang_getCanonicalType(clang_getPointeeType(pointer));
    bool fits = pointer.kind == CXType_Pointer && target.kind == CXType_Record &&
                (clang_isConstQualifiedType(target) != 0) == is_const;
    return fits ? target : (CXType){.kind = CXType_Invalid};
}

static bool is_stream(hm_source *source, CXType type) {
    CXType target = clang_getPointeeType(clang_getCanonicalType(type));
    CXType spelt = clang_getPointeeType(type);
    const char *name = hm_source_text(source, clang_getTypeSpelling(spelt));
    return target.kind != CXType_Invalid && strcmp(name, "FILE") == 0;
}

// The T that the function is about, if its declaration fits, else an invalid type.
static CXType find_type(hm_source *source, CXCursor function, hm_duty_form form) {
    CXType none = {.kind = CXType_Invalid};
    CXType result = canonical_result(function);
    int count = clang_Cursor_getNumArguments(function);
    bool fits = count == (form == FORM_WRITES ? 2 : 1) &&
                clang_Cursor_isVariadic(function) == 0;
    switch (form) {
    case FORM_DESTROYS:
        return fits && result.kind == CXType_Void
                       ? find_target(argument_type(function, 0), false)
                       : none;
    case FORM_WRITES:
        return fits && result.kind == CXType_Int &&
                               is_stream(source, argument_type(function, 1))
                       ? find_target(argument_type(function, 0), true)
                       : none;
    case FORM_READS:
        return fits && is_stream(source, argument_type(function, 0))
                       ? find_target(result, false)
                       : none;
    case FORM_HASHES:
        return fits &&
                               (result.kind == CXType_ULong ||
                                       result.kind == CXType_ULongLong) &&
                               clang_Type_getSizeOf(result) == sizeof(uint64_t)
                       ? find_target(argument_type(function, 0), true)
                       : none;
    default:
        return none;
    }
}

static hm_model_duty *duty_of(hm_model_type *type, const hm_duty_kind *kind) {
    return (hm_model_duty *)((char *)type + kind->duty);
}

static void note(hm_types *types, const hm_declared_function *function,
        hm_duty_form form, hm_place place) {
    const hm_duty_kind *kind = &kinds[form];
    hm_source *source = types->source;
    CXType target = find_type(source, function->latest, form);
    if (target.kind == CXType_Invalid) {
        hm_source_fault(source, place, function->name,
                hm_source_format(source, "declare it as `%s`", kind->declaration),
                "`%s` is under %s, but does not %s", function->name, kind->macro,
                kind->does);
        return;
    }
    hm_model_type *type = hm_types_get(types, target);
    if (type == NULL) {
        return;
    }
    hm_model_duty *duty = duty_of(type, kind);
    if (duty->function != NULL) {
        hm_source_fault(source, place, function->name,
                hm_source_format(source, "keep %s on one of them", kind->macro),
                "`%s` and `%s` (line %u) both %s `%s`", function->name, duty->function,
                (unsigned)duty->place.line, kind->verb, type->type.name);
        return;
    }
    *duty = (hm_model_duty){.function = function->name,
            .cursor = hm_declared_cursor(function),
            .place = place,
            .is_defined = !clang_Cursor_isNull(function->definition)};
}

void hm_duties_note(hm_types *types, const hm_declared_function *function) {
    for (size_t i = 0; i < KIND_COUNT; i++) {
        uint32_t found = find(function, &kinds[i]);
        if (found != HM_NONE) {
            note(types, function, (hm_duty_form)i, function->modifiers.places[found]);
        }
    }
}

void hm_duties_check_outputs(hm_source *source, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        const hm_output *output = &function->outputs[i];
        hm_model_type *type = (hm_model_type *)output->type;
        if (output->pass != HM_BY_REFERENCE || output->ownership != HM_GIVEN) {
            continue;
        }
        type->is_given = true;
        if (type->destroyer.function == NULL) {
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

void hm_duties_check_types(hm_types *types) {
    hm_source *source = types->source;
    for (uint32_t i = 0; i < types->count; i++) {
        hm_model_type *type = types->items[i];
        const hm_model_duty *reader = &type->reader;
        type->is_given = type->is_given || reader->is_defined;
        if (reader->function != NULL && type->writer.function == NULL) {
            hm_source_fault(source, reader->place, reader->function,
                    hm_source_format(source,
                            "declare `HM_WRITES int f(const %s *, FILE *);`",
                            type->type.name),
                    "`%s` reads a `%s`, and nothing says how it is written",
                    reader->function, type->type.name);
        } else if (reader->function != NULL && type->destroyer.function == NULL) {
            hm_source_fault(source, reader->place, reader->function,
                    hm_source_format(source, "declare `HM_DESTROYS void f(%s *);`",
                            type->type.name),
                    "`%s` makes a `%s *`, and nothing says how to destroy it",
                    reader->function, type->type.name);
        }
    }
}

bool hm_duty_is_here(const hm_model_type *type, const hm_model_duty *duty) {
    return duty->function != NULL && (duty->is_defined || type->is_given);
}
