// validators.c — see validators.h. A column is looked at in pieces that stay in the
// first-level cache while one validator after the other goes over them. Their loops
// have no branches: what fails is counted, and looked for only where there is some.
//
// Missing values, NaN among them, are passed over, but by HM_CHECK_FINITE, for which
// NaN is not finite, and HM_CHECK_MAX_NAN_FRACTION, which counts them.

#include "graph/modifiers/validators.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/validity.h"
#include "graph/modifiers/survey.h"

enum {
    PIECE = 2048,   // values, in a domain
    OWN_VALUE = 64, // where a validator without a thunk for rows
    OWN_FRAME = OWN_VALUE + HM_VALIDATED_SIZE, // has it, behind what it makes
};

typedef struct hm_piece {
    const char *elements;
    size_t size; // of each
    const double *reals;
    const int64_t *integers;
    const char *const *texts;
    hm_validator_domain domain;
    size_t count;
    size_t row; // of the first value
    size_t missing;
    double sum;    // of a sound one
    bool is_sound; // of reals: none is missing, infinite where that is checked, or
                   // outside of a range
} hm_piece;

#define WIDEN(type, to, target)                                                        \
    do {                                                                               \
        const type *values = (const type *)from;                                       \
        for (size_t i = 0; i < count; i++) {                                           \
            (to)[i] = (target)values[i];                                               \
        }                                                                              \
    } while (0)

// Elements as the values of their domain: where they are, or in `room`.
static const double *read_reals(
        const hm_type *type, const void *from, size_t count, double *room) {
    if (type->kind == HM_KIND_FLOAT && type->size == sizeof(double)) {
        return from;
    }
    if (type->kind == HM_KIND_FLOAT && type->size == sizeof(float)) {
        WIDEN(float, room, double);
    } else if (type->kind == HM_KIND_FLOAT) {
        WIDEN(long double, room, double);
    } else if (type->kind == HM_KIND_INT && type->size == sizeof(int32_t)) {
        WIDEN(int32_t, room, double);
    } else if (type->kind == HM_KIND_INT && type->size == sizeof(int16_t)) {
        WIDEN(int16_t, room, double);
    } else if (type->kind == HM_KIND_INT) {
        WIDEN(int8_t, room, double);
    } else if (type->size == sizeof(uint32_t)) {
        WIDEN(uint32_t, room, double);
    } else if (type->size == sizeof(uint16_t)) {
        WIDEN(uint16_t, room, double);
    } else {
        WIDEN(uint8_t, room, double);
    }
    return room;
}

static const int64_t *read_integers(
        const hm_type *type, const void *from, size_t count, int64_t *room) {
    if (type->kind == HM_KIND_INT) {
        return from;
    }
    const uint64_t *values = from;
    for (size_t i = 0; i < count; i++) {
        room[i] = (int64_t)(values[i] ^ UINT64_C(1) << 63);
    }
    return room;
}

// Of values that are there.
static size_t count_in_range(const hm_validator *range, const hm_piece *piece) {
    return piece->domain == HM_DOMAIN_REAL
                   ? hm_survey_count_inside(piece->reals, piece->count, range->low.real,
                             range->high.real)
                   : hm_survey_count_integers_inside(piece->integers, piece->count,
                             range->low.integer, range->high.integer);
}

static bool is_among(const hm_validator *validator, const hm_piece *piece, size_t i) {
    bool found = false;
    for (size_t k = 0; k < validator->value_count && !found; k++) {
        const hm_validator_value *value = &validator->values[k];
        found = piece->domain == HM_DOMAIN_REAL ? piece->reals[i] == value->real
                : piece->domain == HM_DOMAIN_INTEGER
                        ? piece->integers[i] == value->integer
                        : strcmp(piece->texts[i], value->text) == 0;
    }
    return found;
}

static bool is_missing(const hm_piece *piece, size_t i) {
    return (piece->domain == HM_DOMAIN_REAL && isnan(piece->reals[i])) ||
           (piece->domain == HM_DOMAIN_TEXT && piece->texts[i] == NULL);
}

