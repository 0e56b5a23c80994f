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

enum { SPIN_NANOSECONDS = 50 * 1000, PAUSES = 12 };

hm_spin hm_spin_begin(void) {
    return (hm_spin){uv_hrtime() + SPIN_NANOSECONDS};
}

bool hm_spin_goes_on(const hm_spin *spin) {
    for (int i = 0; i < PAUSES; i++) {
        HM_PAUSE();
    }
    return uv_hrtime() < spin->end;
}
