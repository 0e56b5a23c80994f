// dataflow.c — random dataflows, see dataflow.h.

#include "tests/engine/columns_random/dataflow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

// A function that reads a whole array for each row takes rows times elements steps.
enum { MOST_STEPS = 1000 * 1000, TRIES = 30 };

size_t column_pick(column_dataflow *dataflow, size_t below) {
    dataflow->state = dataflow->state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(dataflow->state >> 33) % below;
}

void column_own(column_dataflow *dataflow, void *memory) {
    if (dataflow->owned_count == dataflow->owned_room) {
        dataflow->owned_room = 2 * dataflow->owned_room + 64;
        dataflow->owned = realloc(
                dataflow->owned, dataflow->owned_room * sizeof *dataflow->owned);
        ck_assert_ptr_nonnull(dataflow->owned);
    }
    dataflow->owned[dataflow->owned_count++] = memory;
}

void *column_allocate(column_dataflow *dataflow, size_t size) {
    void *memory = malloc(size > 0 ? size : 1);
    ck_assert_ptr_nonnull(memory);
    column_own(dataflow, memory);
    return memory;
}

static column *add_column(column_dataflow *dataflow, const hm_type *type) {
    column *added = &dataflow->columns[dataflow->column_count];
    *added = (column){.type = type, .cell_size = type->size, .maker = COLUMN_NODES};
    snprintf(added->name, sizeof added->name, "x%zu", dataflow->column_count++);
    return added;
}

static void fill_cell(column_dataflow *dataflow, const hm_type *type, char *cell) {
    static const char *const texts[] = {"", "a", "word", "n13", "another word"};
    int integer = (int)column_pick(dataflow, 200) - 100;
    double real = ((double)column_pick(dataflow, 200000) - 100000) / 999;
    if (type->kind == HM_KIND_STRING) {
        memcpy(cell, &texts[column_pick(dataflow, 5)], sizeof texts[0]);
    } else if (type->kind == HM_KIND_FLOAT) {
        memcpy(cell, &real, sizeof real);
    } else if (type->kind == HM_KIND_BOOL) {
        *(bool *)cell = integer > 0;
    } else {
        memcpy(cell, &integer, sizeof integer);
    }
}

// What is lent to the engine has something else where a value is missing.
static void miss_some(column_dataflow *dataflow, column *input) {
    size_t size = input->length * input->cell_size;
    input->lent_cells = column_allocate(dataflow, size);
    memcpy(input->lent_cells, input->cells, size);
    input->validity = column_allocate(dataflow, input->length / 8 + 1);
    memset(input->validity, 0xff, input->length / 8 + 1);
    for (size_t row = 0; row < input->length; row++) {
        if (column_pick(dataflow, 5) == 0) {
            input->validity[row / 8] &= (uint8_t) ~(1U << row % 8);
            column_miss(dataflow, input, row);
        }
    }
}

static void add_inputs(column_dataflow *dataflow, bool is_one, bool may_miss) {
    static const hm_type *const types[] = {&hm_type_double, &hm_type_double,
            &hm_type_double, &hm_type_int, &hm_type_string, &hm_type_bool};
    for (size_t i = 0; i < COLUMN_INPUTS; i++) {
        column *input = add_column(dataflow, types[i % 6]);
        input->is_many = !is_one && column_pick(dataflow, 4) > 0;
        input->length = input->is_many ? dataflow->row_count : 1;
        input->cells = column_allocate(dataflow, input->length * input->cell_size);
        for (size_t row = 0; row < input->length; row++) {
            fill_cell(dataflow, input->type, input->cells + row * input->cell_size);
        }
        input->lent_cells = input->cells;
        if (may_miss && input->is_many && column_pick(dataflow, 3) == 0) {
            miss_some(dataflow, input);
        }
    }
}

// Whether a column can be what a parameter takes, ways of mapping aside.
static bool fits(const column *source, const hm_parameter *parameter) {
    if (strcmp(source->type->name, parameter->type->name) != 0) {
        return false;
    }
    if (parameter->shape == HM_ARRAY) {
        return source->is_many && !source->are_pointers;
    }
    return !source->are_pointers || parameter->pass == HM_BY_REFERENCE;
}

