// fiber.c — see world.h. A thread begins by way of ucontext and goes on by way of
// setjmp, of which all that counts is on its stack and in a buffer that can be copied.

#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "scheduler/worker.h"
#include "tests/scheduler/explorer/explorer.h"
#include "tests/scheduler/explorer/hash.h"
#include "tests/scheduler/explorer/order.h"
#include "tests/scheduler/explorer/world.h"

hm_world hm_now;
hm_fiber *hm_running;
hm_rules hm_how;

static char *stacks; // one after the other, apart from static variables
static jmp_buf explorer_context;

static size_t number_of(const hm_fiber *fiber) {
    return (size_t)(fiber - hm_now.fibers);
}

static char *stack_end(const hm_fiber *fiber) {
    return stacks + (number_of(fiber) + 1) * HM_STACK_SIZE;
}

void hm_fiber_add(void (*work)(void *argument), void *argument, bool is_helper) {
    hm_require(hm_now.fiber_count < HM_MOST_FIBERS, "too many threads");
    if (stacks == NULL) {
        stacks = aligned_alloc(4096, HM_MOST_FIBERS * HM_STACK_SIZE);
        hm_require(stacks != NULL, "no memory for stacks");
    }
    hm_fiber *added = &hm_now.fibers[hm_now.fiber_count];
    memset(added, 0, sizeof *added);
    added->work = work;
    added->argument = argument;
    added->is_helper = is_helper;
    if (hm_running != NULL) {
        hm_order_release_to(&added->view);
    }
    added->view.clocks[hm_now.fiber_count] = 1;
    hm_now.fiber_count++;
}

void hm_fiber_forget_all(void) {
    hm_now.fiber_count = 0;
    hm_running = NULL;
    hm_worker_set_current(NULL);
}

bool hm_fiber_can_go_on(const hm_fiber *fiber) {
    return !fiber->has_ended &&
           (fiber->may_go_on == NULL || fiber->may_go_on(fiber->what) ||
                   (fiber->is_timed && hm_now.timeouts_left > 0));
}

// Below the frames of those who called.
__attribute__((noinline)) static char *stack_pointer(void) {
    char *here = __builtin_frame_address(0);
    return here - 64;
}

__attribute__((noinline)) static void stop(void) {
    hm_fiber *self = hm_running;
    self->low = stack_pointer();
    if (_setjmp(self->context) == 0) {
        _longjmp(explorer_context, 1);
    }
}

static void begin(void) {
    hm_running->work(hm_running->argument);
    hm_running->has_ended = true;
    _longjmp(explorer_context, 1);
}

static void start(hm_fiber *fiber) {
    char *stack = stack_end(fiber) - HM_STACK_SIZE;
    memset(stack, 0, HM_STACK_SIZE); // what lies in gaps between variables counts too
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = stack;
    context.uc_stack.ss_size = HM_STACK_SIZE;
    makecontext(&context, begin, 0);
    setcontext(&context);
}

// Of the stack and the registers: equal hashes go on in equal ways.
static uint64_t hash_of(const hm_fiber *fiber) {
    if (fiber->has_ended) {
        return 1;
    }
    uint64_t hash = hm_hash_bytes(2, &fiber->context, sizeof(__jmp_buf));
    return hm_hash_bytes(hash, fiber->low, (size_t)(stack_end(fiber) - fiber->low));
}

// Comes back when the running thread stops.
static void switch_to_running(void) {
    if (_setjmp(explorer_context) != 0) {
        return;
    }
    if (hm_running->has_begun) {
        _longjmp(hm_running->context, 1);
    }
    hm_running->has_begun = true;
    start(hm_running);
}

void hm_fiber_resume(hm_fiber *fiber) {
    hm_running = fiber;
    hm_worker_set_current(fiber->worker);
    switch_to_running();
    fiber->worker = hm_worker_current();
    hm_running = NULL;
    if (hm_how.is_exhaustive) {
        fiber->hash = hash_of(fiber);
    }
}

static size_t stack_size(const hm_fiber *fiber) {
    return fiber->has_begun && !fiber->has_ended
                   ? (size_t)(stack_end(fiber) - fiber->low)
                   : 0;
}

size_t hm_fiber_save_stack(const hm_fiber *fiber, char *to) {
    size_t size = stack_size(fiber);
    memcpy(to, stack_end(fiber) - size, size);
    return size;
}

size_t hm_fiber_restore_stack(const hm_fiber *fiber, const char *from) {
    size_t size = stack_size(fiber);
    memcpy(stack_end(fiber) - size, from, size);
    return size;
}

void hm_point(const void *at, bool writes) {
    if (hm_running == NULL) {
        return;
    }
    hm_require(hm_now.step_count++ < HM_MOST_STEPS, "the schedule has no end");
    if (hm_explorer_stops_at(at, writes)) {
        stop();
    }
}

uint32_t hm_choose(uint32_t count) {
    if (hm_running == NULL || count < 2) {
        return 0;
    }
    if (!hm_how.is_exhaustive) {
        return hm_explorer_random(count);
    }
    hm_running->choice_count = count;
    stop();
    hm_running->choice_count = 0;
    return hm_running->chosen;
}

static bool wait_for(
        bool (*may_go_on)(const void *what), const void *what, bool is_timed) {
    hm_fiber *self = hm_running;
    if (self == NULL) {
        hm_require(may_go_on(what), "the explorer itself would wait");
        return true;
    }
    while (!may_go_on(what)) {
        self->may_go_on = may_go_on;
        self->what = what;
        self->is_timed = is_timed;
        stop();
        self->may_go_on = NULL;
        self->is_timed = false;
        if (is_timed) {
            break;
        }
    }
    bool is_so = may_go_on(what);
    if (!is_so && hm_now.timeouts_left > 0) {
        hm_now.timeouts_left--;
    }
    return is_so;
}

void hm_wait_until(bool (*may_go_on)(const void *what), const void *what) {
    wait_for(may_go_on, what, false);
}

bool hm_wait_until_late(bool (*may_go_on)(const void *what), const void *what) {
    return wait_for(may_go_on, what, true);
}
