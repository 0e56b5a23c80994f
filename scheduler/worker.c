// worker.c — finding tasks and executing them. Of the successors that a task makes
// ready the first is run next by the same worker, without going through a queue: a
// chain stays where its values are.

#include "scheduler/worker.h"

#include <stddef.h>
#include <uv.h>

#include "base/probes.h"
#include "scheduler/pool.h"

enum { STEAL_LIMIT = 15, FEW = 8, REFILL_COUNT = 1024, BATCH_LIMIT = 64 };

static _Thread_local hm_worker *current;

hm_worker *hm_worker_current(void) {
    return current;
}

void hm_worker_set_current(hm_worker *worker) {
    current = worker;
}

// Of which job alone the worker takes up tasks; NULL for any.
static const hm_job *only_job(const hm_worker *worker) {
    return worker->wait.is_open ? NULL : worker->wait.job;
}

// Tickets of one job on their way into a deque.
typedef struct hm_batch {
    hm_deque *deque;
    hm_worker *caller; // the job's
    int64_t room;
    int64_t count;
} hm_batch;

static hm_batch begin_batch(hm_worker *worker, const hm_job *job) {
    hm_deque *deque = &worker->deques[job->level];
    if (deque->slots == NULL) {
        (void)hm_pool_open_deque(worker->pool, deque); // or there is no room
    }
    return (hm_batch){
            .deque = deque, .caller = job->caller, .room = hm_deque_room(deque)};
}

// Once others can have the tickets their job may be over any time.
static void end_batch(hm_worker *worker, hm_batch *batch) {
    if (batch->count > 0 && hm_deque_publish(batch->deque, batch->count)) {
        hm_pool_call_help(worker->pool, batch->caller);
    }
    batch->room -= batch->count;
    batch->count = 0;
}

static void add_to_batch(hm_worker *worker, hm_batch *batch, hm_ticket *ticket) {
    if (batch->count == batch->room) {
        ticket->next = worker->spare;
        worker->spare = ticket;
        return;
    }
    hm_deque_put(batch->deque, batch->count++, ticket);
    if (batch->count == BATCH_LIMIT) { // of many the first are begun early
        end_batch(worker, batch);
    }
}

void hm_worker_offer(hm_worker *worker, hm_ticket *ticket) {
    hm_batch batch = begin_batch(worker, ticket->job);
    add_to_batch(worker, &batch, ticket);
    end_batch(worker, &batch);
}

void hm_worker_offer_roots(hm_worker *worker, hm_job *job, uint32_t first) {
    const hm_task_set *set = job->set;
    hm_batch batch = begin_batch(worker, job);
    for (uint32_t i = set->root_count; i-- > first;) {
        add_to_batch(worker, &batch, &job->tickets[set->roots[i]]);
    }
    end_batch(worker, &batch);
}

static hm_ticket *pop(hm_worker *worker, hm_level level, const hm_job *only) {
    hm_deque *deque = &worker->deques[level];
    // A caller's deque may hold what lies beneath: of the job that executes this one.
    hm_ticket *bottom = hm_deque_peek(deque);
    if (bottom == NULL || (only != NULL && !hm_job_has(only, bottom))) {
        return NULL;
    }
    return hm_deque_pop(deque);
}

// One that had no room, with others for the deque.
static hm_ticket *take_spare(hm_worker *worker, hm_level level, const hm_job *only) {
    hm_ticket *taken = worker->spare;
    if (taken == NULL || taken->job->level != level ||
            (only != NULL && taken->job != only)) {
        return NULL;
    }
    worker->spare = taken->next;
    for (int i = 0; i < REFILL_COUNT && worker->spare != NULL; i++) {
        hm_ticket *ticket = worker->spare;
        worker->spare = ticket->next;
        hm_worker_offer(worker, ticket);
    }
    return taken;
}

void hm_worker_give_up_spare(hm_worker *worker) {
    bool has_some = worker->spare != NULL;
    while (worker->spare != NULL) {
        hm_ticket *ticket = worker->spare;
        worker->spare = ticket->next;
        hm_inbox_put(&worker->pool->inbox, ticket);
    }
    if (has_some) {
        hm_pool_call_help(worker->pool, NULL);
    }
}

// More of what a victim has, for later, while its lines are with us: a thief that comes
// for each ticket keeps its victim waiting for them as often. At most half, so that the
// two share; and of a few no more than the one, for who has two while another has none
// is late.
static void steal_more(hm_worker *worker, hm_deque *deque, const hm_job *only) {
    int64_t count = (hm_deque_count(deque) - FEW) / 2;
    for (int64_t i = 0; i < count && i < STEAL_LIMIT; i++) {
        hm_ticket *ticket;
        if (hm_deque_steal(deque, only, &ticket) != HM_STEAL_TAKEN) {
            return;
        }
        hm_worker_offer(worker, ticket);
    }
}

