// share.c — what a worker does of a pipeline: portions of its rows, block by block.
//
// What comes out does not depend on who runs which rows, nor on the length of blocks,
// failures included: it is as if the members ran one after the other, each over all of
// its rows. Rows below one that failed are all run, since portions are handed out in
// order, so the lowest that fails is known; if the run does not keep going, only
// members before the first that failed are run any further, for one of them may fail
// as well.
//
// Reductions run on chunks, whose rows may be in several portions. The worker who does
// the last of them runs them.

#include "engine/share.h"

#include <string.h>
#include <uv.h>

#include "engine/failure.h"
#include "engine/lanes.h"
#include "engine/missing.h"
#include "engine/nest.h"
#include "engine/reduce.h"
#include "engine/stock.h"

enum { GROWTH = 8 }; // from a portion to the next, at most

static const size_t near_bytes = 128 * 1024;

static const double good_portion = 64 * 1000; // nanoseconds

static void set_lane(hm_share *share, const hm_feed *feed, uint32_t slot_at) {
    const char *slot = hm_run_frame_at(share->run, slot_at);
    ptrdiff_t number = feed - share->pipeline->feeds;
    hm_lane *lane = &share->lanes[number];
    char *block = share->block + feed->offset * share->block_room;
    hm_array array;
    switch (feed->kind) {
    case HM_FEED_STREAM:
    case HM_FEED_CHUNK:
        memcpy(&array, slot, sizeof array);
        *lane = (hm_lane){.data = array.data, .stride = 1};
        share->streams[share->stream_count++] = (hm_stream){.at = &share->at[number],
                .lane = &lane->data,
                .data = array.data,
                .size = feed->size,
                .offset = feed->kind == HM_FEED_CHUNK ? feed->offset : SIZE_MAX};
        break;
    case HM_FEED_SAME:
        *lane = (hm_lane){.data = (void *)(uintptr_t)slot};
        break;
    case HM_FEED_REPEATED:
        hm_lanes_repeat(block, slot, feed->size,
                share->course->length < share->pipeline->block_length
                        ? share->course->length
                        : share->pipeline->block_length);
        *lane = (hm_lane){.data = block, .stride = 1};
        break;
    case HM_FEED_BLOCK:
    case HM_FEED_REFERENCES:
        *lane = (hm_lane){.data = block, .stride = 1};
        break;
    }
    share->at[number] = lane->data;
}

static void set_member(hm_share *share, uint32_t m) {
    const hm_plan *plan = share->run->plan;
    const hm_pipeline *pipeline = share->pipeline;
    uint32_t call = pipeline->first_call + m;
    uint32_t first = pipeline->first_feed[m];
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    hm_member *runner = &share->runners[m];
    bool has_arrays = hm_plan_call_has_inner(plan, call);
    *runner = (hm_member){.rows = has_arrays ? NULL : function->rows,
            .at = &share->at[first],
            .function = function,
            .lanes = &share->lanes[first],
            .has_arrays = has_arrays,
            .is_reduction = hm_plan_call_is_reduction(plan, call),
            .is_mapped = !hm_plan_call_is_reduction(plan, call) &&
                         !hm_plan_call_is_passing(plan, call)};
    hm_called *called = hm_called_of(share->run, call);
    if (called != NULL && (called->hooked->is_followed || called->hooked->is_watched)) {
        runner->followed = called;
    }
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        const hm_feed *feed = &pipeline->feeds[first + i];
        set_lane(share, feed, plan->slots[plan->calls[call].operands + i]);
        runner->has_references |= feed->kind == HM_FEED_REFERENCES;
    }
}

static void begin_share(hm_share *share, hm_run *run, const hm_pipeline *pipeline,
        hm_course *course, uint32_t index) {
    hm_division parts = hm_course_divide(run->plan, pipeline);
    char *base = run->scratch + pipeline->scratch;
    char *own = base + parts.first_share + index * parts.share_size;
    *share = (hm_share){.run = run,
            .pipeline = pipeline,
            .course = course,
            .index = index,
            .members = (hm_member_course *)(void *)(base + parts.members),
            .runners = (hm_member *)(void *)(own + parts.runners),
            .lanes = (hm_lane *)(void *)own,
            .at = (void **)(void *)(own + parts.at),
            .streams = (hm_stream *)(void *)(own + parts.streams),
            .masks = (uint8_t *)(own + parts.masks),
            .mask_size = hm_course_mask_size(pipeline),
            .shifted = (hm_lane *)(void *)(own + parts.shifted),
            .inner = own + parts.inner,
            .frame = own + parts.frame,
            .block = own + parts.block,
            .block_room = hm_course_block_room(pipeline)};
    if (pipeline->inner_depth > 0) {
        share->lent = &run->stocks[pipeline->first_stock + 2 * index];
        share->kept = share->lent + 1;
    }
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        share->runners[m] = (hm_member){0};
        if (!hm_course_is_off(&share->members[m])) {
            set_member(share, m);
        }
    }
}

