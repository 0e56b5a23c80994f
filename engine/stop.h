// stop.h — why a run begins no further node, and how those who are in it hear of it.

#ifndef HM_ENGINE_STOP_H
#define HM_ENGINE_STOP_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hm_run hm_run; // engine/run.h

typedef enum hm_stop {
    HM_STOP_NOT,
    HM_STOP_FAILED, // a call failed, and the run does not keep going
    HM_STOP_CANCELLED,
    HM_STOP_LATE, // its deadline has passed
} hm_stop;

// Any thread: nothing more is begun. Tasks that wait for room in a limit go on to their
// ends. The first reason stays.
void hm_stop_run(hm_run *run, hm_stop reason);

// Whether the run is stopped, looking at what can stop it. Any thread.
bool hm_stop_is_due(hm_run *run);

// Where the run stands that functions on this thread belong to, for hm_should_stop.
hm_run **hm_stop_place(void);

// When functions on this thread are told to come back, by uv_hrtime(); 0 for never.
// Returns what was set before.
uint64_t hm_stop_set_limit(uint64_t time);

// Whether a node on this thread has heard, since that was forgotten, that its run
// needs it no longer: whatever it returns then is no failure.
bool hm_stop_was_told(void);
void hm_stop_forget_told(void);

#endif
