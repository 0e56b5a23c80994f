// spin.h — how long a worker that found nothing goes on looking before it sleeps: about
// as long as waking it would take; longer while a job is under way, since there will be
// more of it soon.

#ifndef HM_SCHEDULER_SPIN_H
#define HM_SCHEDULER_SPIN_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hm_spin {
    uint64_t begun;
    uint32_t look_count;
} hm_spin;

hm_spin hm_spin_begin(void);

// Pauses for a moment. False when it is time to sleep.
bool hm_spin_goes_on(hm_spin *spin, bool is_job_under_way);

#endif
