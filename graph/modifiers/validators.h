// validators.h — the checks of one node at work: what HM_CHECK_RANGE and its kin look
// for, and what they find in a column or a part of it. All of a node go through its
// values together, once.

#ifndef HM_GRAPH_MODIFIERS_VALIDATORS_H
#define HM_GRAPH_MODIFIERS_VALIDATORS_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/check.h>
#include <hamilton/module.h>
#include <hamilton/type.h>
#include <hamilton/value.h>

#include "base/text.h"
#include "base/validator.h"

typedef struct hm_validator {
    const hm_validator_form *form;
    const char *name;     // "range"; a second one of a kind is "range_1"
    const char *expected; // in words
    bool fails;           // else it warns

    // Bounds of values; for HM_VALIDATOR_CONTAINS `low` is the text.
    hm_validator_value low;
    hm_validator_value high;
    const hm_validator_value *values; // that there may be
    size_t value_count;

    const hm_function *own; // of one value, or an array of them, that makes a bool

    // Bounds of the mean; `greatest` also of the deviation or the fraction.
    double least;
    double greatest;
} hm_validator;

typedef struct hm_validators {
    const char *node; // that they check
    const hm_type *type;
    const hm_validator *items;
    size_t count;
} hm_validators;

// Whether it is a function that judges all values together.
bool hm_validator_is_of_all(const hm_validator *validator);

// The first such validator, or NULL. What is found can be combined if there is none.
const hm_validator *hm_validators_find_of_all(const hm_validators *validators);

// Whether rows may be marked as missing: if all who judge all ask which these are.
bool hm_validators_bear_missing(const hm_validators *validators);

// What each of them finds in these rows, as if there were no others.
void hm_validators_look(const hm_validators *validators, const hm_array *rows,
        hm_check_result *results);

// Adds what each found in the rows that follow. No validator may be of all values.
void hm_validators_combine(const hm_validators *validators, hm_check_result *into,
        const hm_check_result *more);

// Appends what the check of a modifier expects.
void hm_validator_expect(const hm_modifier *modifier, hm_text *text);

// Appends what one of them found that did not pass.
void hm_validators_tell(const hm_validators *validators, size_t index,
        const hm_check_result *result, hm_text *text);

#endif
