// bench_columns.c — are functions that are written for one value as fast over columns
// as what a person would write by hand? Each case is a file in columns/; `bench_columns
// [--quick] CASE...` measures some of them alone.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/columns/columns.h"

static const struct {
    const char *name;
    bool (*measure)(bool is_quick);
} cases[] = {
        // First of all: see there.
        {"features200_memory", hm_columns_features_memory},
        {"marketing_10m", hm_columns_marketing},
        {"features200_1m", hm_columns_features},
        {"checked_10m", hm_columns_checked},
        {"expensive_10m", hm_columns_expensive},
        {"pipe_10m", hm_columns_pipe},
        {"one_row", hm_columns_one_row},
        {"expand_nothing", hm_columns_expand_nothing},
        {"expand_in_rows", hm_columns_expand_in_rows},
        {"expand_10k_1ms", hm_columns_expand_work},
};

enum { CASE_COUNT = sizeof cases / sizeof cases[0] };

static bool is_asked_for(const char *name, char **names) {
    bool is_asked = names[0] == NULL; // for all of them
    for (; *names != NULL; names++) {
        is_asked = is_asked || strcmp(*names, name) == 0;
    }
    return is_asked;
}

int main(int argument_count, char **arguments) {
    bool is_quick = argument_count > 1 && strcmp(arguments[1], "--quick") == 0;
    char **names = arguments + (is_quick ? 2 : 1);
    bool is_right = true;
    size_t measured = 0;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        if (is_asked_for(cases[i].name, names)) {
            measured++;
            is_right = cases[i].measure(is_quick) && is_right;
        }
    }
    if (measured == 0) {
        fprintf(stderr, "usage: %s [--quick] [CASE...]\ncases:", arguments[0]);
        for (size_t i = 0; i < CASE_COUNT; i++) {
            fprintf(stderr, " %s", cases[i].name);
        }
        fprintf(stderr, "\n");
        return 2;
    }
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
