// hold.h — a guarded call that waits, and no thread with it, because an adapter has it
// wait: until somebody ends the hold, until its time has come, or until the run is
// stopped. Its ticket is resumed then.

#ifndef HM_ENGINE_HOLD_H
#define HM_ENGINE_HOLD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "scheduler/loop.h"

typedef struct hm_guard hm_guard; // engine/guard.h

typedef struct hm_hold {
    _Atomic(uint32_t) state; // hm_hold_state
    bool is_timed;
    hm_note begun; // on its way to the loop: there is an alarm to set
    hm_note ended; // likewise: to take it back, and to go on
    hm_alarm alarm;
} hm_hold;

// Whoever has the ticket asks for a hold, of so many nanoseconds or, if that is 0, of
// any length. False if the run is stopped.
bool hm_hold_ask(hm_guard *guard, uint64_t nanoseconds);

// The hold that was asked for begins. False if it has ended already; if not, whoever
// called has nothing more to do with the run: its ticket is resumed.
bool hm_hold_begin(hm_guard *guard);

// Ends the hold, if there is one. Any thread.
void hm_hold_end(hm_guard *guard);

#endif