// Whether a member needs, perhaps by way of others, one that failed. Those before it
// have been asked. With the run's lock.
static bool needs_failed(const hm_share *share, uint32_t m, uint32_t failed) {
    const hm_plan *plan = share->run->plan;
    uint32_t first = share->pipeline->first_call;
    const hm_operand *operands = hm_plan_operands(plan, first + m);
    size_t count = hm_plan_graph_call(plan, first + m)->function->parameter_count;
    for (size_t p = 0; p < count; p++) {
        uint32_t maker = plan->values[operands[p].value].maker;
        if (maker == HM_NONE || maker < first || maker >= first + m) {
            continue;
        }
        const hm_member_course *made = &share->members[maker - first];
        if (maker == first + failed || made->reads_failed || hm_course_is_off(made)) {
            return true;
        }
    }
    return false;
}

// With the run's lock.
static void turn_off_readers(hm_share *share, uint32_t failed) {
    for (uint32_t m = failed + 1; m < share->pipeline->call_count; m++) {
        share->members[m].reads_failed =
                share->members[m].reads_failed || needs_failed(share, m, failed);
    }
    for (uint32_t m = share->pipeline->call_count; m-- > failed + 1;) {
        if (share->members[m].reads_failed) {
            // Release: who finds it off finds its readers off.
            atomic_store_explicit(
                    &share->members[m].is_off, true, memory_order_release);
        }
    }
}

void hm_share_note_failure(
        hm_share *share, uint32_t m, size_t row, const hm_failure *failure) {
    hm_run *run = share->run;
    hm_member_course *member = &share->members[m];
    hm_course *course = share->course;
    if (failure->status == HM_NODE_FAILED && hm_failure_is_moot(run)) {
        atomic_store_explicit(&course->is_stopped, true, memory_order_relaxed);
        return;
    }
    if (row >= hm_course_failed_row(member)) {
        return;
    }
    const char *message =
            hm_failure_tell(run, share->pipeline->first_call + m, failure);
    uv_mutex_lock(&run->lock);
    if (row < hm_course_failed_row(member)) {
        hm_course_trouble(course);
        turn_off_readers(share, m);
        // Release: who does not run these rows finds the readers off.
        atomic_store_explicit(&member->failed_row, row, memory_order_release);
        member->message = message;
        member->status = failure->status;
        uint32_t last =
                atomic_load_explicit(&course->last_member, memory_order_relaxed);
        if (!run->plan->keep_going && m < last) {
            atomic_store_explicit(&course->last_member, m, memory_order_relaxed);
        }
    }
    uv_mutex_unlock(&run->lock);
}

// What is said of a row of a block, the first of which is the dimension's row `start`.
static hm_failure failure_of(const hm_share *share, uint32_t m, size_t start,
        const hm_lanes_failure *where, size_t row, int code) {
    return (hm_failure){.status = HM_NODE_FAILED,
            .code = code,
            .said = hm_failure_said(code),
            .depth = 1,
            .place = {start + row},
            .null = where->null,
            .start = where->start,
            .count = where->count,
            .lanes = &share->lanes[share->pipeline->first_feed[m]],
            .lane_row = row};
}

static void note_row(hm_share *share, uint32_t m, size_t start,
        const hm_lanes_failure *where, size_t row, int code) {
    const hm_failure failure = failure_of(share, m, start, where, row, code);
    hm_share_note_failure(share, m, start + row, &failure);
}

bool hm_share_contain_row(hm_share *share, uint32_t m, size_t start,
        const hm_lanes_failure *where, size_t row, int code) {
    hm_run *run = share->run;
    hm_member_course *member = &share->members[m];
    if (!member->contains || hm_failure_is_moot(run)) {
        return false;
    }
    atomic_fetch_add_explicit(&member->contained_count, 1, memory_order_relaxed);
    if (start + row >=
            atomic_load_explicit(&member->contained_row, memory_order_relaxed)) {
        return true;
    }
    const hm_failure failure = failure_of(share, m, start, where, row, code);
    const char *message =
            hm_failure_tell(run, share->pipeline->first_call + m, &failure);
    uv_mutex_lock(&run->lock);
    if (start + row <
            atomic_load_explicit(&member->contained_row, memory_order_relaxed)) {
        atomic_store_explicit(
                &member->contained_row, start + row, memory_order_relaxed);
        member->contained_message = message != NULL ? message : "";
    }
    uv_mutex_unlock(&run->lock);
    return true;
}

