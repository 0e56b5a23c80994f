// flow.c — see flow.h. This is compiled as the scheduler is: what tasks write is
// watched, and their atomic operations are points.

#include "tests/scheduler/explorer/flow.h"

#include <stdatomic.h>
#include <string.h>

#include "scheduler/limit.h"
#include "scheduler/pool.h"
#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/world.h"

// What is freed when the job has ended.
typedef struct run {
    hm_job job;
    hm_ticket tickets[HM_SHAPE_TASKS];
    _Atomic(uint32_t) open_needs[HM_SHAPE_TASKS];
} run;

typedef struct flow flow;

typedef struct waiter {
    hm_waiter waiter;
    flow *of;
    uint32_t task;
    bool has_entered;
} waiter;

struct flow {
    const hm_shape *shape;
    hm_pool *pool;
    run *run;
    hm_task_set set;
    uint32_t dependency_count[HM_SHAPE_TASKS];
    uint32_t first_successor[HM_SHAPE_TASKS + 1];
    uint32_t successors[HM_SHAPE_TASKS * HM_SHAPE_TASKS];
    uint32_t roots[HM_SHAPE_TASKS];

    uint32_t round;
    uint32_t run_count[HM_SHAPE_TASKS]; // written by the task alone, as its value
    uint32_t value[HM_SHAPE_TASKS];
    waiter waiters[HM_SHAPE_TASKS];

    _Atomic(uint32_t) arrived;               // tasks that meet others
    _Atomic(uint32_t) stop;                  // nothing is to be done any more
    _Atomic(uint32_t) inside;                // the limit
    _Atomic(uint32_t) asked[HM_SHAPE_TASKS]; // a task waits for another thread
    _Atomic(uint32_t) ended;                 // how often `ended` was called
    _Atomic(uint32_t) released;              // other threads that need the run no more
    uint32_t other_count;
    bool was_left;
};

// What the threads of a scenario share. Written before they begin.
static struct {
    hm_pool *pool;
    hm_limit *limit;
    flow *flows[HM_SHAPE_CALLERS];
    _Atomic(uint32_t) *callers_left;
    const hm_shape *shape;
} stage;

static const hm_shape inner = {.tasks = 2};

static flow *make_flow(const hm_shape *shape);
static void execute(flow *own);

// --- Tasks ---

static uint32_t expected_value(const flow *own, uint32_t task) {
    uint32_t value = task + 1 + 100 * own->round;
    for (uint32_t before = 0; before < task; before++) {
        if ((own->shape->needs[task] >> before & 1) != 0) {
            value = value * 31 + own->value[before];
        }
    }
    return value;
}

static void admit(hm_waiter *of) {
    waiter *admitted = (waiter *)(void *)of;
    admitted->has_entered = true;
    flow *own = admitted->of;
    hm_pool_resume(own->pool, &own->run->tickets[admitted->task]);
}

// False if the task is parked in the limit. *may_run is false if it was stopped there.
static bool enter_limit(flow *own, uint32_t task, bool *may_run) {
    waiter *of = &own->waiters[task];
    if ((own->shape->limited >> task & 1) == 0 || of->has_entered) {
        return true;
    }
    of->waiter.level = own->run->job.level;
    hm_entry entry = hm_limit_enter(stage.limit, &of->waiter, &own->stop);
    if (entry == HM_PARKED) {
        return false;
    }
    of->has_entered = entry == HM_ENTERED;
    *may_run = entry == HM_ENTERED;
    return true;
}

static void leave_limit(flow *own, uint32_t task) {
    if (own->waiters[task].has_entered) {
        own->waiters[task].has_entered = false;
        hm_limit_leave(stage.limit);
    }
}

static void count_inside(flow *own, uint32_t task) {
    if (own->waiters[task].has_entered) {
        // Relaxed: it orders nothing, and shows what is too many.
        uint32_t before =
                atomic_fetch_add_explicit(&own->inside, 1, memory_order_relaxed);
        hm_require(before < own->shape->limit, "too many are inside of the limit");
        atomic_fetch_sub_explicit(&own->inside, 1, memory_order_relaxed);
    }
}

