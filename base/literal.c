// literal.c — see literal.h. What HM_DEFAULT takes, the compiler makes a value of; this
// is the same for what is bound when a graph is built.

#include "base/literal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/element.h"
#include "base/number.h"

bool hm_argument_is_word(const hm_argument *argument) {
    return (argument->kind == HM_ARGUMENT_NAME ||
                   argument->kind == HM_ARGUMENT_STRING) &&
           argument->text[0] != '\0';
}

static bool store_bool(const hm_argument *literal, void *slot) {
    bool is_integer = literal->kind == HM_ARGUMENT_INT;
    if (literal->kind != HM_ARGUMENT_BOOL &&
            !(is_integer && (literal->integer == 0 || literal->integer == 1))) {
        return false;
    }
    memcpy(slot, &(bool){literal->integer != 0}, sizeof(bool));
    return true;
}

static bool store_time(const hm_argument *literal, const hm_type *type, void *slot) {
    int64_t value;
    if (hm_time_read(type->time_unit, literal->text, strlen(literal->text), &value) !=
            HM_TIME_FITS) {
        return false;
    }
    memcpy(slot, &value, sizeof value);
    return true;
}

// What no int64_t holds is a real: 18446744073709551615u.
static bool store_large(const hm_argument *literal, const hm_type *type, void *slot) {
    if (type->kind != HM_KIND_UINT || type->size != sizeof(uint64_t) ||
            literal->real < 0x1p63) {
        return false;
    }
    char *end;
    uint64_t value = strtoull(literal->text, &end, 0);
    if (end[strspn(end, "uUlL")] != '\0') {
        return false;
    }
    memcpy(slot, &value, sizeof value);
    return true;
}

static bool store_integer(const hm_argument *literal, const hm_type *type, void *slot) {
    int64_t value = literal->integer;
    if (literal->kind == HM_ARGUMENT_STRING && type->time_unit != HM_TIME_NONE) {
        return store_time(literal, type, slot);
    }
    if (literal->kind == HM_ARGUMENT_REAL) {
        return store_large(literal, type, slot);
    }
    if (literal->kind != HM_ARGUMENT_INT ||
            value < (type->kind == HM_KIND_INT ? hm_number_least(type) : 0) ||
            (value >= 0 && (uint64_t)value > hm_number_greatest(type))) {
        return false;
    }
    hm_element_store(slot, type->size, (uint64_t)value);
    return true;
}

static bool store_real(const hm_argument *literal, const hm_type *type, void *slot) {
    double real = literal->real;
    if (literal->kind != HM_ARGUMENT_INT && literal->kind != HM_ARGUMENT_REAL) {
        return false;
    }
    if (type->size == sizeof(float)) {
        if (isfinite(real) && fabs(real) > (double)FLT_MAX) {
            return false;
        }
        memcpy(slot, &(float){(float)real}, sizeof(float));
    } else if (type->size == sizeof(double)) {
        memcpy(slot, &real, sizeof real);
    } else {
        bool is_spelled = isfinite(real) && literal->kind == HM_ARGUMENT_REAL;
        long double value = is_spelled ? strtold(literal->text, NULL)
                            : literal->kind == HM_ARGUMENT_INT
                                    ? (long double)literal->integer
                                    : (long double)real;
        memcpy(slot, &value, sizeof value);
    }
    return true;
}

bool hm_literal_store(const hm_argument *literal, const hm_type *type, void *slot) {
    switch (type->kind) {
    case HM_KIND_BOOL:
        return store_bool(literal, slot);
    case HM_KIND_INT:
    case HM_KIND_UINT:
        return store_integer(literal, type, slot);
    case HM_KIND_FLOAT:
        return store_real(literal, type, slot);
    case HM_KIND_STRING:
        if (literal->kind != HM_ARGUMENT_STRING) {
            return false;
        }
        memcpy(slot, &literal->text, sizeof literal->text);
        return true;
    default:
        return false;
    }
}
