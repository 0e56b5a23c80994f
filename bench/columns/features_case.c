// features_case.c — 200 features over a million rows, ten of them wanted: the time, and
// the memory at its peak.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/columns/duck.h"
#include "bench/columns/features_hand.h"
#include "bench/columns/python.h"
#include "bench/measure.h"

extern const hm_module features_module;

enum { ROWS = 1000 * 1000, QUICK_ROWS = 20 * 1000, QUERY = 32 * 1024 };

static const char *const input_names[FEATURE_INPUTS] = {
#define X(name) #name,
        FEATURE_INPUT_LIST(X)
#undef X
};

static const char *const wanted[FEATURE_WANTED] = {
#define X(name) #name,
        FEATURE_WANTED_LIST(X)
#undef X
};

static const char *const libraries[] = {"numpy", "pandas"};

struct field {
    size_t row_count;
    double *inputs[FEATURE_INPUTS];
    double *outputs[FEATURE_WANTED];
    hm_binding bindings[FEATURE_INPUTS];
    hm_request request;
    hm_compiled compiled;
    hm_crew *crew;
    hm_features_hand *hand;
    hm_workplace workplace;
    hm_python *pythons[2];
    hm_duck *duck;
};

static bool make_inputs(struct field *field) {
    for (uint32_t i = 0; i < FEATURE_INPUTS; i++) {
        field->inputs[i] = hm_columns_random(field->row_count, 10 + i);
        if (field->inputs[i] == NULL) {
            return false;
        }
        field->bindings[i] = (hm_binding){input_names[i],
                hm_value_many(&hm_type_double, field->inputs[i], field->row_count)};
    }
    field->request = (hm_request)HM_REQUEST_INIT;
    field->request.wanted = wanted;
    field->request.wanted_count = FEATURE_WANTED;
    field->request.inputs = field->bindings;
    field->request.input_count = FEATURE_INPUTS;
    field->request.borrows_arrays = true;
    return true;
}

static bool make_hand(struct field *field) {
    for (size_t i = 0; i < FEATURE_WANTED; i++) {
        field->outputs[i] = hm_columns_make(field->row_count);
        if (field->outputs[i] == NULL) {
            return false;
        }
    }
    field->crew = hm_crew_create();
    field->hand = field->crew != NULL
                          ? hm_features_hand_create(field->crew, field->row_count,
                                    field->inputs, field->outputs)
                          : NULL;
    return field->hand != NULL;
}

static bool write_list(const hm_workplace *workplace) {
    static const char *const lines[] = {
#define X(name, operation, a, b) #name " " #operation " " #a " " #b,
            FEATURE_LIST(X)
#undef X
    };
    char *path = hm_workplace_path(workplace, "features.txt");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    free(path);
    if (file == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        fprintf(file, "%s\n", lines[i]);
    }
    for (size_t i = 0; i < FEATURE_WANTED; i++) {
        fprintf(file, "wanted %s\n", wanted[i]);
    }
    return fclose(file) == 0;
}

static void start_pythons(struct field *field) {
    bool is_written = write_list(&field->workplace);
    for (size_t i = 0; is_written && i < FEATURE_INPUTS; i++) {
        is_written = hm_columns_write(
                &field->workplace, input_names[i], field->inputs[i], field->row_count);
    }
    for (size_t i = 0; is_written && i < 2; i++) {
        field->pythons[i] = hm_python_start(
                libraries[i], "features", &field->workplace, field->row_count);
    }
}

// The operations as SQL says them.
#define SQL_ADD(a, b) "0.5 * (" a " + " b ")"
#define SQL_SUBTRACT(a, b) "0.5 * (" a " - " b ")"
#define SQL_MULTIPLY(a, b) a " * " b
#define SQL_DIVIDE(a, b) a " / (1 + abs(" b "))"
#define SQL_LESSER(a, b) "least(" a ", " b ")"
#define SQL_GREATER(a, b) "greatest(" a ", " b ")"
#define SQL_ROOT(a, b) "sqrt(abs(" a ")) - " b
#define SQL_SIZE(a, b) "abs(" a ") - 0.5 * " b
#define SQL_COMPARE(a, b) "(" a " > " b ")::INTEGER::DOUBLE"

