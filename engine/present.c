// present.c — what a worker does of a pipeline where something is missing: which of a
// block's rows a member is run on, and what it makes of the others.

#include <limits.h>
#include <string.h>

#include "engine/lanes.h"
#include "engine/missing.h"
#include "engine/share.h"
#include "graph/switch.h"

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

// The bitmap that tells which rows of a parameter are there; the block's begin at bit
// *first of it. NULL if all are: of a floating type those that are missing are NaN.
static const uint8_t *bits_of(
        const hm_share *share, uint32_t m, size_t p, size_t start, size_t *first) {
    const hm_plan *plan = share->run->plan;
    uint32_t first_call = share->pipeline->first_call;
    uint32_t v =
            hm_plan_memory_of(plan, hm_plan_operands(plan, first_call + m)[p].value);
    const hm_plan_value *value = &plan->values[v];
    if (!hm_share_may_miss(value, share->runners[m].function->parameters[p].shape)) {
        return NULL;
    }
    uint32_t maker = value->maker;
    if (maker != HM_NONE && maker >= first_call &&
            maker < first_call + share->pipeline->call_count) {
        *first = 0;
        return share->members[maker - first_call].may_miss
                       ? mask_of_value(share, maker - first_call, v)
                       : NULL;
    }
    hm_array array;
    memcpy(&array, hm_run_frame_at(share->run, value->slot), sizeof array);
    *first = start;
    return array.validity;
}

// Of a switch, rows are missing of which the branch is that they take.
static void mask_branches(const hm_share *share, uint32_t m, const hm_switch *choosing,
        size_t start, size_t count, uint8_t *mask) {
    const hm_member *runner = &share->runners[m];
    uint32_t chooser = hm_switch_chooser(choosing);
    const hm_lane *lane = &runner->lanes[chooser];
    size_t step = lane->stride * hm_slot_size(runner->function, chooser);
    for (uint32_t p = 0; p < runner->function->parameter_count; p++) {
        size_t first;
        const uint8_t *bits = p != chooser ? bits_of(share, m, p, start, &first) : NULL;
        for (size_t row = 0; bits != NULL && row < count; row++) {
            if (hm_missing_has(mask, row) && !hm_missing_has(bits, first + row) &&
                    hm_switch_choose(choosing, (const char *)lane->data + row * step) ==
                            p) {
                hm_missing_clear(mask, row);
            }
        }
    }
}

// Whether a member is a switch that takes one branch for all of a row.
static bool chooses_by_row(const hm_share *share, uint32_t m) {
    const hm_plan *plan = share->run->plan;
    const hm_switch *choosing = hm_switch_of(share->runners[m].function);
    const hm_operand *operands =
            hm_plan_operands(plan, share->pipeline->first_call + m);
    return choosing != NULL &&
           plan->values[operands[hm_switch_chooser(choosing)].value].depth <= 1;
}

uint8_t *hm_share_find_present(
        hm_share *share, uint32_t m, size_t start, size_t count) {
    const hm_function *function = share->runners[m].function;
    const hm_switch *choosing =
            chooses_by_row(share, m) ? hm_switch_of(function) : NULL;
    uint8_t *mask = mask_of(share, m, 0);
    memset(mask, 0xff, share->mask_size);
    for (size_t p = 0; p < function->parameter_count; p++) {
        size_t first;
        const uint8_t *bits = choosing == NULL || p == hm_switch_chooser(choosing)
                                      ? bits_of(share, m, p, start, &first)
                                      : NULL;
        if (bits != NULL) {
            hm_missing_mask(mask, bits, first, count);
        }
    }
    if (choosing != NULL) {
        mask_branches(share, m, choosing, start, count, mask);
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
    bool is_by_value = value->pass == HM_BY_VALUE && value->depth == 1;
    // A string that was given would be freed.
    bool is_given = value->ownership == HM_GIVEN;
    hm_missing_fill(hm_missing_kind_of(value->type, is_by_value && !is_given),
            feed->size, runner->lanes[i].data, mask, count);
    if (array.validity != NULL) {
        hm_missing_mark(array.validity, start, mask, count);
    }
}

static uint32_t depth_of(const hm_share *share, uint32_t m, size_t output) {
    const hm_plan *plan = share->run->plan;
    const hm_operand *operands =
            hm_plan_operands(plan, share->pipeline->first_call + m);
    size_t i = share->runners[m].function->parameter_count + output;
    return plan->values[operands[i].value].depth;
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
                depth_of(share, m, o) == 1) {
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