// Whether one value is not as expected.
static bool fails_at(const hm_validator *validator, const hm_piece *piece, size_t i) {
    if (validator->form->kind == HM_VALIDATOR_FINITE) {
        return !isfinite(piece->reals[i]);
    }
    if (is_missing(piece, i)) {
        return false;
    }
    switch (validator->form->kind) {
    case HM_VALIDATOR_RANGE:
        return piece->domain == HM_DOMAIN_REAL
                       ? piece->reals[i] < validator->low.real ||
                                 piece->reals[i] > validator->high.real
                       : piece->integers[i] < validator->low.integer ||
                                 piece->integers[i] > validator->high.integer;
    case HM_VALIDATOR_VALUES_IN:
        return !is_among(validator, piece, i);
    case HM_VALIDATOR_CONTAINS:
        return strstr(piece->texts[i], validator->low.text) == NULL;
    default:
        return false;
    }
}

bool hm_validator_is_of_all(const hm_validator *validator) {
    return validator->own != NULL && validator->own->parameters[0].shape == HM_ARRAY;
}

const hm_validator *hm_validators_find_of_all(const hm_validators *validators) {
    for (size_t v = 0; v < validators->count; v++) {
        if (hm_validator_is_of_all(&validators->items[v])) {
            return &validators->items[v];
        }
    }
    return NULL;
}

bool hm_validators_bear_missing(const hm_validators *validators) {
    bool bear = validators->type->kind != HM_KIND_FLOAT;
    for (size_t v = 0; v < validators->count; v++) {
        const hm_validator *validator = &validators->items[v];
        bear &= !hm_validator_is_of_all(validator) ||
                validator->own->parameters[0].is_nullable;
    }
    return bear;
}

// Asks a function of the module of all values. If it may ask which are missing,
// hm_validity() knows the array as one of who called us.
static bool ask_of_all(const hm_function *function, const hm_array *rows) {
    _Alignas(max_align_t) char frame[OWN_VALUE + sizeof *rows];
    const uint32_t at[] = {OWN_VALUE, 0};
    bool is_valid;
    memcpy(frame + OWN_VALUE, rows, sizeof *rows);
    (void)function->call(frame, at, function->self); // it cannot fail
    memcpy(&is_valid, frame, sizeof is_valid);
    return is_valid;
}

// Asks a function of the module of these values.
static void ask(const hm_function *function, const hm_piece *piece, size_t first,
        size_t count, bool *valid) {
    void *elements = (char *)(uintptr_t)piece->elements + first * piece->size;
    if (function->rows != NULL) {
        function->rows((void *const[]){elements, valid}, count);
    } else if (function->map != NULL) {
        const hm_lane lanes[] = {{elements, 1}, {valid, 1}};
        size_t row;
        (void)function->map(lanes, count, &row, function->self); // it cannot fail
    } else {
        for (size_t i = 0; i < count; i++) {
            _Alignas(max_align_t) char frame[OWN_FRAME];
            const uint32_t at[] = {OWN_VALUE, 0};
            memcpy(frame + OWN_VALUE, (char *)elements + i * piece->size, piece->size);
            (void)function->call(frame, at, function->self);
            memcpy(&valid[i], frame, sizeof(bool));
        }
    }
}

// Which values an own validator finds wrong. It is not asked of a null pointer.
static size_t find_invalid(
        const hm_validator *validator, const hm_piece *piece, bool *valid) {
    if (piece->domain != HM_DOMAIN_TEXT || piece->missing == 0) {
        ask(validator->own, piece, 0, piece->count, valid);
    }
    size_t count = 0;
    for (size_t i = 0; i < piece->count; i++) {
        if (piece->missing > 0 && is_missing(piece, i)) {
            valid[i] = true;
        } else if (piece->missing > 0 && piece->domain == HM_DOMAIN_TEXT) {
            ask(validator->own, piece, i, 1, &valid[i]);
        }
        count += !valid[i];
    }
    return count;
}

