// pipeline.c — see pipeline.h: what comes before the rows, and after.

#include "engine/pipeline.h"

#include <string.h>

#include "base/error.h"
#include "engine/cost.h"
#include "engine/course.h"
#include "engine/failure.h"
#include "engine/hooks.h"
#include "engine/lanes.h"
#include "engine/plan_state.h"
#include "engine/reduce.h"
#include "engine/rows.h"
#include "engine/share.h"
#include "engine/stock.h"
#include "engine/walk.h"

// Whether a validity tells which rows of an output are missing.
static bool has_validity(const hm_plan_value *value) {
    bool is_whole = !value->is_inner || value->is_chunked;
    return is_whole && (value->depth > 1 || value->pass == HM_BY_REFERENCE ||
                               value->type->kind != HM_KIND_FLOAT);
}

// Memory for an output of a member, and its slot.
static hm_status open_output(hm_run *run, uint32_t v, size_t length, bool misses) {
    const hm_plan_value *value = &run->plan->values[v];
    hm_array array = {.length = length};
    if (!value->is_inner) {
        uint32_t buffer = run->schedule->buffer_of[value->levels];
        size_t size = hm_plan_level_size(value, 0);
        size_t bytes;
        if (__builtin_mul_overflow(length, size, &bytes)) {
            return HM_NO_MEMORY;
        }
        HM_TRY(hm_run_reserve(run, buffer, bytes));
        array.data = run->buffers[buffer].data;
        if (hm_plan_value_must_be_clean(value)) {
            memset(array.data, 0, bytes);
        }
    }
    if (misses && has_validity(value)) {
        HM_TRY(hm_run_reserve_validity(run, v, length));
        array.validity = run->validities[v].data;
    }
    memcpy(hm_run_frame_at(run, value->slot), &array, sizeof array);
    return HM_OK;
}

// Whether rows of a parameter may be missing: then the member is not run on them. A
// floating type has NaN there.
static bool may_miss(const hm_run *run, const hm_pipeline *pipeline,
        const hm_member_course *members, const hm_parameter *parameter, uint32_t v) {
    const hm_plan *plan = run->plan;
    const hm_plan_value *value = &plan->values[hm_plan_memory_of(plan, v)];
    if (!hm_share_may_miss(value, parameter->shape)) {
        return false;
    }
    if (value->maker != HM_NONE && plan->calls[value->maker].pipeline ==
                                           plan->calls[pipeline->first_call].pipeline) {
        return members[value->maker - pipeline->first_call].may_miss;
    }
    hm_array array;
    memcpy(&array, run->frame + value->slot, sizeof array);
    return array.validity != NULL;
}

static bool member_may_miss(const hm_run *run, const hm_pipeline *pipeline,
        const hm_member_course *members, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(run->plan, call)->function;
    const hm_operand *operands = hm_plan_operands(run->plan, call);
    bool misses = hm_plan_call_contains(run->plan, call);
    if (hm_plan_call_is_reduction(run->plan, call)) {
        return false; // it fails where something is missing
    }
    for (size_t o = 0; o < function->output_count; o++) {
        uint32_t v = operands[function->parameter_count + o].value;
        misses |= hm_plan_output_may_be_null(&function->outputs[o]) &&
                  run->plan->values[v].depth == 1;
    }
    for (size_t p = 0; p < function->parameter_count; p++) {
        misses |= may_miss(
                run, pipeline, members, &function->parameters[p], operands[p].value);
    }
    return misses;
}

// What a member passes on is the array that it takes.
static const hm_array *pass_on(hm_run *run, uint32_t call) {
    const hm_operand *operands = hm_plan_operands(run->plan, call);
    uint32_t output = operands[run->plan->calls[call].parameter_count].value;
    const hm_array *taken =
            hm_run_frame_at(run, run->plan->values[operands[0].value].slot);
    memcpy(hm_run_frame_at(run, run->plan->values[output].slot), taken, sizeof *taken);
    return taken;
}

// Compares the lengths of what goes along with the rows.
static hm_status compare_lengths(hm_walk *walk, size_t *length) {
    uint32_t leader = walk->call->leader;
    *length = hm_walk_slot(walk, leader)->length;
    for (uint32_t p = 0; p < walk->function->parameter_count; p++) {
        if (hm_walk_stack(walk, p) > 0 && hm_walk_slot(walk, p)->length != *length) {
            *walk->failure = (hm_failure){.status = HM_LENGTH_MISMATCH,
                    .parameters = {leader, p},
                    .lengths = {*length, hm_walk_slot(walk, p)->length}};
            return HM_LENGTH_MISMATCH;
        }
    }
    return HM_OK;
}

