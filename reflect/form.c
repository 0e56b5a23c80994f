// form.c — see form.h. libclang reports an array parameter by its declared type, so
// `const double x[n]` is a variable-length array whose extent is an expression.

#include "reflect/form.h"

#include <string.h>

typedef struct hm_form_reader {
    hm_source *source;
    hm_types *types;
    const char *function;
    hm_form form;
} hm_form_reader;

static void refuse(hm_form_reader *reader, const char *mend, const char *message) {
    if (!reader->form.is_refused) {
        hm_source_fault(reader->source, reader->form.place, reader->function, mend,
                "`%s` of `%s` %s", reader->form.name, reader->function, message);
    }
    reader->form.is_refused = true;
}

static CXType canonical(CXType type) {
    return clang_getCanonicalType(type);
}

static CXType pointee_of(CXType type) {
    return canonical(clang_getPointeeType(type));
}

static bool is_const(CXType type) {
    return clang_isConstQualifiedType(type) != 0;
}

static bool is_char(CXType type) {
    return type.kind == CXType_Char_S || type.kind == CXType_Char_U;
}

static bool is_record(CXType type) {
    return type.kind == CXType_Record;
}

static const char *spell(hm_form_reader *reader, CXType type) {
    return hm_source_text(reader->source, clang_getTypeSpelling(type));
}

// Whether it is hm_async, or points at it through any number of pointers. Only ours can
// have that name.
static bool reaches_async(hm_form_reader *reader, CXType type) {
    while (type.kind == CXType_Pointer) {
        type = pointee_of(type);
    }
    const char *name =
            is_record(type)
                    ? hm_source_text(reader->source,
                              clang_getCursorSpelling(clang_getTypeDeclaration(type)))
                    : "";
    return strcmp(name, "hm_async") == 0;
}

static void read_async(hm_form_reader *reader, CXType type) {
    CXType pointee = pointee_of(type);
    reader->form.kind = HM_FORM_ASYNC;
    if (!is_record(pointee) || is_const(pointee)) {
        refuse(reader, "take `hm_async *done` as the last parameter",
                hm_source_format(reader->source,
                        "is a `%s`, and a call that ends later is an `hm_async *`",
                        spell(reader, clang_getCursorType(reader->form.cursor))));
    }
}

// A T that can be stored: arithmetic, enum or a struct with a name.
static void set_value(hm_form_reader *reader, hm_form_kind kind, CXType type) {
    hm_model_type *described = hm_types_get(reader->types, type);
    if (described == NULL) {
        return;
    }
    if (described->type.kind == HM_KIND_OPAQUE) {
        bool is_union = is_record(canonical(type)) && described->type.size > 0;
        refuse(reader,
                is_union ? "pass it inside of a struct, or by `const` reference"
                         : "use an arithmetic type, an enum or a struct",
                hm_source_format(reader->source,
                        "has the type `%s`, which is no value "
                        "that the engine can store",
                        spell(reader, type)));
    } else if (described->spelling == NULL) {
        refuse(reader, "give the struct a name",
                "has the type of a struct that has no name");
    }
    reader->form.kind = kind;
    reader->form.type = described;
}

static void set_string(
        hm_form_reader *reader, hm_form_kind kind, hm_ownership ownership) {
    reader->form.kind = kind;
    reader->form.type = hm_types_string(reader->types);
    reader->form.ownership = ownership;
}

// T **y and what looks like it.
static void read_pointer_to_pointer(hm_form_reader *reader, CXType inner) {
    CXType target = pointee_of(inner);
    if (is_const(inner)) {
        refuse(reader, "take an array of strings as `size_t n, const char *const x[n]`",
                "is a pointer to constant pointers");
    } else if (is_char(target)) {
        set_string(reader, HM_FORM_OUTPUT, is_const(target) ? HM_BORROWED : HM_GIVEN);
    } else if (target.kind == CXType_Pointer && is_char(pointee_of(target)) &&
               !is_const(target)) {
        set_string(reader, HM_FORM_EXPANSION,
                is_const(pointee_of(target)) ? HM_BORROWED : HM_GIVEN);
    } else if (is_const(target)) {
        refuse(reader,
                "return `const T *`, or give an array with `T **y, size_t *count`",
                "is a pointer to a pointer to constant values");
    } else if (target.kind == CXType_Pointer || target.kind == CXType_Void ||
               target.kind == CXType_FunctionProto) {
        refuse(reader, "give an array of values with `T **y, size_t *count`",
                hm_source_format(reader->source, "is a `%s`",
                        spell(reader, clang_getCursorType(reader->form.cursor))));
    } else {
        set_value(reader, HM_FORM_EXPANSION, target);
    }
}

