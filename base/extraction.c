// extraction.c — see extraction.h.

#include "base/extraction.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"

const hm_output *hm_output_own(
        const char *function, const hm_output *outputs, size_t output_count) {
    for (size_t i = 0; i < output_count; i++) {
        if (strcmp(outputs[i].name, function) == 0) {
            return &outputs[i];
        }
    }
    return NULL;
}

size_t hm_extraction_count(const hm_modifier *modifier, const hm_type *type) {
    return modifier->argument_count > 0 ? modifier->argument_count : type->field_count;
}

const hm_field *hm_extraction_field(
        const hm_modifier *modifier, const hm_type *type, size_t index) {
    if (modifier->argument_count == 0) {
        return &type->fields[index];
    }
    for (size_t i = 0; i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, modifier->arguments[index].text) == 0) {
            return &type->fields[i];
        }
    }
    return NULL;
}

typedef struct hm_extraction {
    const hm_modifier *modifier;
    const char *function;
    const hm_type *type;
    hm_refusal refusal;
} hm_extraction;

static const char *nearest_field(const hm_type *type, const char *name) {
    const char *nearest = NULL;
    size_t distance = hm_names_tolerance(name) + 1;
    for (size_t i = 0; i < type->field_count; i++) {
        size_t found = hm_names_distance(name, type->fields[i].name, distance);
        if (found < distance) {
            distance = found;
            nearest = type->fields[i].name;
        }
    }
    return nearest;
}

static void refuse_unknown(const hm_extraction *extraction, const char *name) {
    const hm_type *type = extraction->type;
    const char *nearest = nearest_field(type, name);
    char mend[256] = "write HM_EXTRACT_FIELDS(), for all fields, or name some";
    if (nearest != NULL) {
        snprintf(mend, sizeof mend, "did you mean `%s`?", nearest);
    }
    hm_refusal_tell(&extraction->refusal, mend,
            "HM_EXTRACT_FIELDS of `%s`: `%s` has no field `%s`", extraction->function,
            type->name, name);
}

static bool is_named_before(const hm_modifier *modifier, size_t index) {
    for (size_t i = 0; i < index && modifier->argument_count > 0; i++) {
        if (strcmp(modifier->arguments[i].text, modifier->arguments[index].text) == 0) {
            return true;
        }
    }
    return false;
}

static void check_field(const hm_extraction *extraction, size_t index) {
    const hm_modifier *modifier = extraction->modifier;
    const char *function = extraction->function;
    const hm_field *field = hm_extraction_field(modifier, extraction->type, index);
    const char *mend = modifier->argument_count > 0
                               ? "leave it out"
                               : "name the others: HM_EXTRACT_FIELDS(a, b)";
    if (field == NULL) {
        refuse_unknown(extraction, modifier->arguments[index].text);
    } else if (is_named_before(modifier, index)) {
        hm_refusal_tell(&extraction->refusal, mend,
                "HM_EXTRACT_FIELDS of `%s` names `%s` twice", function, field->name);
    } else if (field->length > 0) {
        hm_refusal_tell(&extraction->refusal, mend,
                "HM_EXTRACT_FIELDS of `%s`: field `%s` is an array, and a node of one "
                "field is one value",
                function, field->name);
    } else if (field->type->kind == HM_KIND_OPAQUE) {
        hm_refusal_tell(&extraction->refusal, mend,
                "HM_EXTRACT_FIELDS of `%s`: field `%s` is `%s`, which is no value that "
                "the engine can store",
                function, field->name, field->type->name);
    } else if (strcmp(field->name, function) == 0) {
        hm_refusal_tell(&extraction->refusal, "rename one of them",
                "HM_EXTRACT_FIELDS of `%s`: a field is called as the function, so two "
                "nodes would be",
                function);
    }
}

void hm_extraction_check(const hm_modifier *modifier, const char *function,
        const hm_output *outputs, size_t output_count, hm_refuse *refuse,
        void *context) {
    const hm_output *own = hm_output_own(function, outputs, output_count);
    hm_extraction extraction = {
            .modifier = modifier,
            .function = function,
            .type = own != NULL ? own->type : NULL,
            .refusal = {.refuse = refuse, .context = context},
    };
    if (own == NULL || own->type->kind != HM_KIND_STRUCT) {
        hm_refusal_tell(&extraction.refusal, "return a struct, or remove it",
                "HM_EXTRACT_FIELDS stands on `%s`, which makes %s%s", function,
                own == NULL ? "nothing of its own name" : own->type->name,
                own == NULL ? "" : " and no struct whose fields are known");
        return;
    }
    size_t count = hm_extraction_count(modifier, own->type);
    if (count == 0) {
        hm_refusal_tell(&extraction.refusal, "remove it",
                "HM_EXTRACT_FIELDS of `%s`: `%s` has no fields", function,
                own->type->name);
    }
    for (size_t i = 0; i < count; i++) {
        check_field(&extraction, i);
    }
}
