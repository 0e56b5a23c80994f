// course.h — one execution of a pipeline: the beginning of its scratch memory, which
// the memory of every worker follows.

#ifndef HM_ENGINE_COURSE_H
#define HM_ENGINE_COURSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/called.h"
#include "engine/pipeline.h"
#include "engine/run.h"

// Workers that share a pipeline, at most.
enum { HM_MOST_SHARES = 64 };

// What became of a member. Members that a worker runs after all, since it has not
// heard, change nothing that is looked at; but no worker leaves out a member and then
// runs one that reads what is not there. Whoever notes a failure therefore says first
// that there is trouble, then turns readers off, the last one first, and only then the
// member itself, each by release: who finds one off, or failed, by acquire, finds those
// behind it off, too. All else is relaxed, but for what the run's lock protects.
typedef struct hm_member_course {
    _Atomic(bool) is_off;       // it is not run, or not any more
    bool reads_failed;          // it will be off; protected by the run's lock
    bool is_needed;             // by a member that is run
    bool may_miss;              // rows: what it reads does
    _Atomic(bool) misses;       // it did
    _Atomic(size_t) failed_row; // the lowest; SIZE_MAX if none did
    size_t missing_from;        // its arrays end here, others go on
    const char *message; // of the failed row, or chunk of a reduction, which its first
    hm_status status;    // row stands for; both protected by the run's lock
    _Atomic(uint64_t) spent; // nanoseconds

    // Rows that failed and are missing; the lowest of them, and why it failed, which is
    // protected by the run's lock.
    bool contains;
    _Atomic(size_t) contained_count;
    _Atomic(size_t) contained_row; // SIZE_MAX if there are none
    const char *contained_message;
} hm_member_course;

// One execution of a pipeline: the beginning of its scratch memory.
typedef struct hm_course {
    _Alignas(HM_CACHE_LINE) _Atomic(size_t) cursor; // rows below it were handed out
    _Alignas(HM_CACHE_LINE) _Atomic(uint32_t) share_count; // workers that came
    _Atomic(bool) is_troubled;     // there is something to ask before running a member
    _Atomic(bool) is_stopped;      // rows were not run
    _Atomic(uint32_t) last_member; // members behind it need not run any further
    _Atomic(uint64_t) spent;       // nanoseconds of all workers
    size_t length;                 // of the longest member
    double row_cost;               // nanoseconds of all members, 0 if not known
    char *records;                 // of chunks; NULL if no reduction is to be run
    char *chunks;                  // memory of chunks that are under way
    uint32_t chunk_count;          // how many that is for,
    size_t chunk_room;             // each of so many rows
    _Atomic(bool) is_taken[HM_MOST_SHARES + 1]; // by memory of a chunk
} hm_course;

// A member as a worker runs it.
typedef struct hm_member {
    hm_rows_thunk *rows; // or NULL
    void **at;           // of `rows`, by operand
    const hm_function *function;
    const hm_lane *lanes; // by operand
    hm_called *followed;  // of whose rows adapters want to hear, or NULL
    bool has_references;
    bool has_arrays; // inside of its rows
    bool is_reduction;
    bool is_mapped; // it is run block by block
} hm_member;

// An operand that moves on from block to block.
typedef struct hm_stream {
    void **at;
    void **lane;
    char *data;
    size_t first; // the row that is there
    size_t size;
    size_t offset; // in the memory of each chunk; SIZE_MAX: in an array
} hm_stream;

// Where the parts of the scratch memory are.
typedef struct hm_division {
    size_t members;
    size_t first_share;
    size_t at; // in a share, behind the lanes
    size_t runners;
    size_t streams;
    size_t masks;   // a bitmap of a block's rows by output: those that are there
    size_t shifted; // lanes of one member, further on
    size_t inner;   // what members over inner arrays have for each level
    size_t frame;
    size_t block;
    size_t share_size;
} hm_division;

hm_division hm_course_divide(const hm_plan *plan, const hm_pipeline *pipeline);

hm_course *hm_course_of(const hm_run *run, const hm_pipeline *pipeline);
hm_member_course *hm_course_members(const hm_run *run, const hm_pipeline *pipeline);

// Bytes of the bitmap of a block's rows.
size_t hm_course_mask_size(const hm_pipeline *pipeline);

// Rows that a block has room for: each value's begin on a cache line.
size_t hm_course_block_room(const hm_pipeline *pipeline);

// How many rows of a chunk are done.
_Atomic(uint32_t) *hm_course_done(
        const hm_course *course, const hm_pipeline *pipeline, size_t chunk);

// Which memory the chunk's rows are in, HM_NONE before they are begun.
_Atomic(uint32_t) *hm_course_chunk(
        const hm_course *course, const hm_pipeline *pipeline, size_t chunk);

// Rows that the memory of a chunk has room for, where there are so many in all, and how
// many chunks are under way at most: each worker is in one, and since rows are handed
// out one after the other, one more is begun and not done.
size_t hm_course_chunk_room(size_t length);
uint32_t hm_course_chunk_count(const hm_plan *plan, size_t length);

// What a reduction made of a chunk.
void *hm_course_record(
        const hm_course *course, const hm_pipeline *pipeline, uint32_t m, size_t chunk);

// The first row of a member that failed, or SIZE_MAX. Acquire: its readers are off.
static inline size_t hm_course_failed_row(const hm_member_course *member) {
    return atomic_load_explicit(&member->failed_row, memory_order_acquire);
}

// Acquire: its readers are off, too.
static inline bool hm_course_is_off(const hm_member_course *member) {
    return atomic_load_explicit(&member->is_off, memory_order_acquire);
}

// From now on workers ask before they run a member.
static inline void hm_course_trouble(hm_course *course) {
    atomic_store_explicit(&course->is_troubled, true, memory_order_relaxed);
}

#endif
