// hold.c — see hold.h.
//
// A hold is asked for by a hook, which may have told others of it: they may end it
// before it has begun. Who changes its state from HELD resumes the ticket, so that this
// happens once. An alarm is the loop's: a hold that has one goes on by way of the loop,
// where it is taken back first.

#include "engine/hold.h"

#include <stddef.h>
#include <uv.h>

#include "engine/guard.h"
#include "engine/plan.h"
#include "engine/run.h"
#include "scheduler/pool.h"

typedef enum hm_hold_state {
    HM_HOLD_NONE, // or it has ended
    HM_HOLD_ASKED,
    HM_HOLD_HELD,
} hm_hold_state;

static hm_guard *guard_of(void *piece, size_t offset) {
    return (hm_guard *)(void *)((char *)piece - offsetof(hm_guard, hold) - offset);
}

// Timers are on the pool's own loop: an embedder's may stand still.
static hm_loop *loop_of(const hm_guard *guard) {
    return hm_lender_loop(guard->run->plan->pool->lender);
}

static void resume(hm_guard *guard) {
    hm_pool_resume(guard->run->plan->pool, hm_guard_ticket(guard));
}

// Acquire and release, here and below: who stops a run and who asks for a hold of it
// both change the state, so the later one sees what the earlier one did before.
static uint32_t change(hm_guard *guard, uint32_t state) {
    return atomic_exchange_explicit(&guard->hold.state, state, memory_order_acq_rel);
}

static void act_on_alarm(hm_alarm *alarm) {
    hm_guard *guard = guard_of(alarm, offsetof(hm_hold, alarm));
    if (change(guard, HM_HOLD_NONE) == HM_HOLD_HELD) {
        resume(guard);
    }
}

static void act_on_begin(hm_note *note) {
    hm_guard *guard = guard_of(note, offsetof(hm_hold, begun));
    hm_loop_set_alarm(loop_of(guard), &guard->hold.alarm);
}

static void act_on_end(hm_note *note) {
    hm_guard *guard = guard_of(note, offsetof(hm_hold, ended));
    hm_loop_stop_alarm(loop_of(guard), &guard->hold.alarm);
    resume(guard);
}

bool hm_hold_ask(hm_guard *guard, uint64_t nanoseconds) {
    hm_hold *hold = &guard->hold;
    hold->is_timed = nanoseconds > 0;
    hold->begun = (hm_note){.act = act_on_begin};
    hold->ended = (hm_note){.act = act_on_end};
    uint64_t now = nanoseconds > 0 ? uv_hrtime() : 0;
    uint64_t most = INT64_MAX - now;
    hold->alarm = (hm_alarm){.act = act_on_alarm,
            .time = now + (nanoseconds < most ? nanoseconds : most)};
    change(guard, HM_HOLD_ASKED);
    if (hm_stop_is_due(guard->run)) {
        change(guard, HM_HOLD_NONE);
        return false;
    }
    return true;
}

bool hm_hold_begin(hm_guard *guard) {
    hm_hold *hold = &guard->hold;
    bool is_timed = hold->is_timed;
    if (is_timed) {
        hm_loop_post(loop_of(guard), &hold->begun);
    }
    uint32_t asked = HM_HOLD_ASKED;
    if (atomic_compare_exchange_strong_explicit(&hold->state, &asked, HM_HOLD_HELD,
                memory_order_acq_rel, memory_order_acquire)) {
        return true;
    }
    if (is_timed) {
        hm_loop_post(loop_of(guard), &hold->ended);
    }
    return is_timed;
}

void hm_hold_end(hm_guard *guard) {
    if (change(guard, HM_HOLD_NONE) != HM_HOLD_HELD) {
        return;
    }
    if (guard->hold.is_timed) {
        hm_loop_post(loop_of(guard), &guard->hold.ended);
    } else {
        resume(guard);
    }
}
