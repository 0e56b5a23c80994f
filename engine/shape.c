// shape.c — the second pass: how many dimensions each value has, and which of them are
// equally long. Everything follows from the inputs, in topological order:
//
//     an array parameter takes the innermost dimension of its value; what remains of
//     all parameters is the loop that the call is mapped over; its outputs have the
//     loop's dimensions, and one more if they are arrays themselves.
//
// A dimension is a number; equal lengths are found by union-find. Lengths that are
// known already (those of inputs) are compared here, the others when the run knows
// them.

#include <string.h>

#include "base/error.h"
#include "engine/plan.h"
#include "graph/checked.h"

// A class of equally long dimensions.
typedef struct hm_dimension {
    uint32_t parent;
    size_t length;   // where it is known
    uint32_t source; // the value that is known to have this length, or HM_NONE
} hm_dimension;

typedef struct hm_shaping {
    hm_compilation *compilation;
    hm_dimension *dimensions;
    uint32_t count;
} hm_shaping;

static uint32_t root_of(hm_shaping *shaping, uint32_t number) {
    hm_dimension *all = shaping->dimensions;
    while (all[number].parent != number) {
        all[number].parent = all[all[number].parent].parent;
        number = all[number].parent;
    }
    return number;
}

static uint32_t new_dimension(hm_shaping *shaping, uint32_t source, size_t length) {
    uint32_t number = shaping->count++;
    shaping->dimensions[number] =
            (hm_dimension){.parent = number, .length = length, .source = source};
    return number;
}

static const char *name_of(const hm_shaping *shaping, uint32_t value) {
    const hm_plan *plan = shaping->compilation->plan;
    uint32_t node = plan->values[value].node;
    return node != HM_NONE ? plan->graph->nodes[node].name : "a default";
}

static hm_diagnostic fault_at_call(
        const hm_shaping *shaping, uint32_t call, hm_status status) {
    const hm_function *function =
            hm_plan_graph_call(shaping->compilation->plan, call)->function;
    return (hm_diagnostic){.status = status,
            .node = function->name,
            .file = function->file,
            .line = function->line};
}

// Makes two dimensions one. Reports it if both lengths are known and differ.
static void unite(hm_shaping *shaping, uint32_t call, uint32_t a, uint32_t b) {
    a = root_of(shaping, a);
    b = root_of(shaping, b);
    if (a == b) {
        return;
    }
    hm_dimension *kept = &shaping->dimensions[a];
    hm_dimension *merged = &shaping->dimensions[b];
    if (kept->source != HM_NONE && merged->source != HM_NONE &&
            kept->length != merged->length) {
        const hm_function *function =
                hm_plan_graph_call(shaping->compilation->plan, call)->function;
        hm_faults_format(shaping->compilation->faults,
                fault_at_call(shaping, call, HM_LENGTH_MISMATCH),
                "`%s` wants arrays of equal length, but `%s` has %zu elements and `%s` "
                "has %zu",
                function->name, name_of(shaping, kept->source), kept->length,
                name_of(shaping, merged->source), merged->length);
    }
    if (kept->source == HM_NONE) {
        kept->source = merged->source;
        kept->length = merged->length;
    }
    merged->parent = a;
}

static const uint32_t *dimensions_of(const hm_shaping *shaping, uint32_t value) {
    return shaping->compilation->plan->values[value].dimensions;
}

static hm_status set_depth(hm_shaping *shaping, uint32_t id, uint32_t depth) {
    hm_plan *plan = shaping->compilation->plan;
    hm_plan_value *value = &plan->values[id];
    value->depth = depth;
    value->dimensions =
            depth > 0 ? hm_arena_array(&plan->arena, depth, sizeof(uint32_t)) : NULL;
    return depth > 0 && value->dimensions == NULL ? HM_NO_MEMORY : HM_OK;
}

// The dimensions of an input; only the outermost has one length for all.
static hm_status shape_input(hm_shaping *shaping, const hm_plan_input *input) {
    hm_plan_value *value = &shaping->compilation->plan->values[input->value];
    value->pass = input->given->by_reference ? HM_BY_REFERENCE : HM_BY_VALUE;
    HM_TRY(set_depth(shaping, input->value, input->given->depth));
    for (uint32_t k = 0; k < value->depth; k++) {
        value->dimensions[k] = new_dimension(
                shaping, k == 0 ? input->value : HM_NONE, input->given->many.length);
    }
    return HM_OK;
}

