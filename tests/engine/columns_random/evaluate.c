// evaluate.c — what a dataflow computes, see dataflow.h. A function is called by its
// call thunk, once for each row, with slots that are filled here.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/engine/columns_random/dataflow.h"
#include "tests/support/suite.h"

enum { SLOT = 128, SLOTS = COLUMN_PARAMETERS + COLUMN_OUTPUTS };

typedef struct slots {
    _Alignas(64) char of[SLOTS][SLOT];
} slots;

static void fill_parameter(const column_dataflow *dataflow, const column_node *node,
        size_t number, size_t row, char *slot) {
    const hm_parameter *parameter = &node->function->parameters[number];
    if (node->sources[number] == COLUMN_NAMES) {
        memcpy(slot, parameter->default_value, parameter->type->size);
        return;
    }
    const column *source = &dataflow->columns[node->sources[number]];
    if (parameter->shape == HM_ARRAY) {
        hm_array array = {.data = source->cells, .length = source->length};
        memcpy(slot, &array, sizeof array);
        return;
    }
    const char *cell = source->cells + (source->is_many ? row : 0) * source->cell_size;
    if (parameter->pass == HM_BY_VALUE || source->are_pointers) {
        memcpy(slot, cell, source->cell_size);
    } else {
        memcpy(slot, &cell, sizeof cell);
    }
}

// The length of an array that a function makes: of one that it takes over the same
// dimension.
static size_t length_of(
        const column_dataflow *dataflow, const column_node *node, uint32_t dimension) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        const hm_parameter *parameter = &node->function->parameters[p];
        if (parameter->shape == HM_ARRAY && parameter->dimension == dimension) {
            return dataflow->columns[node->sources[p]].length;
        }
    }
    ck_abort_msg("%s makes an array of no length", node->function->name);
}

static void prepare_output(column_dataflow *dataflow, const column_node *node,
        const hm_output *output, char *slot) {
    memset(slot, 0, SLOT);
    if (output->shape == HM_ARRAY) {
        size_t length = length_of(dataflow, node, output->dimension);
        hm_array array = {.length = length,
                .data = column_allocate(dataflow, length * output->type->size)};
        memcpy(slot, &array, sizeof array);
    }
}

// Texts and objects that were given are freed with the dataflow.
static void own_cell(
        column_dataflow *dataflow, const hm_output *output, const char *cell) {
    if (output->ownership == HM_GIVEN &&
            (output->pass == HM_BY_REFERENCE || output->type->kind == HM_KIND_STRING)) {
        void *pointer;
        memcpy(&pointer, cell, sizeof pointer);
        column_own(dataflow, pointer);
    }
}

static void take_output(column_dataflow *dataflow, const hm_output *output,
        column *made, size_t row, const char *slot) {
    if (output->shape == HM_ONE) {
        char *cell = made->cells + row * made->cell_size;
        memcpy(cell, slot, made->cell_size);
        own_cell(dataflow, output, cell);
        return;
    }
    hm_array array;
    memcpy(&array, slot, sizeof array);
    made->cells = array.data;
    made->length = array.length;
    if (output->shape == HM_EXPANSION) {
        column_own(dataflow, array.data);
    }
    for (size_t i = 0; i < array.length; i++) {
        own_cell(dataflow, output, made->cells + i * made->cell_size);
    }
}

enum { CHUNK = 4096 }; // rows, of a function under HM_REDUCE

// Calls for one chunk after the other what is laid for all of the arrays.
static int reduce(const hm_function *function, slots *frame, const uint32_t *at) {
    hm_array whole[COLUMN_PARAMETERS];
    size_t length = 0;
    // The limit is for gcc, which knows of none.
    for (size_t p = 0; p < function->parameter_count && p < COLUMN_PARAMETERS; p++) {
        if (function->parameters[p].shape == HM_ARRAY) {
            memcpy(&whole[p], frame->of[p], sizeof whole[p]);
            length = whole[p].length;
        }
    }
    slots first;
    for (size_t start = 0; start < length || start == 0; start += CHUNK) {
        for (size_t p = 0; p < function->parameter_count; p++) {
            if (function->parameters[p].shape == HM_ARRAY) {
                size_t left = length - start;
                hm_array part = {.length = left < CHUNK ? left : CHUNK,
                        .data = (char *)whole[p].data +
                                start * function->parameters[p].type->size};
                memcpy(frame->of[p], &part, sizeof part);
            }
        }
        int code = function->call(frame, at, function->self);
        if (code != 0) {
            return code;
        }
        if (start == 0) {
            first = *frame;
        } else {
            size_t output = function->parameter_count;
            function->combine(first.of[output], frame->of[output], function->self);
        }
    }
    *frame = first;
    return 0;
}

