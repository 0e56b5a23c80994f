// dataflow.c — see dataflow.h.

#include "tests/engine/random_shapes/dataflow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

enum {
    DEEPEST = 4, // few dataflows stay small that nest deeper
    MOST_ELEMENTS = 2000,
};

name names[MOST_NAMES];
size_t name_count;
function functions[FUNCTIONS];
size_t row_count;
size_t element_count;
hm_module_builder builder;
hm_failing_allocator memory;

// Everything that lives until the next dataflow.
static void *kept[1 << 20];
static size_t kept_count;

static void *keep(size_t size) {
    ck_assert_uint_lt(kept_count, sizeof kept / sizeof *kept);
    kept[kept_count] = aligned_alloc(128, (size + 128) / 128 * 128);
    memset(kept[kept_count], 0, size);
    return kept[kept_count++];
}

void forget_all(void) {
    while (kept_count > 0) {
        free(kept[--kept_count]);
    }
}

// What a caller lends, which is spoilt as soon as it need not live any more.
static void *lent[1 << 18];
static size_t lent_sizes[1 << 18];
static size_t lent_count;

static void *lend(size_t size) {
    ck_assert_uint_lt(lent_count, sizeof lent / sizeof *lent);
    lent_sizes[lent_count] = size;
    lent[lent_count] = aligned_alloc(128, (size + 128) / 128 * 128);
    return lent[lent_count++];
}

void spoil_what_was_lent(void) {
    while (lent_count > 0) {
        lent_count--;
        memset(lent[lent_count], 0x5a, lent_sizes[lent_count]);
        free(lent[lent_count]);
    }
}

size_t pick(size_t below) {
    return (size_t)rand() % below;
}

void grow(tree *grown, uint32_t depth, uint32_t level) {
    element_count++;
    if (level == depth) {
        grown->number = (long)pick(1000);
        return;
    }
    grown->length = level == 0 ? row_count : pick(4);
    grown->items = keep((grown->length + 1) * sizeof(tree));
    for (size_t i = 0; i < grown->length; i++) {
        grow(&grown->items[i], depth, level + 1);
    }
}

// The elements of the arrays of a level, all of them lent by the caller.
static hm_array lend_array(const tree *shown, enum class class, uint32_t depth) {
    hm_array array = {.length = shown->length};
    size_t size = depth > 1 ? sizeof(hm_array) : size_of(class);
    array.data = shown->length > 0 ? lend(shown->length * size) : NULL;
    for (size_t i = 0; i < shown->length; i++) {
        void *at = (char *)array.data + i * size;
        if (depth > 1) {
            *(hm_array *)at = lend_array(&shown->items[i], class, depth - 1);
        } else {
            // Objects by reference stay the caller's.
            write_element(
                    class, at, shown->items[i].number, class == OBJECT ? keep : lend);
        }
    }
    return array;
}

hm_value lend_value(const name *shown) {
    hm_value value = {.type = types[shown->class],
            .depth = shown->depth,
            .by_reference = shown->depth > 0 && shown->class == OBJECT};
    if (shown->depth > 0) {
        value.many = lend_array(&shown->value, shown->class, shown->depth);
        return value;
    }
    void *at = lend(size_of(shown->class));
    write_element(shown->class, at, shown->value.number,
            shown->class == OBJECT ? keep : lend);
    value.data = shown->class == OBJECT ? *(void **)at : at;
    return value;
}

static uint32_t stack_of(const function *made, size_t p) {
    return names[made->parameters[p].name].depth - made->parameters[p].is_array;
}

static vector row_vector(const parameter *taken, const tree *at) {
    vector in = {.length = taken->is_array ? at->length : 1};
    in.numbers = keep((in.length + 1) * sizeof(long));
    for (size_t i = 0; i < in.length; i++) {
        in.numbers[i] = taken->is_array ? at->items[i].number : at->number;
    }
    return in;
}

