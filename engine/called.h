// called.h — a hooked call while it is under way: in through the hooks of its adapters,
// the outermost first, to the function, and out again in reverse.
//
//     before 0 ▶ before 1 ▶ call ▶ after 1 ▶ after 0
//
// A hook can turn it round, by giving the results; have it go in once more; or, if the
// call is guarded, have it wait where it is.

#ifndef HM_ENGINE_CALLED_H
#define HM_ENGINE_CALLED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "engine/adapted.h"
#include "engine/failure.h"
#include "scheduler/job.h"

typedef struct hm_run hm_run; // engine/run.h

typedef enum hm_stage {
    HM_STAGE_NONE, // it is not under way
    HM_STAGE_IN,
    HM_STAGE_CALL,
    HM_STAGE_OUT,
} hm_stage;

// What a hook wants to happen next.
typedef enum hm_turn {
    HM_TURN_NONE,  // go on
    HM_TURN_ROUND, // the results are there
    HM_TURN_BACK,  // in once more
    HM_TURN_HOLD,
} hm_turn;

// What is kept of a link while the call is in it.
typedef struct hm_link_state {
    hm_memo memo;
    uint64_t limit; // by uv_hrtime(): when its adapter wants the call back, or 0
} hm_link_state;

typedef struct hm_called {
    hm_call call; // first: a pointer to it is a pointer to all
    hm_run *run;
    const hm_hooked *hooked;
    hm_link_state *states; // by link
    hm_stage stage;
    hm_turn turn;
    uint32_t depth; // how many links it is in
    bool is_in_hook;
    bool is_back;               // it waits before it goes in once more
    _Atomic(size_t) done_count; // rows, if somebody follows them; relaxed
} hm_called;

// Prepares those of a new run.
void hm_called_init(hm_called *called, hm_run *run, const hm_hooked *hooked);

// That of a call, or NULL if it is not hooked.
hm_called *hm_called_of(const hm_run *run, uint32_t call);

// Makes the call, from the beginning or from where it waited. Done: what became of it
// is noted. Pending, if it is guarded: whoever called has nothing more to do with the
// run.
hm_task_outcome hm_called_run(hm_called *called);

// This thread turns to rows of it, and has done with them.
void hm_called_begin_rows(hm_called *called, size_t first, size_t count);
void hm_called_end_rows(hm_called *called, size_t first, size_t count);

// So many of its rows were done more, on this thread.
void hm_called_progress(hm_called *called, size_t count);

// So many rows of a member of a pipeline failed and are missing; why the first did.
void hm_called_tell_rows(const hm_called *called, size_t count, const char *message);

// The function failed, or was not called because the run is stopped: its adapters are
// to hear of it before it is noted.
void hm_called_fail(hm_called *called, const hm_failure *failure);
void hm_called_stop(hm_called *called);

// The same for an adapter that failed, at what it was doing.
void hm_called_fail_adapter(hm_called *called, const hm_adapter *adapter,
        hm_status status, const char *doing, const hm_error *said);

// The time at which its function is told to come back, or 0.
uint64_t hm_called_limit(const hm_called *called);

// Goes on for seen.c with a call that fails there: it is in so many links, whose memos
// these are. What becomes of it is to be said next, and then it is run.
void hm_called_take_over(hm_called *called, const hm_memo *memos, uint32_t depth);

// For the member of a pipeline, which adapters only see: false if it fails, which is
// noted. Closing tells what became of it, if it was opened.
bool hm_called_open(hm_called *called);
void hm_called_close(hm_called *called);

#endif
