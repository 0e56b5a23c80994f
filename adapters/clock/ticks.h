// ticks.h — a clock for what is noted a million times a second: the processor's own
// counter where it goes on evenly, which takes a third of a call of uv_hrtime(), else
// that.

#ifndef HM_ADAPTERS_CLOCK_TICKS_H
#define HM_ADAPTERS_CLOCK_TICKS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#define HM_PROCESSOR_COUNTER() __rdtsc()
#else
#define HM_PROCESSOR_COUNTER() uv_hrtime()
#endif

typedef struct hm_ticks {
    bool has_counter;
    uint64_t begun;             // in ticks
    uint64_t begun_nanoseconds; // by uv_hrtime(), at the same moment
} hm_ticks;

// Of what the clock shows, how long it is.
typedef struct hm_ticks_scale {
    uint64_t begun;
    double nanoseconds; // of a tick
} hm_ticks_scale;

void hm_ticks_init(hm_ticks *clock);

// What the clock shows. Any thread; they all see the same, but for some nanoseconds.
static inline uint64_t hm_ticks_now(const hm_ticks *clock) {
    return clock->has_counter ? HM_PROCESSOR_COUNTER() : uv_hrtime();
}

// The longer the clock goes, the better it knows how long a tick is.
hm_ticks_scale hm_ticks_measure(const hm_ticks *clock);

// Nanoseconds after the clock began; a later tick is never earlier. And how long so
// many ticks are.
uint64_t hm_ticks_moment(const hm_ticks_scale *scale, uint64_t ticks);
uint64_t hm_ticks_length(const hm_ticks_scale *scale, uint64_t count);

#endif
