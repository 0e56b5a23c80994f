// job.c — see job.h.

#include "scheduler/job.h"

void hm_job_init(hm_job *job, const hm_task_set *set, hm_ticket *tickets,
        _Atomic(uint32_t) *open_needs,
        hm_task_outcome (*run)(void *context, uint32_t task), void *context) {
    *job = (hm_job){.set = set,
            .tickets = tickets,
            .open_needs = open_needs,
            .run = run,
            .context = context,
            .level = HM_LEVEL_NORMAL};
    for (uint32_t task = 0; task < set->task_count; task++) {
        tickets[task] = (hm_ticket){.job = job, .task = task};
        atomic_init(&open_needs[task], set->dependency_count[task]);
    }
}

bool hm_job_has(const hm_job *job, const hm_ticket *ticket) {
    uintptr_t first = (uintptr_t)job->tickets;
    uintptr_t end = (uintptr_t)(job->tickets + job->set->task_count);
    return (uintptr_t)ticket >= first && (uintptr_t)ticket < end;
}
