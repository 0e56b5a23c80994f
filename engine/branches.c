// branches.c — the pass after shape: which calls only branches of switches need, and
// when a run knows whether it needs them. A switch over rows has all of its branches
// computed; here switches of single values are meant.
//
//     model ───────────┐ decides            wanted: score. `linear` and `forest`
//     x ──▶ linear ──▶ score                are lazy, and wait for `model`
//     x ──▶ forest ────▲
//
// A call is needed if it makes something wanted, or if a call that is needed takes what
// it makes: a switch takes what chooses, and then the branch that is chosen. As soon as
// a switch is needed and what chooses is there, the branch is known to be needed, and
// all that it takes in turn: see demand.c. So each lazy call waits for what chooses in
// the switches that it may be needed for.
//
// A call may stand before that itself:
//
//     a ──▶ which ──▶ s        s chooses by `which`, and `which` by `p`: whether s
//     p ──────▲       ▲        takes `a` is known when it is too late for `which`
//     a ──────────────┘
//
// Such a call is held: it is needed as soon as the switch is. Where what chooses takes
// it in any case, that is as it must be; where it may take it, as here, it is run
// although nothing may take it in the end.

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/plan.h"
#include "graph/switch.h"

typedef struct hm_link {
    uint32_t value;
    struct hm_link *next;
} hm_link;

typedef struct hm_found_choice {
    uint32_t call;
    uint32_t by;     // the value that chooses
    hm_link *held;   // values, see above
    hm_link *delays; // what chooses in switches by which this one may be needed
} hm_found_choice;

typedef struct hm_branching {
    hm_plan *plan;
    hm_arena *arena; // scratch
    hm_found_choice *choices;
    uint32_t choice_count;
    bool *is_needed;   // by call: whatever is chosen
    bool *is_below;    // by call: it is lazy, or needs a lazy call
    uint32_t *before;  // by call: the last switch before whose decision it stands
    uint32_t *seen;    // by call: the last switch of whose branches it was found
    uint32_t *path;    // room for all calls
    uint32_t *members; // likewise
    hm_link **waits;   // by call
    uint32_t wait_count;
    uint32_t held_count;
} hm_branching;

static bool makes_wanted(const hm_plan *plan, uint32_t call) {
    const hm_plan_call *own = &plan->calls[call];
    const hm_operand *outputs = &hm_plan_operands(plan, call)[own->parameter_count];
    for (uint32_t o = 0; o < own->output_count; o++) {
        if (plan->values[outputs[o].value].is_wanted) {
            return true;
        }
    }
    return false;
}

static bool is_choice(const hm_plan *plan, uint32_t call) {
    const hm_plan_call *own = &plan->calls[call];
    return (own->traits & HM_CALL_CHOOSES) != 0 && own->loop_depth == 0;
}

// Whether a parameter is a branch, which may not be needed when the call is.
static bool is_branch(const hm_branching *branching, uint32_t call, uint32_t p) {
    const hm_plan *plan = branching->plan;
    uint32_t choice = plan->calls[call].choice;
    return choice != HM_NONE && p != hm_switch_chooser(hm_switch_of(
                                             hm_plan_graph_call(plan, call)->function));
}

static hm_status find_choices(hm_branching *branching) {
    hm_plan *plan = branching->plan;
    uint32_t count = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        count += is_choice(plan, c);
    }
    if (count == 0) {
        return HM_OK;
    }
    branching->choices =
            hm_arena_array(branching->arena, count, sizeof *branching->choices);
    if (branching->choices == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        if (is_choice(plan, c)) {
            const hm_function *function = hm_plan_graph_call(plan, c)->function;
            uint32_t chooser = hm_switch_chooser(hm_switch_of(function));
            plan->calls[c].choice = branching->choice_count;
            branching->choices[branching->choice_count++] = (hm_found_choice){
                    .call = c, .by = hm_plan_need_value(plan, c, chooser)};
        }
    }
    return HM_OK;
}

// Readers have higher numbers than what they read.
static void find_needed(hm_branching *branching) {
    const hm_plan *plan = branching->plan;
    for (uint32_t c = plan->call_count; c-- > 0;) {
        branching->is_needed[c] = branching->is_needed[c] || makes_wanted(plan, c);
        if (!branching->is_needed[c]) {
            continue;
        }
        for (uint32_t p = 0; p < plan->calls[c].parameter_count; p++) {
            uint32_t maker = hm_plan_need_maker(plan, c, p);
            if (maker != HM_NONE && !is_branch(branching, c, p)) {
                branching->is_needed[maker] = true;
            }
        }
    }
}

static void find_below(hm_branching *branching) {
    const hm_plan *plan = branching->plan;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        bool is_below = !branching->is_needed[c];
        for (uint32_t p = 0; p < plan->calls[c].parameter_count; p++) {
            uint32_t maker = hm_plan_need_maker(plan, c, p);
            is_below |= maker != HM_NONE && branching->is_below[maker];
        }
        branching->is_below[c] = is_below;
    }
}