static hm_ticket *steal(hm_worker *worker, hm_level level, const hm_job *only) {
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
            hm_deque *deque = &pool->workers[number].deques[level];
            hm_steal outcome = hm_deque_steal(deque, only, &ticket);
            if (outcome == HM_STEAL_TAKEN) {
                worker->victim = number;
                steal_more(worker, deque, only);
                return ticket;
            }
            was_lost |= outcome == HM_STEAL_LOST;
        }
    } while (was_lost);
    return NULL;
}

// Whether there may be jobs of a level. Those of the usual one are not asked for: their
// count changes with each of them, and whoever looks for work would have to be told.
static bool may_have_jobs(hm_pool *pool, hm_level level) {
    // In the one total order: who sees no job here announced before that it sleeps, so
    // whoever begins one sees that.
    return level == HM_LEVEL_NORMAL ||
           atomic_load_explicit(&pool->job_counts[level], memory_order_seq_cst) > 0;
}

hm_ticket *hm_worker_find(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    const hm_job *only = only_job(worker);
    for (hm_level level = 0; level < HM_LEVEL_COUNT; level++) {
        if ((only != NULL && only->level != level) || !may_have_jobs(pool, level)) {
            continue;
        }
        hm_ticket *ticket = pop(worker, level, only);
        ticket = ticket != NULL ? ticket : take_spare(worker, level, only);
        ticket = ticket != NULL ? ticket : steal(worker, level, only);
        ticket = ticket != NULL ? ticket : hm_inbox_take(&pool->inbox, level, only);
        if (ticket != NULL) {
            return ticket;
        }
    }
    return NULL;
}

static bool sees_work_at(hm_pool *pool, hm_level level, const hm_job *only) {
    uint32_t count = atomic_load_explicit(&pool->worker_count, memory_order_seq_cst);
    for (uint32_t i = 0; i < count; i++) {
        if (hm_deque_has_work(&pool->workers[i].deques[level], only)) {
            return true;
        }
    }
    return hm_inbox_has(&pool->inbox, level, only);
}

// Whether there is work of a level below this one.
static bool sees_work_below(hm_pool *pool, hm_level end, const hm_job *only) {
    for (hm_level level = 0; level < end; level++) {
        if (may_have_jobs(pool, level) && sees_work_at(pool, level, only)) {
            return true;
        }
    }
    return false;
}

bool hm_worker_sees_work(hm_pool *pool, const hm_job *only) {
    return only != NULL ? sees_work_at(pool, only->level, only)
                        : sees_work_below(pool, HM_LEVEL_COUNT, NULL);
}

// Counts so many dependencies of the task down; true if they were the last.
static bool fires(const hm_job *job, uint32_t task, uint32_t done_count) {
    uint32_t count = job->set->dependency_count[task];
    if (count == done_count) {
        return true;
    }
    // Release: the task that fires sees what this one wrote. Acquire: if it is us who
    // fire it, we see what all the others wrote.
    _Atomic(uint32_t) *open = &job->open_needs[task];
    if (atomic_fetch_sub_explicit(open, done_count, memory_order_acq_rel) !=
            done_count) {
        return false;
    }
    // Relaxed: whoever counts down next was made ready by way of this task.
    atomic_store_explicit(open, count, memory_order_relaxed);
    return true;
}

// The last sink ends the job. Once it is done its memory is its caller's again.
static void finish_sink(hm_pool *pool, hm_worker *worker, hm_job *job) {
    hm_worker *caller = job->caller;
    hm_level level = job->level;
    // Acquire and release: the caller sees what all tasks wrote, by way of the last.
    if (atomic_fetch_sub_explicit(&job->open_sinks, 1, memory_order_acq_rel) != 1) {
        return;
    }
    // Relaxed: nobody can find a ticket of this job any more.
    atomic_fetch_sub_explicit(&pool->job_counts[level], 1, memory_order_relaxed);
    void (*ended)(void *context, bool was_left) = job->ended;
    void *context = job->context;
    // In the one total order with the caller's mood: either we see that it sleeps, or
    // it sees that the job is done.
    uint32_t before =
            atomic_exchange_explicit(&job->state, HM_JOB_DONE, memory_order_seq_cst);
    if (caller == NULL || before == HM_JOB_LEFT) {
        ended(context, before == HM_JOB_LEFT);
    } else if (caller != worker &&
               atomic_load_explicit(&caller->mood, memory_order_seq_cst) == HM_ASLEEP) {
        hm_pool_wake(pool, caller);
    }
}

// Whether the worker, if the thread is one, takes up tasks of the job.
static bool takes_up(const hm_worker *worker, const hm_job *job) {
    return worker != NULL && (worker->wait.is_open || worker->wait.job == job);
}