// How many of the block's rows the member is to run.
static size_t rows_left(const hm_share *share, uint32_t m, size_t start, size_t count) {
    const hm_member_course *member = &share->members[m];
    size_t end = hm_course_failed_row(member);
    end = end < member->missing_from ? end : member->missing_from;
    if (hm_course_is_off(member) || end <= start ||
            m > atomic_load_explicit(
                        &share->course->last_member, memory_order_relaxed)) {
        return 0;
    }
    return end - start < count ? end - start : count;
}

static void refer_to_structs(hm_share *share, const hm_feed *feed, size_t count,
        uint32_t slot_at, size_t start) {
    const hm_lane *lane = &share->lanes[feed - share->pipeline->feeds];
    const char **references = lane->data;
    const char *structs = share->block + feed->structs_at * share->block_room;
    if (feed->is_in_chunk) {
        structs = share->chunk + feed->structs_at * share->course->chunk_room +
                  start % HM_REDUCE_ROWS * feed->size;
    } else if (!feed->is_in_block) {
        hm_array array;
        memcpy(&array, hm_run_frame_at(share->run, slot_at), sizeof array);
        structs = (const char *)array.data + start * feed->size;
    }
    for (size_t row = 0; row < count; row++) {
        references[row] = structs + row * feed->size;
    }
}

static void prepare_references(
        hm_share *share, uint32_t m, size_t start, size_t count) {
    const hm_plan *plan = share->run->plan;
    uint32_t call = share->pipeline->first_call + m;
    size_t parameter_count = hm_plan_graph_call(plan, call)->function->parameter_count;
    const hm_feed *feeds = &share->pipeline->feeds[share->pipeline->first_feed[m]];
    for (size_t p = 0; p < parameter_count; p++) {
        if (feeds[p].kind == HM_FEED_REFERENCES) {
            refer_to_structs(share, &feeds[p], count,
                    plan->slots[plan->calls[call].operands + p], start);
        }
    }
}

// False if a row failed.
static bool run_member(hm_share *share, uint32_t m, size_t start, size_t count) {
    const hm_member *runner = &share->runners[m];
    if (runner->rows != NULL) {
        runner->rows(runner->at, count);
        return true;
    }
    if (runner->has_references) {
        prepare_references(share, m, start, count);
    }
    if (runner->has_arrays) {
        return hm_nest_run(share, m, start, count, NULL);
    }
    hm_lanes_failure where;
    int code = hm_lanes_run(runner->function, runner->lanes, count, &where,
            share->frame, share->run->plan->alignment);
    if (__builtin_expect(code != 0, false)) {
        note_row(share, m, start, &where, where.row, code);
        return false;
    }
    return true;
}

// Runs a member on the rows that a mask has, which loses those that fail and may be
// missing. False if another failed.
static bool run_masked(
        hm_share *share, uint32_t m, size_t start, size_t count, uint8_t *mask) {
    const hm_member *runner = &share->runners[m];
    const hm_function *function = runner->function;
    if (runner->has_references) {
        prepare_references(share, m, start, count);
    }
    if (runner->has_arrays) {
        return hm_nest_run(share, m, start, count, mask);
    }
    size_t row = 0;
    size_t end = 0;
    for (; hm_missing_next_present(mask, count, &row, &end); row = end) {
        for (size_t i = 0; i < hm_operand_count(function); i++) {
            const hm_lane *lane = &runner->lanes[i];
            size_t size = hm_slot_size(function, i);
            share->shifted[i] =
                    (hm_lane){.data = (char *)lane->data + row * lane->stride * size,
                            .stride = lane->stride};
        }
        hm_lanes_failure where;
        int code = hm_lanes_run(function, share->shifted, end - row, &where,
                share->frame, share->run->plan->alignment);
        size_t failed = row + where.row;
        if (code != 0 && !hm_share_contain_row(share, m, start, &where, failed, code)) {
            note_row(share, m, start, &where, failed, code);
            return false;
        }
        if (code != 0) {
            hm_missing_clear(mask, failed);
            end = failed + 1;
        }
    }
    return true;
}