static bool have_all_arrived(const void *context) {
    const flow *own = context;
    uint32_t arrived;
    memcpy(&arrived, (const void *)&own->arrived, sizeof arrived);
    return arrived % (uint32_t)__builtin_popcount(own->shape->meets) == 0;
}

static void meet(flow *own) {
    atomic_fetch_add_explicit(&own->arrived, 1, memory_order_relaxed);
    hm_wait_until(have_all_arrived, own);
}

static void work(flow *own, uint32_t task) {
    hm_require(own->run_count[task] == own->round, "task %u runs twice", task);
    own->run_count[task]++;
    for (uint32_t before = 0; before < task; before++) {
        hm_require((own->shape->needs[task] >> before & 1) == 0 ||
                           own->run_count[before] == own->round + 1,
                "task %u runs before %u", task, before);
    }
    own->value[task] = expected_value(own, task);
    if ((own->shape->fails >> task & 1) != 0) {
        atomic_store_explicit(&own->stop, 1, memory_order_relaxed);
    }
}

static hm_task_outcome run_task(void *context, uint32_t task) {
    flow *own = context;
    const hm_shape *shape = own->shape;
    bool may_run = true;
    if (!enter_limit(own, task, &may_run)) {
        return HM_TASK_PENDING; // it may be running elsewhere: nothing is touched
    }
    if (may_run && (shape->cancels || shape->fails != 0)) {
        may_run = atomic_load_explicit(&own->stop, memory_order_relaxed) == 0;
    }
    if (may_run && (shape->meets >> task & 1) != 0) {
        meet(own);
    }
    if (may_run && task == 0 && shape->nests) {
        flow *nested = make_flow(&inner);
        execute(nested);
    }
    if (may_run) {
        count_inside(own, task);
    }
    work(own, task); // a task that was stopped passes through all the same
    leave_limit(own, task);
    if ((shape->pends >> task & 1) != 0) {
        // Release: who ends the task sees what it wrote.
        atomic_fetch_add_explicit(&own->asked[task], 1, memory_order_release);
        return HM_TASK_PENDING;
    }
    return HM_TASK_DONE;
}

// --- Jobs ---

static void free_run(flow *own) {
    hm_arena_free(own->run, sizeof *own->run);
}

// The job's memory is ours, unless another thread that is not through may look at it.
static void job_ended(void *context, bool was_left) {
    flow *own = context;
    own->was_left = was_left;
    if (was_left || own->other_count == 0) {
        free_run(own);
    }
    // Release: the caller sees what the tasks wrote.
    atomic_fetch_add_explicit(&own->ended, 1, memory_order_release);
}

static void set_edges(flow *own) {
    const hm_shape *shape = own->shape;
    uint32_t edge_count = 0;
    for (uint32_t from = 0; from < shape->tasks; from++) {
        own->first_successor[from] = edge_count;
        for (uint32_t to = from + 1; to < shape->tasks; to++) {
            if ((shape->needs[to] >> from & 1) != 0) {
                own->successors[edge_count++] = to;
                own->dependency_count[to]++;
            }
        }
        own->set.sink_count += edge_count == own->first_successor[from];
    }
    own->first_successor[shape->tasks] = edge_count;
    for (uint32_t task = 0; task < shape->tasks; task++) {
        if (own->dependency_count[task] == 0) {
            own->roots[own->set.root_count++] = task;
        }
    }
}

