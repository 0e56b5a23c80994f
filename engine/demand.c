// demand.c — see demand.h. Calls that are demanded and whose needs are still to be are
// a list, linked in `demands`: an element is 0 of a call that is not demanded, LAST of
// the last on a list, and else tells the next one. Who takes a call onto a list, by
// changing the 0, is the only one to write its element.

#include "engine/demand.h"

#include "engine/hooks.h"
#include "graph/switch.h"

enum { LAST = 1, FIRST_LINK = 2 };

// What is known of a choice.
enum { IS_NEEDED = 1, IS_THERE = 2, IS_DECIDED = IS_NEEDED | IS_THERE };

typedef struct hm_demanding {
    hm_run *run;
    uint32_t top; // LAST, or FIRST_LINK and the call
} hm_demanding;

static uint32_t call_of(const hm_plan *plan, const hm_plan_choice *choice) {
    return plan->values[choice->made].maker;
}

static const hm_switch *switch_of(const hm_plan *plan, uint32_t call) {
    return hm_switch_of(hm_plan_graph_call(plan, call)->function);
}

static void demand(hm_demanding *demanding, uint32_t value) {
    hm_run *run = demanding->run;
    uint32_t maker = run->plan->values[value].maker;
    uint32_t none = 0;
    // Relaxed: its task comes after those of all who may demand it.
    if (maker != HM_NONE && hm_plan_call_is_lazy(run->plan, maker) &&
            !hm_hooks_omit(run, maker) &&
            atomic_compare_exchange_strong_explicit(&run->demands[maker], &none,
                    demanding->top, memory_order_relaxed, memory_order_relaxed)) {
        demanding->top = maker + FIRST_LINK;
    }
}

// What a switch takes, of which the value that chooses is there.
static uint32_t chosen_of(const hm_run *run, uint32_t call) {
    const hm_plan *plan = run->plan;
    const hm_switch *choosing = switch_of(plan, call);
    const uint32_t *slots = &plan->slots[plan->calls[call].operands];
    return hm_switch_choose(choosing, run->frame + slots[hm_switch_chooser(choosing)]);
}

static void demand_branch(hm_demanding *demanding, uint32_t call) {
    uint32_t chosen = chosen_of(demanding->run, call);
    if (chosen != HM_NONE) { // else it will fail
        const hm_plan *plan = demanding->run->plan;
        demand(demanding, hm_plan_operands(plan, call)[chosen].value);
    }
}

// Notes one of the two; true if the other was known before.
static bool note(hm_run *run, uint32_t choice, uint32_t what) {
    // Acquire and release: who decides reads the value that another one has made.
    uint32_t before = atomic_fetch_or_explicit(
            &run->decisions[choice], what, memory_order_acq_rel);
    return before != IS_DECIDED && (before | what) == IS_DECIDED;
}

static void demand_needs(hm_demanding *demanding, uint32_t call) {
    hm_run *run = demanding->run;
    const hm_plan *plan = run->plan;
    const hm_plan_call *own = &plan->calls[call];
    const hm_operand *operands = hm_plan_operands(plan, call);
    if (own->choice == HM_NONE) {
        for (uint32_t p = 0; p < own->parameter_count; p++) {
            demand(demanding, operands[p].value);
        }
        return;
    }
    const hm_plan_choice *choice = &plan->choices[own->choice];
    demand(demanding, choice->by);
    for (uint32_t i = 0; i < choice->held_count; i++) {
        demand(demanding, plan->held[choice->first_held + i]);
    }
    if (note(run, own->choice, IS_NEEDED)) {
        demand_branch(demanding, call);
    }
}

static void demand_all(hm_demanding *demanding) {
    while (demanding->top != LAST) {
        uint32_t call = demanding->top - FIRST_LINK;
        demanding->top = atomic_load_explicit(
                &demanding->run->demands[call], memory_order_relaxed);
        demand_needs(demanding, call);
    }
}

void hm_demand_begin(hm_run *run) {
    const hm_plan *plan = run->plan;
    hm_demanding demanding = {run, LAST};
    // Relaxed: no task is under way.
    for (uint32_t c = 0; c < plan->call_count; c++) {
        atomic_store_explicit(&run->demands[c], 0, memory_order_relaxed);
    }
    for (uint32_t i = 0; i < plan->choice_count; i++) {
        const hm_plan_choice *choice = &plan->choices[i];
        bool is_there = plan->values[choice->by].maker == HM_NONE;
        uint32_t call = call_of(plan, choice);
        bool is_needed = !hm_plan_call_is_lazy(plan, call) && !hm_hooks_omit(run, call);
        atomic_store_explicit(&run->decisions[i],
                (is_there ? IS_THERE : 0U) | (is_needed ? IS_NEEDED : 0U),
                memory_order_relaxed);
    }
    for (uint32_t i = 0; i < plan->choice_count; i++) {
        if (atomic_load_explicit(&run->decisions[i], memory_order_relaxed) ==
                IS_DECIDED) {
            demand_branch(&demanding, call_of(plan, &plan->choices[i]));
        }
    }
    demand_all(&demanding);
}

// The first choice that goes by a value.
static uint32_t first_choice(const hm_plan *plan, uint32_t value) {
    uint32_t low = 0;
    uint32_t high = plan->choice_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->choices[middle].by < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_made(const hm_run *run, uint32_t value) {
    uint32_t maker = run->plan->values[value].maker;
    if (maker == HM_NONE || hm_hooks_omit(run, maker)) {
        return maker == HM_NONE || run->hooks->is_supplied[maker];
    }
    return !hm_demand_is_passed(run, maker) && run->outcomes[maker].status == HM_OK;
}

void hm_demand_decide(hm_run *run, uint32_t value) {
    const hm_plan *plan = run->plan;
    hm_demanding demanding = {run, LAST};
    if (!is_made(run, value)) {
        return; // the switches will not be run
    }
    for (uint32_t i = first_choice(plan, value);
            i < plan->choice_count && plan->choices[i].by == value; i++) {
        if (note(run, i, IS_THERE)) {
            demand_branch(&demanding, call_of(plan, &plan->choices[i]));
        }
    }
    demand_all(&demanding);
}

bool hm_demand_passed_some(const hm_run *run, uint32_t task) {
    const hm_schedule *schedule = run->schedule;
    for (uint32_t i = schedule->first_call[task];
            i < schedule->first_call[task + 1] && run->plan->choice_count > 0; i++) {
        if (hm_demand_is_passed(run, schedule->order[i])) {
            return true;
        }
    }
    return false;
}

bool hm_demand_takes(const hm_run *run, uint32_t call, uint32_t parameter) {
    const hm_plan *plan = run->plan;
    const hm_plan_call *own = &plan->calls[call];
    if (own->choice == HM_NONE) {
        return true;
    }
    if (parameter == hm_switch_chooser(switch_of(plan, call))) {
        return true;
    }
    // Acquire: the value that chooses.
    uint32_t known =
            atomic_load_explicit(&run->decisions[own->choice], memory_order_acquire);
    return (known & IS_THERE) != 0 && parameter == chosen_of(run, call);
}