static bool add_link(hm_branching *branching, hm_link **list, uint32_t value) {
    hm_link *link = hm_arena_array(branching->arena, 1, sizeof *link);
    if (link == NULL) {
        return false;
    }
    *link = (hm_link){value, *list};
    *list = link;
    return true;
}

// Takes the maker of a value onto the path of calls that stand before a decision.
static void go_before(
        hm_branching *branching, uint32_t number, uint32_t value, uint32_t *length) {
    uint32_t maker = branching->plan->values[value].maker;
    if (maker != HM_NONE && branching->is_below[maker] &&
            branching->before[maker] != number) {
        branching->before[maker] = number;
        branching->path[(*length)++] = maker;
    }
}

// All lazy calls that have run when a switch decides, or have been passed over.
static void find_before(hm_branching *branching, uint32_t number) {
    const hm_plan *plan = branching->plan;
    const hm_found_choice *choice = &branching->choices[number];
    uint32_t length = 0;
    go_before(branching, number, choice->by, &length);
    for (const hm_link *delay = choice->delays; delay != NULL; delay = delay->next) {
        go_before(branching, number, delay->value, &length);
    }
    while (length > 0) {
        uint32_t call = branching->path[--length];
        for (uint32_t p = 0; p < plan->calls[call].parameter_count; p++) {
            go_before(branching, number, hm_plan_need_value(plan, call, p), &length);
        }
        for (const hm_link *wait = branching->waits[call]; wait != NULL;
                wait = wait->next) {
            go_before(branching, number, wait->value, &length);
        }
    }
}

// Meets something that a switch may take: a call to be decided on, which joins the
// members, or one to be held.
static bool meet(
        hm_branching *branching, uint32_t number, uint32_t value, uint32_t *count) {
    uint32_t maker = branching->plan->values[value].maker;
    if (maker == HM_NONE || branching->is_needed[maker] ||
            branching->seen[maker] == number) {
        return true;
    }
    branching->seen[maker] = number;
    if (branching->before[maker] != number) {
        branching->members[(*count)++] = maker;
        return true;
    }
    branching->held_count++;
    return add_link(branching, &branching->choices[number].held, value);
}

// Whether a call comes after another one that is decided on by the same switch.
static bool comes_after_member(
        const hm_branching *branching, uint32_t number, uint32_t call) {
    const hm_plan *plan = branching->plan;
    for (uint32_t p = 0; p < plan->calls[call].parameter_count; p++) {
        uint32_t maker = hm_plan_need_maker(plan, call, p);
        if (maker != HM_NONE && branching->seen[maker] == number &&
                branching->before[maker] != number) {
            return true;
        }
    }
    return false;
}

