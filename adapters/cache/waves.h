// waves.h — the nodes of a plan in waves: those of one need only nodes of earlier ones,
// so that what is to be known of them can be asked for together.

#ifndef HM_ADAPTERS_CACHE_WAVES_H
#define HM_ADAPTERS_CACHE_WAVES_H

#include <stdint.h>

#include <hamilton/adapter.h>

#include "base/arena.h"

typedef struct hm_waves {
    uint32_t *nodes; // wave by wave
    uint32_t *first; // of wave w: nodes[first[w]] to nodes[first[w + 1]]
    uint32_t count;
} hm_waves;

// In memory of the arena. HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_waves_init(
        hm_waves *waves, const hm_planned *planned, hm_arena *arena);

#endif