static flow *make_flow(const hm_shape *shape) {
    flow *made = hm_arena_allocate(sizeof *made, 64);
    memset(made, 0, sizeof *made);
    made->run = hm_arena_allocate(sizeof *made->run, 64);
    made->shape = shape;
    made->pool = stage.pool;
    made->other_count = (shape->cancels ? 1u : 0) + (shape->leaves ? 1u : 0);
    made->set = (hm_task_set){.task_count = shape->tasks,
            .roots = made->roots,
            .dependency_count = made->dependency_count,
            .first_successor = made->first_successor,
            .successors = made->successors};
    set_edges(made);
    for (uint32_t task = 0; task < shape->tasks; task++) {
        made->waiters[task] = (waiter){{.admit = admit}, .of = made, .task = task};
    }
    run *own = made->run;
    hm_job_init(&own->job, &made->set, own->tickets, own->open_needs, run_task, made);
    own->job.ended = job_ended;
    own->job.caller_waits = shape->caller_waits;
    own->job.deadline = shape->is_late ? hm_host_of_scenario.deadline : 0;
    return made;
}

static void check_tasks(const flow *own) {
    for (uint32_t task = 0; task < own->shape->tasks; task++) {
        hm_require(own->run_count[task] == own->round + 1, "task %u did not run", task);
        hm_require(own->value[task] == expected_value(own, task),
                "task %u did not see what it needs", task);
    }
}

// Waits until a count that others raise is reached, and sees what they did before.
typedef struct goal {
    _Atomic(uint32_t) *count;
    uint32_t least;
} goal;

static bool is_reached(const void *what) {
    const goal *of = what;
    uint32_t count;
    memcpy(&count, (const void *)of->count, sizeof count);
    return count >= of->least;
}

static void wait_for(_Atomic(uint32_t) *count, uint32_t least) {
    hm_point(count, false);
    goal of = {count, least};
    hm_wait_until(is_reached, &of);
    // Acquire: what was done before it was raised. It may take some looks to see that.
    while (atomic_load_explicit(count, memory_order_acquire) < least) {
    }
}

static void execute(flow *own) {
    bool is_ours = true;
    if (own->shape->submits) {
        hm_pool_announce(own->pool, &own->run->job);
        hm_pool_submit(own->pool, &own->run->job);
        wait_for(&own->ended, 1);
        is_ours = !own->was_left && own->other_count > 0;
    } else if (hm_pool_execute(own->pool, &own->run->job) == HM_EXECUTED_SOME) {
        wait_for(&own->ended, 1);
        is_ours = false;
    }
    check_tasks(own);
    own->round++;
    if (own->round < own->shape->rounds) {
        execute(own);
        return;
    }
    wait_for(&own->released, own->other_count);
    if (is_ours) {
        free_run(own);
    }
    uint32_t ended = atomic_load_explicit(&own->ended, memory_order_relaxed);
    hm_require(ended <= 1 && (ended == 1 || !own->shape->submits),
            "the job ended %u times", ended);
}

// --- Threads ---

static void call(void *argument) {
    flow *own = argument;
    execute(own);
    if (own->shape->closes && atomic_fetch_sub_explicit(stage.callers_left, 1,
                                      memory_order_acq_rel) == 1) {
        hm_pool_release(own->pool);
    }
}

// Stops the job, as whoever cancels a run does: who waits for the limit passes through.
static void cancel(void *argument) {
    flow *own = argument;
    atomic_store_explicit(&own->stop, 1, memory_order_relaxed);
    for (uint32_t task = 0; task < own->shape->tasks && own->shape->limited; task++) {
        if (hm_limit_withdraw(stage.limit, &own->waiters[task].waiter)) {
            hm_pool_resume(own->pool, &own->run->tickets[task]);
        }
    }
    atomic_fetch_add_explicit(&own->released, 1, memory_order_release);
}

static void leave(void *argument) {
    flow *own = argument;
    hm_pool_leave(own->pool, &own->run->job);
    atomic_fetch_add_explicit(&own->released, 1, memory_order_release);
}

// Ends the tasks that ask for it.
static void complete(void *argument) {
    flow *own = argument;
    for (uint32_t task = 0; task < own->shape->tasks; task++) {
        if ((own->shape->pends >> task & 1) != 0) {
            wait_for(&own->asked[task], 1);
            hm_pool_complete(own->pool, &own->run->tickets[task]);
        }
    }
}

