// nest.c — see nest.h. A level is what one dimension of the loop goes through: level
// 0 are the rows of the block.

#include "engine/nest.h"

#include <string.h>

#include "base/error.h"
#include "engine/lanes.h"
#include "engine/missing.h"
#include "engine/stock.h"
#include "engine/walk.h"
#include "graph/switch.h"

enum { MOST_JOINED = 4096 }; // elements

typedef struct hm_nest {
    hm_share *share;
    uint32_t m;
    const hm_function *function;
    const hm_operand *operands;
    size_t operand_count;
    uint32_t depth;                             // of the loop
    uint32_t leader;                            // a parameter that has all of it
    hm_lane *lanes[HM_DEPTH_LIMIT];             // by level, then operand
    const uint8_t **validities[HM_DEPTH_LIMIT]; // likewise, but for level 0
    size_t place[HM_DEPTH_LIMIT];               // where it is
    size_t start;                               // the row of the block's first
    size_t joined;                              // rows of the last level but one
    bool can_join;
} hm_nest;

static const hm_plan_value *value_of(const hm_nest *nest, size_t operand) {
    return &nest->share->run->plan->values[nest->operands[operand].value];
}

static bool is_parameter(const hm_nest *nest, size_t operand) {
    return operand < nest->function->parameter_count;
}

// How many levels of the loop an operand has itself.
static uint32_t stack_of(const hm_nest *nest, size_t operand) {
    return is_parameter(nest, operand)
                   ? value_of(nest, operand)->depth -
                             (nest->function->parameters[operand].shape == HM_ARRAY)
                   : nest->depth;
}

static size_t slot_size(const hm_nest *nest, size_t operand, uint32_t level) {
    return value_of(nest, operand)->depth > level + 1
                   ? sizeof(hm_array)
                   : hm_slot_size(nest->function, operand);
}

static char *slot_at(const hm_nest *nest, uint32_t level, size_t operand, size_t row) {
    const hm_lane *lane = &nest->lanes[level][operand];
    return (char *)lane->data + row * lane->stride * slot_size(nest, operand, level);
}

static hm_array array_at(
        const hm_nest *nest, uint32_t level, size_t operand, size_t row) {
    hm_array array;
    memcpy(&array, slot_at(nest, level, operand, row), sizeof array);
    return array;
}

static bool has_row(const uint8_t *mask, size_t row) {
    return mask == NULL || (mask[row / 8] >> row % 8 & 1) != 0;
}

// The member fails where the nest is.
static bool fail(hm_nest *nest, uint32_t depth, hm_failure *failure) {
    failure->depth = depth;
    memcpy(failure->place, nest->place, sizeof nest->place);
    hm_share_note_failure(nest->share, nest->m, nest->place[0], failure);
    return false;
}

// Memory that lives as long as the operand's elements; NULL if the member failed.
static void *take(hm_nest *nest, size_t operand, size_t count, size_t size) {
    hm_share *share = nest->share;
    bool is_lent = is_parameter(nest, operand) || value_of(nest, operand)->is_inner;
    size_t bytes;
    hm_status status = HM_NO_MEMORY;
    void *taken =
            __builtin_mul_overflow(count, size, &bytes)
                    ? NULL
                    : hm_stock_take(share->run, is_lent ? share->lent : share->kept,
                              bytes, &status);
    if (taken == NULL) {
        fail(nest, nest->depth, &(hm_failure){.status = status});
        return NULL;
    }
    share->inner_bytes += bytes;
    if (!is_parameter(nest, operand) &&
            hm_plan_value_must_be_clean(value_of(nest, operand))) {
        memset(taken, 0, bytes);
    }
    return taken;
}

static bool is_string(const hm_nest *nest, size_t operand) {
    const hm_plan_value *value = value_of(nest, operand);
    return value->type->kind == HM_KIND_STRING && value->pass == HM_BY_VALUE;
}

// Whether elements of a parameter may be missing at a level.
static bool may_miss(const hm_nest *nest, uint32_t level, size_t p, size_t count) {
    const hm_plan_value *value = value_of(nest, p);
    bool is_element = value->depth == level + 1;
    if (stack_of(nest, p) <= level ||
            (is_element && value->type->kind == HM_KIND_FLOAT)) {
        return false;
    }
    return nest->validities[level][p] != NULL ||
           (is_element && is_string(nest, p) &&
                   hm_missing_has_null(nest->lanes[level][p].data, count));
}

