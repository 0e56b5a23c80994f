// ticks.c — see ticks.h.

#include "adapters/clock/ticks.h"

#if defined(__x86_64__)
#include <cpuid.h>

// The counter goes at the same pace whatever the processor does ("invariant TSC").
static bool has_steady_counter(void) {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(0x80000007u, &a, &b, &c, &d) != 0 && (d >> 8 & 1) != 0;
}
#else
static bool has_steady_counter(void) {
    return false;
}
#endif

// Both clocks at one moment: what lies between the two looks is least in the best of a
// few.
static void look(const hm_ticks *clock, uint64_t *ticks, uint64_t *nanoseconds) {
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 4; i++) {
        uint64_t before = hm_ticks_now(clock);
        uint64_t now = uv_hrtime();
        uint64_t after = hm_ticks_now(clock);
        if (after - before < best) {
            best = after - before;
            *ticks = before + best / 2;
            *nanoseconds = now;
        }
    }
}

void hm_ticks_init(hm_ticks *clock) {
    *clock = (hm_ticks){.has_counter = has_steady_counter()};
    look(clock, &clock->begun, &clock->begun_nanoseconds);
}

hm_ticks_scale hm_ticks_measure(const hm_ticks *clock) {
    uint64_t ticks = clock->begun;
    uint64_t nanoseconds = clock->begun_nanoseconds;
    hm_ticks_scale scale = {.begun = clock->begun, .nanoseconds = 1};
    look(clock, &ticks, &nanoseconds);
    if (clock->has_counter && ticks > clock->begun) {
        scale.nanoseconds = (double)(nanoseconds - clock->begun_nanoseconds) /
                            (double)(ticks - clock->begun);
    }
    return scale;
}

uint64_t hm_ticks_moment(const hm_ticks_scale *scale, uint64_t ticks) {
    return ticks > scale->begun ? hm_ticks_length(scale, ticks - scale->begun) : 0;
}

uint64_t hm_ticks_length(const hm_ticks_scale *scale, uint64_t count) {
    return (uint64_t)((double)count * scale->nanoseconds);
}
