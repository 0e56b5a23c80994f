// group.c — see group.h. The declared function finds its arguments in a frame of its
// own, on the stack: the slots of what is not grouped are copied there and back, the
// arrays of groups are formed behind them.
//
//     the run's frame     [ a ][ b ][ k ]              [ out ]
//                           │    │    └──────┐            ▲
//     the function's      [ array ][ k ][ out ][ a b 4 ]  │
//                             └──────────│───────▲        │
//                                        └────────────────┘

#include "graph/modifiers/group.h"

#include <stdint.h>
#include <string.h>

#include <hamilton/value.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"

// A parameter or output of the declared function.
typedef struct hm_group_slot {
    uint32_t first;  // of the run's slots that fill it, or which it fills
    uint32_t length; // how many elements are grouped; 0: it is copied as it is
    uint32_t size;   // bytes of the slot, or of one element of a group
    uint32_t data;   // where the elements are in the function's frame
} hm_group_slot;

typedef struct hm_grouping {
    const hm_function *declared;
    hm_group_slot *slots; // the parameters, then the outputs
    uint32_t *at;         // where they are in the function's frame
} hm_grouping;

static void form(const hm_grouping *grouping, size_t index, const char *from,
        const uint32_t *at, char *frame) {
    const hm_group_slot *slot = &grouping->slots[index];
    char *to = frame + grouping->at[index];
    if (slot->length == 0) {
        memcpy(to, from + at[slot->first], slot->size);
        return;
    }
    char *data = frame + slot->data;
    for (uint32_t i = 0; i < slot->length; i++) {
        memcpy(data + (size_t)i * slot->size, from + at[slot->first + i], slot->size);
    }
    memcpy(to, &(hm_array){.data = data, .length = slot->length}, sizeof(hm_array));
}

static int call_grouped(void *frame, const uint32_t *at, void *self) {
    const hm_grouping *grouping = self;
    const hm_function *declared = grouping->declared;
    size_t count = declared->parameter_count + declared->output_count;
    _Alignas(HM_GROUP_ALIGNMENT) char own[HM_GROUP_FRAME];
    for (size_t i = 0; i < count; i++) {
        form(grouping, i, frame, at, own);
    }
    int status = declared->call(own, grouping->at, declared->self);
    for (size_t i = declared->parameter_count; i < count; i++) {
        const hm_group_slot *slot = &grouping->slots[i];
        memcpy((char *)frame + at[slot->first], own + grouping->at[i], slot->size);
    }
    return status;
}

// The group that a parameter is bound to, or NULL.
static const hm_argument *group_of(const hm_bindings *bindings, uint32_t parameter) {
    for (size_t i = 0; i < bindings->count; i++) {
        const hm_argument *binding = &bindings->items[i];
        if (hm_binding_is_group(binding) &&
                hm_binding_parameter(bindings, binding) == parameter) {
            return binding;
        }
    }
    return NULL;
}

// Lays out the function's frame and returns how many slots of the run fill it.
static uint32_t lay_out(const hm_bindings *bindings, const hm_function *declared,
        hm_grouping *grouping) {
    uint32_t end = 0;
    uint32_t taken = 0;
    uint32_t parameters = (uint32_t)declared->parameter_count;
    for (uint32_t i = 0; i < parameters + declared->output_count; i++) {
        const hm_argument *group = i < parameters ? group_of(bindings, i) : NULL;
        hm_bound_size size =
                i < parameters
                        ? hm_bound_size_of_parameter(&declared->parameters[i])
                        : hm_bound_size_of_output(&declared->outputs[i - parameters]);
        hm_group_slot *slot = &grouping->slots[i];
        *slot = (hm_group_slot){.first = taken, .size = size.bytes};
        grouping->at[i] = hm_bound_place(&end, size);
        taken++;
        if (group != NULL) {
            const hm_type *type = declared->parameters[i].type;
            slot->length = (uint32_t)group->argument_count - 1;
            slot->size = type->size;
            slot->data = hm_bound_place(
                    &end, (hm_bound_size){slot->length * type->size, type->alignment});
            taken += slot->length - 1;
        }
    }
    return taken - (uint32_t)declared->output_count;
}

