// default.c — see default.h.

#include "reflect/default.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number.h"
#include "reflect/write_literal.h"

typedef struct hm_enumerator {
    hm_source *source;
    const char *name;
    bool is_found;
    long long value;
} hm_enumerator;

static enum CXChildVisitResult visit_enumerator(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_enumerator *wanted = data;
    CXString spelling = clang_getCursorSpelling(cursor);
    const char *name = clang_getCString(spelling);
    if (clang_getCursorKind(cursor) == CXCursor_EnumConstantDecl && name != NULL &&
            strcmp(name, wanted->name) == 0) {
        wanted->is_found = true;
        wanted->value = clang_getEnumConstantDeclValue(cursor);
    }
    clang_disposeString(spelling);
    return wanted->is_found ? CXChildVisit_Break : CXChildVisit_Continue;
}

static const char *int64_code(hm_source *source, int64_t value) {
    return value == INT64_MIN ? "(-9223372036854775807LL - 1)"
                              : hm_source_format(source, "%" PRId64 "LL", value);
}

// A date or time as text.
static const char *time_code(hm_source *source, const hm_type *type, const char *text) {
    int64_t value;
    return hm_time_read(type->time_unit, text, strlen(text), &value) == HM_TIME_FITS
                   ? int64_code(source, value)
                   : NULL;
}

// A number that an integer type can hold, as C code, or NULL.
static const char *integer_code(
        hm_source *source, const hm_type *type, const hm_argument *argument) {
    if (argument->kind == HM_ARGUMENT_STRING && type->time_unit != HM_TIME_NONE) {
        return time_code(source, type, argument->text);
    }
    if (argument->kind == HM_ARGUMENT_INT) {
        bool is_signed = type->kind == HM_KIND_INT;
        int64_t value = argument->integer;
        if (is_signed ? value < hm_number_least(type) : value < 0) {
            return NULL;
        }
        if (value >= 0 && (uint64_t)value > hm_number_greatest(type)) {
            return NULL;
        }
        return int64_code(source, value);
    }
    // What no int64_t holds is a real: 18446744073709551615u.
    char *end;
    if (argument->kind != HM_ARGUMENT_REAL || type->kind != HM_KIND_UINT ||
            type->size != sizeof(uint64_t) || argument->text[0] == '-' ||
            argument->real < 0x1p63) {
        return NULL;
    }
    unsigned long long value = strtoull(argument->text, &end, 0);
    return end[strspn(end, "uUlL")] == '\0' ? hm_source_format(source, "%lluULL", value)
                                            : NULL;
}

void hm_default_resolve(
        hm_source *source, const hm_model_type *type, hm_argument *argument) {
    if (argument->kind != HM_ARGUMENT_NAME || type->clang.kind != CXType_Enum) {
        return;
    }
    hm_enumerator wanted = {.source = source, .name = argument->text};
    clang_visitChildren(
            clang_getTypeDeclaration(type->clang), visit_enumerator, &wanted);
    if (wanted.is_found) {
        argument->kind = HM_ARGUMENT_INT;
        argument->integer = wanted.value;
        argument->real = (double)wanted.value;
    }
}

static const char *real_code(
        hm_source *source, const hm_type *type, const hm_argument *argument) {
    if (argument->kind == HM_ARGUMENT_INT) {
        return argument->text;
    }
    if (argument->kind != HM_ARGUMENT_REAL) {
        return NULL;
    }
    bool is_special = strchr(argument->text, '_') != NULL;
    const char *sign = signbit(argument->real) ? "-" : "";
    if (isnan(argument->real)) {
        return hm_source_format(source, "%s__builtin_nan(\"\")", sign);
    }
    if (is_special) {
        return hm_source_format(source, "%s__builtin_inf()", sign);
    }
    // An integer that no int64_t holds: the compiler's may not hold it either.
    if (type->size <= sizeof(double) && strpbrk(argument->text, ".eEpP") == NULL) {
        return hm_source_format(source, "%a", argument->real);
    }
    double most = type->size == sizeof(float) ? (double)FLT_MAX : DBL_MAX;
    return fabs(argument->real) <= most || type->size > sizeof(double) ? argument->text
                                                                       : NULL;
}

const char *hm_default_code(
        hm_source *source, const hm_model_type *type, const hm_argument *argument) {
    switch (type->type.kind) {
    case HM_KIND_BOOL:
        return argument->kind == HM_ARGUMENT_BOOL ||
                               (argument->kind == HM_ARGUMENT_INT &&
                                       (argument->integer == 0 ||
                                               argument->integer == 1))
                       ? hm_source_format(source, "%d", argument->integer != 0)
                       : NULL;
    case HM_KIND_INT:
    case HM_KIND_UINT:
        return integer_code(source, &type->type, argument);
    case HM_KIND_FLOAT:
        return real_code(source, &type->type, argument);
    case HM_KIND_STRING:
        return argument->kind == HM_ARGUMENT_STRING
                       ? hm_literal_code(source, argument->text)
                       : NULL;
    default:
        return NULL;
    }
}

void hm_default_apply(hm_source *source, const hm_model_function *function,
        hm_model_parameter *parameter, const char *name, const hm_modifier *modifier,
        hm_place place) {
    if (modifier->argument_count != 1) {
        return; // which has been reported
    }
    const hm_type *type = parameter != NULL ? parameter->parameter.type : NULL;
    if (parameter == NULL || parameter->parameter.shape != HM_ONE ||
            type->kind == HM_KIND_STRUCT || type->kind == HM_KIND_OPAQUE) {
        hm_source_fault(source, place, function->name, "remove HM_DEFAULT",
                "`%s` of `%s` is %s, which has no default", name, function->name,
                parameter == NULL                      ? "no input"
                : parameter->parameter.shape != HM_ONE ? "an array"
                                                       : "an object");
        return;
    }
    const hm_model_type *described = (const hm_model_type *)type;
    hm_argument literal = modifier->arguments[0];
    const hm_argument *argument = &literal;
    hm_default_resolve(source, described, &literal);
    parameter->default_code = hm_default_code(source, described, argument);
    if (parameter->default_code == NULL) {
        hm_source_fault(source, place, function->name,
                hm_source_format(source, "write a literal that `%s` can hold%s",
                        type->name, type->kind == HM_KIND_STRING ? ", in quotes" : ""),
                "the default %s of `%s` is no %s", argument->text, name, type->name);
    }
}