static size_t count_failing(const hm_validator *validator, const hm_piece *piece) {
    if (validator->form->kind == HM_VALIDATOR_FINITE) {
        return piece->is_sound ? 0
                               : hm_survey_count_infinite(piece->reals, piece->count);
    }
    if (validator->form->kind == HM_VALIDATOR_RANGE) {
        return piece->is_sound ? 0
                               : piece->count - piece->missing -
                                         count_in_range(validator, piece);
    }
    size_t count = 0;
    for (size_t i = 0; i < piece->count; i++) {
        count += fails_at(validator, piece, i);
    }
    return count;
}

// Of a value whose highest bit is turned if it is unsigned.
static double real_of(int64_t integer, bool is_unsigned) {
    return is_unsigned ? (double)((uint64_t)integer ^ UINT64_C(1) << 63)
                       : (double)integer;
}

static void note_value(
        const hm_piece *piece, size_t i, bool is_unsigned, hm_check_result *result) {
    result->first = (int64_t)(piece->row + i) + 1;
    if (piece->domain == HM_DOMAIN_TEXT) {
        result->text = piece->texts[i];
    } else if (piece->domain == HM_DOMAIN_REAL) {
        result->found = piece->reals[i];
    } else if (piece->domain == HM_DOMAIN_INTEGER) {
        uint64_t turned = is_unsigned ? UINT64_C(1) << 63 : 0;
        result->integer = (int64_t)((uint64_t)piece->integers[i] ^ turned);
        result->found = real_of(piece->integers[i], is_unsigned);
    }
}

// Counts what fails and notes the first such value.
static void add_failing(const hm_validator *validator, const hm_piece *piece,
        bool is_unsigned, hm_check_result *result) {
    bool valid[PIECE];
    bool is_own = validator->form->kind == HM_VALIDATOR_OWN;
    size_t failing = is_own ? find_invalid(validator, piece, valid)
                            : count_failing(validator, piece);
    if (failing > 0 && result->failing == 0) {
        size_t i = 0;
        while (is_own ? valid[i] : !fails_at(validator, piece, i)) {
            i++;
        }
        note_value(piece, i, is_unsigned, result);
    }
    result->failing += (int64_t)failing;
}

// Those that are there, one behind the other.
static size_t gather(const double *values, size_t count, double *there) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        there[found] = values[i];
        found += values[i] == values[i];
    }
    return found;
}

// Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing
// Sample Variances" (1979): mean and sum of squares of two parts become those of both.
static void join_moments(hm_check_result *into, double count, double *squares,
        double more_count, double more_mean, double more_squares) {
    if (more_count == 0) {
        return;
    }
    double both = count + more_count;
    double apart = more_mean - into->mean;
    *squares += more_squares + apart * apart * (count / both * more_count);
    into->mean = count == 0 ? more_mean : into->mean + apart * (more_count / both);
}

static double count_of(const hm_check_result *result) {
    return (double)(result->rows - result->missing);
}

// `found` is the sum of squares until the result is complete.
static void add_moments(const hm_validator *validator, const hm_piece *piece,
        bool is_unsigned, hm_check_result *result) {
    double room[PIECE];
    const double *values = piece->reals;
    size_t count = piece->count;
    if (piece->domain != HM_DOMAIN_REAL) {
        for (size_t i = 0; i < piece->count; i++) {
            room[i] = real_of(piece->integers[i], is_unsigned);
        }
        values = room;
    } else if (piece->missing > 0) {
        count = gather(piece->reals, piece->count, room);
        values = room;
    }
    double sum = piece->is_sound ? piece->sum : hm_survey_sum(values, count);
    double mean = count > 0 ? sum / (double)count : 0;
    double squares = validator->form->kind == HM_VALIDATOR_MAX_STD_DEV
                             ? hm_survey_squares(values, count, mean)
                             : 0;
    join_moments(
            result, count_of(result), &result->found, (double)count, mean, squares);
}

