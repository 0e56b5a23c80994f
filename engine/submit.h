// submit.h — executions that nobody waits for.

#ifndef HM_ENGINE_SUBMIT_H
#define HM_ENGINE_SUBMIT_H

#include <stdbool.h>

#include <hamilton/plan.h>

#include "scheduler/loop.h"

// What a run has while it is submitted.
typedef struct hm_submission {
    hm_run_done *done;
    void *context;
    hm_note begun; // on its way to the loop: there is something to watch
    hm_note ended;
    hm_alarm alarm; // loop's thread only
    bool is_held;   // the loop is, until the owner is told
} hm_submission;

#endif
