// test_pool.c — many jobs on few workers: each task runs once and after those it
// depends on, whoever executes it.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "scheduler/pool.h"
#include "tests/support/suite.h"

enum { TASKS = 300, CALLERS = 3, ROUNDS = 100 };

// A random graph, and what one execution of it has seen.
typedef struct dataflow {
    hm_task_set set;
    uint32_t dependency_count[TASKS];
    uint32_t first_successor[TASKS + 1];
    uint32_t roots[TASKS];
    uint32_t *successors;
    hm_ticket tickets[TASKS];
    _Atomic(uint32_t) open_needs[TASKS];
    hm_job job;
    uint32_t run_count[TASKS]; // written by the task alone: TSan watches the order
    uint64_t value[TASKS];
    uint32_t *dependencies; // in rows of most
    uint32_t most;
    hm_pool *pool;
    hm_job *nested;
} dataflow;

static uint64_t expected_value(const dataflow *flow, uint32_t task) {
    uint64_t value = task + 1;
    for (uint32_t i = 0; i < flow->dependency_count[task]; i++) {
        value = value * 31 + flow->value[flow->dependencies[task * flow->most + i]];
    }
    return value;
}

static hm_task_outcome run_task(void *context, uint32_t task) {
    dataflow *flow = context;
    flow->run_count[task]++;
    flow->value[task] = expected_value(flow, task);
    if (flow->nested != NULL && task % 50 == 0) {
        ck_assert_int_eq(
                hm_pool_execute(flow->pool, &flow->nested[task / 50]), HM_EXECUTED_ALL);
    }
    return HM_TASK_DONE;
}

static dataflow *make(unsigned seed, uint32_t most) {
    dataflow *flow = calloc(1, sizeof *flow);
    flow->most = most;
    flow->dependencies = calloc(TASKS * most, sizeof(uint32_t));
    flow->successors = calloc(TASKS * most, sizeof(uint32_t));
    uint32_t edge_count = 0;
    for (uint32_t task = 1; task < TASKS; task++) {
        uint32_t count = (uint32_t)rand_r(&seed) % (most + 1);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t from = (uint32_t)rand_r(&seed) % task;
            bool is_new = true;
            for (uint32_t k = 0; k < flow->dependency_count[task]; k++) {
                is_new &= flow->dependencies[task * most + k] != from;
            }
            if (is_new) {
                flow->dependencies[task * most + flow->dependency_count[task]++] = from;
                flow->first_successor[from + 1]++;
                edge_count++;
            }
        }
    }
    uint32_t root_count = 0;
    uint32_t sink_count = 0;
    for (uint32_t task = 0; task < TASKS; task++) {
        sink_count += flow->first_successor[task + 1] == 0;
        flow->first_successor[task + 1] += flow->first_successor[task];
        if (flow->dependency_count[task] == 0) {
            flow->roots[root_count++] = task;
        }
    }
    uint32_t next[TASKS];
    memcpy(next, flow->first_successor, sizeof next);
    for (uint32_t task = 0; task < TASKS; task++) {
        for (uint32_t i = 0; i < flow->dependency_count[task]; i++) {
            flow->successors[next[flow->dependencies[task * most + i]]++] = task;
        }
    }
    ck_assert_uint_eq(flow->first_successor[TASKS], edge_count);
    flow->set = (hm_task_set){.task_count = TASKS,
            .root_count = root_count,
            .sink_count = sink_count,
            .roots = flow->roots,
            .dependency_count = flow->dependency_count,
            .first_successor = flow->first_successor,
            .successors = flow->successors};
    hm_job_init(
            &flow->job, &flow->set, flow->tickets, flow->open_needs, run_task, flow);
    return flow;
}

static void finish(dataflow *flow) {
    free(flow->dependencies);
    free(flow->successors);
    free(flow);
}

static void check(const dataflow *flow, uint32_t round) {
    for (uint32_t task = 0; task < TASKS; task++) {
        ck_assert_uint_eq(flow->run_count[task], round);
        ck_assert_uint_eq(flow->value[task], expected_value(flow, task));
    }
}

static void *call(void *argument) {
    dataflow *flow = argument;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        ck_assert_int_eq(hm_pool_execute(flow->pool, &flow->job), HM_EXECUTED_ALL);
        check(flow, round);
    }
    return NULL;
}