static void append(char *query, const char *format, ...) {
    size_t length = strlen(query);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(query + length, QUERY - length, format, arguments);
    va_end(arguments);
}

// A query of a query for each level, as no column can read another of its own query.
static void write_query(char *query) {
    static const struct {
        const char *name;
        const char *text;
    } features[] = {
#define X(name, operation, a, b) {#name, SQL_##operation(#a, #b)},
            FEATURE_LIST(X)
#undef X
    };
    int level = 0;
    append(query, "WITH l0 AS (SELECT * FROM given");
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        int own = atoi(features[i].name + 1); // f7_3 is of level 7
        if (own != level && level > 0) {
            append(query, " FROM l%d", level - 1);
        }
        if (own != level) {
            append(query, "), l%d AS (SELECT *", own);
        }
        append(query, ", %s AS %s", features[i].text, features[i].name);
        level = own;
    }
    append(query, " FROM l%d) SELECT %s", level - 1, wanted[0]);
    for (size_t i = 1; i < FEATURE_WANTED; i++) {
        append(query, ", %s", wanted[i]);
    }
    append(query, " FROM l%d", level);
}

static void start_duck(struct field *field) {
    char query[QUERY] = "";
    write_query(query);
    field->duck = hm_duck_start(
            input_names, field->inputs, FEATURE_INPUTS, field->row_count, query);
}

static void leave(struct field *field) {
    hm_duck_end(field->duck);
    for (size_t i = 0; i < 2; i++) {
        hm_python_end(field->pythons[i]);
    }
    hm_features_hand_destroy(field->hand);
    hm_crew_destroy(field->crew);
    hm_compiled_finish(&field->compiled);
    for (size_t i = 0; i < FEATURE_INPUTS; i++) {
        free(field->inputs[i]);
    }
    for (size_t i = 0; i < FEATURE_WANTED; i++) {
        free(field->outputs[i]);
    }
}

static bool run_hamilton(void *subject) {
    struct field *field = subject;
    return hm_run_execute(field->compiled.run, NULL) == HM_OK;
}

static bool run_hand(void *subject) {
    hm_features_hand_run(subject);
    return true;
}

static bool compile(struct field *field) {
    return hm_columns_compile(
            &field->compiled, &features_module, &field->request, HM_COLUMNS_THREADS);
}

static bool read_theirs(struct field *field, size_t peer, size_t i, double *column) {
    return peer < 2 ? hm_columns_read(
                              &field->workplace, wanted[i], column, field->row_count)
                    : hm_duck_read(field->duck, wanted[i], column, field->row_count);
}

// A peer is numpy, pandas or DuckDB, by its number.
static bool peer_agrees(struct field *field, size_t peer) {
    double *theirs = hm_columns_make(field->row_count);
    bool is_right =
            theirs != NULL && (peer == 2 || hm_python_save(field->pythons[peer]));
    for (size_t i = 0; is_right && i < FEATURE_WANTED; i++) {
        is_right =
                read_theirs(field, peer, i, theirs) &&
                hm_columns_near(wanted[i], theirs, field->outputs[i], field->row_count);
    }
    free(theirs);
    return is_right;
}

static bool agree(struct field *field) {
    bool is_right = true;
    for (size_t i = 0; is_right && i < FEATURE_WANTED; i++) {
        is_right = hm_columns_same(wanted[i],
                hm_columns_of_run(&field->compiled, wanted[i]), field->outputs[i],
                field->row_count);
    }
    for (size_t peer = 0; is_right && peer < 3; peer++) {
        bool is_there = peer < 2 ? field->pythons[peer] != NULL : field->duck != NULL;
        is_right = !is_there || peer_agrees(field, peer);
    }
    return is_right;
}

