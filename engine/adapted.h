// adapted.h — what adapters are told of a driver, of its graph and of its plans, and
// which nodes of a plan they want. See <hamilton/adapter.h>.
//
// A plan has an hm_adapted if its driver has adapters. What none of them wants is
// compiled as if there were none; a call that is *hooked* has links, one for each
// adapter that wants it, the outermost first.

#ifndef HM_ENGINE_ADAPTED_H
#define HM_ENGINE_ADAPTED_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "base/diagnostics.h"
#include "engine/plan.h"

// An adapter that wants a call.
typedef struct hm_hook_link {
    const hm_adapter *adapter;
    uint32_t number; // of the adapter
    hm_want want;
} hm_hook_link;

typedef struct hm_hooked {
    uint32_t number; // among the hooked calls
    uint32_t call;
    const hm_planned_node *node;
    hm_call_thunk *only; // all that there is to the call, or NULL: see rows.h
    void *self;          // for it
    const uint32_t *at;
    const hm_hook_link *links;
    uint32_t link_count;
    uint32_t first_state; // where a run has what it keeps of them
    hm_want want;         // the most that a link has
    bool is_followed;     // some adapter wants to hear how its rows go on
    bool is_watched;      // or who works on them
} hm_hooked;

typedef struct hm_adapted {
    const hm_adapter *adapters; // the driver's
    uint32_t adapter_count;
    uint32_t told_count; // of these, how many know that the plan is there
    hm_planned *planned; // by adapter
    hm_planned_node *nodes;
    uint32_t node_count;
    uint32_t *call_of; // by planned node
    hm_hooked *hooked;
    uint32_t hooked_count;
    uint32_t link_count; // of all calls
    bool sees_runs;      // some adapter has hooks of runs
    bool sees_tasks;     // or of tasks
} hm_adapted;

// Copies the adapters of the options, whatever versions they are of.
hm_status hm_adapted_read(
        const hm_driver_options *options, hm_driver *driver, hm_error *error);

// Asks the adapters about the graph of a new driver; and tells them of its end.
hm_status hm_adapted_check_graph(const hm_driver *driver, hm_faults *faults);
void hm_adapted_end_driver(hm_driver *driver);

// From now on the adapters of a driver hear how the threads of its pool sleep, if one
// of them wants to; and no more.
void hm_adapted_watch(hm_driver *driver);
void hm_adapted_unwatch(hm_driver *driver);

// The calls of a plan have their places: those that are hooked are told.
void hm_adapted_settle(hm_plan *plan);

// A plan was compiled; and ends. An adapter that refuses is named in a fault.
hm_status hm_adapted_tell(hm_plan *plan, hm_faults *faults);
void hm_adapted_end(const hm_plan *plan);

// How a call of a plan is wanted.
hm_want hm_adapted_want(const hm_plan *plan, uint32_t call);

// What an adapter said when it failed, with its name: what it was doing, and of which
// node, or NULL.
hm_status hm_adapted_fault(const hm_adapter *adapter, hm_status status,
        const char *doing, const char *node, const hm_error *said, hm_error *error);

#endif