static bool has_moments(const hm_validator *validator) {
    return validator->form->kind == HM_VALIDATOR_MAX_STD_DEV ||
           validator->form->kind == HM_VALIDATOR_MEAN_IN_RANGE;
}

static void look_at_piece(const hm_validators *validators, const hm_piece *piece,
        hm_check_result *results) {
    bool is_unsigned = validators->type->kind == HM_KIND_UINT;
    for (size_t v = 0; v < validators->count; v++) {
        const hm_validator *validator = &validators->items[v];
        hm_check_result *result = &results[v];
        if (has_moments(validator)) {
            add_moments(validator, piece, is_unsigned, result);
        } else if (validator->form->kind != HM_VALIDATOR_MAX_NAN_FRACTION &&
                   !hm_validator_is_of_all(validator)) {
            add_failing(validator, piece, is_unsigned, result);
        }
        result->rows += (int64_t)piece->count;
        result->missing += (int64_t)piece->missing;
    }
}

// What every value of a sound piece lies between.
typedef struct hm_bounds {
    double low;
    double high;
} hm_bounds;

static hm_bounds find_bounds(const hm_validators *validators) {
    hm_bounds bounds = {-INFINITY, INFINITY};
    for (size_t v = 0; v < validators->count; v++) {
        const hm_validator *validator = &validators->items[v];
        hm_bounds its = {-INFINITY, INFINITY};
        if (validator->form->kind == HM_VALIDATOR_RANGE) {
            its = (hm_bounds){validator->low.real, validator->high.real};
        } else if (validator->form->kind == HM_VALIDATOR_FINITE) {
            its = (hm_bounds){-DBL_MAX, DBL_MAX};
        }
        bounds.low = its.low > bounds.low ? its.low : bounds.low;
        bounds.high = its.high < bounds.high ? its.high : bounds.high;
    }
    return bounds;
}

static void survey(hm_piece *piece, const hm_type *type, hm_bounds bounds) {
    const hm_survey survey =
            hm_survey_reals(piece->reals, piece->count, bounds.low, bounds.high);
    piece->sum = survey.sum;
    piece->is_sound = survey.is_sound;
    if (type->kind == HM_KIND_FLOAT && !survey.is_sound) {
        piece->missing = hm_survey_count_nan(piece->reals, piece->count);
    }
}

// Rows of which none is missing but by its value.
static void look_at_rows(const hm_validators *validators, const char *elements,
        size_t row, size_t end, hm_check_result *results) {
    const hm_type *type = validators->type;
    hm_validator_domain domain = hm_validator_domain_of(type);
    const hm_bounds bounds =
            domain == HM_DOMAIN_REAL ? find_bounds(validators) : (hm_bounds){0, 0};
    while (row < end) {
        _Alignas(sizeof(int64_t)) char room[PIECE * sizeof(int64_t)];
        const void *from = elements + row * type->size;
        hm_piece piece = {.elements = from,
                .size = type->size,
                .domain = domain,
                .row = row,
                .count = end - row};
        piece.count = piece.count < PIECE ? piece.count : PIECE;
        if (domain == HM_DOMAIN_REAL) {
            piece.reals = read_reals(type, from, piece.count, (double *)(void *)room);
            survey(&piece, type, bounds);
        } else if (domain == HM_DOMAIN_INTEGER) {
            piece.integers =
                    read_integers(type, from, piece.count, (int64_t *)(void *)room);
        } else if (domain == HM_DOMAIN_TEXT) {
            piece.texts = from;
            for (size_t i = 0; i < piece.count; i++) {
                piece.missing += piece.texts[i] == NULL;
            }
        }
        look_at_piece(validators, &piece, results);
        row += piece.count;
    }
}