static bool measure(struct field *field, bool is_quick) {
    hm_system systems[HM_MEASURE_SYSTEM_LIMIT] = {
            {.name = "hamilton",
                    .run = run_hamilton,
                    .subject = field,
                    .workers = HM_COLUMNS_THREADS},
            {.name = "hand",
                    .run = run_hand,
                    .subject = field->hand,
                    .workers = HM_CREW_SIZE},
    };
    size_t count = 2;
    for (size_t i = 0; i < 2; i++) {
        if (field->pythons[i] != NULL) {
            systems[count++] = (hm_system){.name = libraries[i],
                    .run = hm_python_run,
                    .subject = field->pythons[i]};
        }
    }
    if (field->duck != NULL) {
        systems[count++] = (hm_system){.name = "duckdb",
                .run = hm_duck_run,
                .subject = field->duck,
                .workers = HM_COLUMNS_THREADS};
    }
    return hm_measure(&(hm_measurement){.bench = "columns",
                              .name = "features200_1m",
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_PAIRS,
                              .comparison = HM_RATIO_TO_ALL,
                              .systems = systems,
                              .system_count = count},
            is_quick);
}

bool hm_columns_features(bool is_quick) {
    struct field field = {.row_count = is_quick ? QUICK_ROWS : ROWS};
    if (!hm_workplace_init(&field.workplace)) {
        return false;
    }
    bool is_done = make_inputs(&field) && make_hand(&field) && compile(&field);
    if (is_done) {
        start_pythons(&field);
        start_duck(&field);
        is_done = measure(&field, is_quick) && agree(&field);
        hm_columns_print_bar("features200_1m", "hamilton/hand", 1.2, "ratio");
    }
    leave(&field);
    hm_workplace_finish(&field.workplace);
    return is_done;
}

// The number behind a word of /proc/self/status, in KiB; 0 if it is not known.
static double look_up(const char *word) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[128];
    double number = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, word, strlen(word)) == 0) {
            number = strtod(line + strlen(word), NULL);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return number;
}

static bool measure_memory(bool is_quick) {
    const double limit = 1.05;
    const double mebi = 1024;
    struct field field = {.row_count = is_quick ? QUICK_ROWS : ROWS};
    double before = look_up("VmRSS:");
    bool is_done = make_inputs(&field) && compile(&field);
    for (int i = 0; is_done && i < 3; i++) {
        is_done = run_hamilton(&field);
    }
    double peak = look_up("VmHWM:") - before;
    leave(&field);
    if (!is_done || before <= 0) {
        return is_done; // a system that does not tell
    }
    double columns = (double)(FEATURE_INPUTS + FEATURE_WANTED) *
                     (double)field.row_count * sizeof(double) / mebi;
    double ratio = peak / columns;
    double samples[] = {peak / mebi, columns / mebi, ratio};
    hm_measure_print("columns", "features200_1m", "hamilton", HM_COLUMNS_THREADS,
            &samples[0], 1, "MiB");
    hm_measure_print(
            "columns", "features200_1m", "in_and_out", 1, &samples[1], 1, "MiB");
    hm_measure_print("columns", "features200_1m", "hamilton/in_and_out",
            HM_COLUMNS_THREADS, &samples[2], 1, "ratio");
    hm_columns_print_bar("features200_1m", "hamilton/in_and_out", limit, "ratio");
    fflush(stdout);
    if (!is_quick && ratio > limit) {
        fprintf(stderr,
                "features200_1m: %.0f MiB at the peak, but its columns have %.0f\n",
                peak / mebi, columns / mebi);
        return false;
    }
    return true;
}

bool hm_columns_features_memory(bool is_quick) {
    fflush(stdout);
    pid_t process = fork();
    if (process == 0) {
        bool is_done = measure_memory(is_quick);
        fflush(stdout);
        _exit(is_done ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int state;
    return process > 0 && waitpid(process, &state, 0) == process && WIFEXITED(state) &&
           WEXITSTATUS(state) == EXIT_SUCCESS;
}
