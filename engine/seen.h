// seen.h — the short way through a hooked call of which adapters are only told: nothing
// is kept of it in the run, unless it fails.

#ifndef HM_ENGINE_SEEN_H
#define HM_ENGINE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/plan.h"

// Whether a hooked call can go this way.
bool hm_seen_suits(const hm_plan *plan, uint32_t call);

// The thunk of its step; self is its hm_hooked.
int hm_seen_run(void *frame, const uint32_t *at, void *self);

#endif