// Clears the rows of a mask that a parameter misses.
static void mask_parameter(
        const hm_nest *nest, uint32_t level, size_t p, size_t count, uint8_t *mask) {
    if (nest->validities[level][p] != NULL) {
        hm_missing_mask(mask, nest->validities[level][p], 0, count);
    }
    if (value_of(nest, p)->depth == level + 1 && is_string(nest, p)) {
        hm_missing_mask_null(mask, nest->lanes[level][p].data, count);
    }
}

// The same for a branch of a switch, of rows that take it.
static void mask_branch(const hm_nest *nest, uint32_t level, size_t p, size_t count,
        uint8_t *mask, uint8_t *own) {
    const hm_switch *choosing = hm_switch_of(nest->function);
    uint32_t chooser = hm_switch_chooser(choosing);
    memset(own, 0xff, hm_missing_bytes(count));
    mask_parameter(nest, level, p, count, own);
    for (size_t row = 0; row < count; row++) {
        if (has_row(mask, row) && !has_row(own, row) &&
                hm_switch_choose(choosing, slot_at(nest, level, chooser, row)) == p) {
            mask[row / 8] &= (uint8_t) ~(1U << row % 8);
        }
    }
}

// Which rows of a level are there: *mask is NULL if all are. False if the member
// failed.
static bool find_present(hm_nest *nest, uint32_t level, size_t count, uint8_t **mask) {
    const hm_switch *choosing = hm_switch_of(nest->function);
    uint32_t chooser = choosing != NULL ? hm_switch_chooser(choosing) : HM_NONE;
    bool is_chosen = choosing != NULL && value_of(nest, chooser)->depth <= level + 1;
    uint8_t *bits = NULL;
    uint8_t *own = NULL;
    *mask = NULL;
    for (size_t p = 0; p < nest->function->parameter_count; p++) {
        if (bits == NULL && may_miss(nest, level, p, count)) {
            bits = take(nest, p, 1, hm_missing_bytes(count));
            own = bits != NULL ? take(nest, p, 1, hm_missing_bytes(count)) : NULL;
            if (own == NULL) {
                return false;
            }
            memset(bits, 0xff, hm_missing_bytes(count));
        }
    }
    if (bits != NULL && is_chosen && may_miss(nest, level, chooser, count)) {
        mask_parameter(nest, level, chooser, count, bits);
    }
    for (uint32_t p = 0; bits != NULL && p < nest->function->parameter_count; p++) {
        if ((is_chosen && p == chooser) || !may_miss(nest, level, p, count)) {
            continue;
        }
        if (is_chosen) {
            mask_branch(nest, level, p, count, bits, own);
        } else {
            mask_parameter(nest, level, p, count, bits);
        }
    }
    *mask = bits;
    return true;
}

// Fails with HM_BAD_DATA if elements of an array that a row takes are missing, which
// the function could not see.
static bool sees_all(
        const hm_nest *nest, uint32_t p, const hm_array *array, hm_failure *failure) {
    const hm_parameter *parameter = &nest->function->parameters[p];
    size_t first = 0;
    size_t count = 0;
    bool is_told = parameter->is_nullable && nest->function->map == NULL;
    if (parameter->type->kind == HM_KIND_FLOAT || is_told) {
        return true;
    }
    if (array->validity != NULL) {
        count = hm_missing_count(array, &first);
    } else if (is_string(nest, p) && stack_of(nest, p) > 0 &&
               hm_missing_has_null(array->data, array->length)) {
        const char *const *strings = array->data;
        for (size_t i = array->length; i-- > 0;) {
            first = strings[i] == NULL ? i : first;
            count += strings[i] == NULL;
        }
    }
    if (count == 0) {
        return true;
    }
    *failure = (hm_failure){
            .status = HM_BAD_DATA, .parameters = {p}, .lengths = {count, first}};
    return false;
}

// Looks at the arrays that a row takes.
static bool check_row(
        const hm_nest *nest, uint32_t level, size_t row, hm_failure *failure) {
    const hm_function *function = nest->function;
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        if (function->parameters[p].shape != HM_ARRAY) {
            continue;
        }
        uint32_t first = (uint32_t)hm_walk_first_over(
                function, function->parameters[p].dimension);
        hm_array array = array_at(nest, level, p, row);
        size_t expected = array_at(nest, level, first, row).length;
        if (array.length != expected) {
            *failure = (hm_failure){.status = HM_LENGTH_MISMATCH,
                    .parameters = {first, p},
                    .lengths = {expected, array.length}};
            return false;
        }
        if (!sees_all(nest, p, &array, failure)) {
            return false;
        }
    }
    return true;
}

