// chunks.c — what a worker does of a pipeline's chunks: memory for what reductions
// read, and these, when the members before have run on all rows of one.

#include <string.h>
#include <uv.h>

#include "engine/missing.h"
#include "engine/reduce.h"
#include "engine/share.h"
#include "engine/validity.h"

// The number of memory that no other chunk has, or HM_NONE.
static uint32_t take_chunk(hm_course *course, uint32_t wanted) {
    for (uint32_t i = 0; i < course->chunk_count; i++) {
        uint32_t number = (wanted + i) % course->chunk_count;
        // Acquire: whoever had it has done with it.
        if (!atomic_exchange_explicit(
                    &course->is_taken[number], true, memory_order_acquire)) {
            return number;
        }
    }
    return HM_NONE;
}

// Release: whoever takes it next writes over it.
static void give_chunk_back(hm_course *course, uint32_t number) {
    atomic_store_explicit(&course->is_taken[number], false, memory_order_release);
}

// Who comes first to a chunk takes memory for it.
bool hm_share_enter_chunk(hm_share *share, size_t chunk) {
    hm_course *course = share->course;
    _Atomic(uint32_t) *place = hm_course_chunk(course, share->pipeline, chunk);
    // Acquire, as below: who took it for this chunk knows that the last one is through.
    uint32_t number = atomic_load_explicit(place, memory_order_acquire);
    while (number == HM_NONE) {
        uint32_t taken = take_chunk(course, share->index);
        if (taken == HM_NONE) {
            if (hm_share_is_stopped(share)) {
                return false;
            }
            number = atomic_load_explicit(place, memory_order_acquire);
        } else if (atomic_compare_exchange_strong_explicit(place, &number, taken,
                           memory_order_acq_rel, memory_order_acquire)) {
            number = taken;
        } else {
            give_chunk_back(course, taken);
        }
    }
    size_t size = course->chunk_room * share->pipeline->chunk_row_size;
    share->chunk = course->chunks + number * size;
    for (uint32_t s = 0; s < share->stream_count; s++) {
        hm_stream *stream = &share->streams[s];
        if (stream->offset != SIZE_MAX) {
            stream->data = share->chunk + stream->offset * course->chunk_room;
            stream->first = chunk * HM_REDUCE_ROWS;
        }
    }
    return true;
}

void hm_share_leave_chunk(hm_share *share, size_t chunk) {
    if (share->pipeline->chunk_row_size > 0) {
        give_chunk_back(share->course,
                atomic_load_explicit(
                        hm_course_chunk(share->course, share->pipeline, chunk),
                        memory_order_relaxed));
    }
}

// Whether a chunk is to be reduced: its rows were all run. Whoever did not run some of
// them knew why, and we come after that.
static bool is_sound(const hm_share *share, uint32_t m, size_t start) {
    const hm_plan *plan = share->run->plan;
    const hm_pipeline *pipeline = share->pipeline;
    uint32_t call = pipeline->first_call + m;
    const hm_operand *operands = hm_plan_operands(plan, call);
    size_t count = hm_plan_graph_call(plan, call)->function->parameter_count;
    const hm_member_course *member = &share->members[m];
    bool is_sound = !hm_course_is_off(member) && start < hm_course_failed_row(member) &&
                    m <= atomic_load_explicit(
                                 &share->course->last_member, memory_order_relaxed);
    for (size_t p = 0; p < count && is_sound; p++) {
        uint32_t maker = plan->values[operands[p].value].maker;
        if (maker != HM_NONE && maker >= pipeline->first_call && maker < call) {
            const hm_member_course *made =
                    &share->members[maker - pipeline->first_call];
            is_sound =
                    !hm_course_is_off(made) && hm_course_failed_row(made) == SIZE_MAX;
        }
    }
    return is_sound;
}