static void add_threads(flow *own) {
    hm_fiber_add(call, own, false);
    if (own->shape->cancels) {
        hm_fiber_add(cancel, own, false);
    }
    if (own->shape->leaves) {
        hm_fiber_add(leave, own, false);
    }
    if (own->shape->pends != 0) {
        hm_fiber_add(complete, own, false);
    }
}

void hm_flow_begin(const void *shape) {
    const hm_shape *of = shape;
    hm_host_of_scenario = (hm_host){.lends = of->lends,
            .looks = of->looks,
            .deadline = of->is_late ? 1000 * 1000 : 0};
    hm_require(hm_pool_acquire(of->helpers + 1, &stage.pool) == HM_OK, "no pool");
    stage.shape = of;
    stage.limit = hm_arena_allocate(sizeof *stage.limit, 64);
    memset(stage.limit, 0, sizeof *stage.limit);
    hm_require(hm_limit_init(stage.limit, of->limit), "no limit");
    stage.callers_left = hm_arena_allocate(sizeof *stage.callers_left, 64);
    uint32_t callers = of->callers > 0 ? of->callers : 1;
    atomic_init(stage.callers_left, callers);
    for (uint32_t i = 0; i < callers; i++) {
        stage.flows[i] = make_flow(of);
        if (of->is_urgent) {
            stage.flows[i]->run->job.level =
                    i == 0 ? HM_LEVEL_URGENT : HM_LEVEL_PATIENT;
        }
        add_threads(stage.flows[i]);
    }
}

static void check_limit(void) {
    hm_require(stage.limit->free_count == stage.shape->limit,
            "%u places of the limit are free", stage.limit->free_count);
    for (uint32_t level = 0; level < HM_LEVEL_COUNT; level++) {
        hm_require(stage.limit->first[level] == NULL, "somebody waits in the limit");
    }
}

static void check_workers(hm_pool *pool, uint32_t helper_count) {
    for (uint32_t i = 0; i < HM_WORKER_LIMIT; i++) {
        hm_worker *worker = &pool->workers[i];
        hm_require(worker->spare == NULL, "worker %u keeps tickets", i);
        hm_require(!worker->is_taken || i % 2 == 1, "worker %u is not given back", i);
        hm_require(!worker->is_quarantined, "worker %u is in quarantine", i);
        helper_count -= worker->is_taken;
        for (uint32_t level = 0; level < HM_LEVEL_COUNT; level++) {
            hm_require(hm_deque_count(&worker->deques[level]) == 0,
                    "a deque of worker %u has tickets", i);
        }
    }
    hm_require(helper_count == 0, "%d helpers have no worker", (int)helper_count);
}

// All helpers sleep, or have ended.
static void check_pool(hm_pool *pool) {
    uint32_t helper_count = 0;
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        helper_count += hm_now.fibers[i].is_helper && !hm_now.fibers[i].has_ended;
    }
    hm_require(pool->helper_count == helper_count, "%u helpers are counted, not %u",
            pool->helper_count, helper_count);
    hm_require(helper_count <= pool->helper_limit, "%u helpers are more than allowed",
            helper_count);
    hm_require(pool->quarantined_count == 0 && !pool->is_starting,
            "%u helpers are in quarantine", pool->quarantined_count);
    hm_require(pool->asleep_count == 0, "%u callers sleep", pool->asleep_count);
    hm_require(pool->searching_count == 0, "%u helpers search", pool->searching_count);
    hm_require(pool->idle_count == helper_count + pool->can_start,
            "%u helpers are idle, not %u", pool->idle_count,
            helper_count + pool->can_start);
    check_workers(pool, helper_count);
    for (uint32_t level = 0; level < HM_LEVEL_COUNT; level++) {
        hm_require(pool->job_counts[level] == 0, "a job is under way");
        hm_require(pool->inbox.counts[level] == 0 && pool->inbox.first[level] == NULL,
                "the inbox has tickets");
    }
}

void hm_flow_end(void) {
    check_limit();
    if (!stage.shape->closes) {
        check_pool(stage.pool);
    }
}