static void look_past(
        const hm_validators *validators, size_t missing, hm_check_result *results) {
    for (size_t v = 0; v < validators->count; v++) {
        results[v].rows += (int64_t)missing;
        results[v].missing += (int64_t)missing;
    }
}

// Decides, once `found` and the counts of a result are complete.
static void decide(const hm_validators *validators, hm_check_result *results) {
    for (size_t v = 0; v < validators->count; v++) {
        const hm_validator *validator = &validators->items[v];
        hm_check_result *result = &results[v];
        switch (validator->form->kind) {
        case HM_VALIDATOR_MAX_NAN_FRACTION:
            result->found = result->rows > 0
                                    ? (double)result->missing / (double)result->rows
                                    : 0;
            result->passed = result->found <= validator->greatest;
            break;
        case HM_VALIDATOR_MAX_STD_DEV:
            result->passed =
                    count_of(result) < 2 || result->found <= validator->greatest;
            break;
        case HM_VALIDATOR_MEAN_IN_RANGE:
            result->found = count_of(result) > 0 ? result->mean : NAN;
            result->passed = count_of(result) == 0 ||
                             (result->mean >= validator->least &&
                                     result->mean <= validator->greatest);
            break;
        default:
            // What a function said of all values stays.
            result->passed = hm_validator_is_of_all(validator) ? result->passed
                                                               : result->failing == 0;
        }
    }
}

// The deviation of a sample, and its sum of squares again.
static double deviation_of(const hm_check_result *result, double squares) {
    double count = count_of(result);
    return count < 2 ? 0 : sqrt(squares / (count - 1));
}

static double squares_within(const hm_check_result *result) {
    double count = count_of(result);
    return count < 2 ? 0 : result->found * result->found * (count - 1);
}

void hm_validators_look(const hm_validators *validators, const hm_array *rows,
        hm_check_result *results) {
    for (size_t v = 0; v < validators->count; v++) {
        results[v] = (hm_check_result){.expected = validators->items[v].expected,
                .found = has_moments(&validators->items[v]) ? 0 : NAN};
    }
    size_t row = 0;
    while (row < rows->length) {
        bool is_there = hm_validity_has(rows, row);
        size_t end = rows->validity != NULL ? row + 1 : rows->length;
        while (end < rows->length && hm_validity_has(rows, end) == is_there) {
            end++;
        }
        if (is_there) {
            look_at_rows(validators, rows->data, row, end, results);
        } else {
            look_past(validators, end - row, results);
        }
        row = end;
    }
    for (size_t v = 0; v < validators->count; v++) {
        if (validators->items[v].form->kind == HM_VALIDATOR_MAX_STD_DEV) {
            results[v].found = deviation_of(&results[v], results[v].found);
        } else if (hm_validator_is_of_all(&validators->items[v])) {
            results[v].passed = ask_of_all(validators->items[v].own, rows);
        }
    }
    decide(validators, results);
}

static void combine_moments(const hm_validator *validator, hm_check_result *into,
        const hm_check_result *more) {
    double squares = squares_within(into);
    join_moments(into, count_of(into), &squares, count_of(more), more->mean,
            squares_within(more));
    into->rows += more->rows;
    into->missing += more->missing;
    if (validator->form->kind == HM_VALIDATOR_MAX_STD_DEV) {
        into->found = deviation_of(into, squares);
    }
}

void hm_validators_combine(const hm_validators *validators, hm_check_result *into,
        const hm_check_result *more) {
    for (size_t v = 0; v < validators->count; v++) {
        if (has_moments(&validators->items[v])) {
            combine_moments(&validators->items[v], &into[v], &more[v]);
            continue;
        }
        if (into[v].failing == 0 && more[v].failing > 0) {
            into[v].first = into[v].rows + more[v].first;
            into[v].found = more[v].found;
            into[v].integer = more[v].integer;
            into[v].text = more[v].text;
        }
        into[v].rows += more[v].rows;
        into[v].missing += more[v].missing;
        into[v].failing += more[v].failing;
    }
    decide(validators, into);
}
