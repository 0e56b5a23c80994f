// judge.c — see judge.h. Columns of numbers, of which there are many, have loops of
// their own; all else is looked at element by element.

#include "adapters/checker/judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/element.h"
#include "base/utf8.h"
#include "base/validity.h"

enum { DEEPEST = 8, PLACE_SIZE = 128 };

// Where an element stands, for the message.
typedef struct hm_place {
    size_t rows[DEEPEST];
    uint32_t row_count;
    const char *fields[DEEPEST];
    uint32_t field_count;
} hm_place;

typedef struct hm_judgement {
    const hm_bounds *bounds;
    hm_place place;
    char *fault;
} hm_judgement;

static void write_place(const hm_place *place, char text[PLACE_SIZE]) {
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < place->row_count && length < PLACE_SIZE; i++) {
        length += (size_t)snprintf(text + length, PLACE_SIZE - length, "%s %zu",
                i == 0 ? " in row" : ", element", place->rows[i] + 1);
    }
    for (uint32_t i = 0; i < place->field_count && length < PLACE_SIZE; i++) {
        length += (size_t)snprintf(text + length, PLACE_SIZE - length, "%s%.40s",
                i == 0 ? ", field " : ".", place->fields[i]);
    }
}

static bool refuse(hm_judgement *judgement, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static bool refuse(hm_judgement *judgement, const char *format, ...) {
    char place[PLACE_SIZE];
    write_place(&judgement->place, place);
    size_t length = (size_t)snprintf(judgement->fault, HM_FAULT_SIZE, "%s ", place);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(judgement->fault + length, HM_FAULT_SIZE - length, format, arguments);
    va_end(arguments);
    return false;
}

static bool refuse_range(
        hm_judgement *judgement, const hm_type *type, const void *element) {
    char text[HM_NUMBER_SIZE];
    hm_number_format(type, element, text);
    const hm_bounds *bounds = judgement->bounds;
    return !isinf(bounds->least) && !isinf(bounds->most)
                   ? refuse(judgement, "is %s, and not from %.17g to %.17g", text,
                             bounds->least, bounds->most)
           : !isinf(bounds->least)
                   ? refuse(judgement, "is %s, less than %.17g", text, bounds->least)
                   : refuse(judgement, "is %s, more than %.17g", text, bounds->most);
}

static bool judge_real(
        hm_judgement *judgement, const hm_type *type, const void *element, double x) {
    const hm_bounds *bounds = judgement->bounds;
    if (isnan(x)) {
        return !bounds->refuses_nan || refuse(judgement, "is NaN");
    }
    if (isinf(x) && bounds->refuses_infinite) {
        return refuse(judgement, "is %sinfinite", x < 0 ? "minus " : "");
    }
    return (x >= bounds->least && x <= bounds->most) ||
           refuse_range(judgement, type, element);
}

static bool judge_float(
        hm_judgement *judgement, const hm_type *type, const void *element) {
    float single;
    double real;
    long double extended;
    if (type->size == sizeof single) {
        memcpy(&single, element, sizeof single);
        return judge_real(judgement, type, element, (double)single);
    }
    if (type->size == sizeof real) {
        memcpy(&real, element, sizeof real);
        return judge_real(judgement, type, element, real);
    }
    memcpy(&extended, element, sizeof extended);
    // One that a double cannot hold is still finite.
    if (isfinite(extended) && isinf((double)extended)) {
        extended = extended < 0 ? -0x1.fffffffffffffp1023L : 0x1.fffffffffffffp1023L;
    }
    return judge_real(judgement, type, element, (double)extended);
}

// 64 bits may be more than a double holds: what it is rounded to is compared.
static bool judge_integer(
        hm_judgement *judgement, const hm_type *type, const void *element) {
    const hm_bounds *bounds = judgement->bounds;
    if (type->size > sizeof(int64_t) || (isinf(bounds->least) && isinf(bounds->most))) {
        return true;
    }
    long double x = type->kind == HM_KIND_INT
                            ? (long double)hm_element_int(type, element)
                            : (long double)hm_element_uint(type, element);
    return (x >= (long double)bounds->least && x <= (long double)bounds->most) ||
           refuse_range(judgement, type, element);
}

static bool judge_text(hm_judgement *judgement, const char *text) {
    return text == NULL ? refuse(judgement, "is a null pointer")
                        : hm_utf8_is(text, strlen(text)) ||
                                  refuse(judgement, "is text that is not UTF-8");
}

static bool judge_element(
        hm_judgement *judgement, const hm_type *type, const void *element);

static bool judge_field(
        hm_judgement *judgement, const hm_field *field, const char *object) {
    if (field->bit_width > 0) {
        uint64_t element;
        hm_bit_field_load(field, object, &element);
        return judge_element(judgement, field->type, &element);
    }
    size_t length = field->length > 0 ? field->length : 1;
    for (size_t k = 0; k < length; k++) {
        if (!judge_element(judgement, field->type,
                    object + field->offset + k * field->type->size)) {
            return false;
        }
    }
    return true;
}

// As deep as structs nest in the C type; how deep they are told is limited. What a
// struct holds is no value of a name: ranges are not about it.
static bool judge_struct(
        hm_judgement *judgement, const hm_type *type, const char *object) {
    static const hm_bounds any = {.least = -HUGE_VAL, .most = HUGE_VAL};
    hm_bounds inner = any;
    inner.refuses_nan = judgement->bounds->refuses_nan;
    inner.refuses_infinite = judgement->bounds->refuses_infinite;
    const hm_bounds *bounds = judgement->bounds;
    hm_place *place = &judgement->place;
    uint32_t depth = place->field_count;
    bool is_right = true;
    judgement->bounds = &inner;
    for (size_t i = 0; i < type->field_count && is_right; i++) {
        const hm_field *field = &type->fields[i];
        if (depth < DEEPEST) {
            place->fields[depth] = field->name;
            place->field_count = depth + 1;
        }
        // A null pointer in a struct may mean what it likes.
        const char *text = "";
        if (field->type->kind == HM_KIND_STRING && field->length == 0) {
            memcpy(&text, object + field->offset, sizeof text);
        }
        is_right = text == NULL || judge_field(judgement, field, object);
    }
    place->field_count = depth;
    judgement->bounds = bounds;
    return is_right;
}

static bool judge_element(
        hm_judgement *judgement, const hm_type *type, const void *element) {
    const char *text;
    unsigned char byte;
    switch (type->kind) {
    case HM_KIND_BOOL:
        memcpy(&byte, element, 1);
        return byte <= 1 ||
               refuse(judgement, "is a bool of the byte %u, and not 0 or 1",
                       (unsigned)byte);
    case HM_KIND_INT:
    case HM_KIND_UINT:
        return judge_integer(judgement, type, element);
    case HM_KIND_FLOAT:
        return judge_float(judgement, type, element);
    case HM_KIND_STRING:
    case HM_KIND_JSON:
        memcpy(&text, element, sizeof text);
        return judge_text(judgement, text);
    case HM_KIND_STRUCT:
        return judge_struct(judgement, type, element);
    case HM_KIND_OPAQUE:
        break;
    }
    return true;
}

// How many doubles at the beginning are right. Branches that are never taken are
// quicker here than none.
static size_t skip_doubles(const hm_bounds *bounds, const double *x, size_t length) {
    const double largest = 0x1.fffffffffffffp1023;
    bool is_finite = bounds->refuses_infinite;
    double least = is_finite && bounds->least < -largest ? -largest : bounds->least;
    double most = is_finite && bounds->most > largest ? largest : bounds->most;
    bool may_be_nan = !bounds->refuses_nan;
    size_t i = 0;
    while (i < length &&
            ((x[i] >= least && x[i] <= most) || (x[i] != x[i] && may_be_nan))) {
        i++;
    }
    return i;
}

// Numbers of which nothing is asked are right.
static bool is_right_anyhow(const hm_value *value, const hm_bounds *bounds) {
    hm_kind kind = value->type->kind;
    bool is_integer = kind == HM_KIND_INT || kind == HM_KIND_UINT;
    bool is_any =
            kind == HM_KIND_FLOAT && !bounds->refuses_nan && !bounds->refuses_infinite;
    return !value->by_reference && (is_integer || is_any) && isinf(bounds->least) &&
           isinf(bounds->most);
}

static bool judge_array(hm_judgement *judgement, const hm_value *value,
        const hm_array *array, uint32_t depth);

static bool judge_item(hm_judgement *judgement, const hm_value *value,
        const hm_array *array, uint32_t depth, size_t i) {
    if (!hm_validity_has(array, i)) {
        return true;
    }
    if (depth > 1) {
        return judge_array(
                judgement, value, &((const hm_array *)array->data)[i], depth - 1);
    }
    if (value->by_reference) {
        const void *object = ((void *const *)array->data)[i];
        return object == NULL ? refuse(judgement, "is a null pointer")
                              : judge_element(judgement, value->type, object);
    }
    return judge_element(
            judgement, value->type, (const char *)array->data + i * value->type->size);
}

// As deep as the value has dimensions.
static bool judge_array(hm_judgement *judgement, const hm_value *value,
        const hm_array *array, uint32_t depth) {
    if (array->data == NULL && array->length > 0) {
        return refuse(
                judgement, "counts %zu elements, but is a null pointer", array->length);
    }
    if (depth == 1 && is_right_anyhow(value, judgement->bounds)) {
        return true;
    }
    bool are_doubles = depth == 1 && !value->by_reference &&
                       value->type->kind == HM_KIND_FLOAT &&
                       value->type->size == sizeof(double);
    hm_place *place = &judgement->place;
    uint32_t level = place->row_count;
    place->row_count += level < DEEPEST;
    size_t first = are_doubles
                           ? skip_doubles(judgement->bounds, array->data, array->length)
                           : 0;
    for (size_t i = first; i < array->length; i++) {
        if (level < DEEPEST) {
            place->rows[level] = i;
        }
        if (!judge_item(judgement, value, array, depth, i)) {
            return false;
        }
    }
    place->row_count = level;
    return true;
}

bool hm_judge(const hm_value *value, const hm_bounds *bounds, bool may_be_null,
        char fault[HM_FAULT_SIZE]) {
    hm_judgement judgement = {.bounds = bounds, .fault = fault};
    if (value->depth > 0) {
        return judge_array(&judgement, value, &value->many, value->depth);
    }
    const void *data = hm_value_data(value);
    const char *text = "";
    if (data != NULL && !value->by_reference && value->type->kind == HM_KIND_STRING) {
        memcpy(&text, data, sizeof text);
    }
    if (data == NULL || text == NULL) {
        return may_be_null || refuse(&judgement, "is a null pointer");
    }
    return judge_element(&judgement, value->type, data);
}
