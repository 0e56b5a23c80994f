// marketing_case.c — Hamilton's first example over ten million rows, all six outputs
// wanted.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/columns/duck.h"
#include "bench/columns/marketing.h"
#include "bench/columns/python.h"
#include "bench/measure.h"

extern const hm_module marketing_module;
extern const hm_module marketing_reduced_module;

enum { ROWS = 10 * 1000 * 1000, QUICK_ROWS = 100 * 1000, COLUMNS = 4, SCALARS = 2 };

// Columns, then what is one number.
static const char *const wanted[COLUMNS + SCALARS] = {"avg_3wk_spend",
        "spend_per_signup", "spend_zero_mean", "spend_zero_mean_unit_variance",
        "spend_mean", "spend_std_dev"};

struct hand {
    hm_crew *crew;
    hm_marketing marketing;
};

struct field {
    size_t row_count;
    double *spend;
    double *signups;
    hm_binding inputs[2];
    hm_request request;
    hm_compiled compiled;
    hm_compiled reduced; // with HM_REDUCE
    hm_crew *crew;
    struct hand hand;
    struct hand reassociated;
    hm_workplace workplace;
    hm_python *pythons[2];
    hm_duck *duck;
};

// In the order of the rows, which a query without an order keeps.
static const char select_all[] =
        "WITH known AS (SELECT avg(spend) AS spend_mean,"
        " stddev_samp(spend) AS spend_std_dev FROM given) "
        "SELECT (lag(spend, 2) OVER () + lag(spend) OVER () + spend) / 3"
        " AS avg_3wk_spend,"
        " spend / signups AS spend_per_signup,"
        " spend - spend_mean AS spend_zero_mean,"
        " (spend - spend_mean) / spend_std_dev AS spend_zero_mean_unit_variance,"
        " spend_mean, spend_std_dev FROM given, known";

static const char *const libraries[] = {"numpy", "pandas"};

static bool run_hamilton(void *subject) {
    struct field *field = subject;
    return hm_run_execute(field->compiled.run, NULL) == HM_OK;
}

static bool run_reduced(void *subject) {
    struct field *field = subject;
    return hm_run_execute(field->reduced.run, NULL) == HM_OK;
}

static bool run_fresh(void *subject) {
    struct field *field = subject;
    hm_results *results;
    if (hm_driver_execute(field->compiled.driver, &field->request, &results, NULL) !=
            HM_OK) {
        return false;
    }
    hm_results_destroy(results);
    return true;
}

static bool run_hand(void *subject) {
    struct hand *hand = subject;
    hm_marketing_by_hand(hand->crew, &hand->marketing);
    return true;
}

static bool run_reassociated(void *subject) {
    struct hand *hand = subject;
    hm_marketing_reassociated(hand->crew, &hand->marketing);
    return true;
}

static bool make_inputs(struct field *field) {
    field->spend = hm_columns_random(field->row_count, 1);
    field->signups = hm_columns_random(field->row_count, 2);
    if (field->spend == NULL || field->signups == NULL) {
        return false;
    }
    // No round numbers: what rounds them would add up, always in one direction, and
    // sums in another order would differ by more than they should.
    for (size_t i = 0; i < field->row_count; i++) {
        field->spend[i] = 10 + 100 * field->spend[i];
        field->signups[i] = 1 + (double)(int)(20 * field->signups[i]);
    }
    field->inputs[0] = (hm_binding){
            "spend", hm_value_many(&hm_type_double, field->spend, field->row_count)};
    field->inputs[1] = (hm_binding){"signups",
            hm_value_many(&hm_type_double, field->signups, field->row_count)};
    field->request = (hm_request)HM_REQUEST_INIT;
    field->request.wanted = wanted;
    field->request.wanted_count = COLUMNS + SCALARS;
    field->request.inputs = field->inputs;
    field->request.input_count = 2;
    return true;
}

static double **column_of(hm_marketing *marketing, size_t number) {
    double **const columns[COLUMNS] = {&marketing->avg_3wk_spend,
            &marketing->spend_per_signup, &marketing->spend_zero_mean,
            &marketing->spend_zero_mean_unit_variance};
    return columns[number];
}

