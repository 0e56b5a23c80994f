// validators_tell.c — what validators found, in words: "share_range: 3 of 10 values are
// not from 0 to 1, the first is -5 in row 2".

#include <string.h>

#include <hamilton/json.h>

#include "base/element.h"
#include "graph/modifiers/validators.h"

enum { SHOWN_BYTES = 50 }; // of a string

static void append_text(hm_text *text, const char *value) {
    size_t length = strlen(value);
    size_t shown = length;
    if (shown > SHOWN_BYTES) {
        shown = SHOWN_BYTES;
        while (shown > 0 && ((unsigned char)value[shown] & 0xC0) == 0x80) {
            shown--; // not in the middle of a character
        }
    }
    hm_text_append(text, "\"");
    hm_text_append_bytes(text, value, shown);
    hm_text_append(text, shown < length ? "...\"" : "\"");
}

static void append_number(hm_text *text, const hm_type *type, double number) {
    char shown[HM_NUMBER_SIZE];
    hm_number_format(type, &number, shown);
    hm_text_append(text, shown);
}

// The first value that fails, as its own type has it.
static void append_value(
        hm_text *text, const hm_type *type, const hm_check_result *result) {
    char shown[HM_NUMBER_SIZE];
    union {
        float single;
        long double large;
        char bytes[sizeof(long double)];
    } slot;
    if (type->kind == HM_KIND_STRING) {
        append_text(text, result->text);
        return;
    }
    if (type->kind == HM_KIND_FLOAT && type->size == sizeof(double)) {
        append_number(text, type, result->found);
        return;
    }
    if (type->kind == HM_KIND_FLOAT && type->size == sizeof(float)) {
        slot.single = (float)result->found;
    } else if (type->kind == HM_KIND_FLOAT) {
        slot.large = (long double)result->found;
    } else if (hm_validator_domain_of(type) == HM_DOMAIN_INTEGER) {
        hm_element_store(slot.bytes, type->size, (uint64_t)result->integer);
    } else {
        hm_element_store(slot.bytes, type->size, (uint64_t)(int64_t)result->found);
    }
    hm_number_format(type, slot.bytes, shown);
    hm_text_append(text, shown);
}

static const char *is_not(const hm_validator *validator, bool is_one) {
    if (validator->form->kind == HM_VALIDATOR_CONTAINS) {
        return is_one ? "does not contain" : "do not contain";
    }
    return is_one ? "is not" : "are not";
}

static void tell_own(hm_text *text, const hm_type *type, const hm_validator *validator,
        const hm_check_result *result) {
    bool is_one = result->rows == 1;
    bool is_shown = hm_validator_domain_of(type) != HM_DOMAIN_NONE;
    hm_text_format(text, "`%s` is false", validator->expected);
    if (hm_validator_is_of_all(validator)) {
        hm_text_format(text, " for the array of %lld value%s", (long long)result->rows,
                is_one ? "" : "s");
        return;
    }
    if (!is_one) {
        hm_text_format(text, " for %lld of %lld values, the first",
                (long long)result->failing, (long long)result->rows);
    }
    if (is_shown) {
        hm_text_append(text, is_one ? " for " : " is ");
        append_value(text, type, result);
    }
    if (!is_one) {
        hm_text_format(text, " in row %lld", (long long)result->first);
    }
}

static void tell_values(hm_text *text, const hm_type *type,
        const hm_validator *validator, const hm_check_result *result) {
    if (result->rows == 1) {
        append_value(text, type, result);
        hm_text_format(text, " %s %s", is_not(validator, true), validator->expected);
        return;
    }
    bool is_one = result->failing == 1;
    hm_text_format(text, "%lld of %lld values %s %s%s", (long long)result->failing,
            (long long)result->rows, is_not(validator, is_one), validator->expected,
            is_one ? ": " : ", the first is ");
    append_value(text, type, result);
    hm_text_format(text, " in row %lld", (long long)result->first);
}

static void tell(hm_text *text, const hm_type *type, const hm_validator *validator,
        const hm_check_result *result) {
    switch (validator->form->kind) {
    case HM_VALIDATOR_MAX_NAN_FRACTION:
        hm_text_format(text, "%lld of %lld values %s missing, a fraction of ",
                (long long)result->missing, (long long)result->rows,
                result->missing == 1 ? "is" : "are");
        append_number(text, &hm_type_double, result->found);
        hm_text_format(text, ", not %s", validator->expected);
        break;
    case HM_VALIDATOR_MAX_STD_DEV:
    case HM_VALIDATOR_MEAN_IN_RANGE:
        hm_text_append(text, validator->form->kind == HM_VALIDATOR_MEAN_IN_RANGE
                                     ? "the mean is "
                                     : "the standard deviation is ");
        append_number(text, &hm_type_double, result->found);
        hm_text_format(text, ", not %s", validator->expected);
        break;
    case HM_VALIDATOR_OWN:
        tell_own(text, type, validator, result);
        break;
    default:
        tell_values(text, type, validator, result);
    }
}

void hm_validators_tell(const hm_validators *validators, size_t index,
        const hm_check_result *result, hm_text *text) {
    const hm_validator *validator = &validators->items[index];
    hm_text_format(text, "%s_%s: ", validators->node, validator->name);
    tell(text, validators->type, validator, result);
}
