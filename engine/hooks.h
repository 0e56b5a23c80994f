// hooks.h — what a run has for the adapters of its driver: their own views of it, the
// calls that they are told of, and what they put in the place of calls. See
// <hamilton/adapter.h>.

#ifndef HM_ENGINE_HOOKS_H
#define HM_ENGINE_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "engine/adapted.h"
#include "engine/called.h"

typedef struct hm_run hm_run; // engine/run.h

// A run as an adapter sees it.
typedef struct hm_hook_view {
    hm_running running; // first: a pointer to it is a pointer to all
    hm_run *run;
    uint32_t number; // of the adapter
} hm_hook_view;

// What a cache decided while the run began, for adapters that began after it.
typedef struct hm_early_decision {
    const hm_planned_node *node;
    hm_cache_decision decision;
    const char *why;
    uint32_t heard; // by how many adapters
} hm_early_decision;

typedef struct hm_hooks {
    hm_hook_view *views;      // by adapter
    uint32_t began_count;     // adapters that are to be told of the end
    bool is_beginning;        // adapters are told that it begins
    hm_early_decision *early; // in the run's arena of messages
    uint32_t early_count;
    hm_called *called;     // by hooked call
    hm_link_state *states; // of their links
    hm_value *supplied;    // by value of the plan: what adapters put there
    bool *is_supplied;     // by call: when the run began
    bool *is_omitted;      // likewise: supplied, or only needed by what is
    bool omits;            // any
    hm_error told;         // what the owner of the run is told
} hm_hooks;

// For a new run of which some adapter wants to be told; nothing for another. False if
// memory ran out.
bool hm_hooks_create(hm_run *run);

// Frees it, and what was supplied. Accepts a run without.
void hm_hooks_destroy(hm_run *run);

// The execution begins: adapters are told, inputs are checked, and what adapters supply
// is in its place. If it fails they are told of the end as well.
hm_status hm_hooks_begin(hm_run *run, hm_error *error);

// Adapters are told of the end, if they were of the beginning.
void hm_hooks_end(hm_run *run);

// A thread turns to a task, HM_NONE for all of them, or has done it. Nothing without
// adapters that want to know.
void hm_hooks_begin_task(hm_run *run, uint32_t task);
void hm_hooks_end_task(hm_run *run, uint32_t task);

// Whether a call is left out of this execution.
bool hm_hooks_omit(const hm_run *run, uint32_t call);

// A call is not made; what became of it is noted. Tells all adapters that want it, but
// for those that know already that it is under way.
void hm_hooks_skipped(hm_run *run, uint32_t call);

// A lazy call is not made, since nothing needs it. Tells all adapters that want it.
void hm_hooks_passed(hm_run *run, uint32_t call);

// Tells the adapters of some links of a hooked call that it is not made.
void hm_hooks_tell_skipped(hm_run *run, const hm_hooked *hooked, uint32_t first_link,
        hm_skip reason, uint32_t cause);

// Puts an adapter's values into the place of what a call makes, or made. They are the
// run's then, unless it fails.
hm_status hm_hooks_put(hm_run *run, uint32_t call, hm_value *results, hm_error *error);

// Releases a value that an adapter put there.
void hm_hooks_end_value(hm_run *run, uint32_t value);

#endif
