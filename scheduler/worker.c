// worker.c — finding tasks and executing them. Of the successors that a task makes
// ready the first is run next by the same worker, without going through a queue: a
// chain stays where its values are.

#include "scheduler/worker.h"

#include <stddef.h>

#include "scheduler/pool.h"

enum { STEAL_LIMIT = 15, FEW = 8 };

static _Thread_local hm_worker *current;

hm_worker *hm_worker_current(void) {
    return current;
}

void hm_worker_set_current(hm_worker *worker) {
    current = worker;
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

// More of what a victim has, for later, while its lines are with us: a thief that comes
// for each ticket keeps its victim waiting for them as often. At most half, so that the
// two share; and of a few no more than the one, for who has two while another has none
// is late.
static void steal_more(hm_worker *worker, hm_deque *deque) {
    int64_t count = (hm_deque_count(deque) - FEW) / 2;
    for (int64_t i = 0; i < count && i < STEAL_LIMIT; i++) {
        hm_ticket *ticket;
        if (hm_deque_steal(deque, &ticket) != HM_STEAL_TAKEN) {
            return;
        }
        hm_worker_offer(worker, ticket);
    }
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
            hm_deque *deque = &pool->workers[number].deque;
            hm_steal outcome = hm_deque_steal(deque, &ticket);
            if (outcome == HM_STEAL_TAKEN) {
                worker->victim = number;
                steal_more(worker, deque);
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

// Counts so many dependencies of the task down; true if they were the last.
static bool fires(const hm_task_set *set, hm_ticket *ticket, uint32_t done_count) {
    uint32_t count = set->dependency_count[ticket->task];
    if (count == done_count) {
        return true;
    }
    // Release: the task that fires sees what this one wrote. Acquire: if it is us who
    // fire it, we see what all the others wrote.
    if (atomic_fetch_sub_explicit(&ticket->open, done_count, memory_order_acq_rel) !=
            done_count) {
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

// Whether a task has no successor but this one.
static bool leads_only_to(const hm_task_set *set, uint32_t task, uint32_t successor) {
    uint32_t begin = set->first_successor[task];
    return set->first_successor[task + 1] - begin == 1 &&
           set->successors[begin] == successor;
}

// Runs the ticket's task, and then those of our own that, like it, have one successor,
// and the same: they are counted down at once, which is as early as the successor can
// fire, and its counter does not travel from worker to worker for each of them. Returns
// how many were run.
static uint32_t run_siblings(hm_worker *worker, hm_ticket *ticket) {
    hm_job *job = ticket->job;
    const hm_task_set *set = job->set;
    job->run(job->context, ticket->task);
    uint32_t begin = set->first_successor[ticket->task];
    if (set->first_successor[ticket->task + 1] - begin != 1 ||
            set->dependency_count[set->successors[begin]] == 1) {
        return 1;
    }
    uint32_t successor = set->successors[begin];
    uint32_t count = 1;
    for (;; count++) {
        // As long as the successor waits for us the job's tickets are there. Another
        // job's may be gone if the ticket was stolen: its place is all that is looked
        // at.
        uintptr_t place = (uintptr_t)hm_deque_peek(&worker->deque);
        uintptr_t first = (uintptr_t)job->tickets;
        if (place < first || place >= (uintptr_t)(job->tickets + set->task_count)) {
            return count;
        }
        uint32_t task = (uint32_t)((place - first) / sizeof *job->tickets);
        if (!leads_only_to(set, task, successor)) {
            return count;
        }
        hm_ticket *sibling = hm_deque_pop(&worker->deque);
        if (sibling == NULL) {
            return count;
        }
        job->run(job->context, sibling->task);
    }
}

// Returns the next ticket to execute, or NULL.
static hm_ticket *complete(hm_worker *worker, hm_ticket *ticket, uint32_t done_count) {
    hm_job *job = ticket->job;
    const hm_task_set *set = job->set;
    uint32_t begin = set->first_successor[ticket->task];
    uint32_t end = set->first_successor[ticket->task + 1];
    if (begin == end) {
        finish_sink(worker, job);
        return NULL;
    }
    // From the last to the first: the first is next, and the others are found in the
    // deque in their order.
    hm_ticket *next = NULL;
    for (uint32_t i = end; i-- > begin;) {
        hm_ticket *successor = &job->tickets[set->successors[i]];
        if (!fires(set, successor, done_count)) {
            continue;
        }
        if (next != NULL) {
            hm_worker_offer(worker, next);
        }
        next = successor;
    }
    return next;
}

void hm_worker_execute(hm_worker *worker, hm_ticket *ticket) {
    while (ticket != NULL) {
        uint32_t done_count = run_siblings(worker, ticket);
        ticket = complete(worker, ticket, done_count);
    }
}