// Counts a task's successors down with so many of its siblings. Returns the next ticket
// to execute, or NULL; the others that became ready are left in the deque, or, if the
// worker does not take them up, in the inbox.
static hm_ticket *count_down(
        hm_pool *pool, hm_worker *worker, hm_ticket *ticket, uint32_t done_count) {
    hm_job *job = ticket->job;
    const hm_task_set *set = job->set;
    uint32_t begin = set->first_successor[ticket->task];
    uint32_t end = set->first_successor[ticket->task + 1];
    if (begin == end) {
        finish_sink(pool, worker, job);
        return NULL;
    }
    // From the last to the first: the first is next, and the others are found in the
    // deque in their order.
    bool is_kept = takes_up(worker, job);
    hm_batch batch = {0};
    hm_ticket *next = NULL;
    for (uint32_t i = end; i-- > begin;) {
        uint32_t successor = set->successors[i];
        if (!fires(job, successor, done_count)) {
            continue;
        }
        if (next != NULL && is_kept) {
            batch = batch.deque != NULL ? batch : begin_batch(worker, job);
            add_to_batch(worker, &batch, next);
        } else if (next != NULL) {
            hm_pool_resume(pool, next);
        }
        next = &job->tickets[successor];
    }
    if (batch.deque != NULL) {
        end_batch(worker, &batch);
    }
    return next;
}

void hm_worker_complete(hm_pool *pool, hm_worker *worker, hm_ticket *ticket) {
    bool is_kept = takes_up(worker, ticket->job);
    hm_ticket *next = count_down(pool, worker, ticket, 1);
    if (next != NULL && is_kept) {
        hm_worker_offer(worker, next);
    } else if (next != NULL) {
        hm_pool_resume(pool, next);
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
// how many are done; if that is none the job may be over.
static uint32_t run_siblings(hm_worker *worker, hm_ticket *ticket) {
    hm_job *job = ticket->job;
    const hm_task_set *set = job->set;
    uint32_t task = ticket->task;
    uint32_t begin = set->first_successor[task];
    bool has_siblings = set->first_successor[task + 1] - begin == 1 &&
                        set->dependency_count[set->successors[begin]] > 1 &&
                        worker->wait.deadline == 0;
    if (job->run(job->context, task) == HM_TASK_PENDING) {
        return 0;
    }
    uint32_t count = 1;
    while (has_siblings) {
        // As long as the successor waits for us the job's tickets are there. Another
        // job's may be gone if the ticket was stolen: its place is all that is looked
        // at.
        hm_ticket *sibling = hm_deque_peek(&worker->deques[job->level]);
        if (sibling == NULL || !hm_job_has(job, sibling) ||
                !leads_only_to(set, (uint32_t)(sibling - job->tickets),
                        set->successors[begin])) {
            return count;
        }
        sibling = hm_deque_pop(&worker->deques[job->level]);
        if (sibling == NULL) {
            return count;
        }
        count += job->run(job->context, sibling->task) == HM_TASK_DONE;
    }
    return count;
}

static bool fits(const hm_worker *worker, const hm_ticket *ticket) {
    if (worker->wait.deadline == 0) {
        return true;
    }
    const float *costs = ticket->job->costs;
    float cost = costs != NULL ? costs[ticket->task] : 0;
    return cost > 0 && uv_hrtime() + (uint64_t)cost < worker->wait.deadline;
}

void hm_worker_execute(hm_worker *worker, hm_ticket *ticket) {
    const hm_job *before = atomic_load_explicit(&worker->works, memory_order_relaxed);
    while (ticket != NULL) {
        hm_job *job = ticket->job;
        if (!fits(worker, ticket)) {
            worker->wait.declines = true;
            hm_worker_offer(worker, ticket);
            break;
        }
        // Relaxed: it says only where this worker is.
        atomic_store_explicit(&worker->works, job, memory_order_relaxed);
        hm_level level = job->level;
        uint32_t done_count = run_siblings(worker, ticket);
        ticket = done_count > 0 ? count_down(worker->pool, worker, ticket, done_count)
                                : NULL;
        if (ticket != NULL && worker->wait.is_open &&
                sees_work_below(worker->pool, level, NULL)) {
            hm_worker_offer(worker, ticket);
            ticket = NULL;
        }
    }
    atomic_store_explicit(&worker->works, before, memory_order_relaxed);
}

bool hm_worker_park(hm_worker *worker, uint64_t nanoseconds) {
    hm_probe_worker_sleep(worker->number);
    bool was_woken = hm_parker_park(&worker->parker, nanoseconds);
    hm_probe_worker_wake(worker->number);
    return was_woken;
}