static int call_row(
        column_dataflow *dataflow, const column_node *node, size_t row, slots *frame) {
    const hm_function *function = node->function;
    uint32_t at[SLOTS];
    for (size_t p = 0; p < function->parameter_count; p++) {
        at[p] = (uint32_t)(p * SLOT);
        fill_parameter(dataflow, node, p, row, frame->of[p]);
    }
    for (size_t o = 0; o < function->output_count; o++) {
        size_t place = function->parameter_count + o;
        at[place] = (uint32_t)(place * SLOT);
        prepare_output(dataflow, node, &function->outputs[o], frame->of[place]);
    }
    return function->combine != NULL ? reduce(function, frame, at)
                                     : function->call(frame, at, function->self);
}

static bool needs_what_is_not_ready(
        const column_dataflow *dataflow, const column_node *node) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        if (node->sources[p] != COLUMN_NAMES &&
                dataflow->columns[node->sources[p]].state != COLUMN_READY) {
            return true;
        }
    }
    return false;
}

void column_miss(column_dataflow *dataflow, column *missing, size_t row) {
    char *cell = missing->cells + row * missing->cell_size;
    if (missing->type->kind != HM_KIND_FLOAT) {
        if (missing->is_missing == NULL) {
            missing->is_missing =
                    column_allocate(dataflow, missing->length * sizeof(bool));
            memset(missing->is_missing, 0, missing->length * sizeof(bool));
        }
        missing->is_missing[row] = true;
        memset(cell, 0, missing->cell_size);
    } else if (missing->cell_size == sizeof(double)) {
        memcpy(cell, &(double){NAN}, sizeof(double));
    } else {
        memcpy(cell, &(float){NAN}, sizeof(float));
    }
}

static bool misses_any(const column *source) {
    for (size_t row = 0; source->is_missing != NULL && row < source->length; row++) {
        if (source->is_missing[row]) {
            return true;
        }
    }
    return false;
}

// Whether it takes a whole array of what misses something.
static bool must_refuse(const column_dataflow *dataflow, const column_node *node) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        if (node->function->parameters[p].shape == HM_ARRAY &&
                misses_any(&dataflow->columns[node->sources[p]])) {
            return true;
        }
    }
    return false;
}

// Whether a row misses something that it is mapped over.
static bool is_without(
        const column_dataflow *dataflow, const column_node *node, size_t row) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        if (node->sources[p] == COLUMN_NAMES) {
            continue;
        }
        const column *source = &dataflow->columns[node->sources[p]];
        if (node->function->parameters[p].shape == HM_ONE &&
                source->is_missing != NULL && source->is_missing[row]) {
            return true;
        }
    }
    return false;
}

static void set_state(
        column_dataflow *dataflow, const column_node *node, column_state state) {
    for (size_t o = 0; o < node->function->output_count; o++) {
        dataflow->columns[node->first_output + o].state = state;
    }
}

static double number_of(const column *made, size_t row) {
    const char *cell = made->cells + row * made->cell_size;
    double value = 0;
    if (made->type->kind == HM_KIND_FLOAT && made->cell_size == sizeof(float)) {
        float single;
        memcpy(&single, cell, sizeof single);
        value = (double)single;
    } else if (made->type->kind == HM_KIND_FLOAT) {
        memcpy(&value, cell, sizeof value);
    } else if (made->cell_size == sizeof(short)) {
        short integer;
        memcpy(&integer, cell, sizeof integer);
        value = integer;
    } else if (made->cell_size == sizeof(int)) {
        int integer;
        memcpy(&integer, cell, sizeof integer);
        value = integer;
    } else {
        long long integer;
        memcpy(&integer, cell, sizeof integer);
        value = (double)integer;
    }
    return value;
}

// Fails if a value that is there is out of range.
static void check(column_dataflow *dataflow, column_node *node) {
    const column *made = &dataflow->columns[node->first_output];
    for (size_t row = 0; row < made->length && node->is_checked; row++) {
        bool is_there = made->is_missing == NULL || !made->is_missing[row];
        if (is_there && fabs(number_of(made, row)) > COLUMN_LIMIT && !dataflow->warns) {
            node->is_refused = true;
            set_state(dataflow, node, COLUMN_FAILED);
            return;
        }
    }
}