// A column that fits, or COLUMN_NAMES.
static size_t find_source(column_dataflow *dataflow, const hm_parameter *parameter) {
    size_t count = dataflow->column_count;
    size_t start = column_pick(dataflow, count);
    for (size_t i = 0; i < count; i++) {
        size_t index = (start + count - i) % count;
        if (fits(&dataflow->columns[index], parameter)) {
            return index;
        }
    }
    return COLUMN_NAMES;
}

static bool makes_arrays(const hm_function *function) {
    return function->outputs[0].shape != HM_ONE;
}

// Looks at the sources of a node: arrays that it takes over one dimension, or is mapped
// over, are of one dimension. An array of arrays is left to other tests.
static bool is_sound(const column_dataflow *dataflow, column_node *node) {
    const column *mapped = NULL;
    const column *taken = NULL;
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        if (node->sources[p] == COLUMN_NAMES) {
            continue;
        }
        for (size_t q = 0; q < p; q++) {
            if (node->sources[q] == node->sources[p]) {
                return false; // two parameters of one name
            }
        }
        const column *source = &dataflow->columns[node->sources[p]];
        const column **first = node->function->parameters[p].shape == HM_ARRAY ? &taken
                               : source->is_many                               ? &mapped
                                                                               : NULL;
        if (first == NULL) {
            continue;
        }
        if (*first != NULL && (*first)->dimension != source->dimension) {
            return false;
        }
        *first = source;
    }
    node->is_mapped = mapped != NULL;
    node->row_count = mapped != NULL ? mapped->length : 1;
    bool is_long = mapped != NULL && taken != NULL &&
                   mapped->length * taken->length > MOST_STEPS;
    return !is_long && !(mapped != NULL && makes_arrays(node->function));
}

static bool find_sources(column_dataflow *dataflow, column_node *node) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        const hm_parameter *parameter = &node->function->parameters[p];
        bool is_default =
                parameter->default_value != NULL && column_pick(dataflow, 2) == 0;
        node->sources[p] = is_default ? COLUMN_NAMES : find_source(dataflow, parameter);
        if (node->sources[p] == COLUMN_NAMES && !is_default) {
            return false;
        }
    }
    return is_sound(dataflow, node);
}

static size_t dimension_of(
        const column_dataflow *dataflow, const column_node *node, size_t *added) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        const hm_parameter *parameter = &node->function->parameters[p];
        bool is_taken = parameter->shape == HM_ARRAY;
        if (node->sources[p] != COLUMN_NAMES && is_taken != node->is_mapped &&
                dataflow->columns[node->sources[p]].is_many) {
            return dataflow->columns[node->sources[p]].dimension;
        }
    }
    return *added;
}

static void add_outputs(column_dataflow *dataflow, column_node *node) {
    const hm_function *function = node->function;
    size_t own = ++dataflow->dimension_count; // if it makes one
    node->first_output = dataflow->column_count;
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        column *made = add_column(dataflow, output->type);
        made->maker = dataflow->node_count - 1;
        made->are_pointers = output->pass == HM_BY_REFERENCE;
        made->cell_size = made->are_pointers ? sizeof(void *) : output->type->size;
        made->is_many = node->is_mapped || output->shape != HM_ONE;
        made->dimension = output->shape == HM_EXPANSION
                                  ? own
                                  : dimension_of(dataflow, node, &own);
    }
}

// Whether the output is one that a range can be checked of.
static bool can_be_checked(const hm_function *function) {
    const hm_type *type = function->outputs[0].type;
    return function->output_count == 1 && type->time_unit == HM_TIME_NONE &&
           (type == &hm_type_double || type->kind == HM_KIND_FLOAT ||
                   (type->kind == HM_KIND_INT && type->size >= sizeof(short)));
}

