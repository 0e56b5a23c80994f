// explorer.c — see explorer.h.

#include "tests/scheduler/explorer/explorer.h"

#include <stdlib.h>
#include <string.h>

#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/hash.h"
#include "tests/scheduler/explorer/order.h"
#include "tests/scheduler/explorer/trace.h"
#include "tests/scheduler/explorer/world.h"

enum {
    MOST_BRANCHES = 20000,
    MOST_WAYS = 8,
    LEARNING_SCHEDULES = 500,
    SAVED_SIZE = 256 * 1024 * 1024,
};

// --- Who accesses what ---

static uint8_t readers[HM_MOST_LOCATIONS]; // a bit for each thread
static uint8_t writers[HM_MOST_LOCATIONS];
static bool has_learned;
static bool is_learning; // at random, ahead of all ways

static bool others_can_tell(const void *at, bool writes) {
    uint32_t location = hm_order_location(at);
    uint8_t self = (uint8_t)(1u << (hm_running - hm_now.fibers));
    uint8_t *accessors = writes ? &writers[location] : &readers[location];
    has_learned |= (*accessors & self) == 0;
    *accessors |= self;
    uint8_t matters = writers[location] | (writes ? readers[location] : 0);
    return (matters & ~self) != 0;
}

// --- At random ---

static uint64_t random_state;
static uint32_t patience; // a thread stops at one point of so many

static uint32_t random_below(uint32_t count) {
    random_state += UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)((hm_hash_mix(random_state) >> 32) * count >> 32);
}

uint32_t hm_explorer_random(uint32_t count) {
    return random_below(2) == 0 ? 0 : random_below(count);
}

bool hm_explorer_stops_at(const void *at, bool writes) {
    hm_trace_step(at, writes);
    bool matters = (hm_how.is_exhaustive || is_learning) && others_can_tell(at, writes);
    return hm_how.is_exhaustive ? matters : patience < 2 || random_below(patience) == 0;
}

// --- What both have in common ---

static void begin(const hm_scenario *scenario) {
    hm_fiber_forget_all();
    hm_arena_reset();
    hm_order_reset();
    hm_now.last_run = 0;
    hm_now.now = 1000;
    hm_now.step_count = 0;
    hm_now.preemptions_left = hm_how.preemptions;
    hm_now.timeouts_left = hm_how.is_exhaustive ? 1 : 3;
    hm_trace_begin(scenario->name);
    scenario->begin(scenario->shape);
}

// Those who can go on; when nobody can, time passes for those who wait for that.
static uint32_t find_able(uint32_t able[MOST_WAYS]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        if (hm_fiber_can_go_on(&hm_now.fibers[i])) {
            able[count++] = i;
        }
    }
    for (uint32_t i = 0, none = count == 0; i < hm_now.fiber_count && none; i++) {
        if (!hm_now.fibers[i].has_ended && hm_now.fibers[i].is_timed) {
            able[count++] = i;
        }
    }
    return count;
}

static void end(const hm_scenario *scenario) {
    hm_require(hm_now.step_count > 0, "the sources are not compiled for this");
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        hm_require(hm_now.fibers[i].has_ended || hm_now.fibers[i].is_helper,
                "thread %u waits for ever", i);
    }
    scenario->end();
}

static void run_at_random(const hm_scenario *scenario) {
    uint32_t able[MOST_WAYS];
    uint32_t count;
    while ((count = find_able(able)) > 0) {
        hm_now.last_run = able[random_below(count)];
        hm_fiber_resume(&hm_now.fibers[hm_now.last_run]);
    }
    end(scenario);
}

void hm_explore_at_random(const hm_scenario *scenario, uint64_t seed, uint64_t count) {
    static const uint32_t patiences[] = {1, 2, 4, 10, 30, 100};
    hm_order_forget_locations();
    for (uint64_t i = seed; i < seed + count; i++) {
        random_state = hm_hash_mix(i);
        patience = patiences[i % (sizeof patiences / sizeof *patiences)];
        hm_trace_seed(i);
        begin(scenario);
        run_at_random(scenario);
    }
}