// Makes room for what a member makes.
static hm_status open_arrays(
        hm_run *run, uint32_t call, bool misses, size_t *length, hm_failure *failure) {
    hm_walk walk = hm_walk_of(run, call, failure);
    const hm_function *function = walk.function;
    HM_TRY(hm_rows_begin(&walk));
    if (hm_plan_call_is_reduction(run->plan, call)) {
        *length = hm_walk_row_array(&walk, walk.call->leader, 0)->length;
        return hm_walk_compare_row(&walk, 0);
    }
    if (hm_plan_call_is_passing(run->plan, call)) {
        *length = pass_on(run, call)->length;
        return HM_OK;
    }
    HM_TRY(compare_lengths(&walk, length));
    for (size_t o = 0; o < function->output_count; o++) {
        uint32_t output = walk.operands[function->parameter_count + o].value;
        HM_TRY(open_output(run, output, *length, misses));
    }
    return HM_OK;
}

// A member that fails before its first row fails as if it were in that: members before
// it are run all the same, and one of them may fail, too.
static void fail_early(hm_run *run, hm_course *course, hm_member_course *members,
        uint32_t m, uint32_t call, const hm_failure *failure) {
    members[m].message = hm_failure_tell(run, call, failure);
    members[m].status = failure->status;
    atomic_init(&members[m].failed_row, 0);
    uint32_t last = atomic_load_explicit(&course->last_member, memory_order_relaxed);
    if (!run->plan->keep_going && m < last) {
        atomic_init(&course->last_member, m);
    }
}

// Whether a member reads what one makes that failed early, and is likewise off.
static bool reads_failed(const hm_run *run, const hm_pipeline *pipeline,
        hm_member_course *members, uint32_t call) {
    const hm_operand *operands = hm_plan_operands(run->plan, call);
    size_t count = hm_plan_graph_call(run->plan, call)->function->parameter_count;
    for (size_t p = 0; p < count; p++) {
        uint32_t maker = run->plan->values[operands[p].value].maker;
        if (maker != HM_NONE && maker >= pipeline->first_call && maker < call &&
                hm_course_failed_row(&members[maker - pipeline->first_call]) !=
                        SIZE_MAX) {
            atomic_init(&members[call - pipeline->first_call].failed_row, 0);
            return true;
        }
    }
    return false;
}

// False if the member cannot be run; what became of it is noted.
static bool open_member(hm_run *run, const hm_pipeline *pipeline, hm_course *course,
        hm_member_course *members, uint32_t m, bool misses, size_t *length) {
    uint32_t call = pipeline->first_call + m;
    uint32_t need = hm_failure_need(run, call);
    if (hm_hooks_omit(run, call)) {
        return false;
    }
    if (need != HM_NONE) {
        hm_failure_skip(run, call, need);
        return false;
    }
    if (hm_stop_is_due(run)) {
        hm_failure_stop(run, call);
        return false;
    }
    if (reads_failed(run, pipeline, members, call)) {
        return false;
    }
    hm_called *called = hm_called_of(run, call);
    if (called != NULL && !hm_called_open(called)) {
        return false;
    }
    hm_failure failure = {.status = HM_OK};
    hm_status status = open_arrays(run, call, misses, length, &failure);
    if (status == HM_NO_MEMORY || status == HM_TOO_LARGE) {
        // Not even those before it are run: the column may be longer than memory.
        hm_failure_note(run, call, &(hm_failure){.status = status});
    } else if (status != HM_OK) {
        fail_early(run, course, members, m, call, &failure);
    }
    return status == HM_OK;
}

// Whether a member cannot do without the memory of records and chunks.
static bool needs_chunks(const hm_run *run, const hm_pipeline *pipeline, uint32_t m) {
    bool needs = hm_plan_call_is_reduction(run->plan, pipeline->first_call + m);
    uint32_t end = m + 1 < pipeline->call_count ? pipeline->first_feed[m + 1]
                                                : pipeline->feed_count;
    for (uint32_t f = pipeline->first_feed[m]; f < end; f++) {
        needs |= pipeline->feeds[f].kind == HM_FEED_CHUNK ||
                 pipeline->feeds[f].is_in_chunk;
    }
    return needs;
}

