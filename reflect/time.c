// time.c — see time.h.

#include "reflect/time.h"

#include <string.h>

#include "base/calendar.h"
#include "reflect/signature.h"

// Where the type stands of what a name means, or NULL.
static const hm_type **find_type(hm_model_function *function, const char *name) {
    hm_model_parameter *parameter = hm_signature_find(function, name);
    if (parameter != NULL) {
        return &parameter->parameter.type;
    }
    const char *output = strcmp(name, "out") == 0 ? function->name : name;
    for (uint32_t i = 0; i < function->output_count; i++) {
        if (strcmp(function->outputs[i].name, output) == 0) {
            return &function->outputs[i].type;
        }
    }
    return NULL;
}

static bool is_int64(const hm_type *type) {
    enum CXTypeKind kind = ((const hm_model_type *)type)->clang.kind;
    return kind == (sizeof(long) == sizeof(int64_t) ? CXType_Long : CXType_LongLong);
}

void hm_time_apply(hm_types *types, hm_model_function *function, const char *name,
        const hm_modifier *modifier, hm_place place) {
    hm_source *source = types->source;
    if (modifier->argument_count != 1) {
        return; // which has been reported
    }
    hm_time_unit unit = hm_time_unit_find(modifier->arguments[0].text);
    if (unit == HM_TIME_NONE) {
        hm_source_fault(source, place, function->name,
                "write HM_TIME(s), or ms, us, ns or day",
                "`%s` in HM_TIME of `%s` is no unit", modifier->arguments[0].text,
                name);
        return;
    }
    const hm_type **type = find_type(function, name);
    if (type == NULL && strcmp(name, function->name) == 0) {
        hm_source_fault(source, place, function->name,
                "put it before the parameters that are times",
                "HM_TIME stands on `%s`, which has no output of that name", name);
        return;
    }
    if (type == NULL) {
        hm_source_fault(source, place, function->name, "remove HM_TIME",
                "`%s` of `%s` is neither an input nor an output", name, function->name);
        return;
    }
    if (!is_int64(*type)) {
        hm_source_fault(source, place, function->name, "declare it as int64_t",
                "HM_TIME stands on `%s`, which is %s and not int64_t", name,
                (*type)->name);
        return;
    }
    hm_model_type *timed = hm_types_time(types, unit);
    if (timed != NULL) {
        *type = &timed->type;
    }
}
