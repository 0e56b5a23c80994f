// guard.c — see guard.h. Limits are entered one after the other, in the order of their
// numbers: nobody waits for one while he is in another that comes after it.

#include "engine/guard.h"

#include "engine/driver.h"
#include "engine/plan.h"
#include "engine/run.h"
#include "scheduler/pool.h"

static hm_limit *limit_of(const hm_guard *guard, uint32_t index) {
    const hm_plan *plan = guard->run->plan;
    const hm_plan_call *call = &plan->calls[guard->call];
    return &plan->driver->limits[plan->limits[call->first_limit + index]].limit;
}

static uint32_t limit_count(const hm_guard *guard) {
    return guard->run->plan->calls[guard->call].limit_count;
}

hm_ticket *hm_guard_ticket(const hm_guard *guard) {
    const hm_run *run = guard->run;
    return &run->tickets[run->schedule->task_of[guard->call]];
}

// There was room at last.
static void admit(hm_waiter *waiter) {
    hm_guard *guard = (hm_guard *)(void *)((char *)waiter - offsetof(hm_guard, waiter));
    guard->entered_count++;
    hm_pool_resume(guard->run->plan->pool, hm_guard_ticket(guard));
}

void hm_guard_init_all(hm_run *run) {
    const hm_plan *plan = run->plan;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        if (plan->calls[c].guard != HM_NONE) {
            hm_guard *guard = &run->guards[plan->calls[c].guard];
            *guard = (hm_guard){.waiter = {.admit = admit}, .run = run, .call = c};
        }
    }
}

void hm_guard_finish_all(hm_run *run) {
    for (uint32_t g = 0; run->guards != NULL && g < run->plan->guard_count; g++) {
        hm_async_finish(&run->guards[g], run->plan->allocator);
    }
}

hm_entry hm_guard_enter(hm_guard *guard) {
    hm_run *run = guard->run;
    uint32_t count = limit_count(guard);
    guard->waiter.level = run->job.level;
    while (guard->entered_count < count) {
        hm_limit *limit = limit_of(guard, guard->entered_count);
        hm_entry entry = hm_limit_enter(limit, &guard->waiter, &run->stop);
        if (entry != HM_ENTERED) {
            return entry;
        }
        guard->entered_count++;
    }
    return HM_ENTERED;
}

void hm_guard_leave(hm_guard *guard) {
    while (guard->entered_count > 0) {
        hm_limit_leave(limit_of(guard, --guard->entered_count));
    }
}

void hm_guard_leave_row(hm_guard *guard) {
    for (uint32_t i = limit_count(guard); i-- > 0;) {
        hm_limit_leave(limit_of(guard, i));
    }
}

void hm_guard_withdraw(hm_guard *guard) {
    hm_hold_end(guard);
    uint32_t count = limit_count(guard);
    for (uint32_t i = 0; i < count; i++) {
        if (hm_limit_withdraw(limit_of(guard, i), &guard->waiter)) {
            hm_pool_resume(guard->run->plan->pool, hm_guard_ticket(guard));
            return;
        }
    }
}
