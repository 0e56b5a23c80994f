// blocks.c — the pass after fuse: where the members of a pipeline find the values of a
// block. What they hand on to each other gets a place in block memory, which is used
// again after its last reader. A block has as many rows as fit the first-level cache
// together with the rows of arrays that a member reads and writes.

#include <unistd.h>

#include "base/error.h"
#include "engine/lanes.h"
#include "engine/pipeline.h"

enum {
    SHORTEST_BLOCK = 64,
    LONGEST_BLOCK = 4096,
    MOST_ROWS = 65536,       // that may be asked for
    USUAL_CACHE = 32 * 1024, // bytes of the first level, if it is not told
};

// A free place in block memory.
typedef struct hm_gap {
    size_t offset;
    uint32_t size;
} hm_gap;

typedef struct hm_layout {
    hm_plan *plan;
    hm_pipeline *pipeline;
    uint32_t number;      // of the pipeline
    uint32_t *last_use;   // by inner value: the last call that has it
    size_t *place;        // by value: in block memory
    uint32_t *placed_for; // by value: the pipeline that it was placed for
    hm_gap *gaps;
    uint32_t gap_count;
} hm_layout;

static size_t cache_size(void) {
#ifdef _SC_LEVEL1_DCACHE_SIZE
    long size = sysconf(_SC_LEVEL1_DCACHE_SIZE);
    if (size > 0) {
        return (size_t)size;
    }
#endif
    return USUAL_CACHE;
}

static size_t take_new_place(hm_layout *layout, uint32_t size) {
    size_t offset = layout->pipeline->row_size;
    layout->pipeline->row_size += size;
    return offset;
}

static size_t take_place(hm_layout *layout, uint32_t size) {
    for (uint32_t g = layout->gap_count; g-- > 0;) {
        if (layout->gaps[g].size == size) {
            size_t offset = layout->gaps[g].offset;
            layout->gaps[g] = layout->gaps[--layout->gap_count];
            return offset;
        }
    }
    return take_new_place(layout, size);
}

static void give_place_back(hm_layout *layout, size_t offset, uint32_t size) {
    layout->gaps[layout->gap_count++] = (hm_gap){.offset = offset, .size = size};
}

static bool is_simple(const hm_type *type) {
    return type->kind != HM_KIND_STRUCT && type->kind != HM_KIND_OPAQUE &&
           type->kind != HM_KIND_STRING;
}

static hm_feed feed_parameter(
        hm_layout *layout, const hm_parameter *parameter, uint32_t v) {
    v = hm_plan_memory_of(layout->plan, v);
    const hm_plan_value *value = &layout->plan->values[v];
    bool refers = parameter->pass == HM_BY_REFERENCE && value->pass == HM_BY_VALUE;
    bool is_array = parameter->shape == HM_ARRAY;
    hm_feed feed = {
            .kind = HM_FEED_SAME, .size = (uint32_t)hm_plan_level_size(value, 0)};
    if (value->depth > is_array) {
        feed.kind = value->is_chunked ? HM_FEED_CHUNK
                    : value->is_inner ? HM_FEED_BLOCK
                                      : HM_FEED_STREAM;
        feed.offset = value->is_inner ? layout->place[v] : 0;
        if (refers && value->depth == 1) {
            feed.is_in_chunk = value->is_chunked;
            feed.is_in_block = value->is_inner && !value->is_chunked;
            feed.structs_at = feed.offset;
            feed.kind = HM_FEED_REFERENCES;
            feed.offset = take_place(layout, sizeof(void *));
        }
    } else if (parameter->shape == HM_ONE && parameter->pass == HM_BY_VALUE &&
               is_simple(parameter->type)) {
        feed.kind = HM_FEED_REPEATED;
        if (layout->placed_for[v] != layout->number) {
            layout->placed_for[v] = layout->number;
            // It stays as it is from block to block.
            layout->place[v] = take_new_place(layout, feed.size);
        }
        feed.offset = layout->place[v];
    }
    return feed;
}

static hm_feed feed_output(hm_layout *layout, uint32_t v) {
    const hm_plan_value *value = &layout->plan->values[v];
    hm_feed feed = {
            .kind = HM_FEED_STREAM, .size = (uint32_t)hm_plan_level_size(value, 0)};
    if (value->is_chunked) {
        feed.kind = HM_FEED_CHUNK;
        feed.offset = layout->place[v] = layout->pipeline->chunk_row_size;
        layout->pipeline->chunk_row_size += feed.size;
    } else if (value->is_inner) {
        feed.kind = HM_FEED_BLOCK;
        feed.offset = layout->place[v] = take_place(layout, feed.size);
    }
    return feed;
}

static void end_inner(hm_layout *layout, uint32_t call, uint32_t v) {
    v = hm_plan_memory_of(layout->plan, v);
    const hm_plan_value *value = &layout->plan->values[v];
    if (value->is_inner && !value->is_chunked && layout->last_use[v] == call) {
        layout->last_use[v] = HM_NONE; // it may stand there twice
        give_place_back(
                layout, layout->place[v], (uint32_t)hm_plan_level_size(value, 0));
    }
}

