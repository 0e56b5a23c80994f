// field.c — see field.h.

#include "adapters/table/field.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "base/element.h"
#include "base/error.h"
#include "base/number.h"

static void trim(const char **text, size_t *length) {
    while (*length > 0 && (**text == ' ' || **text == '\t')) {
        ++*text;
        --*length;
    }
    while (*length > 0 &&
            ((*text)[*length - 1] == ' ' || (*text)[*length - 1] == '\t')) {
        --*length;
    }
}

// word is in lower case. Not strncasecmp: what is lower case depends on the locale.
static bool is_word(const char *text, size_t length, const char *word) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        if (c != word[i] || c == '\0') {
            return false;
        }
    }
    return word[length] == '\0';
}

bool hm_field_is_missing(const char *text, size_t length) {
    static const char *const words[] = {"nan", "na", "n/a", "null", "none", "-nan"};
    trim(&text, &length);
    if (length == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_word(text, length, words[i])) {
            return true;
        }
    }
    return false;
}

static void store(const hm_type *type, double value, void *element) {
    if (type->size == sizeof(float)) {
        memcpy(element, &(float){(float)value}, sizeof(float));
    } else if (type->size == sizeof(double)) {
        memcpy(element, &value, sizeof(double));
    } else {
        memcpy(element, &(long double){value}, sizeof(long double));
    }
}

bool hm_field_store_missing(const hm_type *type, void *element) {
    if (type->kind != HM_KIND_FLOAT) {
        return false;
    }
    hm_element_store_nan(element, type->size);
    return true;
}

static bool read_infinity(
        const hm_type *type, const char *text, size_t length, void *element) {
    bool negative = length > 0 && *text == '-';
    if (length > 0 && (*text == '-' || *text == '+')) {
        text++;
        length--;
    }
    if (type->kind != HM_KIND_FLOAT ||
            !(is_word(text, length, "inf") || is_word(text, length, "infinity"))) {
        return false;
    }
    store(type, (double)(negative ? -INFINITY : INFINITY), element);
    return true;
}

// A field as a message shows it: not too long, nothing that would break the line.
static int shown_length(const char *text, size_t length) {
    int shown = 0;
    while ((size_t)shown < length && shown < 40 && (unsigned char)text[shown] >= ' ') {
        shown++;
    }
    while (shown > 0 && (size_t)shown < length &&
            ((unsigned char)text[shown] & 0xC0) == 0x80) {
        shown--; // not within a character
    }
    return shown;
}

// Digits, and one comma among them.
static bool has_decimal_comma(const char *text, size_t length) {
    size_t comma_count = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_comma = text[i] == ',' && i > 0;
        bool is_sign = (text[i] == '-' || text[i] == '+') && i == 0;
        if (!is_comma && !is_sign && (text[i] < '0' || text[i] > '9')) {
            return false;
        }
        comma_count += is_comma;
    }
    return comma_count == 1;
}

static hm_field_found fail(const hm_type *type, const char *text, size_t length,
        hm_number_fit fit, hm_error *error) {
    int shown = shown_length(text, length);
    const char *dots = (size_t)shown < length ? "..." : "";
    switch (fit) {
    case HM_NUMBER_NOT_AN_INTEGER:
        hm_error_set(error, HM_BAD_DATA, "`%.*s%s` is not an integer, as %s wants%s",
                shown, text, dots, type->name,
                type->time_unit == HM_TIME_NONE ? "; take the column as double" : "");
        break;
    case HM_NUMBER_OUT_OF_RANGE:
        hm_error_set(error, HM_BAD_DATA, "`%.*s%s` does not fit %s: %s", shown, text,
                dots, type->name,
                type->kind == HM_KIND_FLOAT
                        ? "write inf if it is to be infinite"
                        : "take the column as a wider type, or as double");
        break;
    default:
        hm_error_set(error, HM_BAD_DATA, "expected %s, but found `%.*s%s`%s",
                type->name, shown, text, dots,
                has_decimal_comma(text, length) ? ": write a point before decimals"
                                                : "");
        break;
    }
    return HM_FIELD_WRONG;
}

static bool read_bool(const char *text, size_t length, void *element) {
    bool is_true = is_word(text, length, "true") || is_word(text, length, "1");
    if (!is_true && !is_word(text, length, "false") && !is_word(text, length, "0")) {
        return false;
    }
    memcpy(element, &is_true, sizeof is_true);
    return true;
}

// A number of units is read as any number.
static hm_field_found read_time(const hm_type *type, const char *text, size_t length,
        void *element, hm_error *error) {
    int64_t value;
    hm_time_fit fit = hm_time_read(type->time_unit, text, length, &value);
    if (fit == HM_TIME_FITS) {
        memcpy(element, &value, sizeof value);
        return HM_FIELD_VALUE;
    }
    int shown = shown_length(text, length);
    hm_error_set(error, HM_BAD_DATA, "expected %s, but `%.*s%s` %s", type->name, shown,
            text, (size_t)shown < length ? "..." : "", hm_time_complaint(fit));
    return HM_FIELD_WRONG;
}

hm_field_found hm_field_read(const hm_type *type, const char *text, size_t length,
        void *element, hm_error *error) {
    trim(&text, &length);
    hm_number_fit fit = HM_NUMBER_MALFORMED;
    if (type->kind == HM_KIND_BOOL) {
        if (read_bool(text, length, element)) {
            return HM_FIELD_VALUE;
        }
    } else {
        fit = hm_number_read(type, text, length, element);
        if (fit == HM_NUMBER_FITS || read_infinity(type, text, length, element)) {
            return HM_FIELD_VALUE;
        }
    }
    if (hm_field_is_missing(text, length)) {
        return HM_FIELD_MISSING;
    }
    return type->time_unit != HM_TIME_NONE && fit == HM_NUMBER_MALFORMED
                   ? read_time(type, text, length, element, error)
                   : fail(type, text, length, fit, error);
}