// --- All ways ---

// A state at which there was more than one way to go on.
typedef struct branch {
    hm_world world;
    size_t saved; // where its stacks are
    uint32_t ways[MOST_WAYS];
    uint32_t count;
    uint32_t next;
    bool is_choice; // of a thread's own
} branch;

static branch *branches;
static uint32_t branch_count;
static char *saved_stacks;
static size_t saved_size;

static size_t world_size(void) {
    return offsetof(hm_world, fibers) + hm_now.fiber_count * sizeof(hm_fiber);
}

static void save(branch *to) {
    memcpy(&to->world, &hm_now, world_size());
    to->saved = saved_size;
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        hm_require(saved_size + HM_STACK_SIZE < SAVED_SIZE, "too many saved stacks");
        saved_size += hm_fiber_save_stack(&hm_now.fibers[i], saved_stacks + saved_size);
    }
}

static void restore(const branch *from) {
    hm_arena_take_back(from->world.change_count);
    memcpy(&hm_now, &from->world,
            offsetof(hm_world, fibers) + from->world.fiber_count * sizeof(hm_fiber));
    size_t at = from->saved;
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        at += hm_fiber_restore_stack(&hm_now.fibers[i], saved_stacks + at);
    }
    saved_size = at;
}

// The states that were seen, by hash, in open addressing.
static struct {
    uint64_t *slots;
    uint64_t capacity; // a power of two
    uint64_t count;
} seen;

static bool add_to(uint64_t *slots, uint64_t capacity, uint64_t hash) {
    uint64_t at = hash & (capacity - 1);
    while (slots[at] != 0 && slots[at] != hash) {
        at = (at + 1) & (capacity - 1);
    }
    bool is_new = slots[at] == 0;
    slots[at] = hash;
    return is_new;
}

static void grow_seen(void) {
    uint64_t capacity = seen.capacity > 0 ? seen.capacity * 2 : 1 << 16;
    uint64_t *slots = calloc(capacity, sizeof *slots);
    hm_require(slots != NULL, "no memory for more states");
    for (uint64_t i = 0; i < seen.capacity; i++) {
        if (seen.slots[i] != 0) {
            add_to(slots, capacity, seen.slots[i]);
        }
    }
    free(seen.slots);
    seen.slots = slots;
    seen.capacity = capacity;
}

static uint64_t hash_fiber(const hm_fiber *fiber) {
    uint64_t flags = fiber->has_begun + 2u * fiber->has_ended + 4u * fiber->is_timed +
                     8u * (fiber->may_go_on != NULL) + 16u * fiber->choice_count;
    uint64_t hash = hm_hash_pair(fiber->hash, flags);
    hash = hm_hash_pair(hash, (uintptr_t)fiber->worker);
    return hm_how.is_weak ? hm_hash_bytes(hash, &fiber->view, sizeof fiber->view)
                          : hash;
}

static uint64_t hash_state(void) {
    hm_arena_settle();
    uint64_t hash = hm_now.memory_hash + hm_hash_mix(hm_now.message_hash);
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        hash = hm_hash_pair(hash, hash_fiber(&hm_now.fibers[i]));
    }
    hash = hm_hash_pair(hash, hm_now.now * 16 + hm_now.timeouts_left);
    if (hm_how.is_weak) {
        hash = hm_hash_bytes(hash, &hm_now.strong, sizeof hm_now.strong);
    }
    if (hm_how.has_bound) {
        hash = hm_hash_pair(hash, hm_now.preemptions_left * 16 + hm_now.last_run);
    }
    return hash | 1; // 0 is an empty slot
}

static bool is_new_state(void) {
    if (seen.count * 2 >= seen.capacity) {
        grow_seen();
    }
    bool is_new = add_to(seen.slots, seen.capacity, hash_state());
    seen.count += is_new;
    return is_new;
}

