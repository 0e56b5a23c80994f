// spin.h — how long a worker that found nothing goes on looking before it sleeps: about
// as long as waking it would take.

#ifndef HM_SCHEDULER_SPIN_H
#define HM_SCHEDULER_SPIN_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hm_spin {
    uint64_t end;
} hm_spin;

hm_spin hm_spin_begin(void);

// Pauses for a moment. False when it is time to sleep.
bool hm_spin_goes_on(const hm_spin *spin);

#endif