// Notes a failure if elements of the chunk, which other members made, are missing.
static bool misses(hm_share *share, uint32_t m, hm_chunk chunk) {
    const hm_member *runner = &share->runners[m];
    for (uint32_t p = 0; p < runner->function->parameter_count; p++) {
        const hm_parameter *parameter = &runner->function->parameters[p];
        if (parameter->shape != HM_ARRAY || parameter->type->kind == HM_KIND_FLOAT ||
                parameter->is_nullable) {
            continue;
        }
        hm_array array;
        memcpy(&array, runner->lanes[p].data, sizeof array);
        if (array.validity == NULL) {
            continue;
        }
        size_t first = 0;
        const hm_array part = {
                .length = chunk.count, .validity = array.validity + chunk.start / 8};
        size_t count = hm_missing_count(&part, &first);
        if (count > 0) {
            bool is_part = array.length > chunk.count;
            hm_share_note_failure(share, m, chunk.start,
                    &(hm_failure){.status = HM_BAD_DATA,
                            .parameters = {p},
                            .lengths = {count, chunk.start + first},
                            .start = chunk.start,
                            .count = is_part ? chunk.count : 0});
            return true;
        }
    }
    return false;
}

// Arrays that are nowhere but in the memory of the chunk.
static void lay_chunk(hm_share *share, uint32_t m, const uint32_t *at) {
    const hm_pipeline *pipeline = share->pipeline;
    const hm_feed *feeds = &pipeline->feeds[pipeline->first_feed[m]];
    for (size_t p = 0; p < share->runners[m].function->parameter_count; p++) {
        if (feeds[p].is_in_chunk) {
            hm_array array;
            memcpy(&array, share->frame + at[p], sizeof array);
            array.data = share->chunk + feeds[p].offset * share->course->chunk_room;
            memcpy(share->frame + at[p], &array, sizeof array);
        }
    }
}

static void reduce(hm_share *share, uint32_t m, size_t number, hm_chunk chunk) {
    const hm_member *runner = &share->runners[m];
    size_t length = share->members[m].missing_from;
    if (misses(share, m, chunk)) {
        return;
    }
    const hm_function *function = runner->function;
    const uint32_t *at = hm_reduce_lay(function, runner->lanes, 0, chunk, share->frame,
            share->run->plan->alignment);
    lay_chunk(share, m, at);
    int code = hm_validity_call(function, share->frame, at);
    if (code != 0) {
        hm_share_note_failure(share, m, chunk.start,
                &(hm_failure){.status = HM_NODE_FAILED,
                        .code = code,
                        .said = hm_failure_said(code),
                        .start = chunk.start,
                        .count = length > chunk.count ? chunk.count : 0,
                        .frame = share->frame,
                        .at = at});
        return;
    }
    memcpy(hm_course_record(share->course, share->pipeline, m, number),
            share->frame + at[function->parameter_count],
            function->outputs[0].type->size);
}

// Reduces what the member has of a chunk; adapters may want to hear of it.
static void reduce_chunk(hm_share *share, uint32_t m, size_t number) {
    hm_called *followed = share->runners[m].followed;
    size_t length = share->members[m].missing_from;
    if (number >= hm_reduce_chunk_count(length)) {
        return;
    }
    hm_chunk chunk = hm_reduce_chunk(length, number);
    if (followed != NULL) {
        hm_called_begin_rows(followed, chunk.start, chunk.count);
    }
    reduce(share, m, number, chunk);
    if (followed != NULL) {
        hm_called_end_rows(followed, chunk.start, chunk.count);
    }
}

void hm_share_reduce(hm_share *share, size_t number) {
    bool is_looked_at = share->run->look == HM_LOOK_AT_CALLS &&
                        share->chunk_count++ % HM_SAMPLE_PERIOD == 0;
    uint64_t before = is_looked_at ? uv_hrtime() : 0;
    for (uint32_t m = 0; m < share->pipeline->call_count; m++) {
        if (!share->runners[m].is_reduction ||
                !is_sound(share, m, number * HM_REDUCE_ROWS)) {
            continue;
        }
        reduce_chunk(share, m, number);
        if (is_looked_at) {
            uint64_t now = uv_hrtime();
            atomic_fetch_add_explicit(
                    &share->members[m].spent, now - before, memory_order_relaxed);
            before = now;
        }
    }
}
