// validator.c — see validator.h.

#include "base/validator.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/element.h"
#include "base/extraction.h"
#include "base/literal.h"

static const hm_validator_form forms[] = {
        {HM_VALIDATOR_RANGE, "check_range", "HM_CHECK_RANGE", "range",
                "write HM_CHECK_RANGE(low, high, fail), or warn"},
        {HM_VALIDATOR_FINITE, "check_finite", "HM_CHECK_FINITE", "finite",
                "write HM_CHECK_FINITE(fail), or warn"},
        {HM_VALIDATOR_VALUES_IN, "check_values_in", "HM_CHECK_VALUES_IN", "values_in",
                "write HM_CHECK_VALUES_IN(value, ..., fail), or warn"},
        {HM_VALIDATOR_MAX_NAN_FRACTION, "check_max_nan_fraction",
                "HM_CHECK_MAX_NAN_FRACTION", "max_nan_fraction",
                "write HM_CHECK_MAX_NAN_FRACTION(0.1, fail), or warn"},
        {HM_VALIDATOR_MAX_STD_DEV, "check_max_std_dev", "HM_CHECK_MAX_STD_DEV",
                "max_std_dev", "write HM_CHECK_MAX_STD_DEV(deviation, fail), or warn"},
        {HM_VALIDATOR_MEAN_IN_RANGE, "check_mean_in_range", "HM_CHECK_MEAN_IN_RANGE",
                "mean_in_range",
                "write HM_CHECK_MEAN_IN_RANGE(low, high, fail), or warn"},
        {HM_VALIDATOR_OWN, "check", "HM_CHECK", NULL,
                "write HM_CHECK(function, fail), or warn"},
        {HM_VALIDATOR_CONTAINS, "check_contains", "HM_CHECK_CONTAINS", "contains",
                "write HM_CHECK_CONTAINS(\"text\", fail), or warn"},
};

enum { OWN_FORM = 6 };