// The calls that a switch decides on. The first of them wait for what chooses; the
// switches among them decide later than this one.
static hm_status find_members(hm_branching *branching, uint32_t number) {
    const hm_plan *plan = branching->plan;
    const hm_found_choice *choice = &branching->choices[number];
    bool is_computed = plan->values[choice->by].maker != HM_NONE;
    uint32_t count = 0;
    bool added = true;
    for (uint32_t p = 0; p < plan->calls[choice->call].parameter_count; p++) {
        if (is_branch(branching, choice->call, p)) {
            added &= meet(branching, number, hm_plan_need_value(plan, choice->call, p),
                    &count);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t call = branching->members[i];
        for (uint32_t p = 0; p < plan->calls[call].parameter_count; p++) {
            added &= meet(branching, number, hm_plan_need_value(plan, call, p), &count);
        }
    }
    for (uint32_t i = 0; i < count && is_computed; i++) {
        uint32_t call = branching->members[i];
        uint32_t inner = plan->calls[call].choice;
        if (inner != HM_NONE) {
            added &= add_link(branching, &branching->choices[inner].delays, choice->by);
        }
        const hm_link *last = branching->waits[call];
        bool waits = last != NULL && last->value == choice->by;
        if (!waits && !comes_after_member(branching, number, call)) {
            branching->wait_count++;
            added &= add_link(branching, &branching->waits[call], choice->by);
        }
    }
    return added ? HM_OK : HM_NO_MEMORY;
}

// What a switch holds that is always needed is always needed, and all that it takes.
static void need_held(hm_branching *branching, uint32_t number) {
    const hm_plan *plan = branching->plan;
    uint32_t length = 0;
    for (const hm_link *held = branching->choices[number].held; held != NULL;
            held = held->next) {
        uint32_t maker = plan->values[held->value].maker;
        branching->path[length] = maker;
        length += !branching->is_needed[maker];
        branching->is_needed[maker] = true;
    }
    while (length > 0) {
        uint32_t call = branching->path[--length];
        for (uint32_t p = 0; p < plan->calls[call].parameter_count; p++) {
            uint32_t maker = hm_plan_need_maker(plan, call, p);
            if (maker != HM_NONE && !branching->is_needed[maker] &&
                    !is_branch(branching, call, p)) {
                branching->is_needed[maker] = true;
                branching->path[length++] = maker;
            }
        }
    }
}

// Calls that the same calls take in any case are needed together with these.
static hm_status number_lazy(hm_branching *branching) {
    hm_plan *plan = branching->plan;
    bool *has_several =
            hm_arena_array(branching->arena, plan->call_count, sizeof *has_several);
    if (has_several == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < branching->choice_count; i++) {
        for (const hm_link *held = branching->choices[i].held; held != NULL;
                held = held->next) {
            has_several[plan->values[held->value].maker] = true;
        }
    }
    for (uint32_t c = plan->call_count; c-- > 0;) {
        hm_plan_call *call = &plan->calls[c];
        if (branching->is_needed[c]) {
            call->laziness = HM_NONE;
        } else if (has_several[c] || call->laziness == HM_NONE) {
            call->laziness = c;
        }
        for (uint32_t p = 0; p < call->parameter_count; p++) {
            uint32_t maker = hm_plan_need_maker(plan, c, p);
            if (maker == HM_NONE) {
                continue;
            }
            uint32_t *of = &plan->calls[maker].laziness;
            has_several[maker] |= is_branch(branching, c, p) ||
                                  (*of != HM_NONE && *of != call->laziness);
            *of = call->laziness;
        }
    }
    return HM_OK;
}

static int compare_choices(const void *a, const void *b) {
    const hm_found_choice *x = a;
    const hm_found_choice *y = b;
    return x->by != y->by ? (x->by < y->by ? -1 : 1) : x->call < y->call ? -1 : 1;
}

static void keep_links(const hm_link *link, uint32_t *to, uint32_t *count) {
    for (; link != NULL; link = link->next) {
        to[(*count)++] = link->value;
    }
}

// What has been found becomes part of the plan.
static hm_status keep(hm_branching *branching) {
    hm_plan *plan = branching->plan;
    hm_arena *arena = &plan->arena;
    uint32_t count = branching->choice_count;
    plan->choices = hm_arena_array(arena, count, sizeof *plan->choices);
    plan->held = hm_arena_array(arena, branching->held_count, sizeof *plan->held);
    plan->waits = hm_arena_array(arena, branching->wait_count, sizeof *plan->waits);
    if (plan->choices == NULL || plan->held == NULL || plan->waits == NULL) {
        return HM_NO_MEMORY;
    }
    qsort(branching->choices, count, sizeof *branching->choices, compare_choices);
    uint32_t held_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const hm_found_choice *found = &branching->choices[i];
        hm_plan_call *call = &plan->calls[found->call];
        hm_plan_choice *choice = &plan->choices[i];
        *choice = (hm_plan_choice){.by = found->by,
                .made = hm_plan_operands(plan, found->call)[call->parameter_count]
                                .value,
                .first_held = held_count};
        keep_links(found->held, plan->held, &held_count);
        choice->held_count = held_count - choice->first_held;
        call->choice = i;
        plan->values[found->by].decides = true;
    }
    plan->choice_count = count;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        plan->calls[c].first_wait = plan->wait_count;
        keep_links(branching->waits[c], plan->waits, &plan->wait_count);
        plan->calls[c].wait_count = plan->wait_count - plan->calls[c].first_wait;
    }
    return HM_OK;
}

static bool is_ordered(const hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_plan_call *call = &plan->calls[c];
        for (uint32_t i = call->parameter_count; i < hm_plan_need_count(call); i++) {
            if (hm_plan_need_maker(plan, c, i) >= c) {
                return false;
            }
        }
    }
    return true;
}

static hm_status reserve(hm_branching *branching) {
    hm_arena *arena = branching->arena;
    uint32_t count = branching->plan->call_count;
    branching->is_needed = hm_arena_array(arena, count, sizeof(bool));
    branching->is_below = hm_arena_array(arena, count, sizeof(bool));
    branching->before = hm_arena_array(arena, count, sizeof(uint32_t));
    branching->seen = hm_arena_array(arena, count, sizeof(uint32_t));
    branching->path = hm_arena_array(arena, count, sizeof(uint32_t));
    branching->members = hm_arena_array(arena, count, sizeof(uint32_t));
    branching->waits = hm_arena_array(arena, count, sizeof(hm_link *));
    if (branching->is_needed == NULL || branching->is_below == NULL ||
            branching->before == NULL || branching->seen == NULL ||
            branching->path == NULL || branching->members == NULL ||
            branching->waits == NULL) {
        return HM_NO_MEMORY;
    }
    memset(branching->before, 0xff, count * sizeof(uint32_t));
    memset(branching->seen, 0xff, count * sizeof(uint32_t));
    return HM_OK;
}

hm_status hm_plan_branches(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_branching branching = {.plan = plan, .arena = &compilation->arena};
    HM_TRY(find_choices(&branching));
    if (branching.choice_count == 0) {
        return HM_OK;
    }
    HM_TRY(reserve(&branching));
    find_needed(&branching);
    find_below(&branching);
    // A switch that may take another one comes first: it decides before that.
    for (uint32_t i = branching.choice_count; i-- > 0;) {
        find_before(&branching, i);
        HM_TRY(find_members(&branching, i));
        if (branching.is_needed[branching.choices[i].call]) {
            need_held(&branching, i);
        }
    }
    HM_TRY(number_lazy(&branching));
    HM_TRY(keep(&branching));
    return is_ordered(plan) ? HM_OK : hm_plan_order(compilation);
}