// Gives the rows of an output that is an array over a dimension of the signature their
// arrays.
static bool give_arrays(
        hm_nest *nest, uint32_t level, size_t o, size_t count, const uint8_t *mask) {
    const hm_function *function = nest->function;
    size_t operand = function->parameter_count + o;
    size_t first = hm_walk_first_over(function, function->outputs[o].dimension);
    size_t size = hm_plan_element_size(value_of(nest, operand));
    size_t total = 0;
    for (size_t row = 0; row < count; row++) {
        total += has_row(mask, row) ? array_at(nest, level, first, row).length : 0;
    }
    char *elements = take(nest, operand, total, size);
    hm_array *views = nest->lanes[level][operand].data;
    for (size_t row = 0; row < count && elements != NULL; row++) {
        size_t length =
                has_row(mask, row) ? array_at(nest, level, first, row).length : 0;
        views[row] = (hm_array){.data = elements, .length = length};
        elements += length * size;
    }
    return elements != NULL;
}

// How many rows from the first one on can be run; if not all, *failure tells why.
// SIZE_MAX if the member failed already.
static size_t prepare(hm_nest *nest, uint32_t level, size_t count, const uint8_t *mask,
        hm_failure *failure) {
    const hm_function *function = nest->function;
    size_t good = function->dimension_count > 0 ? 0 : count;
    while (good < count &&
            (!has_row(mask, good) || check_row(nest, level, good, failure))) {
        good++;
    }
    for (size_t o = 0; o < function->output_count; o++) {
        if (function->outputs[o].shape == HM_ARRAY &&
                !give_arrays(nest, level, o, good, mask)) {
            return SIZE_MAX;
        }
    }
    return good;
}

// A row of the last level, which may be of several rows of the one before.
static void set_place(hm_nest *nest, size_t row) {
    uint32_t level = nest->depth - 1;
    if (level == 0) {
        nest->place[0] = nest->start + row;
        return;
    }
    size_t outer = nest->place[level - 1] - (level == 1 ? nest->start : 0);
    for (size_t k = 0; k + 1 < nest->joined; k++) {
        size_t length = array_at(nest, level - 1, nest->leader, outer + k).length;
        if (row < length) {
            break;
        }
        row -= length;
        nest->place[level - 1]++;
    }
    nest->place[level] = row;
}

static bool fail_row(
        hm_nest *nest, const hm_lanes_failure *where, size_t row, int code) {
    set_place(nest, row);
    return fail(nest, nest->depth,
            &(hm_failure){.status = HM_NODE_FAILED,
                    .code = code,
                    .said = hm_failure_said(code),
                    .null = where->null,
                    .start = where->start,
                    .count = where->count,
                    .lanes = nest->lanes[nest->depth - 1],
                    .lane_row = row});
}

static bool run_all(hm_nest *nest, size_t count) {
    const hm_share *share = nest->share;
    hm_lanes_failure where;
    int code = hm_lanes_run(nest->function, nest->lanes[nest->depth - 1], count, &where,
            share->frame, share->run->plan->alignment);
    return __builtin_expect(code == 0, true) || fail_row(nest, &where, where.row, code);
}

// Runs the rows that a mask has, which loses those that fail and may be missing.
static bool run_masked(hm_nest *nest, size_t count, uint8_t *mask) {
    hm_share *share = nest->share;
    const hm_lane *lanes = nest->lanes[nest->depth - 1];
    size_t row = 0;
    size_t end = 0;
    for (; hm_missing_next_present(mask, count, &row, &end); row = end) {
        for (size_t i = 0; i < nest->operand_count; i++) {
            share->shifted[i] = lanes[i];
            share->shifted[i].data = slot_at(nest, nest->depth - 1, i, row);
        }
        hm_lanes_failure where;
        int code = hm_lanes_run(nest->function, share->shifted, end - row, &where,
                share->frame, share->run->plan->alignment);
        size_t failed = row + where.row;
        if (code == 0) {
            continue;
        }
        if (nest->depth > 1 || !hm_share_contain_row(share, nest->m, nest->start,
                                       &where, failed, code)) {
            return fail_row(nest, &where, failed, code);
        }
        hm_missing_clear(mask, failed);
        end = failed + 1;
    }
    return true;
}

