// progress.h — how far a run is, and what is shown of that; see <hamilton/progress.h>.

#ifndef HM_ADAPTERS_PROGRESS_PROGRESS_H
#define HM_ADAPTERS_PROGRESS_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/progress.h>

typedef enum hm_progress_state {
    HM_PROGRESS_WAITING,
    HM_PROGRESS_UNDER_WAY,
    HM_PROGRESS_DONE, // or it will not be called
} hm_progress_state;

// Of a node; relaxed, all: what is shown may be a little behind.
typedef struct hm_progress_node {
    _Atomic(uint64_t) row_count; // once it has begun
    _Atomic(uint64_t) done_count;
    _Atomic(uint32_t) state; // hm_progress_state
} hm_progress_node;

typedef struct hm_progress_run {
    struct hm_progress_run *next; // those that began later; protected by the lock of
                                  // the whole
    const hm_planned *planned;
    bool is_dismissed; // protected by it, too
    uint64_t begun;    // by uv_hrtime()
    _Atomic(uint32_t) done_count;
    hm_progress_node nodes[]; // by number
} hm_progress_run;

enum { HM_PROGRESS_LINE_SIZE = 512 };

// Each returns the length of what it wrote into a line, and ends it with a NUL.

// A drawing over what was drawn before, no wider than so many columns.
size_t hm_progress_draw(const hm_progress_run *run, uint64_t now, size_t width,
        bool has_colour, char line[HM_PROGRESS_LINE_SIZE]);

// A line of a log; and the last one of a run.
size_t hm_progress_tell(
        const hm_progress_run *run, uint64_t now, char line[HM_PROGRESS_LINE_SIZE]);
size_t hm_progress_tell_end(const hm_progress_run *run, uint64_t now, hm_status status,
        char line[HM_PROGRESS_LINE_SIZE]);

#endif
