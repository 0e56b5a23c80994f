// test_interleaving.c — the scheduler's own sources, with threads that are coroutines:
// at every atomic operation and lock the test decides who goes on. Small jobs are run
// under every schedule with few preemptions, then under many random ones. Each task
// must run once and after those it needs, nobody may touch a job that is over (its
// memory is freed), and when nobody can go on all must have come to their end. That the
// memory orders suffice is for ThreadSanitizer.

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "scheduler/pool.h"
#include "scheduler/spin.h"
#include "tests/support/suite.h"

enum {
    MOST_THREADS = 12,
    STACK_SIZE = 128 * 1024,
    MOST_STEPS = 20000, // of one schedule: more is a loop
    MOST_TASKS = 6,
};

// --- Threads ---

typedef struct thread {
    ucontext_t context;
    char *stack;
    void (*work)(void *argument);
    void *argument;
    bool has_begun;
    bool has_ended;
    bool is_waiting; // until may_go_on says so
    bool (*may_go_on)(const void *what);
    const void *what;
    hm_worker *worker; // the thread-local `current` of worker.c
} thread;

static thread threads[MOST_THREADS];
static uint32_t thread_count;
static thread *running; // NULL while the test itself runs
static ucontext_t test_context;
static uint64_t now;
static uint32_t step_count;

// --- Choices: from a list that is gone through depth first, or at random ---

typedef enum strategy { DEPTH_FIRST, AT_RANDOM } strategy;

typedef struct choice {
    uint32_t taken;
    uint32_t count;
} choice;

static strategy how;
static choice choices[MOST_STEPS * 2];
static uint32_t choice_count; // in this schedule
static uint32_t known_count;  // that are prescribed
static uint32_t preemptions_left;
static uint32_t preemption_bound;
static uint64_t random_state;
static uint32_t patience; // a thread is preempted at one point of so many

static uint32_t random_below(uint32_t count) {
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(random_state >> 33) % count;
}

static uint32_t choose(uint32_t count) {
    if (how == AT_RANDOM || count < 2) {
        return count < 2 ? 0 : random_below(count);
    }
    choice *made = &choices[choice_count++];
    if (choice_count > known_count) {
        *made = (choice){.count = count};
    }
    ck_assert_uint_eq(made->count, count);
    return made->taken;
}

// Whether there is another schedule; prescribes its first choices.
static bool next_schedule(void) {
    while (choice_count > 0 &&
            choices[choice_count - 1].taken + 1 == choices[choice_count - 1].count) {
        choice_count--;
    }
    if (choice_count > 0) {
        choices[choice_count - 1].taken++;
    }
    known_count = choice_count;
    return choice_count > 0;
}

static bool can_go_on(const thread *at) {
    return !at->has_ended && (!at->is_waiting || at->may_go_on(at->what));
}

// Gives somebody else, or the same thread, the processor. NULL if nobody can have it.
static thread *pick_thread(void) {
    bool can_stay = running != NULL && can_go_on(running);
    bool must_stay = how == AT_RANDOM ? patience > 1 && random_below(patience) != 0
                                      : preemptions_left == 0;
    if (can_stay && must_stay) {
        return running;
    }
    thread *able[MOST_THREADS];
    uint32_t count = 0;
    if (can_stay) {
        able[count++] = running; // the first choice: going on costs no preemption
    }
    for (uint32_t i = 0; i < thread_count; i++) {
        if (&threads[i] != running && can_go_on(&threads[i])) {
            able[count++] = &threads[i];
        }
    }
    if (count == 0) {
        return NULL;
    }
    thread *picked = able[choose(count)];
    if (can_stay && picked != running && how == DEPTH_FIRST) {
        preemptions_left--;
    }
    return picked;
}

static void begin_thread(void) {
    running->work(running->argument);
    running->has_ended = true;
    setcontext(&test_context);
}

// Goes on with a thread; comes back when *here is gone on with.
static void go_on_with(thread *to, ucontext_t *here) {
    running = to;
    hm_worker_set_current(to->worker);
    if (!to->has_begun) {
        to->has_begun = true;
        getcontext(&to->context);
        to->context.uc_stack.ss_sp = to->stack;
        to->context.uc_stack.ss_size = STACK_SIZE;
        makecontext(&to->context, begin_thread, 0);
    }
    swapcontext(here, &to->context);
}

static void switch_threads(void) {
    thread *from = running;
    thread *to = pick_thread();
    if (to == from) {
        return;
    }
    from->worker = hm_worker_current();
    if (to != NULL) {
        go_on_with(to, &from->context);
    } else {
        swapcontext(&from->context, &test_context); // nobody can: the test tells
    }
}