// Notes what an inner array of an output has not, whose elements are at a level.
static bool note_missing(hm_nest *nest, uint32_t level, size_t o, size_t count,
        const uint8_t *mask, hm_array *view) {
    size_t operand = nest->function->parameter_count + o;
    const hm_output *output = &nest->function->outputs[o];
    const hm_plan_value *value = value_of(nest, operand);
    bool is_one = output->shape == HM_ONE && level + 1 == nest->depth;
    bool may_be_null = is_one && hm_plan_output_may_be_null(output);
    if (mask == NULL && !may_be_null) {
        return true;
    }
    char *elements = nest->lanes[level][operand].data;
    uint8_t *bits = take(nest, operand, 1, hm_missing_bytes(count));
    if (bits == NULL) {
        return false;
    }
    memset(bits, 0xff, hm_missing_bytes(count));
    if (mask != NULL) {
        hm_missing_mask(bits, mask, 0, count);
    }
    if (may_be_null) {
        hm_missing_mask_null(bits, (const char *const *)(void *)elements, count);
    }
    if (hm_missing_is_none(bits, count)) {
        return true;
    }
    bool is_value =
            is_one && value->pass == HM_BY_VALUE && value->ownership != HM_GIVEN;
    hm_missing_kind kind = hm_missing_kind_of(value->type, is_value);
    hm_missing_fill(kind, slot_size(nest, operand, level), elements, bits, count);
    view->validity = kind == HM_MISSING_IS_NAN ? NULL : bits;
    return true;
}

// Runs the function over the rows of the last level.
static bool run_innermost(hm_nest *nest, size_t count, uint8_t *mask) {
    uint32_t level = nest->depth - 1;
    hm_failure failure;
    size_t good = prepare(nest, level, count, mask, &failure);
    if (good == SIZE_MAX) {
        return false;
    }
    bool is_run = mask == NULL ? good == 0 || run_all(nest, good)
                               : run_masked(nest, good, mask);
    if (is_run && good < count) {
        set_place(nest, good);
        return fail(nest, nest->depth, &failure);
    }
    return is_run;
}

// Pointers to the structs of an array, for a function that takes each by reference.
static bool refer(hm_nest *nest, size_t p, size_t count, hm_lane *lane) {
    const char *structs = lane->data;
    size_t size = value_of(nest, p)->type->size;
    const char **references = take(nest, p, count, sizeof *references);
    for (size_t i = 0; i < count && references != NULL; i++) {
        references[i] = structs + i * size;
    }
    lane->data = references;
    return references != NULL;
}

// Lays the lanes of the next level for the arrays of some rows of this one, which lie
// one behind the other and have count elements together.
static bool descend(hm_nest *nest, uint32_t level, size_t row, size_t count) {
    for (size_t p = 0; p < nest->function->parameter_count; p++) {
        const hm_plan_value *value = value_of(nest, p);
        hm_lane *lane = &nest->lanes[level + 1][p];
        uint32_t stack = stack_of(nest, p);
        nest->validities[level + 1][p] = NULL;
        if (stack <= level + 1) {
            *lane = (hm_lane){.data = slot_at(nest, level, p, row)};
            continue;
        }
        hm_array array = array_at(nest, level, p, row);
        *lane = (hm_lane){.data = array.data, .stride = 1};
        nest->validities[level + 1][p] = array.validity;
        bool refers = nest->function->parameters[p].pass == HM_BY_REFERENCE &&
                      value->pass == HM_BY_VALUE && value->depth == level + 2;
        if (refers && !refer(nest, p, count, lane)) {
            return false;
        }
    }
    for (size_t i = nest->function->parameter_count; i < nest->operand_count; i++) {
        void *elements = take(nest, i, count, slot_size(nest, i, level + 1));
        if (elements == NULL) {
            return false;
        }
        nest->lanes[level + 1][i] = (hm_lane){.data = elements, .stride = 1};
    }
    return true;
}

// Views of the elements of the next level for as many rows of this one.
static void put_views(hm_nest *nest, uint32_t level, size_t row, size_t row_count) {
    for (size_t i = nest->function->parameter_count; i < nest->operand_count; i++) {
        char *elements = nest->lanes[level + 1][i].data;
        size_t size = slot_size(nest, i, level + 1);
        hm_array *views = (hm_array *)nest->lanes[level][i].data + row;
        for (size_t k = 0; k < row_count; k++) {
            size_t length = array_at(nest, level, nest->leader, row + k).length;
            views[k] = (hm_array){.data = elements, .length = length};
            elements += length * size;
        }
    }
}

// Whether the inner arrays of a row are equally long. *failure tells if not.
static bool has_lengths(
        const hm_nest *nest, uint32_t level, size_t row, hm_failure *failure) {
    size_t expected = array_at(nest, level, nest->leader, row).length;
    for (uint32_t p = 0; p < nest->function->parameter_count; p++) {
        if (stack_of(nest, p) > level + 1 &&
                array_at(nest, level, p, row).length != expected) {
            *failure = (hm_failure){.status = HM_LENGTH_MISMATCH,
                    .parameters = {nest->leader, p},
                    .lengths = {expected, array_at(nest, level, p, row).length}};
            return false;
        }
    }
    return true;
}

