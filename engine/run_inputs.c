// run_inputs.c — what goes into a run.

#include <string.h>

#include <hamilton/json.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/given.h"
#include "engine/missing.h"
#include "engine/run.h"

void hm_run_store(hm_run *run, uint32_t id, const hm_value *given) {
    static max_align_t nothing;
    const hm_plan_value *value = &run->plan->values[id];
    void *slot = hm_run_frame_at(run, value->slot);
    if (value->depth > 0) {
        hm_array array = given->many;
        array.data = array.data != NULL ? array.data : &nothing;
        memcpy(slot, &array, sizeof array);
    } else if (value->pass == HM_BY_REFERENCE) {
        const void *object = hm_value_data(given);
        memcpy(slot, &object, sizeof object);
    } else {
        memcpy(slot, hm_value_data(given), value->type->size);
    }
}

// The input of this name, or NULL. Inputs are in the order of their values.
static const hm_plan_input *find_input(const hm_run *run, const char *name) {
    const hm_plan *plan = run->plan;
    uint32_t node = hm_graph_find(plan->graph, name);
    uint32_t value = node != HM_NONE ? hm_plan_value_of(plan, node) : HM_NONE;
    uint32_t low = 0;
    uint32_t high = value != HM_NONE ? plan->input_count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->inputs[middle].value < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < plan->input_count && plan->inputs[low].value == value;
    return found ? &plan->inputs[low] : NULL;
}

hm_status hm_run_check_value(const hm_plan_value *compiled, const hm_value *value,
        const char *name, hm_error *error) {
    bool fits = hm_type_equal(value->type, compiled->type) &&
                value->depth == compiled->depth &&
                (value->depth == 0 ||
                        value->by_reference == (compiled->pass == HM_BY_REFERENCE));
    if (fits) {
        return HM_OK;
    }
    return hm_error_set(error, HM_TYPE_MISMATCH,
            "`%s` was compiled as %s with %u dimensions, but the value is %s with %u: "
            "compile another plan",
            name, compiled->type->name, (unsigned)compiled->depth,
            value->type != NULL ? value->type->name : "of no type",
            (unsigned)value->depth);
}

static hm_status check_idle(const hm_run *run, hm_error *error) {
    if (!hm_run_is_busy(run)) {
        return HM_OK;
    }
    return hm_error_set(error, HM_BUSY,
            "the run is still under way, and reads the inputs that it has");
}

// Puts a value into an input; `owned` is released with the run if it must be.
static hm_status replace(hm_run *run, const char *name, const hm_value *value,
        const hm_value *owned, hm_error *error) {
    const hm_plan_input *input = find_input(run, name);
    if (input == NULL) {
        return hm_error_set(
                error, HM_UNKNOWN_NAME, "the plan has no input or override `%s`", name);
    }
    HM_TRY(check_idle(run, error));
    const hm_plan_value *compiled = &run->plan->values[input->value];
    hm_value read = {0};
    char fault[HM_GIVEN_FAULT_SIZE];
    if (!hm_given_is_sound(value, fault)) {
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "the value given for `%s` %s", name, fault);
    }
    if (value->type->kind == HM_KIND_JSON && value->depth == 0) {
        HM_TRY(hm_json_read(*(const char *const *)hm_value_data(value), compiled->type,
                run->plan->allocator, &read, error));
        value = &read;
    }
    hm_status status = hm_run_check_value(compiled, value, name, error);
    if (status != HM_OK) {
        hm_value_release(&read);
        return status;
    }
    if (hm_missing_is_nan(value)) {
        hm_value filled;
        bool is_filled = hm_missing_copy_as_nan(value, run->plan->allocator, &filled);
        if (!is_filled) {
            hm_value_release(&read);
            return hm_error_no_memory(error);
        }
        hm_value_release(&read);
        read = filled;
        value = &read;
    }
    hm_value *kept = &run->owned[input - run->plan->inputs];
    hm_value_release(kept);
    *kept = value == &read ? read : *owned;
    hm_run_store(run, input->value, kept->type != NULL ? kept : value);
    return HM_OK;
}

hm_status hm_run_set(
        hm_run *run, const char *name, const hm_value *value, hm_error *error) {
    static const hm_value nothing;
    return replace(run, name, value, &nothing, error);
}

hm_status hm_run_give(hm_run *run, const char *name, hm_value *value, hm_error *error) {
    HM_TRY(replace(run, name, value, value, error));
    bool is_text = value->type->kind == HM_KIND_JSON;
    if (is_text) {
        hm_value_release(value); // it was read
    }
    *value = (hm_value){0};
    return HM_OK;
}

// Whether the value points at memory of whoever set it.
static bool points_outside(const hm_plan_value *value) {
    return value->depth > 0 || value->pass == HM_BY_REFERENCE ||
           value->type->kind == HM_KIND_STRING || value->type->kind == HM_KIND_STRUCT;
}

// A slot of an input that was copied.
struct hm_lent {
    const hm_plan_value *value;
    hm_lent *next;
    char *given;  // what its owner had put there
    char *copied; // what is there since
};

static bool lend(hm_run *run, uint32_t id) {
    const hm_plan_value *value = &run->plan->values[id];
    size_t size = hm_plan_slot_size(value);
    const char *slot = run->frame + value->slot;
    hm_value given = hm_run_value(run, id);
    hm_value copy;
    hm_lent *lent = hm_arena_array(&run->kept, 1, sizeof *lent);
    char *bytes = hm_arena_array(&run->kept, 2, size);
    if (lent == NULL || bytes == NULL || !hm_value_copy(&given, &run->kept, &copy)) {
        return false;
    }
    *lent = (hm_lent){
            .value = value, .next = run->lent, .given = bytes, .copied = bytes + size};
    memcpy(lent->given, slot, size);
    hm_run_store(run, id, &copy);
    memcpy(lent->copied, slot, size);
    run->lent = lent;
    return true;
}

void hm_run_return_inputs(hm_run *run) {
    for (const hm_lent *lent = run->lent; lent != NULL; lent = lent->next) {
        size_t size = hm_plan_slot_size(lent->value);
        char *slot = run->frame + lent->value->slot;
        if (memcmp(slot, lent->copied, size) == 0) {
            memcpy(slot, lent->given, size);
        }
    }
    run->lent = NULL;
}

size_t hm_run_input_length(const hm_run *run) {
    const hm_plan *plan = run->plan;
    size_t sum = 0;
    for (uint32_t i = 0; i < plan->input_count; i++) {
        const hm_plan_value *value = &plan->values[plan->inputs[i].value];
        if (value->depth > 0) {
            hm_array array;
            memcpy(&array, run->frame + value->slot, sizeof array);
            sum = array.length < SIZE_MAX - sum ? sum + array.length : SIZE_MAX;
        }
    }
    return sum;
}

hm_status hm_run_keep_inputs(hm_run *run) {
    const hm_plan *plan = run->plan;
    hm_arena_clear(&run->kept);
    for (uint32_t i = 0; i < plan->input_count; i++) {
        uint32_t id = plan->inputs[i].value;
        if (run->owned[i].type == NULL && points_outside(&plan->values[id]) &&
                !lend(run, id)) {
            hm_run_return_inputs(run);
            return HM_NO_MEMORY;
        }
    }
    return HM_OK;
}