static bool make_hand(struct hand *hand, const struct field *field) {
    hand->crew = field->crew;
    hand->marketing = (hm_marketing){.row_count = field->row_count,
            .spend = field->spend,
            .signups = field->signups};
    bool is_made = true;
    for (size_t i = 0; i < COLUMNS; i++) {
        *column_of(&hand->marketing, i) = hm_columns_make(field->row_count);
        is_made = is_made && *column_of(&hand->marketing, i) != NULL;
    }
    return is_made;
}

static void start_pythons(struct field *field) {
    if (!hm_columns_write(&field->workplace, "spend", field->spend, field->row_count) ||
            !hm_columns_write(
                    &field->workplace, "signups", field->signups, field->row_count)) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        field->pythons[i] = hm_python_start(
                libraries[i], "marketing", &field->workplace, field->row_count);
    }
}

static void start_duck(struct field *field) {
    static const char *const names[] = {"spend", "signups"};
    double *const columns[] = {field->spend, field->signups};
    field->duck = hm_duck_start(names, columns, 2, field->row_count, select_all);
}

static bool enter(struct field *field) {
    return hm_workplace_init(&field->workplace) && make_inputs(field) &&
           hm_columns_compile(&field->compiled, &marketing_module, &field->request,
                   HM_COLUMNS_THREADS) &&
           hm_columns_compile(&field->reduced, &marketing_reduced_module,
                   &field->request, HM_COLUMNS_THREADS) &&
           (field->crew = hm_crew_create()) != NULL && make_hand(&field->hand, field) &&
           make_hand(&field->reassociated, field);
}

static void leave(struct field *field) {
    for (size_t i = 0; i < 2; i++) {
        hm_python_end(field->pythons[i]);
    }
    hm_duck_end(field->duck);
    for (size_t i = 0; i < COLUMNS; i++) {
        free(*column_of(&field->hand.marketing, i));
        free(*column_of(&field->reassociated.marketing, i));
    }
    hm_crew_destroy(field->crew);
    hm_compiled_finish(&field->compiled);
    hm_compiled_finish(&field->reduced);
    free(field->spend);
    free(field->signups);
    hm_workplace_finish(&field->workplace);
}

typedef bool comparison(const char *name, const double *actual, const double *expected,
        size_t row_count);

static bool compare_numbers(
        comparison *compare, const hm_marketing *actual, const hm_marketing *expected) {
    return compare("spend_mean", &actual->spend_mean, &expected->spend_mean, 1) &&
           compare("spend_std_dev", &actual->spend_std_dev, &expected->spend_std_dev,
                   1);
}

static bool compare_all(
        comparison *compare, hm_marketing *actual, hm_marketing *expected) {
    bool is_right = compare_numbers(compare, actual, expected);
    for (size_t i = 0; is_right && i < COLUMNS; i++) {
        is_right = compare(wanted[i], *column_of(actual, i), *column_of(expected, i),
                expected->row_count);
    }
    return is_right;
}

static bool ours_agrees(
        comparison *compare, hm_compiled *compiled, hm_marketing *hand) {
    hm_marketing ours = {
            .spend_mean = *hm_compiled_slot(compiled, "spend_mean"),
            .spend_std_dev = *hm_compiled_slot(compiled, "spend_std_dev"),
    };
    for (size_t i = 0; i < COLUMNS; i++) {
        *column_of(&ours, i) = hm_columns_of_run(compiled, wanted[i]);
    }
    return compare_all(compare, &ours, hand);
}

static double number_of(const hm_results *results, const char *name) {
    return *(const double *)hm_value_data(hm_results_find(results, name));
}

