// bench_cold_run.c — how long does `hamilton run` of a module that it has seen before
// take, from the start of the process to its end? Beside a process that does nothing.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/program.h"

// The build says where the examples are: HM_EXAMPLES.
static const char *const marketing = HM_EXAMPLES "/marketing/marketing.c";
static const char *const data = HM_EXAMPLES "/marketing/marketing.csv";

static bool run_program(void *subject) {
    return hm_program_run(subject);
}

// The dynamic linker tells what it loads, also later.
static bool runs_without_libclang(
        const hm_workplace *workplace, const hm_program *program) {
    char *errors = hm_workplace_path(workplace, "loaded");
    hm_program told = *program;
    told.errors = errors;
    bool is_run = errors != NULL && setenv("LD_DEBUG", "files", 1) == 0 &&
                  hm_program_run(&told);
    unsetenv("LD_DEBUG");
    free(errors);
    char *loaded = is_run ? hm_workplace_read(workplace, "loaded") : NULL;
    bool is_told = loaded != NULL && strstr(loaded, "libc.so") != NULL;
    bool is_without = is_told && strstr(loaded, "libclang") == NULL;
    if (is_told && !is_without) {
        fprintf(stderr, "libclang was loaded for a module that was seen before\n");
    } else if (!is_told) {
        fprintf(stderr, "the dynamic linker did not tell what it loaded\n");
    }
    free(loaded);
    return is_without;
}

// The first run reflects and compiles; what is measured must print the same.
static bool agree(const hm_workplace *workplace) {
    char *first = hm_workplace_read(workplace, "first");
    char *last = hm_workplace_read(workplace, "last");
    bool is_equal = first != NULL && last != NULL && strcmp(first, last) == 0;
    if (!is_equal) {
        fprintf(stderr, "a later run printed something else than the first\n");
    }
    free(first);
    free(last);
    return is_equal;
}

static bool measure(const hm_workplace *workplace, const char *first, const char *last,
        const char *hamilton, bool is_quick) {
    const char *const arguments[] = {
            hamilton, "run", marketing, "-d", data, "--format", "json", NULL};
    const char *const nothing[] = {"true", NULL};
    hm_program begin = {.arguments = arguments, .output = first};
    hm_program again = {.arguments = arguments, .output = last};
    hm_program start = {.arguments = nothing};
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_program, .subject = &again},
            {.name = "true", .run = run_program, .subject = &start},
    };
    return hm_program_run(&begin) && runs_without_libclang(workplace, &again) &&
           hm_measure(&(hm_measurement){.bench = "cold_run",
                              .name = "marketing",
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_ROUND_LIMIT,
                              .systems = systems,
                              .system_count = 2},
                   is_quick) &&
           agree(workplace);
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    const char *hamilton = getenv("HAMILTON");
    if (hamilton == NULL) {
        fprintf(stderr, "HAMILTON is not set: it names the command to measure\n");
        return EXIT_FAILURE;
    }
    hm_workplace workplace;
    if (!hm_workplace_init(&workplace)) {
        return EXIT_FAILURE;
    }
    char *first = hm_workplace_path(&workplace, "first");
    char *last = hm_workplace_path(&workplace, "last");
    // The cache of modules is in the workplace, so that the first run is one.
    bool is_done = first != NULL && last != NULL &&
                   setenv("XDG_CACHE_HOME", workplace.folder, 1) == 0 &&
                   measure(&workplace, first, last, hamilton, is_quick);
    free(first);
    free(last);
    hm_workplace_finish(&workplace);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
