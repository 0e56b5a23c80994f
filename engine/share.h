// share.h — what a worker has of a pipeline, for share.c, which runs mapped members
// block by block, and chunks.c, which runs reductions.

#ifndef HM_ENGINE_SHARE_H
#define HM_ENGINE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/course.h"
#include "engine/failure.h"

// Of this many blocks, or chunks, one is looked at, member by member.
enum { HM_SAMPLE_PERIOD = 8 };

// The memory of one worker.
typedef struct hm_share {
    hm_run *run;
    const hm_pipeline *pipeline;
    hm_course *course;
    uint32_t index; // of the worker
    hm_member_course *members;
    hm_member *runners; // the members, once more
    hm_lane *lanes;     // by feed
    void **at;          // likewise: their data
    hm_stream *streams; // at most as many
    uint32_t stream_count;
    uint8_t *masks; // by feed, of outputs
    size_t mask_size;
    hm_lane *shifted;   // lanes of one member
    char *inner;        // see nest.h
    hm_stock *lent;     // of what is left to the block
    hm_stock *kept;     // of what lives on
    size_t inner_bytes; // that the block took
    char *frame;
    char *block;
    char *chunk;         // memory of the chunk that it is in
    size_t block_room;   // rows
    size_t block_length; // of the last block of inner arrays, or 0
    uint32_t block_count;
    uint32_t chunk_count; // that it reduced
} hm_share;

// A member failed in a row, or in the chunk that begins there.
void hm_share_note_failure(
        hm_share *share, uint32_t m, size_t row, const hm_failure *failure);

// A row of a block that failed is missing, if that is allowed, and the others go on.
// False if not.
bool hm_share_contain_row(hm_share *share, uint32_t m, size_t start,
        const hm_lanes_failure *where, size_t row, int code);

// Whether rows of what a parameter reads may be missing, so that the member is not run
// on them. Floating values are NaN then.
static inline bool hm_share_may_miss(const hm_plan_value *value, hm_shape shape) {
    bool is_nan = value->depth == 1 && value->type->kind == HM_KIND_FLOAT;
    return value->depth > (shape == HM_ARRAY) && !is_nan;
}

// Which of a block's rows a member is to be run on, if it may_miss: those of which
// nothing that it reads is missing. A floating type has NaN there, and goes without; a
// switch reads the branch that a row takes.
uint8_t *hm_share_find_present(hm_share *share, uint32_t m, size_t start, size_t count);

// The member was run on these rows: the others, and strings that are null pointers, are
// missing.
void hm_share_note_missing(hm_share *share, uint32_t m, size_t start, size_t count);

// Whether rows are left that nobody needs any more.
bool hm_share_is_stopped(hm_share *share);

// Goes to the memory of a chunk, rows of which are run next. There is enough, unless
// workers have been stopped in theirs: then false.
bool hm_share_enter_chunk(hm_share *share, size_t chunk);

// Gives it back: all rows of the chunk are done, and reduced.
void hm_share_leave_chunk(hm_share *share, size_t chunk);

// Runs all reductions on a chunk, all rows of which are done.
void hm_share_reduce(hm_share *share, size_t number);

#endif