static void set_object(hm_form_reader *reader, CXType pointee) {
    reader->form.kind = HM_FORM_OBJECT;
    reader->form.type = hm_types_get(reader->types, pointee);
    if (reader->form.type != NULL && reader->form.type->spelling == NULL) {
        refuse(reader, "give the struct a name", "points at a struct that has no name");
    }
}

static void read_constant_pointee(hm_form_reader *reader, CXType pointee) {
    if (is_char(pointee)) {
        set_string(reader, HM_FORM_VALUE, HM_OWNED);
    } else if (is_record(pointee)) {
        set_object(reader, pointee);
    } else {
        // Only a modifier may have it so, see accept.h.
        reader->form.kind = HM_FORM_OBJECT;
        reader->form.type = hm_types_get(reader->types, pointee);
        reader->form.is_pointed_at = reader->form.type != NULL;
        if (reader->form.type == NULL) {
            refuse(reader,
                    hm_source_format(reader->source,
                            "take one value as `T %s`, or many as `size_t n, const T "
                            "%s[n]`",
                            reader->form.name, reader->form.name),
                    "is one value by reference, or an array without its length");
        }
    }
}

static void read_pointer(hm_form_reader *reader, CXType type) {
    CXType pointee = pointee_of(type);
    switch (pointee.kind) {
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
        refuse(reader, "call the function by its name", "is a pointer to a function");
        return;
    case CXType_Void:
        refuse(reader, "point at a struct, which may be opaque: `const struct thing *`",
                "is a pointer to void, which says nothing of what it points at");
        return;
    case CXType_Pointer:
        read_pointer_to_pointer(reader, pointee);
        return;
    default:
        break;
    }
    if (is_const(pointee)) {
        read_constant_pointee(reader, pointee);
    } else if (is_record(pointee) && clang_Type_getSizeOf(pointee) < 0) {
        refuse(reader, "take it as `const T *`, or return a `T *` that it makes",
                "is an output of a type whose size is not known");
    } else {
        const char *spelled = spell(
                reader, clang_getPointeeType(clang_getCursorType(reader->form.cursor)));
        reader->form.is_size_pointer = strcmp(spelled, "size_t") == 0;
        set_value(reader, HM_FORM_OUTPUT, pointee);
    }
}

static void read_elements(hm_form_reader *reader, CXType element, bool constant) {
    if (element.kind != CXType_Pointer) {
        set_value(reader, constant ? HM_FORM_VALUE : HM_FORM_OUTPUT, element);
        return;
    }
    CXType pointee = pointee_of(element);
    if (is_record(pointee) && !reaches_async(reader, element)) {
        if (constant && is_const(pointee)) {
            set_object(reader, pointee);
        } else {
            refuse(reader, "write `const T *const x[n]`",
                    "is an array of objects that may be written");
        }
    } else if (!is_char(pointee)) {
        refuse(reader, "take an array of values, not of pointers",
                "is an array of pointers that are neither strings nor objects");
    } else if (!constant) {
        set_string(reader, HM_FORM_OUTPUT, is_const(pointee) ? HM_BORROWED : HM_GIVEN);
    } else if (is_const(pointee)) {
        set_string(reader, HM_FORM_VALUE, HM_OWNED);
    } else {
        refuse(reader, "write `const char *const x[n]`",
                "is an array of strings that may be written");
    }
}

typedef struct hm_extent {
    CXCursor expression;
    uint32_t count; // of the expressions of a declarator
} hm_extent;

static enum CXChildVisitResult visit_extent(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_extent *found = data;
    if (clang_isExpression(clang_getCursorKind(cursor))) {
        found->expression = cursor;
        found->count++;
    }
    return CXChildVisit_Continue;
}

// The declaration that a plain `n` or `(n)` names, or a null cursor.
static CXCursor find_extent(CXCursor parameter) {
    hm_extent found = {.expression = clang_getNullCursor()};
    clang_visitChildren(parameter, visit_extent, &found);
    while (found.count == 1 &&
            clang_getCursorKind(found.expression) == CXCursor_ParenExpr) {
        CXCursor inside = found.expression;
        found = (hm_extent){.expression = clang_getNullCursor()};
        clang_visitChildren(inside, visit_extent, &found);
    }
    CXCursor named = found.count == 1 && clang_getCursorKind(found.expression) ==
                                                 CXCursor_DeclRefExpr
                             ? clang_getCursorReferenced(found.expression)
                             : clang_getNullCursor();
    return clang_getCursorKind(named) == CXCursor_ParmDecl ? named
                                                           : clang_getNullCursor();
}

