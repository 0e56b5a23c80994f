// course.c — see course.h.

#include "engine/course.h"

#include "engine/lanes.h"
#include "engine/missing.h"
#include "engine/reduce.h"

static size_t round_up(size_t size, size_t alignment) {
    return (size + alignment - 1) / alignment * alignment;
}

size_t hm_course_block_room(const hm_pipeline *pipeline) {
    return round_up(pipeline->block_length, HM_CACHE_LINE);
}

static size_t frame_size(const hm_plan *plan, const hm_pipeline *pipeline) {
    size_t most = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        const hm_function *function =
                hm_plan_graph_call(plan, pipeline->first_call + m)->function;
        size_t size = hm_lanes_frame_size(function, plan->alignment);
        most = size > most ? size : most;
    }
    return most;
}

size_t hm_course_mask_size(const hm_pipeline *pipeline) {
    return hm_missing_bytes(pipeline->block_length);
}

static size_t most_operands(const hm_plan *plan, const hm_pipeline *pipeline) {
    size_t most = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        size_t count = hm_operand_count(
                hm_plan_graph_call(plan, pipeline->first_call + m)->function);
        most = count > most ? count : most;
    }
    return most;
}

hm_division hm_course_divide(const hm_plan *plan, const hm_pipeline *pipeline) {
    size_t alignment = plan->alignment;
    size_t feeds = pipeline->feed_count;
    hm_division parts;
    parts.members = round_up(sizeof(hm_course), alignment);
    parts.first_share =
            parts.members +
            round_up(pipeline->call_count * sizeof(hm_member_course), alignment);
    parts.at = round_up(feeds * sizeof(hm_lane), alignment);
    parts.runners = parts.at + round_up(feeds * sizeof(void *), alignment);
    parts.streams = parts.runners +
                    round_up(pipeline->call_count * sizeof(hm_member), alignment);
    parts.masks = parts.streams + round_up(feeds * sizeof(hm_stream), alignment);
    parts.shifted =
            parts.masks + round_up(feeds * hm_course_mask_size(pipeline), alignment);
    parts.inner = parts.shifted +
                  round_up(most_operands(plan, pipeline) * sizeof(hm_lane), alignment);
    parts.frame = parts.inner +
                  round_up(pipeline->inner_depth * most_operands(plan, pipeline) *
                                   (sizeof(hm_lane) + sizeof(uint8_t *)),
                          alignment);
    parts.block = parts.frame + round_up(frame_size(plan, pipeline), alignment);
    parts.share_size =
            round_up(parts.block + hm_course_block_room(pipeline) * pipeline->row_size,
                    alignment);
    return parts;
}

size_t hm_pipeline_length(const hm_plan *plan, const hm_pipeline *pipeline) {
    const hm_plan_call *call = &plan->calls[pipeline->first_call];
    uint32_t leader = plan->operands[call->operands + call->leader].value;
    return plan->lengths[plan->values[leader].dimensions[0]];
}

uint32_t hm_pipeline_share_count(const hm_plan *plan) {
    return plan->worker_count < HM_MOST_SHARES ? plan->worker_count : HM_MOST_SHARES;
}

uint32_t hm_pipeline_sharers(const hm_plan *plan, const hm_pipeline *pipeline) {
    return pipeline->is_alone ? 1 : hm_pipeline_share_count(plan);
}

size_t hm_pipeline_scratch_size(const hm_plan *plan, const hm_pipeline *pipeline) {
    hm_division parts = hm_course_divide(plan, pipeline);
    return parts.first_share + hm_pipeline_sharers(plan, pipeline) * parts.share_size;
}

_Atomic(uint32_t) *hm_course_done(
        const hm_course *course, const hm_pipeline *pipeline, size_t chunk) {
    char *record = course->records + chunk * pipeline->record_size;
    return (_Atomic(uint32_t) *)(void *)record;
}

_Atomic(uint32_t) *hm_course_chunk(
        const hm_course *course, const hm_pipeline *pipeline, size_t chunk) {
    return hm_course_done(course, pipeline, chunk) + 1;
}

// Rows that it has room for: each value's begin on a cache line.
size_t hm_course_chunk_room(size_t length) {
    return round_up(length < HM_REDUCE_ROWS ? length : HM_REDUCE_ROWS, HM_CACHE_LINE);
}

uint32_t hm_course_chunk_count(const hm_plan *plan, size_t length) {
    size_t most = hm_pipeline_share_count(plan) + 1;
    size_t all = hm_reduce_chunk_count(length);
    return (uint32_t)(all < most ? all : most);
}

void *hm_course_record(const hm_course *course, const hm_pipeline *pipeline, uint32_t m,
        size_t chunk) {
    return course->records + chunk * pipeline->record_size + pipeline->record_at[m];
}

hm_course *hm_course_of(const hm_run *run, const hm_pipeline *pipeline) {
    return (hm_course *)(void *)(run->scratch + pipeline->scratch);
}

hm_member_course *hm_course_members(const hm_run *run, const hm_pipeline *pipeline) {
    hm_division parts = hm_course_divide(run->plan, pipeline);
    return (hm_member_course *)(void *)(run->scratch + pipeline->scratch +
                                        parts.members);
}