static void give_up_chunks(
        hm_run *run, const hm_pipeline *pipeline, hm_course *course, hm_status status) {
    hm_member_course *members = hm_course_members(run, pipeline);
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        uint32_t call = pipeline->first_call + m;
        if (run->outcomes[call].status != HM_OK) {
            continue;
        }
        uint32_t need = hm_failure_need(run, call);
        if (need != HM_NONE) {
            hm_failure_skip(run, call, need);
        } else if (needs_chunks(run, pipeline, m)) {
            hm_failure_note(run, call, &(hm_failure){.status = status});
        } else {
            continue;
        }
        atomic_init(&members[m].is_off, true);
        hm_course_trouble(course);
    }
}

// Room for what reductions make of chunks, and for chunks that are nowhere else.
static void open_records(hm_run *run, const hm_pipeline *pipeline, hm_course *course) {
    size_t count = hm_reduce_chunk_count(course->length);
    uint32_t buffer = run->schedule->buffer_of[pipeline->records];
    course->chunk_room = hm_course_chunk_room(course->length);
    course->chunk_count = hm_course_chunk_count(run->plan, course->length);
    size_t chunks = course->chunk_count * course->chunk_room * pipeline->chunk_row_size;
    size_t records;
    size_t bytes;
    hm_status status = HM_NO_MEMORY;
    if (!__builtin_mul_overflow(count, pipeline->record_size, &records) &&
            !__builtin_add_overflow(records, chunks, &bytes)) {
        status = hm_run_reserve(run, buffer, bytes);
    }
    if (status != HM_OK) {
        give_up_chunks(run, pipeline, course, status);
        return;
    }
    course->records = run->buffers[buffer].data;
    course->chunks = course->records + records;
    for (size_t chunk = 0; chunk < count; chunk++) {
        atomic_init(hm_course_done(course, pipeline, chunk), 0);
        atomic_init(hm_course_chunk(course, pipeline, chunk), HM_NONE);
    }
}

// What is known of the members' costs, for one row.
static double row_cost(
        const hm_plan *plan, const hm_pipeline *pipeline, size_t length) {
    double cost = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        cost += (double)atomic_load_explicit(
                &plan->state->costs[pipeline->first_call + m], memory_order_relaxed);
    }
    return length > 0 ? cost / (double)length : 0;
}

static bool makes_arrays(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_operand *operands = hm_plan_operands(plan, call);
    for (size_t i = function->parameter_count; i < hm_operand_count(function); i++) {
        if (!plan->values[operands[i].value].is_inner) {
            return true;
        }
    }
    return false;
}

// Members that only feed others that are off need not be run either.
static void turn_off_feeders(
        const hm_run *run, const hm_pipeline *pipeline, hm_member_course *members) {
    const hm_plan *plan = run->plan;
    uint32_t first = pipeline->first_call;
    for (uint32_t m = pipeline->call_count; m-- > 0;) {
        if (!members[m].is_needed && !makes_arrays(plan, first + m)) {
            atomic_store_explicit(&members[m].is_off, true, memory_order_relaxed);
        }
        // One that failed early would have found what it needs.
        if (hm_course_is_off(&members[m]) &&
                hm_course_failed_row(&members[m]) == SIZE_MAX) {
            continue;
        }
        const hm_operand *operands = hm_plan_operands(plan, first + m);
        size_t count = hm_plan_graph_call(plan, first + m)->function->parameter_count;
        for (size_t p = 0; p < count; p++) {
            uint32_t maker = plan->values[operands[p].value].maker;
            if (maker != HM_NONE && maker >= first && maker < first + m) {
                members[maker - first].is_needed = true;
            }
        }
    }
}

// What is kept until the pipeline is run again has been read.
static void begin(hm_run *run, const hm_pipeline *pipeline, hm_course *course,
        hm_member_course *members) {
    memset(course, 0, sizeof *course);
    memset(members, 0, pipeline->call_count * sizeof *members);
    atomic_init(&course->last_member, HM_NONE);
    uint32_t sharers = hm_pipeline_sharers(run->plan, pipeline);
    for (uint32_t i = 0; pipeline->inner_depth > 0 && i < sharers; i++) {
        hm_stock_clear(run, &run->stocks[pipeline->first_stock + 2 * i + 1]);
    }
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        atomic_init(&members[m].failed_row, SIZE_MAX);
        atomic_init(&members[m].contained_row, SIZE_MAX);
        members[m].contains =
                hm_plan_call_contains(run->plan, pipeline->first_call + m);
    }
}