static hm_status evaluate_row(
        const function *made, const tree *const *at, tree *const *outs, bool computes) {
    vector in[MOST_PARAMETERS];
    for (size_t p = 0; p < made->parameter_count; p++) {
        const parameter *taken = &made->parameters[p];
        in[p] = row_vector(taken, at[p]);
        if (taken->is_array &&
                at[first_over(made, taken->dimension)]->length != in[p].length) {
            return HM_LENGTH_MISMATCH;
        }
    }
    unsigned long sum = sum_of(made, in);
    if (!computes) {
        return HM_OK;
    }
    if (is_unlucky(made, sum)) {
        return HM_NODE_FAILED;
    }
    for (size_t o = 0; o < made->output_count; o++) {
        const output *out = &made->outputs[o];
        size_t length = output_length(made, out, in, sum);
        element_count += length;
        if (out->shape == HM_ONE) {
            outs[o]->number = output_number(out, in, sum, 0);
            continue;
        }
        outs[o]->length = length;
        outs[o]->items = keep((length + 1) * sizeof(tree));
        for (size_t i = 0; i < length; i++) {
            outs[o]->items[i].number = output_number(out, in, sum, i);
        }
    }
    return HM_OK;
}

static hm_status evaluate_level(const function *made, uint32_t level,
        const tree *const *at, tree *const *outs, bool computes) {
    if (level == made->loop_depth) {
        return evaluate_row(made, at, outs, computes);
    }
    size_t length = at[made->leader]->length;
    for (size_t p = 0; p < made->parameter_count; p++) {
        if (stack_of(made, p) > level && at[p]->length != length) {
            return HM_LENGTH_MISMATCH;
        }
    }
    for (size_t o = 0; o < made->output_count; o++) {
        outs[o]->length = length;
        outs[o]->items = keep((length + 1) * sizeof(tree));
    }
    for (size_t i = 0; i < length; i++) {
        const tree *next[MOST_PARAMETERS];
        tree *next_outs[MOST_OUTPUTS];
        for (size_t p = 0; p < made->parameter_count; p++) {
            next[p] = stack_of(made, p) > level ? &at[p]->items[i] : at[p];
        }
        for (size_t o = 0; o < made->output_count; o++) {
            next_outs[o] = &outs[o]->items[i];
        }
        hm_status status = evaluate_level(made, level + 1, next, next_outs, computes);
        if (status != HM_OK) {
            return status;
        }
    }
    return HM_OK;
}

hm_status status_of(const name *asked) {
    return asked->is_given ? HM_OK : functions[asked->maker].status;
}

void evaluate(function *made) {
    const tree *at[MOST_PARAMETERS];
    tree results[MOST_OUTPUTS] = {0};
    tree *outs[MOST_OUTPUTS] = {&results[0], &results[1]};
    for (size_t p = 0; p < made->parameter_count; p++) {
        const name *read = &names[made->parameters[p].name];
        at[p] = &read->value;
        if (status_of(read) != HM_OK) {
            made->status = HM_SKIPPED;
            return;
        }
    }
    made->status = evaluate_level(made, 0, at, outs, false);
    if (made->status == HM_OK) {
        made->status = evaluate_level(made, 0, at, outs, true);
    }
    for (size_t o = 0; o < made->output_count; o++) {
        if (!names[made->outputs[o].name].is_given) {
            names[made->outputs[o].name].value = results[o];
        }
    }
}

static name *add_name(char prefix, enum class class) {
    name *added = &names[name_count];
    *added = (name){.class = class};
    snprintf(added->text, sizeof added->text, "%c%zu", prefix, name_count++);
    return added;
}

static bool takes(const function *made, size_t index) {
    for (size_t p = 0; p < made->parameter_count; p++) {
        if (made->parameters[p].name == index) {
            return true;
        }
    }
    return false;
}