// Where a value that is one comes from, for the message that an array is wanted.
static void report_one(hm_shaping *shaping, uint32_t call, size_t parameter) {
    const hm_plan *plan = shaping->compilation->plan;
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const char *name = function->parameters[parameter].name;
    const hm_plan_value *value =
            &plan->values[hm_plan_operands(plan, call)[parameter].value];
    hm_diagnostic fault = fault_at_call(shaping, call, HM_SHAPE_MISMATCH);
    if ((plan->calls[call].traits & HM_CALL_LOOKS) != 0) {
        const char *node;
        const char *validator = hm_check_of_all(function, &node);
        hm_faults_format(shaping->compilation->faults, fault,
                "HM_CHECK of `%s`: `%s` judges an array, but `%s` is one value: give "
                "arrays to what it reads, or let `%s` take one value",
                node, validator, node, validator);
    } else if (value->maker != HM_NONE) {
        const hm_function *maker = hm_plan_graph_call(plan, value->maker)->function;
        hm_faults_format(shaping->compilation->faults, fault,
                "`%s` takes `%s` as an array, but it is one value, computed by %s "
                "(%s:%u): give arrays to what that reads, or take one value",
                function->name, name, maker->name, maker->file, (unsigned)maker->line);
    } else {
        hm_faults_format(shaping->compilation->faults, fault,
                "`%s` takes `%s` as an array, but one value was given: give an array",
                function->name, name);
    }
}

// What saves a value whole does it once.
static void report_many(hm_shaping *shaping, uint32_t call, size_t parameter) {
    const hm_function *function =
            hm_plan_graph_call(shaping->compilation->plan, call)->function;
    hm_faults_format(shaping->compilation->faults,
            fault_at_call(shaping, call, HM_SHAPE_MISMATCH),
            "`%s` saves once, but `%s` has many values: give it one", function->name,
            function->parameters[parameter].name);
}

static bool takes_array(const hm_plan *plan, uint32_t call, size_t p) {
    return (plan->calls[call].traits & HM_CALL_HAS_ARRAYS) != 0 &&
           !hm_plan_call_takes_one(plan, call) &&
           hm_plan_graph_call(plan, call)->function->parameters[p].shape == HM_ARRAY;
}

// The loop of a call: the parameter with the most dimensions left leads, the others are
// prefixes of it.
static void shape_loop(hm_shaping *shaping, uint32_t index) {
    hm_plan *plan = shaping->compilation->plan;
    hm_plan_call *call = &plan->calls[index];
    const hm_operand *operands = hm_plan_operands(plan, index);
    for (uint32_t p = 0; p < call->parameter_count; p++) {
        uint32_t depth = plan->values[operands[p].value].depth;
        uint32_t taken = takes_array(plan, index, p);
        if (hm_plan_takes_whole(plan, index, p)) {
            continue;
        }
        if (depth < taken) {
            report_one(shaping, index, p);
        } else if (depth - taken > call->loop_depth) {
            call->loop_depth = depth - taken;
            call->leader = p;
        }
    }
    if (call->loop_depth == 0) {
        return;
    }
    if ((call->traits & HM_CALL_TAKES_WHOLE) != 0) {
        report_many(shaping, index, call->leader);
    }
    const uint32_t *loop = dimensions_of(shaping, operands[call->leader].value);
    for (uint32_t p = 0; p < call->parameter_count; p++) {
        uint32_t depth = plan->values[operands[p].value].depth;
        uint32_t taken = takes_array(plan, index, p);
        if (hm_plan_takes_whole(plan, index, p)) {
            continue;
        }
        for (uint32_t k = 0; k + taken < depth; k++) {
            unite(shaping, index, loop[k],
                    dimensions_of(shaping, operands[p].value)[k]);
        }
    }
}

