// pipeline.h — mapped calls over one dimension that go through their rows together,
// block by block, see fuse.c. The rows are shared by workers: each takes a portion of
// them, runs all members over its first block, then over the next, and takes another
// portion when it is through:
//
//     open ──▶ work, on every worker ──▶ close
//
// Members that are reductions run on chunks of a fixed length, each when all members
// before have run on its rows, on the worker who has done the last of these. What they
// make of a chunk is kept in a record of it; `close` combines the records in their
// order.
//
// What a member makes lies in block memory, of which every worker has its own, if only
// other members need it, and else in its array. What reductions read of that lies in
// the memory of the chunk instead, wherever its rows are run; it is used again for
// another chunk.

#ifndef HM_ENGINE_PIPELINE_H
#define HM_ENGINE_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/failure.h"
#include "engine/plan.h"

// Where a member finds an operand of a block.
typedef enum hm_feed_kind {
    HM_FEED_STREAM,     // in an array, as long as the dimension
    HM_FEED_BLOCK,      // in block memory
    HM_FEED_SAME,       // one for all rows, and all that a reduction has: in its slot
    HM_FEED_REPEATED,   // likewise, but as often in block memory as a block has rows
    HM_FEED_CHUNK,      // in the memory of a chunk
    HM_FEED_REFERENCES, // structs by reference: pointers to them, in block memory
} hm_feed_kind;

typedef struct hm_feed {
    hm_feed_kind kind;
    uint32_t size;     // of an element, as it is stored
    size_t offset;     // in that memory, in bytes for each row that it has room for
    bool is_in_chunk;  // what a reduction reads, or the structs of references,
    bool is_in_block;  // or these
    size_t structs_at; // there
} hm_feed;

struct hm_pipeline {
    bool is_alone;       // a call whose own step runs it, see hm_pipeline_run_alone
    uint32_t first_call; // its members stand one behind the other
    uint32_t call_count;
    hm_feed *feeds; // of the operands of all members
    uint32_t feed_count;
    uint32_t *first_feed; // by member
    uint32_t block_length;
    uint32_t reduction_count; // of the members
    uint32_t mapped_count;    // that are run block by block
    uint32_t *record_at;      // by member: where a record has what a reduction made
    size_t record_size;    // bytes of one chunk's: how many of its rows are done, where
                           // their memory is, then that
    uint32_t records;      // the level of the records and of chunks' memory, or HM_NONE
    size_t row_size;       // bytes of a row in block memory
    size_t chunk_row_size; // likewise of a chunk
    size_t frame_size;     // of what hm_lanes_run needs
    size_t scratch;        // where its part of a run's scratch memory begins
    uint32_t inner_depth;  // the most dimensions of a member that makes inner arrays; 0
                           // if none does
    uint32_t first_stock;  // of a run: two for each worker, what is left to the block
                           // and what is not
};

// Finds which values of pipelines, whose members are known, live no longer than a block
// or chunk, and which are others that are passed on.
void hm_plan_find_inner(hm_plan *plan);

// How many workers may share the rows of a pipeline, and of one that is not alone.
uint32_t hm_pipeline_sharers(const hm_plan *plan, const hm_pipeline *pipeline);
uint32_t hm_pipeline_share_count(const hm_plan *plan);

// The length that inputs tell, or SIZE_MAX.
size_t hm_pipeline_length(const hm_plan *plan, const hm_pipeline *pipeline);

// How much of a run's scratch memory the pipeline needs.
size_t hm_pipeline_scratch_size(const hm_plan *plan, const hm_pipeline *pipeline);

// The steps. Each looks for itself how the run goes. `close` is false if a member did
// not succeed; what became of them is noted.
void hm_pipeline_open(hm_run *run, uint32_t pipeline);
void hm_pipeline_work(hm_run *run, uint32_t pipeline);
bool hm_pipeline_close(hm_run *run, uint32_t pipeline);

// All three for one that is alone. What became of it is not noted but returned, as of
// hm_rows_run: its adapters have a say in it.
hm_status hm_pipeline_run_alone(hm_run *run, uint32_t pipeline, hm_failure *failure);

#endif