static void add_parameter(function *made, size_t before) {
    size_t read = pick(before);
    if (takes(made, read)) {
        return;
    }
    const name *known = &names[read];
    parameter *taken = &made->parameters[made->parameter_count++];
    *taken = (parameter){.name = read, .class = known->class, .dimension = HM_NONE};
    taken->is_array = known->depth > 0 && pick(2) == 0;
    hm_parameter *described;
    if (taken->is_array) {
        taken->dimension = (uint32_t)pick(2);
        described = hm_builder_takes_array(&builder, known->text, types[known->class]);
        described->dimension = taken->dimension;
    } else {
        taken->is_referred = known->class >= STRUCT && pick(2) == 0;
        described = hm_builder_takes(&builder, known->text, types[known->class]);
    }
    described->pass = taken->is_referred || known->class == OBJECT ? HM_BY_REFERENCE
                                                                   : HM_BY_VALUE;
    if (known->depth - taken->is_array > made->loop_depth) {
        made->loop_depth = known->depth - taken->is_array;
        made->leader = made->parameter_count - 1;
    }
}

// A parameter that the output can be borrowed from, or MOST_PARAMETERS.
static size_t find_lender(const function *made, const output *out) {
    for (size_t p = 0; p < made->parameter_count; p++) {
        const parameter *taken = &made->parameters[p];
        bool fits = taken->class == out->class &&
                    (out->class == TEXT || out->class == OBJECT);
        if (out->shape == HM_ONE) {
            fits &= !taken->is_array;
        } else {
            fits &= taken->is_array &&
                    (out->shape == HM_EXPANSION || taken->dimension == out->dimension);
        }
        if (fits) {
            return p;
        }
    }
    return MOST_PARAMETERS;
}

static void add_output(function *made, size_t index) {
    output *out = &made->outputs[made->output_count++];
    *out = (output){.name = name_count, .class = (enum class)pick(CLASSES)};
    out->shape = (hm_shape)pick(3);
    out->dimension = (uint32_t)pick(2);
    bool has_array = false;
    for (size_t p = 0; p < made->parameter_count; p++) {
        has_array |= made->parameters[p].is_array &&
                     made->parameters[p].dimension == out->dimension;
    }
    if ((out->shape == HM_ARRAY && !has_array) ||
            made->loop_depth + (out->shape != HM_ONE) > DEEPEST) {
        out->shape = HM_ONE;
    }
    size_t lender = find_lender(made, out);
    out->lender = pick(2) == 0 ? lender : MOST_PARAMETERS;
    name *added = add_name('n', out->class);
    added->maker = index;
    added->depth = made->loop_depth + (out->shape != HM_ONE);
    if (out->shape == HM_EXPANSION) {
        out->dimension = 2 + (uint32_t)made->output_count;
    }
    hm_output *told = hm_builder_makes(&builder, added->text, types[out->class]);
    told->shape = out->shape;
    told->dimension = out->shape == HM_ONE ? HM_NONE : out->dimension;
    told->pass = out->class == OBJECT ? HM_BY_REFERENCE : HM_BY_VALUE;
    told->ownership = out->lender < MOST_PARAMETERS                ? HM_BORROWED
                      : out->class == TEXT || out->class == OBJECT ? HM_GIVEN
                                                                   : HM_OWNED;
}

// No array here has more than one chunk.
static void combine_none(void *into, const void *more, void *self) {
    (void)into;
    (void)more;
    (void)self;
    ck_abort_msg("there is nothing to combine");
}

// Half of those that can be a reduction are one.
static void choose_reduction(hm_function *described) {
    bool has_array = false;
    for (size_t p = 0; p < described->parameter_count; p++) {
        has_array |= described->parameters[p].shape == HM_ARRAY;
    }
    const hm_output *made = &described->outputs[0];
    if (has_array && described->dimension_count == 1 && described->output_count == 1 &&
            made->shape == HM_ONE && made->pass == HM_BY_VALUE &&
            made->type->kind != HM_KIND_STRING && pick(2) == 0) {
        described->combine = combine_none;
        described->map = NULL;
    }
}