// The same as run_member, but for rows of which something is missing.
static void run_present(hm_share *share, uint32_t m, size_t start, size_t count) {
    uint8_t *mask = hm_share_find_present(share, m, start, count);
    bool is_run = hm_missing_is_none(mask, count) && !share->members[m].contains
                          ? run_member(share, m, start, count)
                          : run_masked(share, m, start, count, mask);
    if (is_run) {
        hm_share_note_missing(share, m, start, count);
    }
}

bool hm_share_is_stopped(hm_share *share) {
    if (!hm_stop_is_due(share->run)) {
        return false;
    }
    atomic_store_explicit(&share->course->is_stopped, true, memory_order_relaxed);
    return true;
}

// False if the run was stopped between two members.
static bool run_block(hm_share *share, size_t start, size_t count) {
    hm_course *course = share->course;
    for (uint32_t s = 0; s < share->stream_count; s++) {
        const hm_stream *stream = &share->streams[s];
        *stream->at = *stream->lane =
                stream->data + (start - stream->first) * stream->size;
    }
    if (share->lent != NULL) {
        hm_stock_clear(share->run, share->lent);
        share->inner_bytes = 0;
    }
    bool is_looked_at = share->run->look == HM_LOOK_AT_CALLS &&
                        share->block_count++ % HM_SAMPLE_PERIOD == 0;
    uint64_t before = is_looked_at ? uv_hrtime() : 0;
    for (uint32_t m = 0; m < share->pipeline->call_count; m++) {
        if (!share->runners[m].is_mapped) {
            continue;
        }
        size_t rows = count;
        if (atomic_load_explicit(&course->is_troubled, memory_order_relaxed)) {
            rows = rows_left(share, m, start, count);
        }
        // A member may take so long that the deadline passes meanwhile.
        if (m > 0 && share->run->deadline != 0 && hm_share_is_stopped(share)) {
            return false;
        }
        hm_called *followed = rows > 0 ? share->runners[m].followed : NULL;
        if (followed != NULL) {
            hm_called_begin_rows(followed, start, rows);
        }
        if (rows > 0 && share->members[m].may_miss) {
            run_present(share, m, start, rows);
        } else if (rows > 0) {
            run_member(share, m, start, rows);
        }
        if (followed != NULL) {
            hm_called_end_rows(followed, start, rows);
            hm_called_progress(followed, rows);
        }
        if (is_looked_at) {
            uint64_t now = uv_hrtime();
            atomic_fetch_add_explicit(
                    &share->members[m].spent, now - before, memory_order_relaxed);
            before = now;
        }
    }
    return true;
}

// Rows of one chunk were done: true if they were the last of it.
static bool completes(hm_share *share, size_t number, size_t count) {
    hm_chunk chunk = hm_reduce_chunk(share->course->length, number);
    // Acquire and release: what all workers made of the rows is reduced.
    size_t before = atomic_fetch_add_explicit(
            hm_course_done(share->course, share->pipeline, number), (uint32_t)count,
            memory_order_acq_rel);
    return before + count == chunk.count;
}

// Rows of inner arrays are as many as these fit a near cache, as far as the last block
// tells.
static size_t block_length(hm_share *share) {
    size_t most = share->pipeline->block_length;
    if (share->lent == NULL || share->run->plan->block_length != 0) {
        return most;
    }
    if (share->inner_bytes > near_bytes && share->block_length > 1) {
        share->block_length /= 2;
    } else if (share->inner_bytes < near_bytes / 4) {
        share->block_length = 2 * share->block_length + 1;
    }
    share->block_length = share->block_length < most ? share->block_length : most;
    return share->block_length;
}

// False if the run was stopped before the last of them.
static bool run_blocks(hm_share *share, size_t start, size_t end) {
    size_t block;
    for (size_t row = start; row < end; row += block) {
        block = block_length(share);
        if (hm_share_is_stopped(share) ||
                !run_block(share, row, end - row < block ? end - row : block)) {
            return false;
        }
    }
    return true;
}

static bool only_reduces(const hm_pipeline *pipeline) {
    return pipeline->mapped_count == 0;
}