static void call_from_threads(uint32_t worker_count) {
    hm_pool *pool;
    ck_assert_int_eq(hm_pool_acquire(worker_count, &pool), HM_OK);
    pthread_t threads[CALLERS];
    dataflow *flows[CALLERS];
    for (unsigned i = 0; i < CALLERS; i++) {
        flows[i] = make(i + 1, i + 1);
        flows[i]->pool = pool;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call, flows[i]), 0);
    }
    for (unsigned i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        finish(flows[i]);
    }
    hm_pool_release(pool);
}

START_TEST(callers_alone_run_every_task_once) {
    call_from_threads(1);
}
END_TEST

START_TEST(two_workers_run_every_task_once) {
    call_from_threads(2);
}
END_TEST

START_TEST(more_workers_than_cores_run_every_task_once) {
    call_from_threads(8);
}
END_TEST

START_TEST(a_task_can_execute_a_job) {
    hm_pool *pool;
    ck_assert_int_eq(hm_pool_acquire(4, &pool), HM_OK);
    dataflow *outer = make(1, 2);
    outer->pool = pool;
    dataflow *inner[TASKS / 50];
    hm_job nested[TASKS / 50];
    for (unsigned i = 0; i < TASKS / 50; i++) {
        inner[i] = make(i + 7, 2);
        hm_job_init(&nested[i], &inner[i]->set, inner[i]->tickets, inner[i]->open_needs,
                run_task, inner[i]);
    }
    outer->nested = nested;
    for (uint32_t round = 1; round <= 50; round++) {
        ck_assert_int_eq(hm_pool_execute(pool, &outer->job), HM_EXECUTED_ALL);
        check(outer, round);
        for (unsigned i = 0; i < TASKS / 50; i++) {
            check(inner[i], round);
        }
    }
    for (unsigned i = 0; i < TASKS / 50; i++) {
        finish(inner[i]);
    }
    finish(outer);
    hm_pool_release(pool);
}
END_TEST

START_TEST(a_pool_is_made_again_after_its_end) {
    for (int i = 0; i < 20; i++) {
        hm_pool *pool;
        ck_assert_int_eq(hm_pool_acquire(4, &pool), HM_OK);
        dataflow *flow = make(3, 2);
        ck_assert_int_eq(hm_pool_execute(pool, &flow->job), HM_EXECUTED_ALL);
        check(flow, 1);
        finish(flow);
        hm_pool_release(pool);
    }
}
END_TEST

// Tasks that need nothing, more than a deque holds.
enum { WIDE = 40000 };

static _Atomic(bool) has_ended;

static hm_task_outcome count_run(void *context, uint32_t task) {
    uint32_t *run_count = context;
    run_count[task]++;
    return HM_TASK_DONE;
}

static uint32_t run_counts[WIDE]; // each written by its task alone

static hm_job *make_flat(void) {
    static uint32_t numbers[WIDE];
    static const uint32_t nothing[WIDE + 1];
    static hm_ticket tickets[WIDE];
    static _Atomic(uint32_t) open_needs[WIDE];
    static hm_task_set set;
    static hm_job job;
    for (uint32_t task = 0; task < WIDE; task++) {
        numbers[task] = task;
    }
    set = (hm_task_set){.task_count = WIDE,
            .root_count = WIDE,
            .sink_count = WIDE,
            .roots = numbers,
            .dependency_count = nothing,
            .first_successor = nothing};
    hm_job_init(&job, &set, tickets, open_needs, count_run, run_counts);
    return &job;
}

static void check_flat(uint32_t round) {
    for (uint32_t task = 0; task < WIDE; task++) {
        ck_assert_uint_eq(run_counts[task], round);
    }
}

START_TEST(more_ready_tasks_than_a_deque_holds_all_run_once) {
    hm_job *job = make_flat();
    hm_pool *pool;
    ck_assert_int_eq(hm_pool_acquire(4, &pool), HM_OK);
    for (uint32_t round = 1; round <= 5; round++) {
        ck_assert_int_eq(hm_pool_execute(pool, job), HM_EXECUTED_ALL);
        check_flat(round);
    }
    hm_pool_release(pool);
}
END_TEST