void hm_pipeline_open(hm_run *run, uint32_t number) {
    const hm_plan *plan = run->plan;
    const hm_pipeline *pipeline = &plan->pipelines[number];
    hm_course *course = hm_course_of(run, pipeline);
    hm_member_course *members = hm_course_members(run, pipeline);
    bool is_first = true;
    bool is_whole = true;
    begin(run, pipeline, course, members);
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        size_t length = 0;
        uint32_t call = pipeline->first_call + m;
        bool misses = member_may_miss(run, pipeline, members, call);
        bool is_open = open_member(run, pipeline, course, members, m, misses, &length);
        members[m].may_miss = misses && is_open;
        atomic_init(&members[m].is_off, !is_open);
        length = is_open ? length : 0; // one that failed may be longer than memory
        members[m].missing_from = length;
        if (misses || !is_open || (!is_first && length != course->length)) {
            hm_course_trouble(course);
        }
        is_first = is_first && !is_open;
        course->length = length > course->length ? length : course->length;
        is_whole = is_whole && is_open;
    }
    if (!is_whole) {
        turn_off_feeders(run, pipeline, members);
    }
    if (pipeline->reduction_count > 0) {
        open_records(run, pipeline, course);
    }
    course->row_cost = row_cost(plan, pipeline, course->length);
}

// Where nothing was missing after all, there is no validity.
static void close_validities(hm_run *run, uint32_t call) {
    const hm_plan *plan = run->plan;
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_operand *operands = hm_plan_operands(plan, call);
    for (size_t i = function->parameter_count; i < hm_operand_count(function); i++) {
        hm_array *array = hm_run_frame_at(run, plan->values[operands[i].value].slot);
        array->validity = NULL;
    }
}

// What became of a member that was run.
static void close_member(hm_run *run, const hm_course *course,
        const hm_member_course *member, uint32_t m, uint32_t call) {
    uint32_t need = hm_failure_need(run, call);
    bool is_stopped = atomic_load_explicit(&course->is_stopped, memory_order_relaxed);
    uint32_t last = atomic_load_explicit(&course->last_member, memory_order_relaxed);
    if (need != HM_NONE) {
        hm_failure_skip(run, call, need);
    } else if (last < m || (is_stopped && hm_course_failed_row(member) == SIZE_MAX)) {
        hm_failure_stop(run, call);
    } else if (hm_course_failed_row(member) != SIZE_MAX) {
        hm_failure_note_told(run, call, member->status, member->message);
    }
}

// What all chunks made becomes one value.
static void combine(hm_run *run, const hm_pipeline *pipeline, const hm_course *course,
        const hm_member_course *member, uint32_t m) {
    uint32_t call = pipeline->first_call + m;
    const hm_function *function = hm_plan_graph_call(run->plan, call)->function;
    const hm_operand *output =
            &hm_plan_operands(run->plan, call)[function->parameter_count];
    void *whole = hm_run_frame_at(run, run->plan->values[output->value].slot);
    size_t length = member->missing_from;
    memcpy(whole, hm_course_record(course, pipeline, m, 0),
            function->outputs[0].type->size);
    for (size_t chunk = 1; chunk < hm_reduce_chunk_count(length); chunk++) {
        function->combine(
                whole, hm_course_record(course, pipeline, m, chunk), function->self);
    }
}

// Whether what a member passes on may be, now that all is known of it. If not, members
// behind it are as if they had not been run.
static void decide(
        hm_run *run, const hm_pipeline *pipeline, hm_course *course, uint32_t m) {
    const hm_plan *plan = run->plan;
    uint32_t call = pipeline->first_call + m;
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_operand *operands = hm_plan_operands(plan, call);
    hm_division parts = hm_course_divide(plan, pipeline);
    char *frame = run->scratch + pipeline->scratch + parts.first_share + parts.frame;
    const uint32_t *at = hm_lanes_lay_frame(function, frame, plan->alignment);
    memset(frame + at[0], 0, hm_slot_size(function, 0));
    for (size_t p = 1; p < function->parameter_count; p++) {
        memcpy(frame + at[p], run->frame + plan->values[operands[p].value].slot,
                hm_slot_size(function, p));
    }
    pass_on(run, call); // a validity, or none, is known now
    int code = function->call(frame, at, function->self);
    if (code == 0) {
        return;
    }
    hm_failure_note(run, call,
            &(hm_failure){.status = HM_NODE_FAILED,
                    .code = code,
                    .said = hm_failure_said(code)});
    if (!plan->keep_going &&
            m < atomic_load_explicit(&course->last_member, memory_order_relaxed)) {
        atomic_store_explicit(&course->last_member, m, memory_order_relaxed);
    }
}

