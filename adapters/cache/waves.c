// waves.c — see waves.h.

#include "adapters/cache/waves.h"

// One more than the highest wave of those that a node needs. Makers come before those
// who need them.
static uint32_t find(const hm_planned_node *node, const uint32_t *wave_of) {
    uint32_t wave = 0;
    for (uint32_t p = 0; p < node->function->parameter_count; p++) {
        uint32_t maker = node->arguments[p].maker;
        if (maker != HM_NONE && wave_of[maker] >= wave) {
            wave = wave_of[maker] + 1;
        }
    }
    return wave;
}

hm_status hm_waves_init(hm_waves *waves, const hm_planned *planned, hm_arena *arena) {
    uint32_t count = planned->node_count;
    uint32_t *wave_of = hm_arena_array(arena, count, sizeof *wave_of);
    waves->nodes = hm_arena_array(arena, count, sizeof *waves->nodes);
    waves->first = hm_arena_array(arena, (size_t)count + 2, sizeof *waves->first);
    if (wave_of == NULL || waves->nodes == NULL || waves->first == NULL) {
        return HM_NO_MEMORY;
    }
    waves->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        wave_of[i] = find(&planned->nodes[i], wave_of);
        waves->count = wave_of[i] >= waves->count ? wave_of[i] + 1 : waves->count;
        waves->first[wave_of[i] + 2]++; // how many there are, of the wave before
    }
    for (uint32_t w = 2; w < waves->count + 2; w++) {
        waves->first[w] += waves->first[w - 1];
    }
    // first[w + 1] is where the next node of wave w goes, and ends behind the last.
    for (uint32_t i = 0; i < count; i++) {
        waves->nodes[waves->first[wave_of[i] + 1]++] = i;
    }
    return HM_OK;
}