static void check_range(column_dataflow *dataflow, hm_function *function) {
    static const hm_argument arguments[][3] = {
            {{.kind = HM_ARGUMENT_INT, .text = "-90", .integer = -90, .real = -90},
                    {.kind = HM_ARGUMENT_INT, .text = "90", .integer = 90, .real = 90},
                    {.kind = HM_ARGUMENT_NAME, .text = "fail"}},
            {{.kind = HM_ARGUMENT_INT, .text = "-90", .integer = -90, .real = -90},
                    {.kind = HM_ARGUMENT_INT, .text = "90", .integer = 90, .real = 90},
                    {.kind = HM_ARGUMENT_NAME, .text = "warn"}}};
    static const hm_modifier modifiers[] = {
            {.name = "check_range", .arguments = arguments[0], .argument_count = 3},
            {.name = "check_range", .arguments = arguments[1], .argument_count = 3}};
    function->modifiers = &modifiers[dataflow->warns];
    function->modifier_count = 1;
}

// The function under its names in this dataflow.
static void describe(column_dataflow *dataflow, size_t number) {
    column_node *node = &dataflow->nodes[number];
    hm_function *function = &dataflow->functions[number];
    hm_parameter *parameters = dataflow->parameters[number];
    hm_output *outputs = dataflow->outputs[number];
    *function = *node->function;
    function->name = node->name;
    function->file = "columns.c";
    function->line = (uint32_t)number + 1;
    function->version = NULL;
    for (size_t p = 0; p < function->parameter_count; p++) {
        parameters[p] = node->function->parameters[p];
        char *name = dataflow->defaults[number][p];
        snprintf(name, sizeof dataflow->defaults[number][p], "d%zu_%zu", number, p);
        parameters[p].name = node->sources[p] == COLUMN_NAMES
                                     ? name
                                     : dataflow->columns[node->sources[p]].name;
    }
    for (size_t o = 0; o < function->output_count; o++) {
        outputs[o] = node->function->outputs[o];
        outputs[o].name = dataflow->columns[node->first_output + o].name;
    }
    function->parameters = parameters;
    function->outputs = outputs;
    function->modifier_count = 0;
    if (node->is_checked) {
        check_range(dataflow, function);
    }
}

static void add_node(column_dataflow *dataflow, const hm_module *functions) {
    column_node *node = &dataflow->nodes[dataflow->node_count];
    for (int i = 0; i < TRIES; i++) {
        size_t number = column_pick(dataflow, functions->function_count);
        *node = (column_node){.function = &functions->functions[number]};
        if (node->function->call == NULL || !find_sources(dataflow, node)) {
            continue;
        }
        size_t place = dataflow->node_count++;
        add_outputs(dataflow, node);
        node->name = dataflow->columns[node->first_output].name;
        node->is_checked =
                can_be_checked(node->function) && column_pick(dataflow, 3) == 0;
        describe(dataflow, place);
        column_evaluate(dataflow, node);
        return;
    }
}

void column_dataflow_init(column_dataflow *dataflow, const hm_module *functions,
        uint64_t seed, size_t row_count, bool is_one, bool may_miss) {
    *dataflow = (column_dataflow){.row_count = row_count, .state = seed};
    size_t count = 2 + column_pick(dataflow, COLUMN_NODES - 1);
    dataflow->warns = column_pick(dataflow, 2) == 0;
    add_inputs(dataflow, is_one, may_miss);
    for (size_t i = 0; i < count; i++) {
        add_node(dataflow, functions);
    }
    dataflow->module = *functions;
    dataflow->module.functions = dataflow->functions;
    dataflow->module.function_count = dataflow->node_count;
}

void column_dataflow_finish(column_dataflow *dataflow) {
    for (size_t i = 0; i < dataflow->owned_count; i++) {
        free(dataflow->owned[i]);
    }
    free(dataflow->owned);
}

hm_value column_lend(const column *lent) {
    if (!lent->is_many) {
        return hm_value_one(lent->type, lent->lent_cells);
    }
    hm_value value = hm_value_many(lent->type, lent->lent_cells, lent->length);
    value.many.validity = lent->validity;
    return value;
}