const hm_validator_form *hm_validator_find(const hm_modifier *modifier) {
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(modifier->name, forms[i].modifier) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

hm_validator_domain hm_validator_domain_of(const hm_type *type) {
    switch (type->kind) {
    case HM_KIND_BOOL:
    case HM_KIND_FLOAT:
        return HM_DOMAIN_REAL;
    case HM_KIND_INT:
    case HM_KIND_UINT:
        return type->size < sizeof(int64_t) ? HM_DOMAIN_REAL : HM_DOMAIN_INTEGER;
    case HM_KIND_STRING:
        return HM_DOMAIN_TEXT;
    default:
        return HM_DOMAIN_NONE;
    }
}

static double real_of(const hm_type *type, const void *slot) {
    if (type->kind != HM_KIND_FLOAT) {
        return type->kind == HM_KIND_INT ? (double)hm_element_int(type, slot)
                                         : (double)hm_element_uint(type, slot);
    }
    if (type->size == sizeof(float)) {
        float value;
        memcpy(&value, slot, sizeof value);
        return (double)value;
    }
    if (type->size == sizeof(double)) {
        double value;
        memcpy(&value, slot, sizeof value);
        return value;
    }
    long double value;
    memcpy(&value, slot, sizeof value);
    return (double)value;
}

bool hm_validator_read(
        const hm_argument *literal, const hm_type *type, hm_validator_value *value) {
    _Alignas(max_align_t) char slot[sizeof(long double)];
    if (!hm_literal_store(literal, type, slot)) {
        return false;
    }
    switch (hm_validator_domain_of(type)) {
    case HM_DOMAIN_REAL:
        value->real = real_of(type, slot);
        break;
    case HM_DOMAIN_INTEGER:
        value->integer =
                type->kind == HM_KIND_INT
                        ? hm_element_int(type, slot)
                        : (int64_t)(hm_element_uint(type, slot) ^ UINT64_C(1) << 63);
        break;
    default:
        memcpy(&value->text, slot, sizeof value->text);
        break;
    }
    return true;
}

static bool is_importance(const hm_argument *argument) {
    return hm_argument_is_word(argument) &&
           (strcmp(argument->text, "warn") == 0 || strcmp(argument->text, "fail") == 0);
}

bool hm_validator_fails(const hm_modifier *modifier) {
    return strcmp(modifier->arguments[modifier->argument_count - 1].text, "fail") == 0;
}

typedef struct hm_validation {
    const hm_modifier *modifier;
    const hm_validator_form *form;
    const hm_type *type; // of its own output
    hm_refusal refusal;
} hm_validation;

// How many arguments come before the importance; SIZE_MAX: one or more.
static size_t count_of(hm_validator_kind kind) {
    switch (kind) {
    case HM_VALIDATOR_FINITE:
        return 0;
    case HM_VALIDATOR_RANGE:
    case HM_VALIDATOR_MEAN_IN_RANGE:
        return 2;
    case HM_VALIDATOR_VALUES_IN:
        return SIZE_MAX;
    default:
        return 1;
    }
}

static bool check_form(const hm_validation *validation) {
    const hm_modifier *modifier = validation->modifier;
    const char *usage = validation->form->usage;
    size_t count = modifier->argument_count;
    size_t wanted = count_of(validation->form->kind);
    if (count == 0 || !is_importance(&modifier->arguments[count - 1])) {
        return hm_refusal_tell(&validation->refusal, usage,
                "its last argument is neither warn nor fail");
    }
    if (wanted == SIZE_MAX ? count < 2 : count != wanted + 1) {
        return hm_refusal_tell(&validation->refusal, usage, "it has %zu argument%s",
                count, count == 1 ? "" : "s");
    }
    return true;
}

// What a check asks of a type, in words, or NULL if the type has it.
static const char *wanted_type(hm_validator_kind kind, const hm_type *type) {
    hm_validator_domain domain = hm_validator_domain_of(type);
    bool is_number = domain == HM_DOMAIN_REAL || domain == HM_DOMAIN_INTEGER;
    switch (kind) {
    case HM_VALIDATOR_RANGE:
        return is_number && type->kind != HM_KIND_BOOL ? NULL : "numbers and times";
    case HM_VALIDATOR_FINITE:
        return type->kind == HM_KIND_FLOAT ? NULL : "floating numbers";
    case HM_VALIDATOR_MAX_STD_DEV:
    case HM_VALIDATOR_MEAN_IN_RANGE:
        return is_number && type->time_unit == HM_TIME_NONE ? NULL : "numbers";
    case HM_VALIDATOR_CONTAINS:
        return domain == HM_DOMAIN_TEXT ? NULL : "strings";
    case HM_VALIDATOR_OWN:
        return type->size > 0 && type->size <= HM_VALIDATED_SIZE
                       ? NULL
                       : "values of up to 4096 bytes";
    default:
        return domain != HM_DOMAIN_NONE ? NULL : "numbers, times and strings";
    }
}

static bool check_output(const hm_validation *validation, const hm_output *own) {
    if (own == NULL) {
        return hm_refusal_tell(&validation->refusal,
                "call an output `out`, or remove it",
                "it makes nothing of its own name");
    }
    const char *wanted = wanted_type(validation->form->kind, own->type);
    if (own->pass != HM_BY_VALUE) {
        return hm_refusal_tell(&validation->refusal,
                "return the struct itself, or let another function tell of it, and "
                "check what that makes",
                "it makes an object by reference, which is not looked into");
    }
    if (wanted != NULL) {
        return hm_refusal_tell(&validation->refusal, "remove it",
                "it checks %s, and what the function makes is %s", wanted,
                own->type->name);
    }
    return true;
}

static bool check_number(const hm_validation *validation, size_t index, double least,
        double greatest, const char *wanted) {
    const hm_argument *argument = &validation->modifier->arguments[index];
    bool is_number =
            argument->kind == HM_ARGUMENT_INT || argument->kind == HM_ARGUMENT_REAL;
    if (!is_number || !(argument->real >= least && argument->real <= greatest)) {
        return hm_refusal_tell(&validation->refusal, validation->form->usage,
                "%s is no %s", argument->text, wanted);
    }
    return true;
}

static bool check_literals(const hm_validation *validation, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const hm_argument *literal = &validation->modifier->arguments[i];
        hm_validator_value value;
        if (!hm_validator_read(literal, validation->type, &value)) {
            char mend[256];
            snprintf(mend, sizeof mend, "write a literal that `%s` can hold%s",
                    validation->type->name,
                    validation->type->kind == HM_KIND_STRING ? ", in quotes" : "");
            return hm_refusal_tell(&validation->refusal, mend, "%s is no %s",
                    literal->text, validation->type->name);
        }
    }
    return true;
}