// Objects by reference are pointers: who takes values cannot read them, nor who takes
// an array of pointers values.
static void check_references(hm_shaping *shaping, uint32_t index) {
    const hm_plan *plan = shaping->compilation->plan;
    const hm_plan_call *call = &plan->calls[index];
    const hm_operand *operands = hm_plan_operands(plan, index);
    for (uint32_t p = 0; p < call->parameter_count; p++) {
        const hm_plan_value *value = &plan->values[operands[p].value];
        if (value->maker != HM_NONE || value->depth == 0 ||
                hm_plan_takes_whole(plan, index, p)) {
            continue;
        }
        const hm_function *function = hm_plan_graph_call(plan, index)->function;
        const hm_parameter *parameter = &function->parameters[p];
        if (parameter->shape == HM_ARRAY && parameter->pass == HM_BY_REFERENCE &&
                value->pass == HM_BY_VALUE) {
            hm_faults_format(shaping->compilation->faults,
                    fault_at_call(shaping, index, HM_TYPE_MISMATCH),
                    "`%s` takes `%s` as an array of pointers, but an array of %s was "
                    "given: give it by_reference, or take `const %s %s[]`",
                    function->name, parameter->name, value->type->name,
                    value->type->name, parameter->name);
        }
        if (value->pass == HM_BY_REFERENCE && parameter->pass == HM_BY_VALUE) {
            hm_faults_format(shaping->compilation->faults,
                    fault_at_call(shaping, index, HM_TYPE_MISMATCH),
                    "`%s` takes `%s` by value, but an array of pointers was given "
                    "(by_reference): give an array of %s",
                    function->name, function->parameters[p].name, value->type->name);
        }
    }
}

// A parameter that is NULL where something failed is one value: of rows nobody could
// tell how many there are.
static void check_accepting(hm_shaping *shaping, uint32_t index) {
    hm_plan *plan = shaping->compilation->plan;
    const hm_function *function = hm_plan_graph_call(plan, index)->function;
    const hm_operand *operands = hm_plan_operands(plan, index);
    for (size_t p = 0; p < function->parameter_count; p++) {
        const hm_parameter *parameter = &function->parameters[p];
        const hm_plan_value *value = &plan->values[operands[p].value];
        if (!parameter->accepts_failed) {
            continue;
        }
        plan->accepts_failed = true;
        if (value->depth > 0) {
            hm_diagnostic fault = fault_at_call(shaping, index, HM_SHAPE_MISMATCH);
            fault.mend = "take it without HM_ACCEPT_FAILED";
            hm_faults_format(shaping->compilation->faults, fault,
                    "`%s` accepts that `%s` failed, which can be told of one value, "
                    "but it has many",
                    function->name, parameter->name);
        }
    }
}

// The number of each dimension that the function's signature names.
static void shape_signature(hm_shaping *shaping, uint32_t index, uint32_t *numbers) {
    const hm_plan *plan = shaping->compilation->plan;
    if ((plan->calls[index].traits & HM_CALL_HAS_ARRAYS) == 0) {
        return;
    }
    const hm_function *function = hm_plan_graph_call(plan, index)->function;
    const hm_operand *operands = hm_plan_operands(plan, index);
    for (size_t d = 0; d < function->dimension_count; d++) {
        numbers[d] = HM_NONE;
    }
    for (size_t p = 0; p < function->parameter_count; p++) {
        const hm_parameter *parameter = &function->parameters[p];
        uint32_t depth = plan->values[operands[p].value].depth;
        if (parameter->shape != HM_ARRAY || depth == 0) {
            continue;
        }
        uint32_t innermost = dimensions_of(shaping, operands[p].value)[depth - 1];
        uint32_t *number = &numbers[parameter->dimension];
        if (*number == HM_NONE) {
            *number = innermost;
        } else {
            unite(shaping, index, *number, innermost);
        }
    }
    for (size_t d = 0; d < function->dimension_count; d++) {
        if (numbers[d] == HM_NONE) { // of an expansion: known when it ran
            numbers[d] = new_dimension(shaping, HM_NONE, 0);
        }
    }
}