static void read_array(hm_form_reader *reader, CXType type) {
    CXType element = canonical(clang_getArrayElementType(type));
    reader->form.is_array = true;
    const char *name = reader->form.name;
    if (element.kind == CXType_VariableArray || element.kind == CXType_ConstantArray ||
            element.kind == CXType_IncompleteArray) {
        refuse(reader, "take one dimension, of numbers or of structs",
                "has more than one dimension");
        return;
    }
    const char *mend = hm_source_format(reader->source,
            "say its length with a parameter: `size_t n, const T %s[n]`", name);
    if (type.kind == CXType_ConstantArray) {
        refuse(reader, mend, "is an array of a fixed length, which C does not check");
        return;
    }
    if (type.kind == CXType_IncompleteArray) {
        refuse(reader, mend, "is an array without its length");
        return;
    }
    reader->form.extent = find_extent(reader->form.cursor);
    if (clang_Cursor_isNull(reader->form.extent)) {
        refuse(reader, mend, "is an array whose length is not simply a parameter");
        return;
    }
    // The qualifiers of a canonical array's elements are the array's.
    read_elements(reader, element, is_const(type) || is_const(element));
}

static void read_plain(hm_form_reader *reader, CXType type) {
    switch (type.kind) {
    case CXType_Pointer:
        read_pointer(reader, type);
        break;
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
        refuse(reader, "call the function by its name", "is a pointer to a function");
        break;
    case CXType_VariableArray:
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
        read_array(reader, type);
        break;
    default:
        set_value(reader, HM_FORM_VALUE, type);
        reader->form.is_size = reader->form.type != NULL &&
                               reader->form.type->type.kind == HM_KIND_UINT &&
                               reader->form.type->type.size == sizeof(size_t) &&
                               type.kind == CXType_ULong;
        break;
    }
}

hm_form hm_form_of_parameter(
        hm_source *source, hm_types *types, CXCursor parameter, const char *function) {
    hm_span span = hm_source_span(source, parameter);
    hm_form_reader reader = {
            .source = source,
            .types = types,
            .function = function,
            .form = {.cursor = parameter,
                    .place = hm_source_cursor_place(source, parameter),
                    .start = span.start,
                    .name = hm_source_text(source, clang_getCursorSpelling(parameter)),
                    .extent = clang_getNullCursor(),
                    .extent_index = HM_NONE},
    };
    CXType type = canonical(clang_getCursorType(parameter));
    if (reaches_async(&reader, type)) {
        read_async(&reader, type);
    } else {
        read_plain(&reader, type);
    }
    return reader.form;
}

static void read_returned_pointer(hm_form_reader *reader, CXType pointee) {
    if (is_char(pointee)) {
        set_string(reader, HM_FORM_VALUE, is_const(pointee) ? HM_BORROWED : HM_GIVEN);
        return;
    }
    if (!is_record(pointee)) {
        refuse(reader,
                "return the value itself, an array with `T **out, size_t *count`, or a "
                "pointer to a struct",
                hm_source_format(reader->source, "is a pointer to `%s`",
                        spell(reader, pointee)));
        return;
    }
    reader->form.kind = HM_FORM_OBJECT;
    reader->form.type = hm_types_get(reader->types, pointee);
    reader->form.ownership = is_const(pointee) ? HM_BORROWED : HM_GIVEN;
}

hm_form hm_form_of_result(
        hm_source *source, hm_types *types, CXCursor function, const char *name) {
    hm_form_reader reader = {
            .source = source,
            .types = types,
            .function = name,
            .form = {.cursor = function,
                    .place = hm_source_cursor_place(source, function),
                    .name = "the result",
                    .extent = clang_getNullCursor(),
                    .extent_index = HM_NONE},
    };
    CXType type = canonical(clang_getCursorResultType(function));
    reader.form.is_status = type.kind == CXType_Int;
    if (type.kind == CXType_Void) {
        reader.form.kind = HM_FORM_NOTHING;
    } else if (reaches_async(&reader, type)) {
        refuse(&reader, "take `hm_async *done` as the last parameter, and return void",
                "is an `hm_async *`, which only the engine makes");
    } else if (type.kind == CXType_Pointer) {
        read_returned_pointer(&reader, pointee_of(type));
    } else {
        set_value(&reader, HM_FORM_VALUE, type);
    }
    return reader.form;
}