void interleave(void) {
    if (running != NULL) {
        ck_assert_msg(step_count++ < MOST_STEPS, "the schedule has no end");
        switch_threads();
    }
}

static void wait_until(bool (*may_go_on)(const void *what), const void *what) {
    while (!may_go_on(what)) {
        running->is_waiting = true;
        running->may_go_on = may_go_on;
        running->what = what;
        switch_threads();
        running->is_waiting = false;
    }
}

static thread *add_thread(void (*work)(void *argument), void *argument) {
    ck_assert_uint_lt(thread_count, MOST_THREADS);
    thread *added = &threads[thread_count++];
    char *stack = added->stack != NULL ? added->stack : malloc(STACK_SIZE);
    *added = (thread){.stack = stack, .work = work, .argument = argument};
    return added;
}

// --- libuv ---

static bool is_free(const void *mutex) {
    return !((const uv_mutex_t *)mutex)->is_locked;
}

int uv_mutex_init(uv_mutex_t *mutex) {
    mutex->is_locked = false;
    return 0;
}

void uv_mutex_destroy(uv_mutex_t *mutex) {
    ck_assert(!mutex->is_locked);
}

void uv_mutex_lock(uv_mutex_t *mutex) {
    if (running != NULL) {
        interleave();
        wait_until(is_free, mutex);
    }
    mutex->is_locked = true;
}

void uv_mutex_unlock(uv_mutex_t *mutex) {
    mutex->is_locked = false;
    interleave();
}

int uv_cond_init(uv_cond_t *condition) {
    condition->signal_count = 0;
    return 0;
}

void uv_cond_destroy(uv_cond_t *condition) {
    (void)condition;
}

void uv_cond_signal(uv_cond_t *condition) {
    condition->signal_count++;
}

// Each condition has one waiter, a parker's owner.
static bool is_signalled(const void *condition) {
    return ((const uv_cond_t *)condition)->signal_count > 0;
}

void uv_cond_wait(uv_cond_t *condition, uv_mutex_t *mutex) {
    condition->signal_count = 0;
    mutex->is_locked = false;
    wait_until(is_signalled, condition);
    wait_until(is_free, mutex);
    mutex->is_locked = true;
}

// Time is up as soon as the waiter is chosen to go on.
int uv_cond_timedwait(uv_cond_t *condition, uv_mutex_t *mutex, uint64_t nanoseconds) {
    condition->signal_count = 0;
    mutex->is_locked = false;
    interleave();
    now += condition->signal_count > 0 ? 0 : nanoseconds;
    wait_until(is_free, mutex);
    mutex->is_locked = true;
    return 0;
}

void uv_once(uv_once_t *done, void (*init)(void)) {
    if (!*done) {
        init();
        *done = true;
    }
}

// Looking twice is as long as a search takes.
uint64_t uv_hrtime(void) {
    now += 30 * 1000;
    return now;
}

// --- Threads of the system ---

int hm_thread_processor(void) {
    return -1;
}

void hm_thread_note(hm_thread *of) {
    (void)of;
}

void hm_thread_keep_off(hm_thread *sleeper) {
    (void)sleeper;
}

void hm_thread_free(hm_thread *of) {
    (void)of;
}

void hm_thread_leave(hm_thread *of, int processor) {
    (void)of;
    (void)processor;
}

// --- The lender ---

typedef enum lending { LENDS_OWNED, LENDS_AND_WANTS_BACK, LENDS_OR_FAILS } lending;

struct hm_lender {
    int nothing;
};

static lending lends;

typedef struct loan {
    hm_lent_work *work;
    void *argument;
} loan;

static loan loans[MOST_THREADS];
static uint32_t loan_count;

static void do_lent_work(void *argument) {
    loan *own = argument;
    own->work(own->argument, lends == LENDS_AND_WANTS_BACK);
}

int uv_os_getpid(void) {
    return 0;
}

hm_spin hm_spin_begin(void) {
    return (hm_spin){.begun = now};
}

bool hm_spin_goes_on(hm_spin *spin, bool is_job_under_way) {
    (void)is_job_under_way;
    now += 30 * 1000;
    interleave();
    return now - spin->begun < 50 * 1000;
}

void hm_lender_join(hm_lender *lender) {
    (void)lender;
}

void hm_lender_close(hm_lender *lender) {
    (void)lender;
}

bool hm_lender_is_here(hm_lender *lender) {
    (void)lender;
    return false;
}

uint32_t hm_lender_lent_count(hm_lender *lender) {
    (void)lender;
    return 0;
}

hm_lender *hm_lender_create(const hm_allocator *allocator) {
    (void)allocator;
    return calloc(1, sizeof(hm_lender));
}