// Whether the arrays of a row follow those of the row before in memory.
static bool follows(const hm_nest *nest, uint32_t level, size_t row) {
    for (size_t p = 0; p < nest->function->parameter_count; p++) {
        if (stack_of(nest, p) > level + 1) {
            hm_array last = array_at(nest, level, p, row - 1);
            hm_array next = array_at(nest, level, p, row);
            size_t size = hm_plan_level_size(value_of(nest, p), level + 1);
            if (last.validity != NULL || next.validity != NULL ||
                    (char *)last.data + last.length * size != next.data) {
                return false;
            }
        }
    }
    hm_failure failure;
    return has_lengths(nest, level, row, &failure);
}

// How many rows can be run at once from this one on; *count becomes their elements.
static size_t join(const hm_nest *nest, uint32_t level, size_t row, size_t row_count,
        const uint8_t *mask, size_t *count) {
    size_t joined = 1;
    *count = array_at(nest, level, nest->leader, row).length;
    if (!nest->can_join || level + 2 != nest->depth) {
        return 1;
    }
    while (row + joined < row_count && *count < MOST_JOINED &&
            has_row(mask, row + joined) && follows(nest, level, row + joined)) {
        *count += array_at(nest, level, nest->leader, row + joined++).length;
    }
    return joined;
}

static bool run_level(hm_nest *nest, uint32_t level, size_t row_count, uint8_t *mask);

// Runs the arrays inside of some rows, and notes what is missing in them.
static bool run_inside(
        hm_nest *nest, uint32_t level, size_t row, size_t row_count, size_t count) {
    uint8_t *mask;
    nest->place[level] = level == 0 ? nest->start + row : row;
    if (!descend(nest, level, row, count)) {
        return false;
    }
    put_views(nest, level, row, row_count);
    if (!find_present(nest, level + 1, count, &mask)) {
        return false;
    }
    nest->joined = row_count;
    if (!run_level(nest, level + 1, count, mask)) {
        return false;
    }
    for (size_t o = 0; o < nest->function->output_count; o++) {
        hm_array *view = (hm_array *)(void *)slot_at(
                nest, level, nest->function->parameter_count + o, row);
        if (!note_missing(nest, level + 1, o, count, mask, view)) {
            return false;
        }
    }
    return true;
}

// As deep as the loop.
static bool run_level(hm_nest *nest, uint32_t level, size_t row_count, uint8_t *mask) {
    if (level + 1 == nest->depth) {
        return run_innermost(nest, row_count, mask);
    }
    size_t joined = 1;
    for (size_t row = 0; row < row_count; row += joined) {
        size_t count;
        hm_failure failure;
        joined = 1;
        if (!has_row(mask, row)) {
            continue;
        }
        if (!has_lengths(nest, level, row, &failure)) {
            nest->place[level] = level == 0 ? nest->start + row : row;
            return fail(nest, level + 1, &failure);
        }
        joined = join(nest, level, row, row_count, mask, &count);
        if (!run_inside(nest, level, row, joined, count)) {
            return false;
        }
    }
    return true;
}

// Rows are joined where nothing else depends on which of them an element is of.
static bool can_join(const hm_nest *nest) {
    for (size_t i = 0; i < nest->operand_count; i++) {
        if (is_string(nest, i) || stack_of(nest, i) + 1 == nest->depth) {
            return false;
        }
    }
    return nest->depth > 1;
}

bool hm_nest_run(
        hm_share *share, uint32_t m, size_t start, size_t count, uint8_t *mask) {
    const hm_plan *plan = share->run->plan;
    uint32_t call = share->pipeline->first_call + m;
    hm_nest nest = {.share = share,
            .m = m,
            .function = share->runners[m].function,
            .operands = hm_plan_operands(plan, call),
            .depth = plan->calls[call].loop_depth,
            .leader = plan->calls[call].leader,
            .start = start,
            .place = {start}};
    nest.operand_count = hm_operand_count(nest.function);
    nest.lanes[0] = &share->lanes[share->pipeline->first_feed[m]];
    char *at = share->inner;
    for (uint32_t level = 1; level < nest.depth; level++) {
        nest.lanes[level] = (hm_lane *)(void *)at;
        at += nest.operand_count * sizeof(hm_lane);
        nest.validities[level] = (const uint8_t **)(void *)at;
        at += nest.operand_count * sizeof(uint8_t *);
    }
    nest.can_join = can_join(&nest);
    return run_level(&nest, 0, count, mask);
}