// Dimensions that nothing runs over are left out of a description.
static void describe_dimensions(hm_function *described, uint32_t *numbers) {
    static const char *const letters[] = {"d0", "d1", "d2", "d3", "d4"};
    uint32_t count = 0;
    for (size_t i = 0; i < 5; i++) {
        numbers[i] = HM_NONE;
    }
    hm_parameter *parameters = (hm_parameter *)described->parameters;
    hm_output *outputs = (hm_output *)described->outputs;
    for (size_t i = 0; i < described->parameter_count + described->output_count; i++) {
        uint32_t *dimension =
                i < described->parameter_count
                        ? &parameters[i].dimension
                        : &outputs[i - described->parameter_count].dimension;
        if (*dimension != HM_NONE) {
            if (numbers[*dimension] == HM_NONE) {
                numbers[*dimension] = count++;
            }
            *dimension = numbers[*dimension];
        }
    }
    described->dimensions = letters;
    described->dimension_count = count;
    choose_reduction(described);
}

static void replace_some(name *replaced) {
    if (pick(15) != 0) {
        return;
    }
    replaced->is_given = true;
    replaced->is_config = pick(3) == 0;
    replaced->depth = (uint32_t)pick(3);
    grow(&replaced->value, replaced->depth, 0);
}

static void add_function(size_t index) {
    function *made = &functions[index];
    size_t before = name_count;
    *made = (function){.salt = pick(1000), .is_slow = pick(4) == 0};
    made->unlucky = pick(10) == 0 ? 10 + pick(100) : 0;
    hm_function *described = hm_builder_function(&builder, names[before].text,
            call_random, pick(2) == 0 ? map_random : NULL);
    described->self = made;
    size_t parameter_count = pick(MOST_PARAMETERS + 1);
    for (size_t p = 0; p < parameter_count; p++) {
        add_parameter(made, before);
    }
    size_t output_count = 1 + pick(MOST_OUTPUTS);
    for (size_t o = 0; o < output_count; o++) {
        add_output(made, index);
    }
    uint32_t numbers[5];
    describe_dimensions(described, numbers);
    if (element_count < MOST_ELEMENTS) {
        evaluate(made);
    }
    for (size_t o = 0; o < output_count; o++) {
        replace_some(&names[made->outputs[o].name]);
    }
}

void make_dataflow(void) {
    static const size_t row_counts[] = {0, 1, 2, 5, 9};
    hm_module_builder_init(&builder);
    builder.module.free = end_given;
    name_count = 0;
    element_count = 0;
    row_count = row_counts[pick(5)];
    for (size_t i = 0; i < INPUTS; i++) {
        name *added = add_name('x', (enum class)pick(CLASSES));
        added->is_given = true;
        added->is_config = pick(8) == 0;
        added->depth = (uint32_t)(pick(2) == 0 ? 0 : pick(3));
        grow(&added->value, added->depth, 0);
    }
    for (size_t i = 0; i < FUNCTIONS; i++) {
        add_function(i);
    }
}

bool is_too_large(void) {
    return element_count >= MOST_ELEMENTS;
}

void mark_needed(const size_t *wanted, size_t wanted_count) {
    for (size_t i = 0; i < name_count; i++) {
        names[i].is_needed = false;
    }
    for (size_t i = 0; i < wanted_count; i++) {
        names[wanted[i]].is_needed = true;
    }
    for (size_t i = FUNCTIONS; i-- > 0;) {
        bool runs = false;
        for (size_t o = 0; o < functions[i].output_count; o++) {
            const name *made = &names[functions[i].outputs[o].name];
            runs |= made->is_needed && !made->is_given;
        }
        for (size_t p = 0; runs && p < functions[i].parameter_count; p++) {
            names[functions[i].parameters[p].name].is_needed = true;
        }
    }
}

// Whether a function that runs fails.
bool must_fail(void) {
    for (size_t i = 0; i < FUNCTIONS; i++) {
        const function *made = &functions[i];
        bool runs = false;
        for (size_t o = 0; o < made->output_count; o++) {
            const name *out = &names[made->outputs[o].name];
            runs |= out->is_needed && !out->is_given;
        }
        if (runs && made->status != HM_OK) {
            return true;
        }
    }
    return false;
}