static bool run_rows(hm_share *share, size_t start, size_t end) {
    if (share->course->records == NULL) {
        return run_blocks(share, start, end);
    }
    while (start < end) {
        size_t number = start / HM_REDUCE_ROWS;
        size_t next = (number + 1) * HM_REDUCE_ROWS;
        next = next < end ? next : end;
        if (share->pipeline->chunk_row_size > 0 &&
                !hm_share_enter_chunk(share, number)) {
            return false;
        }
        bool is_run = only_reduces(share->pipeline) ? !hm_share_is_stopped(share)
                                                    : run_blocks(share, start, next);
        if (!is_run) {
            return false;
        }
        if (completes(share, number, next - start)) {
            hm_share_reduce(share, number);
            hm_share_leave_chunk(share, number);
        }
        start = next;
    }
    return true;
}

// A portion that does not end with a chunk ends in the one that it begins in, so that
// no more than one chunk is begun and in no worker's hands.
static size_t cut_portion(size_t start, size_t end) {
    size_t next = (start / HM_REDUCE_ROWS + 1) * HM_REDUCE_ROWS;
    return end <= next ? end : end / HM_REDUCE_ROWS * HM_REDUCE_ROWS;
}

// Takes the next rows: as many as take a good time, but not so many that the other
// workers would have none towards the end. False if none are left.
static bool take_portion(
        hm_share *share, uint32_t sharers, size_t wanted, size_t *start, size_t *end) {
    hm_course *course = share->course;
    bool reduces = course->records != NULL;
    size_t unit = reduces && wanted >= HM_REDUCE_ROWS ? HM_REDUCE_ROWS
                                                      : share->pipeline->block_length;
    // Relaxed: what the rows need came before the worker's task, and what they make is
    // looked at after it.
    *start = atomic_load_explicit(&course->cursor, memory_order_relaxed);
    do {
        if (*start >= course->length) {
            return false;
        }
        size_t left = course->length - *start;
        size_t fair = sharers > 1 ? left / (2 * (size_t)sharers) : left;
        size_t count = wanted < fair ? wanted : fair;
        count = count < unit && wanted >= unit ? unit : count;
        count = count >= unit ? (*start + count) / unit * unit - *start : count;
        count = count > 0 ? count : 1;
        *end = *start + (count < left ? count : left);
        if (reduces) {
            *end = cut_portion(*start, *end);
        }
    } while (!atomic_compare_exchange_weak_explicit(
            &course->cursor, start, *end, memory_order_relaxed, memory_order_relaxed));
    return true;
}

static size_t rows_in(double nanoseconds, double row_cost) {
    double rows = nanoseconds / row_cost;
    return rows < 1 ? 1 : rows < (double)(SIZE_MAX / 2) ? (size_t)rows : SIZE_MAX / 2;
}

static uint64_t run_portions(hm_share *share, uint32_t sharers) {
    double cost = share->course->row_cost;
    size_t least = only_reduces(share->pipeline) ? HM_REDUCE_ROWS : 1;
    size_t wanted = cost > 0 ? rows_in(good_portion, cost) : least;
    uint64_t begin = uv_hrtime();
    uint64_t before = begin;
    size_t start;
    size_t end;
    while (take_portion(
                   share, sharers, wanted > least ? wanted : least, &start, &end) &&
            run_rows(share, start, end)) {
        uint64_t now = uv_hrtime();
        double row_cost = (double)(now - before + 1) / (double)(end - start);
        size_t most = wanted < SIZE_MAX / GROWTH ? wanted * GROWTH : wanted;
        wanted = rows_in(good_portion, row_cost);
        wanted = wanted < most ? wanted : most;
        before = now;
    }
    return before - begin;
}

void hm_pipeline_work(hm_run *run, uint32_t number) {
    const hm_pipeline *pipeline = &run->plan->pipelines[number];
    hm_course *course = hm_course_of(run, pipeline);
    uint32_t sharers = hm_pipeline_sharers(run->plan, pipeline);
    uint32_t index =
            atomic_fetch_add_explicit(&course->share_count, 1, memory_order_relaxed);
    bool is_left = atomic_load_explicit(&course->cursor, memory_order_relaxed) <
                   course->length;
    bool is_empty = course->length == 0 && course->records != NULL && index == 0;
    if (!is_left && !is_empty) {
        return;
    }
    if (hm_stop_is_due(run)) {
        atomic_store_explicit(&course->is_stopped, true, memory_order_relaxed);
        return;
    }
    hm_share share;
    begin_share(&share, run, pipeline, course, index);
    if (is_empty) {
        share.chunk = course->chunks;
        hm_share_reduce(&share, 0);
    }
    uint64_t spent = run_portions(&share, run->way == HM_ALONE ? 1 : sharers);
    atomic_fetch_add_explicit(&course->spent, spent, memory_order_relaxed);
}