static uint32_t find_ways(branch *into) {
    const hm_fiber *last = &hm_now.fibers[hm_now.last_run];
    into->is_choice = last->choice_count > 0;
    if (into->is_choice) {
        for (uint32_t i = 0; i < last->choice_count; i++) {
            into->ways[i] = i;
        }
        return last->choice_count;
    }
    if (hm_how.has_bound && hm_now.preemptions_left == 0 && last->has_begun &&
            hm_fiber_can_go_on(last)) {
        into->ways[0] = hm_now.last_run;
        return 1;
    }
    return find_able(into->ways);
}

static void take(uint32_t way, bool is_choice) {
    hm_fiber *last = &hm_now.fibers[hm_now.last_run];
    if (is_choice) {
        last->chosen = way;
    } else {
        hm_now.preemptions_left -= hm_how.has_bound && hm_now.last_run != way &&
                                   last->has_begun && hm_fiber_can_go_on(last);
        hm_now.last_run = way;
    }
    hm_fiber_resume(&hm_now.fibers[hm_now.last_run]);
}

// Goes back to the last branch that has a way left; false if there is none.
static bool go_back(void) {
    while (branch_count > 0 &&
            branches[branch_count - 1].next == branches[branch_count - 1].count) {
        branch_count--;
    }
    if (branch_count == 0) {
        return false;
    }
    branch *at = &branches[branch_count - 1];
    restore(at);
    take(at->ways[at->next++], at->is_choice);
    return true;
}

// Goes on from here as long as that leads to something new.
static void go_on(const hm_scenario *scenario, hm_exploration *result) {
    while (!has_learned) {
        branch *here = &branches[branch_count];
        here->count = find_ways(here);
        if (here->count == 0) {
            end(scenario);
            result->schedules++;
            return;
        }
        if (here->count > 1) {
            if (!is_new_state()) {
                return;
            }
            hm_require(branch_count + 2 < MOST_BRANCHES, "too many branches");
            here->next = 1;
            save(here);
            branch_count++;
        }
        result->steps++;
        take(here->ways[0], here->is_choice);
    }
}

static void forget_seen(void) {
    free(seen.slots);
    seen.slots = NULL;
    seen.capacity = 0;
    seen.count = 0;
}

// Begins anew. False if who accesses what was not known.
static bool explore_once(
        const hm_scenario *scenario, uint64_t most_states, hm_exploration *result) {
    *result = (hm_exploration){.rounds = result->rounds + 1, .is_complete = true};
    forget_seen();
    branch_count = 0;
    saved_size = 0;
    has_learned = false;
    begin(scenario);
    do {
        go_on(scenario, result);
        result->steps++;
        result->is_complete = seen.count < most_states;
    } while (!has_learned && result->is_complete && go_back());
    result->states = seen.count;
    return !has_learned;
}

static void allocate(void) {
    if (branches == NULL) {
        branches = malloc(MOST_BRANCHES * sizeof *branches);
        saved_stacks = malloc(SAVED_SIZE);
        hm_require(branches != NULL && saved_stacks != NULL, "no memory");
    }
}

// Who accesses what is for the most part seen in a few schedules.
static void learn(const hm_scenario *scenario) {
    hm_rules how = hm_how;
    memset(readers, 0, sizeof readers);
    memset(writers, 0, sizeof writers);
    hm_how = (hm_rules){0};
    is_learning = true;
    hm_explore_at_random(scenario, 1, LEARNING_SCHEDULES);
    is_learning = false;
    hm_how = how;
}

hm_exploration hm_explore_all(const hm_scenario *scenario, uint64_t most_states) {
    allocate();
    learn(scenario);
    hm_exploration result = {0};
    while (!explore_once(scenario, most_states, &result)) {
    }
    forget_seen();
    return result;
}
