// present.c — what a worker does of a pipeline where something is missing: which of a
// block's rows a member is run on, and what it makes of the others.

#include <string.h>

#include "engine/missing.h"
#include "engine/share.h"

// Which of a block's rows an output has.
static uint8_t *mask_of(const hm_share *share, uint32_t m, size_t output) {
    size_t feed = share->pipeline->first_feed[m] +
                  share->runners[m].function->parameter_count + output;
    return share->masks + feed * share->mask_size;
}

// The same of a value that a member makes.
static const uint8_t *mask_of_value(const hm_share *share, uint32_t m, uint32_t v) {
    const hm_function *function = share->runners[m].function;
    const hm_operand *outputs =
            hm_plan_operands(share->run->plan, share->pipeline->first_call + m) +
            function->parameter_count;
    size_t o = 0;
    while (outputs[o].value != v) {
        o++;
    }
    return mask_of(share, m, o);
}

const uint8_t *hm_share_find_present(
        hm_share *share, uint32_t m, size_t start, size_t count) {
    const hm_plan *plan = share->run->plan;
    const hm_pipeline *pipeline = share->pipeline;
    uint32_t first = pipeline->first_call;
    const hm_operand *operands = hm_plan_operands(plan, first + m);
    const hm_function *function = share->runners[m].function;
    uint8_t *mask = mask_of(share, m, 0);
    memset(mask, 0xff, share->mask_size);
    for (size_t p = 0; p < function->parameter_count; p++) {
        const hm_plan_value *value = &plan->values[operands[p].value];
        bool is_array = function->parameters[p].shape == HM_ARRAY;
        if (value->depth != 1U + is_array ||
                (value->type->kind == HM_KIND_FLOAT && !is_array)) {
            continue;
        }
        uint32_t maker = value->maker;
        if (maker != HM_NONE && maker >= first &&
                maker < first + pipeline->call_count) {
            if (share->members[maker - first].may_miss) {
                hm_missing_mask(mask,
                        mask_of_value(share, maker - first, operands[p].value), 0,
                        count);
            }
            continue;
        }
        hm_array array;
        memcpy(&array, hm_run_frame_at(share->run, value->slot), sizeof array);
        if (array.validity != NULL) {
            hm_missing_mask(mask, array.validity, start, count);
        }
    }
    return mask;
}

// What an output has not where it is missing.
static void put_missing(hm_share *share, uint32_t m, size_t output, size_t start,
        size_t count, const uint8_t *mask) {
    const hm_plan *plan = share->run->plan;
    const hm_member *runner = &share->runners[m];
    size_t i = runner->function->parameter_count + output;
    const hm_operand *operands =
            hm_plan_operands(plan, share->pipeline->first_call + m);
    const hm_feed *feed = &share->pipeline->feeds[share->pipeline->first_feed[m] + i];
    const hm_plan_value *value = &plan->values[operands[i].value];
    hm_array array;
    memcpy(&array, hm_run_frame_at(share->run, value->slot), sizeof array);
    bool is_by_value = value->pass == HM_BY_VALUE && !value->is_expansion;
    // A string that was given would be freed.
    bool is_given = value->ownership == HM_GIVEN;
    hm_missing_fill(hm_missing_kind_of(value->type, is_by_value && !is_given),
            feed->size, runner->lanes[i].data, mask, count);
    if (array.validity != NULL) {
        hm_missing_mark(array.validity, start, mask, count);
    }
}

void hm_share_note_missing(hm_share *share, uint32_t m, size_t start, size_t count) {
    const hm_member *runner = &share->runners[m];
    const hm_function *function = runner->function;
    for (size_t o = function->output_count; o-- > 0;) {
        uint8_t *mask = mask_of(share, m, o);
        if (o > 0) {
            memcpy(mask, mask_of(share, m, 0), share->mask_size);
        }
        if (hm_plan_output_may_be_null(&function->outputs[o]) &&
                function->outputs[o].shape == HM_ONE) {
            hm_missing_mask_null(
                    mask, runner->lanes[function->parameter_count + o].data, count);
        }
        if (!hm_missing_is_none(mask, count)) {
            atomic_store_explicit(
                    &share->members[m].misses, true, memory_order_relaxed);
            put_missing(share, m, o, start, count, mask);
        }
    }
}