bool hm_lender_lend(hm_lender *lender, hm_lent_work *work, void *argument) {
    (void)lender;
    if (thread_count == MOST_THREADS || (lends == LENDS_OR_FAILS && choose(2) == 1)) {
        return false;
    }
    loans[loan_count] = (loan){work, argument};
    add_thread(do_lent_work, &loans[loan_count++]);
    return true;
}

static bool is_lent_work(const thread *at) {
    return at->work == do_lent_work;
}

static bool have_helpers_ended(const void *nothing) {
    (void)nothing;
    for (uint32_t i = 0; i < thread_count; i++) {
        if (is_lent_work(&threads[i]) && !threads[i].has_ended) {
            return false;
        }
    }
    return true;
}

void hm_lender_destroy(hm_lender *lender) {
    for (uint32_t i = 0; i < thread_count; i++) {
        threads[i].has_ended |= is_lent_work(&threads[i]) && !threads[i].has_begun;
    }
    wait_until(have_helpers_ended, NULL);
    free(lender);
}

// --- Jobs ---

// The tasks of a job: task t waits for those whose bits are set in needs[t].
typedef struct shape {
    const char *name;
    uint32_t caller_count;
    uint32_t helper_count;
    uint32_t task_count;
    uint32_t needs[MOST_TASKS];
    uint32_t meets; // bits of the tasks that wait for each other
    bool nests;     // the first task executes a job of two tasks
    uint32_t rounds;
} shape;

typedef struct dataflow {
    const shape *of;
    hm_pool *pool;
    hm_task_set set;
    hm_job job;
    hm_ticket tickets[MOST_TASKS];
    _Atomic(uint32_t) open_needs[MOST_TASKS];
    uint32_t dependency_count[MOST_TASKS];
    uint32_t first_successor[MOST_TASKS + 1];
    uint32_t successors[MOST_TASKS * MOST_TASKS];
    uint32_t roots[MOST_TASKS];
    uint32_t run_count[MOST_TASKS];
    uint32_t round;
    uint32_t arrived;
} dataflow;

static const shape inner = {.task_count = 2};

static bool have_all_arrived(const void *context) {
    const dataflow *flow = context;
    return flow->arrived % (uint32_t)__builtin_popcount(flow->of->meets) == 0;
}

static void execute_dataflow(const shape *of, hm_pool *pool);

static hm_progress run_one(void *context, uint32_t task) {
    dataflow *flow = context;
    interleave();
    ck_assert_msg(flow->run_count[task]++ == flow->round, "%s: task %u ran twice",
            flow->of->name, task);
    for (uint32_t before = 0; before < task; before++) {
        ck_assert_msg((flow->of->needs[task] >> before & 1) == 0 ||
                              flow->run_count[before] == flow->round + 1,
                "%s: task %u ran before %u", flow->of->name, task, before);
    }
    if ((flow->of->meets >> task & 1) != 0) {
        flow->arrived++;
        wait_until(have_all_arrived, flow);
    }
    if (task == 0 && flow->of->nests) {
        execute_dataflow(&inner, flow->pool);
    }
    interleave();
    return HM_TASK_DONE;
}

static dataflow *make_dataflow(const shape *of) {
    dataflow *flow = calloc(1, sizeof *flow);
    flow->of = of;
    hm_task_set *set = &flow->set;
    *set = (hm_task_set){.task_count = of->task_count,
            .roots = flow->roots,
            .dependency_count = flow->dependency_count,
            .first_successor = flow->first_successor,
            .successors = flow->successors};
    uint32_t edge_count = 0;
    for (uint32_t from = 0; from < of->task_count; from++) {
        flow->first_successor[from] = edge_count;
        for (uint32_t to = from + 1; to < of->task_count; to++) {
            if ((of->needs[to] >> from & 1) != 0) {
                flow->successors[edge_count++] = to;
                flow->dependency_count[to]++;
            }
        }
        set->sink_count += edge_count == flow->first_successor[from];
    }
    flow->first_successor[of->task_count] = edge_count;
    for (uint32_t task = 0; task < of->task_count; task++) {
        if (flow->dependency_count[task] == 0) {
            flow->roots[set->root_count++] = task;
        }
    }
    hm_job_init(&flow->job, set, flow->tickets, flow->open_needs, run_one, flow);
    return flow;
}

static void execute_dataflow(const shape *of, hm_pool *pool) {
    dataflow *flow = make_dataflow(of);
    flow->pool = pool;
    do {
        ck_assert_int_eq(hm_pool_execute(pool, &flow->job), HM_EXECUTED_ALL);
        flow->round++;
        for (uint32_t task = 0; task < of->task_count; task++) {
            ck_assert_msg(flow->run_count[task] == flow->round,
                    "%s: task %u did not run", of->name, task);
        }
    } while (flow->round < of->rounds);
    memset(flow, 0x5a, sizeof *flow); // whoever still looks at it goes astray
    free(flow);
}

