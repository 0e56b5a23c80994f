// explorer.h — who goes on, at each point: all ways, or ways at random.
//
// All ways: a state is the memory, the stacks and the registers of all threads. Of each
// that is reached all ways to go on are taken, of which each state needs a look once.
// An operation at a location that only its own thread writes, or only its own thread
// accesses, is no point: nobody can tell when it happens. Which locations these are is
// learned: when it turns out wrong all is begun again, until it is right throughout.

#ifndef HM_TESTS_EXPLORER_EXPLORER_H
#define HM_TESTS_EXPLORER_EXPLORER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hm_scenario {
    const char *name;
    void (*begin)(const void *shape); // makes what there is, and adds threads
    void (*end)(void); // nobody can go on, and all threads but helpers have ended:
                       // looks at what is left and changes nothing
    const void *shape;
} hm_scenario;

typedef struct hm_exploration {
    uint64_t states;
    uint64_t steps;     // from a state to the next
    uint64_t schedules; // that came to an end of their own
    uint32_t rounds;    // until it was known who accesses what
    bool is_complete;   // false if there are more states than were allowed for
} hm_exploration;

// As hm_how says, which is exhaustive.
hm_exploration hm_explore_all(const hm_scenario *scenario, uint64_t most_states);

// So many schedules at random, from a seed. Each is one of the seed and nothing else.
void hm_explore_at_random(const hm_scenario *scenario, uint64_t seed, uint64_t count);

// For world.h: whether a thread stops at this point; a random number below the count,
// which is 0 as often as it is anything else.
bool hm_explorer_stops_at(const void *at, bool writes);
uint32_t hm_explorer_random(uint32_t count);

#endif