// A reduction finds all in slots, or in the memory of its chunk: it does not go from
// block to block.
static void feed_reduction(
        hm_layout *layout, uint32_t call, hm_feed *feeds, uint32_t *record_at) {
    const hm_function *function = hm_plan_graph_call(layout->plan, call)->function;
    const hm_operand *operands = hm_plan_operands(layout->plan, call);
    hm_pipeline *pipeline = layout->pipeline;
    size_t alignment = function->outputs[0].type->alignment;
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        uint32_t v = hm_plan_memory_of(layout->plan, operands[i].value);
        bool is_in_chunk = layout->plan->values[v].is_chunked;
        feeds[i] = (hm_feed){.kind = HM_FEED_SAME,
                .is_in_chunk = is_in_chunk,
                .offset = is_in_chunk ? layout->place[v] : 0};
    }
    pipeline->record_size =
            (pipeline->record_size + alignment - 1) / alignment * alignment;
    *record_at = (uint32_t)pipeline->record_size;
    pipeline->record_size += function->outputs[0].type->size;
}

// Lays out a member's operands; returns the bytes of a row that it has in arrays.
static size_t feed_member(hm_layout *layout, uint32_t m) {
    const hm_plan *plan = layout->plan;
    hm_pipeline *pipeline = layout->pipeline;
    uint32_t call = pipeline->first_call + m;
    hm_feed *feeds = &pipeline->feeds[pipeline->first_feed[m]];
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_operand *operands = hm_plan_operands(plan, call);
    size_t streams = 0;
    if (hm_plan_call_is_reduction(plan, call)) {
        feed_reduction(layout, call, feeds, &pipeline->record_at[m]);
        return 0;
    }
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        if (hm_plan_call_is_passing(plan, call)) {
            feeds[i] = (hm_feed){.kind = HM_FEED_SAME};
            continue;
        }
        bool is_parameter = i < function->parameter_count;
        feeds[i] = is_parameter ? feed_parameter(layout, &function->parameters[i],
                                          operands[i].value)
                                : feed_output(layout, operands[i].value);
        bool is_stream =
                feeds[i].kind == HM_FEED_STREAM || feeds[i].kind == HM_FEED_CHUNK;
        streams += is_stream ? feeds[i].size : 0;
    }
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        if (feeds[i].kind == HM_FEED_REFERENCES) {
            give_place_back(layout, feeds[i].offset, sizeof(void *));
        }
        end_inner(layout, call, operands[i].value);
    }
    return streams;
}

static uint32_t best_length(size_t row_size) {
    size_t length = cache_size() / row_size / SHORTEST_BLOCK * SHORTEST_BLOCK;
    length = length < SHORTEST_BLOCK ? SHORTEST_BLOCK : length;
    return (uint32_t)(length < LONGEST_BLOCK ? length : LONGEST_BLOCK);
}

static hm_status lay_out(hm_layout *layout) {
    hm_plan *plan = layout->plan;
    hm_pipeline *pipeline = layout->pipeline;
    pipeline->first_feed = hm_arena_array(
            &plan->arena, pipeline->call_count, sizeof *pipeline->first_feed);
    pipeline->record_at = hm_arena_array(
            &plan->arena, pipeline->call_count, sizeof *pipeline->record_at);
    if (pipeline->first_feed == NULL || pipeline->record_at == NULL) {
        return HM_NO_MEMORY;
    }
    pipeline->record_size = 2 * sizeof(uint32_t);
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        uint32_t call = pipeline->first_call + m;
        const hm_function *function = hm_plan_graph_call(plan, call)->function;
        pipeline->first_feed[m] = pipeline->feed_count;
        pipeline->feed_count += (uint32_t)hm_operand_count(function);
        uint32_t depth =
                hm_plan_call_has_inner(plan, call) ? plan->calls[call].loop_depth : 0;
        pipeline->inner_depth =
                depth > pipeline->inner_depth ? depth : pipeline->inner_depth;
        for (size_t i = 0; i < hm_operand_count(function); i++) {
            uint32_t v = hm_plan_operands(plan, call)[i].value;
            layout->last_use[hm_plan_memory_of(plan, v)] = call;
        }
    }
    pipeline->feeds =
            hm_arena_array(&plan->arena, pipeline->feed_count, sizeof(hm_feed));
    if (pipeline->feeds == NULL) {
        return HM_NO_MEMORY;
    }
    size_t streams = 0;
    layout->gap_count = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        size_t own = feed_member(layout, m);
        streams = own > streams ? own : streams;
    }
    if (pipeline->inner_depth > 0) {
        pipeline->first_stock = plan->stock_count;
        plan->stock_count += 2 * hm_pipeline_sharers(plan, pipeline);
    }
    uint32_t asked = plan->block_length < MOST_ROWS ? plan->block_length : MOST_ROWS;
    size_t row_size = pipeline->row_size + streams;
    pipeline->block_length = asked != 0      ? asked
                             : row_size != 0 ? best_length(row_size)
                                             : LONGEST_BLOCK;
    return HM_OK;
}

hm_status hm_plan_blocks(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_arena *arena = &compilation->arena;
    if (plan->pipeline_count == 0) {
        return HM_OK;
    }
    hm_layout layout = {.plan = plan,
            .last_use = hm_arena_array(arena, plan->value_count, sizeof(uint32_t)),
            .place = hm_arena_array(arena, plan->value_count, sizeof(size_t)),
            .placed_for = hm_arena_array(arena, plan->value_count, sizeof(uint32_t)),
            .gaps = hm_arena_array(arena, plan->operand_count, sizeof(hm_gap))};
    if (layout.last_use == NULL || layout.place == NULL || layout.placed_for == NULL ||
            layout.gaps == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        layout.pipeline = &plan->pipelines[i];
        layout.number = i + 1; // nothing was placed for pipeline 0
        HM_TRY(lay_out(&layout));
    }
    return HM_OK;
}