static hm_status shape_outputs(
        hm_shaping *shaping, uint32_t index, const uint32_t *numbers) {
    hm_plan *plan = shaping->compilation->plan;
    const hm_plan_call *call = &plan->calls[index];
    bool has_arrays = (call->traits & HM_CALL_HAS_ARRAYS) != 0;
    if (!has_arrays && call->loop_depth == 0) {
        return HM_OK; // its outputs are single values, as they were made
    }
    const hm_function *function = hm_plan_graph_call(plan, index)->function;
    const hm_operand *operands = hm_plan_operands(plan, index);
    for (size_t o = 0; o < function->output_count; o++) {
        uint32_t id = operands[function->parameter_count + o].value;
        hm_plan_value *value = &plan->values[id];
        const hm_output *output = &function->outputs[o];
        uint32_t depth = call->loop_depth + (output->shape != HM_ONE);
        if (depth > HM_DEPTH_LIMIT) {
            hm_faults_format(shaping->compilation->faults,
                    fault_at_call(shaping, index, HM_SHAPE_MISMATCH),
                    "`%s` would have %u dimensions; at most %d are possible",
                    output->name, (unsigned)depth, HM_DEPTH_LIMIT);
            return HM_SHAPE_MISMATCH; // all that follow would be wrong too
        }
        HM_TRY(set_depth(shaping, id, depth));
        for (uint32_t k = 0; k < call->loop_depth; k++) {
            value->dimensions[k] =
                    dimensions_of(shaping, operands[call->leader].value)[k];
        }
        if (output->shape != HM_ONE) {
            value->dimensions[call->loop_depth] = numbers[output->dimension];
        }
    }
    return HM_OK;
}

// Room for every value's dimensions and for all numbers that could be given out.
static hm_status reserve(hm_shaping *shaping, uint32_t **numbers) {
    hm_compilation *compilation = shaping->compilation;
    hm_plan *plan = compilation->plan;
    size_t number_count = 0;
    size_t longest_signature = 0;
    for (uint32_t i = 0; i < plan->input_count; i++) {
        number_count += plan->inputs[i].given->depth;
    }
    for (uint32_t i = 0; i < plan->call_count; i++) {
        bool has_arrays = (plan->calls[i].traits & HM_CALL_HAS_ARRAYS) != 0;
        size_t count =
                has_arrays ? hm_plan_graph_call(plan, i)->function->dimension_count : 0;
        number_count += count;
        longest_signature = count > longest_signature ? count : longest_signature;
    }
    shaping->dimensions = hm_arena_array(
            &compilation->arena, number_count, sizeof *shaping->dimensions);
    *numbers = hm_arena_array(&compilation->arena, longest_signature, sizeof **numbers);
    return shaping->dimensions != NULL && *numbers != NULL ? HM_OK : HM_NO_MEMORY;
}

hm_status hm_plan_shape(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_shaping shaping = {.compilation = compilation};
    uint32_t *numbers;
    HM_TRY(reserve(&shaping, &numbers));

    for (uint32_t i = 0; i < plan->input_count; i++) {
        HM_TRY(shape_input(&shaping, &plan->inputs[i]));
    }
    for (uint32_t i = 0; i < plan->call_count; i++) {
        shape_loop(&shaping, i);
        check_references(&shaping, i);
        if ((plan->calls[i].traits & HM_CALL_ACCEPTS_FAILED) != 0) {
            check_accepting(&shaping, i);
        }
        shape_signature(&shaping, i, numbers);
        HM_TRY(shape_outputs(&shaping, i, numbers));
    }
    for (uint32_t v = 0; v < plan->value_count; v++) {
        const hm_plan_value *value = &plan->values[v];
        for (uint32_t k = 0; k < value->depth; k++) {
            value->dimensions[k] = root_of(&shaping, value->dimensions[k]);
        }
    }
    plan->dimension_count = shaping.count;
    plan->lengths = hm_arena_array(&plan->arena, shaping.count, sizeof *plan->lengths);
    if (plan->lengths == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t d = 0; d < shaping.count; d++) {
        const hm_dimension *dimension = &shaping.dimensions[d];
        plan->lengths[d] = dimension->source != HM_NONE ? dimension->length : SIZE_MAX;
    }
    return compilation->faults->first;
}
