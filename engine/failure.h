// failure.h — what is said of a call that failed: the node, where it stands, why, what
// it was called with, and who asked for it.

#ifndef HM_ENGINE_FAILURE_H
#define HM_ENGINE_FAILURE_H

#include <stdint.h>

#include "base/diagnostics.h"
#include "engine/lanes.h"
#include "engine/run.h"

// Why a call could not be run, or did not succeed.
typedef struct hm_failure {
    hm_status status; // HM_NODE_FAILED, HM_LENGTH_MISMATCH, HM_BAD_DATA: elements are
                      // missing, HM_NO_MEMORY or HM_TOO_LARGE
    int code;         // what the function returned
    const char *said; // and what it said, or NULL
    uint32_t depth;   // of a mapped call: at which place it failed
    size_t place[HM_DEPTH_LIMIT];
    hm_null_expansion null; // of a function that did not fail
    size_t start; // of a function that reduces arrays: the elements that it was given,
    size_t count; // or 0: all
    const char *frame;    // where arrays that it was given in part are, or NULL,
    const uint32_t *at;   // by parameter
    const hm_lane *lanes; // of a call that goes through its rows block by block: those
    size_t lane_row;      // of the block, and its row there; else NULL
    bool is_told;         // its message was told before:
    const char *told;     // this, or NULL if memory ran out
    bool is_stopped;      // of HM_NODE_FAILED: the run was, before all rows were done
    bool is_null;         // of HM_BAD_DATA: a string is a null pointer
    uint32_t parameters[2]; // whose lengths differ; of which elements are missing
    size_t lengths[2];      // the lengths; how many are missing, and the first of them
} hm_failure;

// What hm_fail said on this thread if the function returned its status, else NULL.
const char *hm_failure_said(int code);

// Notes that the call did not succeed, with a message that tells why. Stops the run
// unless it keeps going. If the run was stopped before it is noted like
// hm_failure_stop.
void hm_failure_note(hm_run *run, uint32_t call, const hm_failure *failure);

// The message alone, kept in the run's arena; NULL if memory ran out. Any thread.
const char *hm_failure_tell(hm_run *run, uint32_t call, const hm_failure *failure);

// Notes that the call did not succeed, with a message that was told before.
void hm_failure_note_told(
        hm_run *run, uint32_t call, hm_status status, const char *message);

// Whether nobody waits for the run's nodes any more. One that comes back early, with
// any status, does what it was asked to.
bool hm_failure_is_moot(const hm_run *run);

// Whether a call failed only because the run is stopped.
bool hm_failure_is_of_stop(const hm_run *run, const hm_failure *failure);

// The first call that a call waits for in vain, or HM_NONE.
uint32_t hm_failure_need(const hm_run *run, uint32_t call);

// Notes that a call is skipped because of another one that did not succeed.
void hm_failure_skip(hm_run *run, uint32_t call, uint32_t need);

// Notes that a call is not run because the run is stopped.
void hm_failure_stop(hm_run *run, uint32_t call);

#endif
