// scenarios.h — what is explored.

#ifndef HM_TESTS_EXPLORER_SCENARIOS_H
#define HM_TESTS_EXPLORER_SCENARIOS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/scheduler/explorer/explorer.h"
#include "tests/scheduler/explorer/world.h"

typedef struct hm_planned {
    hm_scenario scenario;
    bool is_part; // small enough to go all ways under weak memory
} hm_planned;

extern const hm_planned hm_all_planned[];
extern const size_t hm_planned_count;

#endif
