// spin.c — see spin.h.

#include "scheduler/spin.h"

#include <uv.h>

#if defined(__x86_64__) || defined(__i386__)
#define HM_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define HM_PAUSE() __asm__ volatile("yield")
#else
#define HM_PAUSE() ((void)0)
#endif

// A pause takes 40 to 140 cycles, by processor. Whoever waits for the next of many
// short tasks looks all the time; later it is more important not to disturb the others.
enum { EAGER_LOOKS = 200, EAGER_PAUSES = 1, PAUSES = 8 };
enum { SHORT_NANOSECONDS = 50 * 1000, LONG_NANOSECONDS = 200 * 1000 };

hm_spin hm_spin_begin(void) {
    return (hm_spin){.begun = uv_hrtime()};
}

bool hm_spin_goes_on(hm_spin *spin, bool is_job_under_way) {
    bool is_eager = spin->look_count++ < EAGER_LOOKS;
    for (int i = 0; i < (is_eager ? EAGER_PAUSES : PAUSES); i++) {
        HM_PAUSE();
    }
    uint64_t limit = is_job_under_way ? LONG_NANOSECONDS : SHORT_NANOSECONDS;
    return is_eager || uv_hrtime() - spin->begun < limit;
}
