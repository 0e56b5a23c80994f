// job.c — see job.h.

#include "scheduler/job.h"

void hm_job_init(hm_job *job, const hm_task_set *set, hm_ticket *tickets,
        void (*run)(void *context, uint32_t task), void *context) {
    *job = (hm_job){.set = set, .tickets = tickets, .run = run, .context = context};
    for (uint32_t task = 0; task < set->task_count; task++) {
        tickets[task] = (hm_ticket){.job = job, .task = task};
        atomic_init(&tickets[task].open, set->dependency_count[task]);
    }
}