static void note_end(void *context, bool was_left) {
    (void)was_left;
    (void)context;
    atomic_store(&has_ended, true);
}

// Its caller takes none of them, as they do not fit, or leaves before it has.
static void leave_flat(uint64_t patience, float cost) {
    hm_job *job = make_flat();
    memset(run_counts, 0, sizeof run_counts);
    atomic_store(&has_ended, false);
    float *costs = calloc(WIDE, sizeof *costs);
    for (uint32_t task = 0; task < WIDE; task++) {
        costs[task] = cost;
    }
    job->costs = costs;
    job->deadline = uv_hrtime() + patience;
    job->ended = note_end;
    hm_pool *pool;
    ck_assert_int_eq(hm_pool_acquire(2, &pool), HM_OK);
    if (hm_pool_execute(pool, job) == HM_EXECUTED_SOME) {
        while (!atomic_load(&has_ended)) {
            uv_sleep(1);
        }
    }
    check_flat(1);
    hm_pool_release(pool);
    free(costs);
}

START_TEST(what_a_caller_leaves_behind_is_run_by_others) {
    leave_flat(20 * 1000 * 1000, 1e9F);
    leave_flat(100 * 1000, 0);
    leave_flat(1, 0);
}
END_TEST

static uint32_t wide_counts[WIDE + 2]; // each written by its task alone
static uint32_t seen_at_the_end;

static hm_task_outcome run_wide(void *context, uint32_t task) {
    (void)context;
    wide_counts[task]++;
    for (uint32_t t = 0; task == WIDE + 1 && t < WIDE + 1; t++) {
        seen_at_the_end += wide_counts[t];
    }
    return HM_TASK_DONE;
}

START_TEST(a_wide_fan_meets_in_one_task) {
    uint32_t *dependency_count = calloc(WIDE + 2, sizeof(uint32_t));
    uint32_t *first_successor = calloc(WIDE + 3, sizeof(uint32_t));
    uint32_t *successors = calloc(2 * WIDE, sizeof(uint32_t));
    hm_ticket *tickets = calloc(WIDE + 2, sizeof *tickets);
    static _Atomic(uint32_t) open_needs[WIDE + 2];
    for (uint32_t i = 0; i < WIDE; i++) {
        successors[i] = 1 + i;
        successors[WIDE + i] = WIDE + 1;
        dependency_count[1 + i] = 1;
        first_successor[1 + i] = WIDE + i;
    }
    first_successor[WIDE + 1] = 2 * WIDE;
    first_successor[WIDE + 2] = 2 * WIDE;
    dependency_count[WIDE + 1] = WIDE;
    hm_task_set set = {.task_count = WIDE + 2,
            .root_count = 1,
            .sink_count = 1,
            .roots = &(uint32_t){0},
            .dependency_count = dependency_count,
            .first_successor = first_successor,
            .successors = successors};
    hm_pool *pool;
    ck_assert_int_eq(hm_pool_acquire(4, &pool), HM_OK);
    hm_job job;
    hm_job_init(&job, &set, tickets, open_needs, run_wide, NULL);
    for (uint32_t round = 1; round <= 50; round++) {
        seen_at_the_end = 0;
        ck_assert_int_eq(hm_pool_execute(pool, &job), HM_EXECUTED_ALL);
        ck_assert_uint_eq(seen_at_the_end, round * (WIDE + 1));
        ck_assert_uint_eq(wide_counts[WIDE + 1], round);
    }
    hm_pool_release(pool);
    free(dependency_count);
    free(first_successor);
    free(successors);
    free(tickets);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("scheduler/pool");
    TCase *tests = tcase_create("pool");
    tcase_add_test(tests, callers_alone_run_every_task_once);
    tcase_add_test(tests, two_workers_run_every_task_once);
    tcase_add_test(tests, more_workers_than_cores_run_every_task_once);
    tcase_add_test(tests, a_wide_fan_meets_in_one_task);
    tcase_add_test(tests, a_task_can_execute_a_job);
    tcase_add_test(tests, a_pool_is_made_again_after_its_end);
    tcase_add_test(tests, more_ready_tasks_than_a_deque_holds_all_run_once);
    tcase_add_test(tests, what_a_caller_leaves_behind_is_run_by_others);
    suite_add_tcase(suite, tests);
    return suite;
}