static hm_status fill_member(hm_build *build, const hm_parameter *array,
        const hm_argument *member, hm_parameter *parameter, bool *is_bound) {
    *parameter = (hm_parameter){
            .name = member->text, .type = array->type, .dimension = HM_NONE};
    *is_bound = !hm_binding_names_node(member, array->type);
    if (!*is_bound) {
        return HM_OK;
    }
    void *value = hm_arena_elements(
            &build->graph->arena, 1, array->type->size, array->type->alignment);
    if (value == NULL) {
        return HM_NO_MEMORY;
    }
    hm_literal_store(member, array->type, value);
    parameter->name = array->name;
    parameter->default_value = value;
    return HM_OK;
}

// Arrays over a dimension are grouped all or none, so that dimensions go as a whole.
static hm_status renumber_dimensions(hm_build *build, hm_definition *definition,
        const hm_function *declared, hm_function *function) {
    const char **names = hm_arena_array(
            &build->graph->arena, declared->dimension_count, sizeof *names);
    hm_parameter *parameters = (hm_parameter *)definition->parameters;
    hm_output *outputs = hm_arena_array(
            &build->graph->arena, declared->output_count, sizeof *outputs);
    if (names == NULL || outputs == NULL) {
        return HM_NO_MEMORY;
    }
    memcpy(outputs, definition->outputs, declared->output_count * sizeof *outputs);
    uint32_t count = 0;
    for (uint32_t d = 0; d < declared->dimension_count; d++) {
        bool is_used = false;
        for (uint32_t p = 0; p < definition->parameter_count; p++) {
            if (parameters[p].shape == HM_ARRAY && parameters[p].dimension == d) {
                parameters[p].dimension = count;
                is_used = true;
            }
        }
        for (size_t o = 0; o < declared->output_count; o++) {
            if (outputs[o].shape != HM_ONE && outputs[o].dimension == d) {
                outputs[o].dimension = count;
                is_used = true;
            }
        }
        names[count] = declared->dimensions[d];
        count += is_used;
    }
    function->dimensions = names;
    function->dimension_count = count;
    function->outputs = outputs;
    definition->outputs = outputs;
    return HM_OK;
}

hm_status hm_definition_group(hm_build *build, hm_definition *definition,
        const hm_function *declared, hm_function *function,
        const hm_bindings *bindings) {
    hm_arena *arena = &build->graph->arena;
    size_t slot_count = declared->parameter_count + declared->output_count;
    hm_grouping *grouping = hm_arena_array(arena, 1, sizeof *grouping);
    if (grouping == NULL) {
        return HM_NO_MEMORY;
    }
    grouping->declared = declared;
    grouping->slots = hm_arena_array(arena, slot_count, sizeof *grouping->slots);
    grouping->at = hm_arena_array(arena, slot_count, sizeof *grouping->at);
    if (grouping->slots == NULL || grouping->at == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t count = lay_out(bindings, declared, grouping);
    hm_parameter *parameters = hm_arena_array(arena, count, sizeof *parameters);
    bool *is_bound = hm_arena_array(arena, count, sizeof *is_bound);
    uint32_t *places =
            hm_arena_array(&build->scratch, declared->parameter_count, sizeof *places);
    if (parameters == NULL || is_bound == NULL || places == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t next = 0;
    for (uint32_t p = 0; p < declared->parameter_count; p++) {
        const hm_argument *group = group_of(bindings, p);
        places[p] = next;
        if (group == NULL) {
            parameters[next] = definition->parameters[p];
            is_bound[next++] = definition->is_bound[p];
        }
        for (size_t m = 1; group != NULL && m < group->argument_count; m++, next++) {
            HM_TRY(fill_member(build, &declared->parameters[p], &group->arguments[m],
                    &parameters[next], &is_bound[next]));
        }
    }
    definition->parameters = parameters;
    definition->parameter_count = count;
    definition->is_bound = is_bound;
    definition->places = places;
    function->parameters = parameters;
    function->parameter_count = count;
    function->call = call_grouped;
    function->map = NULL;
    function->rows = NULL;
    function->combine = NULL; // a group is in no chunk: it is taken whole
    function->self = grouping;
    return renumber_dimensions(build, definition, declared, function);
}
