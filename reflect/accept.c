// accept.c — see accept.h.

#include "reflect/accept.h"

#include "reflect/signature.h"

void hm_accept_apply(hm_source *source, hm_model_function *function, const char *name,
        hm_place place) {
    hm_model_parameter *found = hm_signature_find(function, name);
    hm_parameter *parameter = found != NULL ? &found->parameter : NULL;
    bool can_be_null = parameter != NULL && parameter->shape == HM_ONE &&
                       (parameter->pass == HM_BY_REFERENCE ||
                               parameter->type->kind == HM_KIND_STRING);
    if (can_be_null) {
        parameter->accepts_failed = true;
        found->is_pointed_at = false;
        return;
    }
    const char *type = parameter != NULL ? parameter->type->name : "T";
    hm_source_fault(source, place, function->name,
            hm_source_format(source, "take it as `const %s *%s`", type, name),
            "`%s` of `%s` cannot be NULL when the node failed that it takes", name,
            function->name);
}

void hm_accept_check(hm_source *source, const hm_model_function *function) {
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        const hm_model_parameter *parameter = &function->parameters[p];
        if (!parameter->is_pointed_at) {
            continue;
        }
        const char *type = parameter->parameter.type->name;
        const char *name = parameter->parameter.name;
        hm_source_fault(source, parameter->place, function->name,
                hm_source_format(source,
                        "take one value as `%s %s`, or many as `size_t n, const %s "
                        "%s[n]`",
                        type, name, type, name),
                "`%s` of `%s` is one value by reference, or an array without its "
                "length",
                name, function->name);
    }
}
