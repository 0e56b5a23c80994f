// validator.h — HM_CHECK_RANGE and its kin: what each checks, and whether it fits the
// function that it stands on. The reflector asks it of a source, the graph of tables
// that anybody may have filled.

#ifndef HM_BASE_VALIDATOR_H
#define HM_BASE_VALIDATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "base/refusal.h"

typedef enum hm_validator_kind {
    HM_VALIDATOR_RANGE,
    HM_VALIDATOR_FINITE,
    HM_VALIDATOR_VALUES_IN,
    HM_VALIDATOR_MAX_NAN_FRACTION,
    HM_VALIDATOR_MAX_STD_DEV,
    HM_VALIDATOR_MEAN_IN_RANGE,
    HM_VALIDATOR_CONTAINS,
    HM_VALIDATOR_OWN, // a function of the module
} hm_validator_kind;

enum { HM_VALIDATED_SIZE = 4096 }; // of a value that a function is asked of, at most

typedef struct hm_validator_form {
    hm_validator_kind kind;
    const char *modifier; // "check_range"
    const char *macro;    // "HM_CHECK_RANGE"
    const char *word;     // "range": its node is f_range; NULL: the function's name
    const char *usage;    // what to write
} hm_validator_form;

// The form of a modifier, or NULL if it checks nothing.
const hm_validator_form *hm_validator_find(const hm_modifier *modifier);

// How the values of a type are compared: integers of up to 32 bits, and bool, are
// doubles exactly; those of 64 bits stay what they are.
typedef enum hm_validator_domain {
    HM_DOMAIN_NONE, // not at all
    HM_DOMAIN_REAL,
    HM_DOMAIN_INTEGER, // of uint64_t with the highest bit turned, which keeps the order
    HM_DOMAIN_TEXT,
} hm_validator_domain;

hm_validator_domain hm_validator_domain_of(const hm_type *type);

// A value in its domain.
typedef union hm_validator_value {
    double real;
    int64_t integer;
    const char *text;
} hm_validator_value;

// A literal as a value of the type's domain; false if it is none of the type.
bool hm_validator_read(
        const hm_argument *literal, const hm_type *type, hm_validator_value *value);

// Whether the modifier's last argument is `fail`.
bool hm_validator_fails(const hm_modifier *modifier);

// Refuses a function that HM_CHECK of `checked` names if it is no validator of what
// that makes: `bool valid(T)`, or `bool valid(size_t n, const T x[n])`.
void hm_validator_check_own(const char *checked, const hm_output *own,
        const hm_function *validator, hm_refuse *refuse, void *context);

// Refuses arguments that are none of the form, and whatever else keeps the modifier
// from checking the function's own output.
void hm_validator_check(const hm_modifier *modifier, const char *function,
        const hm_output *outputs, size_t output_count, hm_refuse *refuse,
        void *context);

#endif
