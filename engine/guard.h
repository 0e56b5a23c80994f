// guard.h — calls that do not simply run: they need room in limits, they are
// asynchronous and end later, or an adapter may have them wait. Each is a task of its
// own, which may be pending.

#ifndef HM_ENGINE_GUARD_H
#define HM_ENGINE_GUARD_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/async.h"
#include "engine/hold.h"
#include "scheduler/job.h"
#include "scheduler/limit.h"

typedef struct hm_run hm_run; // engine/run.h

// What a run has for each of them.
typedef struct hm_guard {
    hm_waiter waiter;
    hm_run *run;
    uint32_t call;
    uint32_t entered_count; // limits that it is in; of whoever has the ticket
    hm_async_call async;
    hm_hold hold;
} hm_guard;

// Prepares the guards of a new run.
void hm_guard_init_all(hm_run *run);
void hm_guard_finish_all(hm_run *run);

// Room in all limits of the call. HM_PARKED: whoever called has nothing more to do with
// the run; its ticket is resumed. HM_STOPPED: the run is stopped.
hm_entry hm_guard_enter(hm_guard *guard);

// Gives back the room that the guard is in; that of a row of an asynchronous call,
// which has it from the guard.
void hm_guard_leave(hm_guard *guard);
void hm_guard_leave_row(hm_guard *guard);

hm_ticket *hm_guard_ticket(const hm_guard *guard);

// If the call waits for room, or is held, it is no longer, and its ticket is resumed.
// The run is stopped. Any thread.
void hm_guard_withdraw(hm_guard *guard);

#endif
