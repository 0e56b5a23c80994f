// reduce.c — see reduce.h.

#include "reflect/reduce.h"

// Reports what is wrong with the function itself; true if nothing is.
static bool check_function(
        hm_source *source, const hm_model_function *function, hm_place place) {
    const char *name = function->name;
    const hm_output *output = &function->outputs[0];
    if (function->is_async) {
        hm_source_fault(source, place, name, "remove HM_REDUCE, or return the value",
                "`%s` is under HM_REDUCE, but asynchronous", name);
    } else if (function->output_count > 1) {
        hm_source_fault(source, place, name, "make one struct that has all of them",
                "`%s` is under HM_REDUCE, but makes %u values, not one", name,
                (unsigned)function->output_count);
    } else if (output->shape != HM_ONE) {
        hm_source_fault(source, place, name,
                "make one value of all rows, or remove HM_REDUCE",
                "`%s` is under HM_REDUCE, but makes an array", name);
    } else if (output->pass != HM_BY_VALUE || output->type->kind == HM_KIND_STRING) {
        hm_source_fault(source, place, name, "make a number, or a struct by value",
                "`%s` is under HM_REDUCE, but what it makes is no value that could be "
                "combined",
                name);
    } else if (function->dimension_count == 0) {
        hm_source_fault(source, place, name,
                "take whole arrays, as in `size_t n, const double x[n]`, or remove "
                "HM_REDUCE",
                "`%s` is under HM_REDUCE, but takes no array", name);
    } else if (function->dimension_count > 1) {
        hm_source_fault(source, place, name, "give all of its arrays one length",
                "`%s` is under HM_REDUCE, but takes arrays over `%s` and over `%s`, "
                "which cannot be cut at the same rows",
                name, function->dimensions[0], function->dimensions[1]);
    } else {
        return true;
    }
    return false;
}

// Whether an argument takes a T, or as a pointer to one that it does not change.
static bool takes(hm_types *types, const hm_model_type *value, CXType argument,
        bool *is_pointer) {
    CXType type = clang_getCanonicalType(argument);
    CXType target = clang_getPointeeType(type);
    *is_pointer = type.kind == CXType_Pointer &&
                  clang_isConstQualifiedType(clang_getCanonicalType(target));
    return hm_types_get(types, *is_pointer ? target : type) == value;
}

static bool combines(hm_types *types, hm_model_function *function, CXCursor combiner) {
    const hm_model_type *value = (const hm_model_type *)function->outputs[0].type;
    CXType type = clang_getCursorType(combiner);
    bool is_pointer[2];
    if (clang_Cursor_getNumArguments(combiner) != 2 ||
            clang_isFunctionTypeVariadic(type) ||
            hm_types_get(types, clang_getResultType(type)) != value) {
        return false;
    }
    for (unsigned i = 0; i < 2; i++) {
        if (!takes(types, value, clang_getArgType(type, i), &is_pointer[i])) {
            return false;
        }
    }
    function->combines_pointers = is_pointer[0];
    return is_pointer[0] == is_pointer[1];
}

void hm_reduce_read(hm_types *types, const hm_declared *declared,
        hm_model_function *function, const hm_modifier *modifier, hm_place place) {
    hm_source *source = types->source;
    if (modifier->argument_count != 1 || function->output_count == 0 ||
            !check_function(source, function, place)) {
        return;
    }
    const char *name = modifier->arguments[0].text;
    const char *type = function->outputs[0].type->name;
    uint32_t number = hm_names_find(&declared->names, name);
    if (number == HM_NAMES_ABSENT) {
        hm_source_fault(source, place, function->name,
                hm_source_format(source,
                        "define `HM_EXCLUDE %s %s(%s a, %s b)` before it", type, name,
                        type, type),
                "HM_REDUCE of `%s` names `%s`, and there is no such function",
                function->name, name);
        return;
    }
    const hm_declared_function *combiner = &declared->items[number];
    function->combiner = combiner->name;
    function->combiner_cursor = hm_declared_cursor(combiner);
    if (!combines(types, function, function->combiner_cursor)) {
        hm_source_fault(source, place, function->name,
                hm_source_format(source, "declare it as `%s %s(%s, %s)`", type, name,
                        type, type),
                "HM_REDUCE of `%s` names `%s`, which does not make one `%s` of two",
                function->name, name, type);
    }
}