static void check_bounds(const hm_validation *validation, bool is_reversed) {
    const hm_argument *bounds = validation->modifier->arguments;
    if (is_reversed) {
        hm_refusal_tell(&validation->refusal, "write the lower bound first",
                "nothing is from %s to %s", bounds[0].text, bounds[1].text);
    }
}

static void check_range(const hm_validation *validation) {
    hm_validator_value low;
    hm_validator_value high;
    if (!check_literals(validation, 2)) {
        return;
    }
    (void)hm_validator_read(
            &validation->modifier->arguments[0], validation->type, &low);
    (void)hm_validator_read(
            &validation->modifier->arguments[1], validation->type, &high);
    bool is_real = hm_validator_domain_of(validation->type) == HM_DOMAIN_REAL;
    check_bounds(validation,
            is_real ? !(low.real <= high.real) : low.integer > high.integer);
}

static void check_arguments(const hm_validation *validation) {
    const double most = 1.7976931348623157e308;
    const hm_modifier *modifier = validation->modifier;
    switch (validation->form->kind) {
    case HM_VALIDATOR_RANGE:
        check_range(validation);
        break;
    case HM_VALIDATOR_VALUES_IN:
        check_literals(validation, modifier->argument_count - 1);
        break;
    case HM_VALIDATOR_MAX_NAN_FRACTION:
        check_number(validation, 0, 0, 1, "fraction from 0 to 1");
        break;
    case HM_VALIDATOR_MAX_STD_DEV:
        check_number(validation, 0, 0, most, "deviation, which is 0 or more");
        break;
    case HM_VALIDATOR_MEAN_IN_RANGE:
        if (check_number(validation, 0, -most, most, "number") &&
                check_number(validation, 1, -most, most, "number")) {
            check_bounds(validation,
                    modifier->arguments[0].real > modifier->arguments[1].real);
        }
        break;
    case HM_VALIDATOR_CONTAINS:
        check_literals(validation, 1);
        break;
    case HM_VALIDATOR_OWN:
        if (!hm_argument_is_word(&modifier->arguments[0])) {
            hm_refusal_tell(&validation->refusal, validation->form->usage,
                    "%s is no function", modifier->arguments[0].text);
        }
        break;
    case HM_VALIDATOR_FINITE:
        break;
    }
}

void hm_validator_check_own(const char *checked, const hm_output *own,
        const hm_function *validator, hm_refuse *refuse, void *context) {
    const hm_validation validation = {
            .form = &forms[OWN_FORM],
            .refusal = {forms[OWN_FORM].macro, checked, refuse, context},
    };
    if (own->pass != HM_BY_VALUE) {
        return; // that has been told
    }
    const hm_parameter *taken = validator->parameters;
    const hm_output *made = validator->outputs;
    bool is_validator = validator->parameter_count == 1 && taken->pass == HM_BY_VALUE &&
                        validator->output_count == 1 && made->shape == HM_ONE &&
                        made->type->kind == HM_KIND_BOOL && validator->start == NULL &&
                        (validator->flags & HM_FUNCTION_FALLIBLE) == 0;
    if (!is_validator || !hm_type_equal(taken->type, own->type)) {
        char mend[512];
        snprintf(mend, sizeof mend,
                own->type->kind == HM_KIND_STRING
                        ? "declare it as `bool %s(%s)`, or `bool %s(size_t n, %sconst "
                          "x[n])`"
                        : "declare it as `bool %s(%s)`, or `bool %s(size_t n, const %s "
                          "x[n])`",
                validator->name, own->type->name, validator->name, own->type->name);
        hm_refusal_tell(&validation.refusal, mend,
                "`%s` does not tell of one `%s`, or of an array of them, whether it is "
                "valid",
                validator->name, own->type->name);
    }
}

void hm_validator_check(const hm_modifier *modifier, const char *function,
        const hm_output *outputs, size_t output_count, hm_refuse *refuse,
        void *context) {
    const hm_output *own = hm_output_own(function, outputs, output_count);
    const hm_validator_form *form = hm_validator_find(modifier);
    const hm_validation validation = {
            .modifier = modifier,
            .form = form,
            .type = own != NULL ? own->type : NULL,
            .refusal = {form->macro, function, refuse, context},
    };
    if (check_form(&validation) && check_output(&validation, own)) {
        check_arguments(&validation);
    }
}