// Divides what all workers spent among the members: as some blocks show, or else what
// is known of the members.
static void note_costs(const hm_run *run, const hm_pipeline *pipeline,
        const hm_course *course, const hm_member_course *members) {
    const hm_plan *plan = run->plan;
    double looked_at = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        looked_at +=
                (double)atomic_load_explicit(&members[m].spent, memory_order_relaxed);
    }
    double known = row_cost(plan, pipeline, 1);
    double spent = (double)atomic_load_explicit(&course->spent, memory_order_relaxed);
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        uint32_t call = pipeline->first_call + m;
        double part = 1 / (double)pipeline->call_count;
        if (looked_at > 0) {
            part = (double)atomic_load_explicit(
                           &members[m].spent, memory_order_relaxed) /
                   looked_at;
        } else if (known > 0) {
            part = (double)atomic_load_explicit(
                           &plan->state->costs[call], memory_order_relaxed) /
                   known;
        }
        hm_cost_note_member(plan, call, (float)(part * spent));
    }
}

// Adapters are told of rows that failed.
static void tell_contained(const hm_called *called, const hm_member_course *member) {
    size_t count = atomic_load_explicit(&member->contained_count, memory_order_relaxed);
    if (count > 0) {
        hm_called_tell_rows(called, count, member->contained_message);
    }
}

bool hm_pipeline_close(hm_run *run, uint32_t number) {
    const hm_pipeline *pipeline = &run->plan->pipelines[number];
    hm_course *course = hm_course_of(run, pipeline);
    const hm_member_course *members = hm_course_members(run, pipeline);
    bool succeeded = true;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        uint32_t call = pipeline->first_call + m;
        if (hm_hooks_omit(run, call)) {
            continue;
        }
        if (run->outcomes[call].status == HM_OK) {
            close_member(run, course, &members[m], m, call);
        }
        if (run->outcomes[call].status == HM_OK &&
                hm_plan_call_is_reduction(run->plan, call)) {
            combine(run, pipeline, course, &members[m], m);
        }
        bool is_passing = hm_plan_call_is_passing(run->plan, call);
        if (run->outcomes[call].status == HM_OK && is_passing) {
            decide(run, pipeline, course, m);
        }
        if (members[m].may_miss && !is_passing &&
                !atomic_load_explicit(&members[m].misses, memory_order_relaxed)) {
            close_validities(run, call);
        }
        hm_called *called = hm_called_of(run, call);
        if (called != NULL) {
            tell_contained(called, &members[m]);
            hm_called_close(called);
        }
        succeeded &= run->outcomes[call].status == HM_OK;
    }
    if (succeeded && run->look > HM_LOOK_AT_RUN) {
        note_costs(run, pipeline, course, members);
    }
    return succeeded;
}

hm_status hm_pipeline_run_alone(hm_run *run, uint32_t number, hm_failure *failure) {
    const hm_pipeline *pipeline = &run->plan->pipelines[number];
    uint32_t call = pipeline->first_call;
    hm_course *course = hm_course_of(run, pipeline);
    hm_member_course *member = hm_course_members(run, pipeline);
    bool misses = member_may_miss(run, pipeline, member, call);
    begin(run, pipeline, course, member);
    HM_TRY(open_arrays(run, call, misses, &course->length, failure));
    member->may_miss = misses;
    member->missing_from = course->length;
    course->row_cost = row_cost(run->plan, pipeline, course->length);
    if (misses) {
        hm_course_trouble(course);
    }
    hm_pipeline_work(run, number);
    if (hm_course_failed_row(member) != SIZE_MAX) {
        *failure = (hm_failure){
                .status = member->status, .is_told = true, .told = member->message};
        return failure->status;
    }
    if (atomic_load_explicit(&course->is_stopped, memory_order_relaxed)) {
        *failure = (hm_failure){.status = HM_NODE_FAILED, .is_stopped = true};
        return failure->status;
    }
    if (misses && !atomic_load_explicit(&member->misses, memory_order_relaxed)) {
        close_validities(run, call);
    }
    const hm_called *called = hm_called_of(run, call);
    if (called != NULL) {
        tell_contained(called, member);
    }
    return HM_OK;
}