static bool fresh_agrees(struct field *field) {
    hm_results *results;
    hm_error error;
    if (hm_driver_execute(field->compiled.driver, &field->request, &results, &error) !=
            HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    hm_marketing ours = {
            .spend_mean = number_of(results, "spend_mean"),
            .spend_std_dev = number_of(results, "spend_std_dev"),
    };
    for (size_t i = 0; i < COLUMNS; i++) {
        *column_of(&ours, i) = hm_results_value(results, i)->many.data;
    }
    bool is_right = compare_all(hm_columns_same, &ours, &field->hand.marketing);
    hm_results_destroy(results);
    return is_right;
}

// What a peer saved goes into the columns of the reassociated hand, which are compared
// by then.
static bool python_agrees(struct field *field, hm_python *python) {
    hm_marketing *theirs = &field->reassociated.marketing;
    const hm_workplace *workplace = &field->workplace;
    bool is_read =
            hm_python_save(python) &&
            hm_columns_read(workplace, "spend_mean", &theirs->spend_mean, 1) &&
            hm_columns_read(workplace, "spend_std_dev", &theirs->spend_std_dev, 1);
    for (size_t i = 0; is_read && i < COLUMNS; i++) {
        is_read = hm_columns_read(
                workplace, wanted[i], *column_of(theirs, i), field->row_count);
    }
    return is_read && compare_all(hm_columns_near, theirs, &field->hand.marketing);
}

static bool duck_agrees(struct field *field) {
    hm_marketing *theirs = &field->reassociated.marketing;
    bool is_read =
            hm_duck_read(field->duck, "spend_mean", &theirs->spend_mean, 1) &&
            hm_duck_read(field->duck, "spend_std_dev", &theirs->spend_std_dev, 1);
    for (size_t i = 0; is_read && i < COLUMNS; i++) {
        is_read = hm_duck_read(
                field->duck, wanted[i], *column_of(theirs, i), field->row_count);
    }
    return is_read && compare_all(hm_columns_near, theirs, &field->hand.marketing);
}

static bool agree(struct field *field) {
    hm_marketing *hand = &field->hand.marketing;
    bool is_right = ours_agrees(hm_columns_same, &field->compiled, hand) &&
                    ours_agrees(hm_columns_near, &field->reduced, hand) &&
                    fresh_agrees(field) &&
                    compare_all(hm_columns_near, &field->reassociated.marketing, hand);
    for (size_t i = 0; is_right && i < 2; i++) {
        is_right = field->pythons[i] == NULL || python_agrees(field, field->pythons[i]);
    }
    return is_right && (field->duck == NULL || duck_agrees(field));
}

static bool measure(struct field *field, bool is_quick) {
    hm_system systems[HM_MEASURE_SYSTEM_LIMIT] = {
            {.name = "hamilton",
                    .run = run_hamilton,
                    .subject = field,
                    .workers = HM_COLUMNS_THREADS},
            {.name = "hand",
                    .run = run_hand,
                    .subject = &field->hand,
                    .workers = HM_CREW_SIZE},
            {.name = "hand_reassociated",
                    .run = run_reassociated,
                    .subject = &field->reassociated,
                    .workers = HM_CREW_SIZE},
            {.name = "hamilton_fresh",
                    .run = run_fresh,
                    .subject = field,
                    .workers = HM_COLUMNS_THREADS},
    };
    size_t count = 4;
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
                              .name = "marketing_10m",
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_PAIRS,
                              .comparison = HM_RATIO_TO_ALL,
                              .systems = systems,
                              .system_count = count},
            is_quick);
}

// With sums that may be split, beside who splits them by hand.
static bool measure_reduced(struct field *field, bool is_quick) {
    const hm_system systems[] = {
            {.name = "hamilton_reduce",
                    .run = run_reduced,
                    .subject = field,
                    .workers = HM_COLUMNS_THREADS},
            {.name = "hand_reassociated",
                    .run = run_reassociated,
                    .subject = &field->reassociated,
                    .workers = HM_CREW_SIZE},
    };
    return hm_measure(&(hm_measurement){.bench = "columns",
                              .name = "marketing_10m_reduced",
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_PAIRS,
                              .comparison = HM_RATIO_TO_SECOND,
                              .systems = systems,
                              .system_count = 2},
            is_quick);
}

bool hm_columns_marketing(bool is_quick) {
    struct field field = {.row_count = is_quick ? QUICK_ROWS : ROWS};
    bool is_done = enter(&field);
    if (is_done) {
        start_pythons(&field);
        start_duck(&field);
        is_done = measure(&field, is_quick) && measure_reduced(&field, is_quick) &&
                  agree(&field);
        hm_columns_print_bar("marketing_10m", "hamilton/hand", 1.15, "ratio");
        hm_columns_print_bar("marketing_10m", "hamilton_fresh", 45, "ms");
        hm_columns_print_bar("marketing_10m_reduced",
                "hamilton_reduce/hand_reassociated", 1.3, "ratio");
    }
    leave(&field);
    return is_done;
}