static void call(void *argument) {
    const shape *of = argument;
    hm_pool *pool;
    ck_assert_int_eq(hm_pool_acquire(of->helper_count + 1, &pool), HM_OK);
    execute_dataflow(of, pool);
    hm_pool_release(pool);
}

static void run_schedule(const shape *of) {
    union { // a thread's argument is not const
        const shape *in;
        void *out;
    } argument = {of};
    thread_count = 0;
    loan_count = 0;
    step_count = 0;
    choice_count = 0;
    preemptions_left = preemption_bound;
    for (uint32_t i = 0; i < of->caller_count; i++) {
        add_thread(call, argument.out);
    }
    // Comes back when a thread has ended, or none can go on.
    running = NULL;
    for (thread *next = pick_thread(); next != NULL; next = pick_thread()) {
        go_on_with(next, &test_context);
        running = NULL;
    }
    hm_worker_set_current(NULL);
    for (uint32_t i = 0; i < thread_count; i++) {
        ck_assert_msg(threads[i].has_ended, "%s: thread %u of %u waits for ever",
                of->name, i, thread_count);
    }
}

static void explore(const shape *of, uint32_t bound, uint32_t most) {
    how = DEPTH_FIRST;
    preemption_bound = bound;
    known_count = 0;
    uint32_t count = 0;
    do {
        run_schedule(of);
        count++;
    } while (next_schedule() && count < most);
    if (getenv("HM_TEST_TELL") != NULL) {
        printf("%s: %u schedules\n", of->name, count);
    }
}

static void run_at_random(const shape *of, uint32_t count) {
    static const uint32_t patiences[] = {1, 2, 4, 10, 30};
    how = AT_RANDOM;
    for (uint32_t seed = 0; seed < count; seed++) {
        random_state = seed;
        patience = patiences[seed % 5];
        run_schedule(of);
    }
}

// Of those that meet, fewer wait than there are threads.
static const shape shapes[] = {
        {"two", 1, 1, 2, {0, 0}, .rounds = 2},
        {"two that meet", 1, 1, 2, {0, 0}, .meets = 3, .rounds = 2},
        {"three that meet", 1, 2, 3, {0, 0, 0}, .meets = 7, .rounds = 2},
        {"fan that meets", 1, 2, 4, {0, 1, 1, 1}, .meets = 14, .rounds = 2},
        {"pairs of two callers", 2, 1, 3, {0, 1, 1}, .meets = 6, .rounds = 2},
        {"pairs of three callers", 3, 1, 3, {0, 1, 1}, .meets = 6, .rounds = 1},
        {"diamond", 1, 1, 4, {0, 1, 1, 6}, .rounds = 2},
        {"diamonds of two callers", 2, 0, 4, {0, 1, 1, 6}, .rounds = 2},
        {"fans of three callers", 3, 0, 5, {0, 0, 2, 2, 2}, .rounds = 1},
        {"layers", 1, 2, 6, {0, 0, 3, 3, 12, 12}, .rounds = 1},
        {"nested of two callers", 2, 1, 3, {0, 0, 3}, .nests = true, .rounds = 1},
};

static void with_all_shapes(
        lending way, uint32_t bound, uint32_t most, uint32_t randoms) {
    lends = way;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        // Who meets others needs them.
        if (way == LENDS_OWNED || shapes[i].meets == 0) {
            explore(&shapes[i], bound, most);
            run_at_random(&shapes[i], randoms);
        }
    }
}

static uint32_t times(void) {
    const char *text = getenv("HM_TEST_TIMES"); // for a longer look
    return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 1;
}

START_TEST(jobs_end_under_every_schedule_with_helpers_that_stay) {
    with_all_shapes(LENDS_OWNED, 2, 40 * times(), 80 * times());
}
END_TEST

START_TEST(jobs_end_under_every_schedule_with_helpers_that_leave) {
    with_all_shapes(LENDS_AND_WANTS_BACK, 2, 20 * times(), 40 * times());
}
END_TEST

START_TEST(jobs_end_under_every_schedule_if_threads_cannot_be_had) {
    with_all_shapes(LENDS_OR_FAILS, 2, 20 * times(), 40 * times());
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("scheduler/interleaving");
    TCase *tests = tcase_create("interleaving");
    tcase_add_test(tests, jobs_end_under_every_schedule_with_helpers_that_stay);
    tcase_add_test(tests, jobs_end_under_every_schedule_with_helpers_that_leave);
    tcase_add_test(tests, jobs_end_under_every_schedule_if_threads_cannot_be_had);
    suite_add_tcase(suite, tests);
    return suite;
}
