// submit.c — hm_run_submit. A run is executed by helpers; when it has ended, or when
// its deadline has passed, its owner is told on the thread of the driver's loop. The
// clock for the deadline is the loop's.

#include "engine/submit.h"

#include <stddef.h>

#include "base/error.h"
#include "engine/cancel.h"
#include "engine/driver.h"
#include "engine/execute.h"
#include "scheduler/pool.h"

// How often it is looked whether a run was cancelled that may not hear of it otherwise.
enum { LOOK_PERIOD = 10 * 1000 * 1000 };

static hm_run *run_of(void *piece, size_t offset) {
    return (hm_run *)(void *)((char *)piece - offsetof(hm_run, submission) - offset);
}

// One run less is under way.
static void make_room(hm_driver *driver) {
    uv_mutex_lock(&driver->lock);
    driver->in_flight--;
    uv_cond_signal(&driver->has_room);
    uv_mutex_unlock(&driver->lock);
}

static hm_status take_room(hm_driver *driver, hm_error *error) {
    uv_mutex_lock(&driver->lock);
    uint32_t limit = driver->in_flight_limit;
    // The loop's own thread would keep others from ending.
    bool can_wait = driver->waits_for_room && !hm_loop_is_here(driver->loop);
    while (can_wait && limit != 0 && driver->in_flight >= limit) {
        uv_cond_wait(&driver->has_room, &driver->lock);
    }
    bool has_room = limit == 0 || driver->in_flight < limit;
    driver->in_flight += has_room;
    uv_mutex_unlock(&driver->lock);
    if (has_room) {
        return HM_OK;
    }
    return hm_error_set(error, HM_BUSY,
            "%u submitted runs are under way, which is the driver's in_flight_limit: "
            "try "
            "again when one has ended",
            (unsigned)limit);
}

// On the loop's thread. The run may be submitted again, or destroyed, by whoever is
// told.
static void tell(hm_run *run, bool was_left) {
    hm_driver *driver = hm_driver_use(run->plan->driver);
    hm_submission *submission = &run->submission;
    hm_run_done *done = submission->done;
    void *context = submission->context;
    hm_loop_stop_alarm(driver->loop, &submission->alarm);
    if (submission->is_held) {
        hm_loop_let_go(driver->loop);
    }
    hm_error error = {.status = HM_OK};
    hm_faults faults = {.error = &error};
    error.status = hm_execute_end(run, was_left, &faults);
    make_room(driver);
    done(run, &error, context);
    hm_driver_release(driver);
}

static void act_on_end(hm_note *note) {
    tell(run_of(note, offsetof(hm_submission, ended)), false);
}

static void set_alarm(hm_run *run) {
    hm_alarm *alarm = &run->submission.alarm;
    uint64_t look = uv_hrtime() + LOOK_PERIOD;
    bool looks = run->job.look != NULL;
    bool is_late_first = run->deadline != 0 && (!looks || run->deadline < look);
    if (looks || run->deadline != 0) {
        alarm->time = is_late_first ? run->deadline : look;
        hm_loop_set_alarm(run->plan->driver->loop, alarm);
    }
}

static void act_on_alarm(hm_alarm *alarm) {
    hm_run *run = run_of(alarm, offsetof(hm_submission, alarm));
    bool is_late = run->deadline != 0 && uv_hrtime() >= run->deadline;
    if (is_late && hm_pool_leave(run->plan->pool, &run->job)) {
        tell(run, true);
        return;
    }
    if (run->job.look != NULL) {
        run->job.look(run);
    }
    if (!is_late) { // else it has just ended, and that is noted
        set_alarm(run);
    }
}

static void act_on_begin(hm_note *note) {
    set_alarm(run_of(note, offsetof(hm_submission, begun)));
}

// The job has ended: on any thread.
static void note_end(void *context, bool was_left) {
    hm_run *run = context;
    if (was_left) {
        hm_run_come_back(run);
    } else {
        hm_loop_post(run->plan->driver->loop, &run->submission.ended);
    }
}

static void share(hm_run *run) {
    hm_driver *driver = run->plan->driver;
    hm_execute_prepare(run);
    run->job.ended = note_end;
    hm_pool_announce(driver->pool, &run->job); // its alarm may be due at once
    if (run->deadline != 0 || run->job.look != NULL) {
        hm_loop_post(driver->loop, &run->submission.begun);
    }
    hm_pool_raise_limit(driver->pool, driver->worker_count);
    hm_pool_submit(driver->pool, &run->job);
}

hm_status hm_run_submit(
        hm_run *run, hm_run_done *done, void *context, hm_error *error) {
    hm_driver *driver = run->plan->driver;
    if (!hm_driver_has_loop(driver)) {
        return hm_error_set(
                error, HM_NO_MEMORY, "no thread can be had for the driver's loop");
    }
    HM_TRY(take_room(driver, error));
    hm_way way;
    hm_status status = hm_execute_begin(run, error, &way);
    if (status != HM_OK) {
        make_room(driver);
        return status;
    }
    bool is_held = hm_loop_is_here(driver->loop);
    if (is_held) {
        hm_loop_hold(driver->loop);
    }
    run->submission = (hm_submission){.done = done,
            .context = context,
            .begun = {.act = act_on_begin},
            .ended = {.act = act_on_end},
            .alarm = {.act = act_on_alarm},
            .is_held = is_held};
    if (way == HM_ALONE && run->is_short) {
        hm_execute_alone(run);
        hm_loop_post(driver->loop, &run->submission.ended);
    } else {
        share(run);
    }
    return HM_OK;
}
