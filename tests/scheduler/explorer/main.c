// main.c — explores scenarios:
//
//     explorer all MOST [NAME]           all ways, of those with at most so many states
//     explorer random COUNT [NAME [SEED]] so many schedules of each

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/scheduler/explorer/scenarios.h"

enum { NO_BOUND = 100, MOST_BOUND = 5 };

static double seconds_since(const struct timespec *begun) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) +
           (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
}

static hm_exploration explore(const hm_planned *of, uint64_t most, uint32_t bound) {
    hm_how = (hm_rules){.is_exhaustive = true,
            .is_weak = of->is_part,
            .has_bound = bound < NO_BOUND,
            .preemptions = bound};
    return hm_explore_all(&of->scenario, most);
}

static void tell(const hm_planned *of, const hm_exploration *found) {
    printf("%-50s %9llu states %9llu schedules", of->scenario.name,
            (unsigned long long)found->states, (unsigned long long)found->schedules);
}

// If there are too many states: all ways with as many preemptions as are feasible.
static void go_all_ways(const hm_planned *of, uint64_t most) {
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    hm_exploration found = explore(of, most, NO_BOUND);
    tell(of, &found);
    if (found.is_complete) {
        printf(" %7.2f s\n", seconds_since(&begun));
        fflush(stdout);
        return;
    }
    uint32_t bound = 0;
    for (hm_exploration next; bound < MOST_BOUND; bound++) {
        next = explore(of, most, bound + 1);
        if (!next.is_complete) {
            break;
        }
        found = next;
    }
    printf(" %7.2f s, and more", seconds_since(&begun));
    if (bound > 0) {
        printf("; all %llu of %u preemptions", (unsigned long long)found.states, bound);
    }
    printf("\n");
    fflush(stdout);
}

static void go_at_random(const hm_planned *of, uint64_t count, uint64_t seed) {
    hm_how = (hm_rules){.is_weak = true};
    hm_explore_at_random(&of->scenario, seed, count);
}

// What threads follow may lead nowhere: on a stack of its own, as theirs may be full.
static void tell_of_crash(int signal_number) {
    hm_fail_test("it crashes by signal %d", signal_number);
}

static void catch_crashes(void) {
    static char stack[64 * 1024];
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction action = {.sa_handler = tell_of_crash, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGABRT, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
}

int main(int argument_count, char **arguments) {
    bool is_random = argument_count > 2 && strcmp(arguments[1], "random") == 0;
    if (argument_count < 3 || (!is_random && strcmp(arguments[1], "all") != 0)) {
        fprintf(stderr, "usage: explorer all|random COUNT [NAME [SEED]]\n");
        return 2;
    }
    catch_crashes();
    uint64_t count = strtoull(arguments[2], NULL, 10);
    const char *name = argument_count > 3 ? arguments[3] : "";
    uint64_t seed = argument_count > 4 ? strtoull(arguments[4], NULL, 10) : 1;
    for (size_t i = 0; i < hm_planned_count; i++) {
        const hm_planned *of = &hm_all_planned[i];
        if (*name != '\0' && strcmp(name, of->scenario.name) != 0) {
            continue;
        }
        if (is_random) {
            go_at_random(of, count, seed);
        } else {
            go_all_ways(of, count);
        }
    }
    return 0;
}
