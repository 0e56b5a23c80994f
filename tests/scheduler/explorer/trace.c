// trace.c — see trace.h. With HM_TEST_TELL set the last steps are told too, each with
// its place in the sources.

#include "tests/scheduler/explorer/trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/world.h"

typedef struct step {
    const void *place;
    const void *at;
    uint32_t fiber;
    bool writes;
} step;

static step
        steps[HM_MOST_STEPS + 2]; // by hm_now.step_count: what comes back is cut off
static const char *name;
static uint64_t seed;
static const void *next_place;

void hm_trace_begin(const char *scenario) {
    name = scenario;
}

void hm_trace_seed(uint64_t of) {
    seed = of;
}

void hm_trace_place(const void *place) {
    next_place = place;
}

void hm_trace_step(const void *at, bool writes) {
    steps[hm_now.step_count] = (step){.place = next_place,
            .at = at,
            .fiber = (uint32_t)(hm_running - hm_now.fibers),
            .writes = writes};
}

static void tell_place(const void *place) {
    char command[200];
    fflush(stdout);
    // One before: where a call returns to may be the next line.
    snprintf(command, sizeof command, "addr2line -s -f -p -i -e /proc/%d/exe %p",
            (int)getpid(), (const void *)((const char *)place - 1));
    if (system(command) != 0) {
        printf("\n");
    }
}

static void tell_step(const step *of) {
    printf("  thread %u %s %zu ", of->fiber, of->writes ? "writes" : "reads",
            hm_arena_offset(of->at));
    tell_place(of->place);
}

static void tell_way(void) {
    const char *text = getenv("HM_TEST_TELL");
    uint32_t most = text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 0;
    uint32_t count = hm_now.step_count;
    for (uint32_t i = count > most ? count - most + 1 : 1; i <= count; i++) {
        tell_step(&steps[i]);
    }
    if (most > 0) {
        printf("  last ");
        tell_place(next_place);
    }
}

static void tell(const char *format, va_list values) {
    printf("%s: ", name != NULL ? name : "no scenario");
    vprintf(format, values);
    if (hm_how.is_exhaustive) {
        printf(" (after %u steps)\n", hm_now.step_count);
    } else {
        printf(" (seed %llu, after %u steps)\n", (unsigned long long)seed,
                hm_now.step_count);
    }
    tell_way();
    fflush(stdout);
    _exit(1); // nothing is left in a state that can be ended
}

void hm_fail_test(const char *format, ...) {
    va_list values;
    va_start(values, format);
    tell(format, values);
    va_end(values);
    abort();
}

void hm_require(bool holds, const char *format, ...) {
    if (!holds) {
        va_list values;
        va_start(values, format);
        tell(format, values);
        va_end(values);
    }
}
