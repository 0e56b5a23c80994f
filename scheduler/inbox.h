// inbox.h — ready tickets that came from outside of the workers, or again: roots of
// submitted jobs, tasks that waited for a limit, and what became ready when a task
// ended that no worker held. First come, first served.

#ifndef HM_SCHEDULER_INBOX_H
#define HM_SCHEDULER_INBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "scheduler/job.h"

typedef struct hm_inbox {
    uv_mutex_t lock;
    hm_ticket *first[HM_LEVEL_COUNT]; // protected by lock, as last
    hm_ticket *last[HM_LEVEL_COUNT];
    _Atomic(uint32_t) counts[HM_LEVEL_COUNT]; // written with the lock held
} hm_inbox;

// A zeroed inbox. False if the system has no more locks.
bool hm_inbox_init(hm_inbox *inbox);
void hm_inbox_finish(hm_inbox *inbox);

// Any thread, as all that follow. Afterwards a sequentially consistent load sees
// everybody who went idle without having seen this ticket.
void hm_inbox_put(hm_inbox *inbox, hm_ticket *ticket);

// The next ticket of the level, or the next of one job if that is not NULL; NULL if
// there is none.
hm_ticket *hm_inbox_take(hm_inbox *inbox, hm_level level, const hm_job *only);

// Sequentially consistent.
bool hm_inbox_has(hm_inbox *inbox, hm_level level, const hm_job *only);

#endif
