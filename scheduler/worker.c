// worker.c — finding tasks and executing them. The first successor that a task makes
// ready is run next by the same worker, without going through a queue: a chain stays
// where its values are.

#include "scheduler/worker.h"

#include <stddef.h>

#include "scheduler/pool.h"

static _Thread_local hm_worker *current;

hm_worker *hm_worker_current(void) {
    return current;
}

void hm_worker_set_current(hm_worker *worker) {
    current = worker;
}

static hm_ticket *steal(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    uint32_t count = atomic_load_explicit(&pool->worker_count, memory_order_acquire);
    bool was_lost;
    do {
        was_lost = false;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t number = (worker->victim + i) % count;
            if (number == worker->number) {
                continue;
            }
            hm_ticket *ticket;
            hm_steal outcome = hm_deque_steal(&pool->workers[number].deque, &ticket);
            if (outcome == HM_STEAL_TAKEN) {
                worker->victim = number;
                return ticket;
            }
            was_lost |= outcome == HM_STEAL_LOST;
        }
    } while (was_lost);
    return NULL;
}

hm_ticket *hm_worker_find(hm_worker *worker) {
    hm_ticket *ticket = hm_deque_pop(&worker->deque);
    if (ticket == NULL) {
        ticket = steal(worker);
    }
    return ticket != NULL ? ticket : hm_pool_take_from_inbox(worker->pool);
}

void hm_worker_offer(hm_worker *worker, hm_ticket *ticket) {
    // Once others can have the ticket its job may be over any time.
    hm_push pushed = hm_deque_push(&worker->deque, ticket);
    if (pushed == HM_PUSH_FULL) {
        hm_pool_put_into_inbox(worker->pool, ticket);
    }
    if (pushed != HM_PUSH_DONE) {
        hm_pool_call_help(worker->pool);
    }
}

// Counts one dependency of the task down; true if it was the last.
static bool fires(const hm_task_set *set, hm_ticket *ticket) {
    uint32_t count = set->dependency_count[ticket->task];
    if (count == 1) {
        return true;
    }
    // Release: the task that fires sees what this one wrote. Acquire: if it is us who
    // fire it, we see what all the others wrote.
    if (atomic_fetch_sub_explicit(&ticket->open, 1, memory_order_acq_rel) != 1) {
        return false;
    }
    // Relaxed: whoever counts down next was made ready by way of this task.
    atomic_store_explicit(&ticket->open, count, memory_order_relaxed);
    return true;
}

// The last sink ends the job. Once it is done its memory is the caller's again.
static void finish_sink(hm_worker *worker, hm_job *job) {
    hm_worker *caller = job->caller;
    // Acquire and release: the caller sees what all tasks wrote, by way of the last.
    if (atomic_fetch_sub_explicit(&job->open_sinks, 1, memory_order_acq_rel) != 1) {
        return;
    }
    // In the one total order with is_asleep: either we see that the caller sleeps, or
    // it sees that the job is done.
    atomic_store_explicit(&job->is_done, true, memory_order_seq_cst);
    if (caller != worker &&
            atomic_load_explicit(&caller->is_asleep, memory_order_seq_cst)) {
        hm_pool_wake(worker->pool, caller);
    }
}

// Returns the next ticket to execute, or NULL.
static hm_ticket *complete(hm_worker *worker, hm_ticket *ticket) {
    hm_job *job = ticket->job;
    const hm_task_set *set = job->set;
    uint32_t begin = set->first_successor[ticket->task];
    uint32_t end = set->first_successor[ticket->task + 1];
    if (begin == end) {
        finish_sink(worker, job);
        return NULL;
    }
    hm_ticket *next = NULL;
    for (uint32_t i = begin; i < end; i++) {
        hm_ticket *successor = &job->tickets[set->successors[i]];
        if (!fires(set, successor)) {
            continue;
        }
        if (next == NULL) {
            next = successor;
        } else {
            hm_worker_offer(worker, successor);
        }
    }
    return next;
}

void hm_worker_execute(hm_worker *worker, hm_ticket *ticket) {
    while (ticket != NULL) {
        ticket->job->run(ticket->job->context, ticket->task);
        ticket = complete(worker, ticket);
    }
}