void column_evaluate(column_dataflow *dataflow, column_node *node) {
    const hm_function *function = node->function;
    column *made = &dataflow->columns[node->first_output];
    if (needs_what_is_not_ready(dataflow, node)) {
        set_state(dataflow, node, COLUMN_SKIPPED);
        return;
    }
    if (must_refuse(dataflow, node)) {
        set_state(dataflow, node, COLUMN_REFUSED);
        return;
    }
    for (size_t o = 0; o < function->output_count; o++) {
        if (function->outputs[o].shape == HM_ONE) {
            made[o].length = node->row_count;
            made[o].cells =
                    column_allocate(dataflow, node->row_count * made[o].cell_size);
        }
    }
    for (size_t row = 0; row < node->row_count; row++) {
        if (is_without(dataflow, node, row)) {
            for (size_t o = 0; o < function->output_count; o++) {
                column_miss(dataflow, &made[o], row);
            }
            continue;
        }
        slots frame;
        if (call_row(dataflow, node, row, &frame) != 0) {
            node->failed_row = row;
            set_state(dataflow, node, COLUMN_FAILED);
            return;
        }
        for (size_t o = 0; o < function->output_count; o++) {
            take_output(dataflow, &function->outputs[o], &made[o], row,
                    frame.of[function->parameter_count + o]);
        }
    }
    check(dataflow, node);
}

// Bits, but one that is not a number is like another: the processor may take either of
// two.
static bool is_same_double(const char *a, const char *b) {
    double x;
    double y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return memcmp(a, b, sizeof x) == 0 || (isnan(x) && isnan(y));
}

static bool is_same_float(const char *a, const char *b) {
    float x;
    float y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return memcmp(a, b, sizeof x) == 0 || (isnan(x) && isnan(y));
}

static bool is_same(const hm_type *type, const char *a, const char *b);

static bool are_same_fields(const hm_type *type, const char *a, const char *b) {
    for (size_t f = 0; f < type->field_count; f++) {
        const hm_field *field = &type->fields[f];
        size_t count = field->length > 0 ? field->length : 1;
        for (size_t i = 0; i < count; i++) {
            size_t at = field->offset + i * field->type->size;
            if (!is_same(field->type, a + at, b + at)) {
                return false;
            }
        }
    }
    return true;
}

static bool is_same(const hm_type *type, const char *a, const char *b) {
    if (type->kind == HM_KIND_STRING) {
        const char *x;
        const char *y;
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        return strcmp(x, y) == 0;
    }
    if (type->kind == HM_KIND_STRUCT) {
        return are_same_fields(type, a, b);
    }
    if (type->kind == HM_KIND_FLOAT) {
        return type->size == sizeof(double) ? is_same_double(a, b)
                                            : is_same_float(a, b);
    }
    return memcmp(a, b, type->size) == 0;
}

static const char *follow(const char *cell) {
    const char *object;
    memcpy(&object, cell, sizeof object);
    return object;
}

static bool is_there(const hm_value *value, size_t row) {
    const uint8_t *validity = value->depth > 0 ? value->many.validity : NULL;
    return validity == NULL || (validity[row / 8] >> row % 8 & 1) != 0;
}

static void compare_cell(
        const column *expected, const hm_value *found, size_t row, const char *where) {
    const char *theirs = found->depth == 0 ? hm_value_data(found)
                                           : (const char *)found->many.data +
                                                     row * expected->cell_size;
    const char *ours = expected->cells + row * expected->cell_size;
    if (expected->are_pointers) {
        ours = follow(ours);
        theirs = found->depth > 0 ? follow(theirs) : theirs;
    }
    ck_assert_msg(is_same(expected->type, theirs, ours), "%s: %s differs in row %zu",
            where, expected->name, row + 1);
}

void column_compare(const column *expected, const hm_value *found, const char *where) {
    ck_assert_msg(found->depth == expected->is_many, "%s: %s has depth %u", where,
            expected->name, (unsigned)found->depth);
    size_t length = found->depth > 0 ? found->many.length : 1;
    ck_assert_msg(length == expected->length, "%s: %s has %zu rows, not %zu", where,
            expected->name, length, expected->length);
    for (size_t row = 0; row < length; row++) {
        bool is_missing = expected->is_missing != NULL && expected->is_missing[row];
        ck_assert_msg(is_there(found, row) != is_missing, "%s: row %zu of %s is %s",
                where, row + 1, expected->name, is_missing ? "there" : "missing");
        if (!is_missing) {
            compare_cell(expected, found, row, where);
        }
    }
}
