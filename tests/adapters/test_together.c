// All adapters in one driver, in either order, alone and by pairs of neighbours: what
// comes out of a dataflow that has something of everything is what comes out without,
// and what each of them has to show is valid.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <string.h>

#include <hamilton/bundle.h>
#include <hamilton/hamilton.h>

#include "base/text.h"
#include "tests/adapters/together/subjects.h"
#include "tests/support/reflected.h"
#include "tests/support/suite.h"

enum { MOST_SUBJECTS = 64, RUNS = 3, FAILED = 2 };

static hm_reflected reflected;

static void set_up(void) {
    static char source[8192];
    FILE *file = fopen("tests/adapters/together/module.c", "r");
    ck_assert_ptr_nonnull(file);
    source[fread(source, 1, sizeof source - 1, file)] = '\0';
    fclose(file);
    const char *compilers[2];
    hm_reflected_source(&reflected, source);
    ck_assert_uint_gt(hm_reflected_compilers(compilers), 0);
    hm_reflected_load(&reflected, compilers[0]);
}

static void tear_down(void) {
    hm_reflected_finish(&reflected);
}

// Adapters that stand together in a driver.
typedef struct hm_together {
    const hm_subject *subjects[MOST_SUBJECTS];
    void *selves[MOST_SUBJECTS];
    const hm_adapter *adapters[MOST_SUBJECTS];
    size_t count;
    hm_temporary_folder folder;
} hm_together;

static void add_subject(hm_together *together, const hm_subject *subject) {
    if (subject->create == NULL) {
        return;
    }
    size_t at = together->count++;
    together->subjects[at] = subject;
    together->adapters[at] =
            subject->create(&together->selves[at], together->folder.path);
}

static hm_driver *create_driver(const hm_together *together) {
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = &reflected.module;
    options.module_count = 1;
    options.thread_count = 2;
    options.adapters = together->adapters;
    options.adapter_count = together->count;
    hm_driver *driver;
    hm_error error = {.message = ""};
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
    return driver;
}

// A status and a message for what failed, JSON for the others.
static void put_results(hm_text *text, const hm_results *results) {
    hm_error error;
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const char *message;
        hm_status status = hm_results_status(results, i, &message);
        hm_text_format(
                text, "%s %d %s\n", hm_results_name(results, i), (int)status, message);
    }
    ck_assert_int_eq(
            hm_json_write_results(results, hm_text_write, text, &error), HM_OK);
}

// A run that such adapters saw is a test case as any other.
static void check_record(const char *folder, const hm_driver *driver,
        const hm_request *request, const hm_results *results) {
    char path[512];
    snprintf(path, sizeof path, "%s/record", folder);
    hm_error error = {.message = ""};
    hm_bundle *bundle;
    ck_assert_msg(
            hm_bundle_record(path, driver, request, results, NULL, &error) == HM_OK,
            "%s", error.message);
    ck_assert_msg(
            hm_bundle_open(path, NULL, &bundle, &error) == HM_OK, "%s", error.message);
    hm_request again;
    bool is_same = false;
    hm_text told;
    hm_text_init(&told, NULL);
    ck_assert_msg(
            hm_bundle_request(bundle, hm_driver_graph(driver), &again, &error) == HM_OK,
            "%s", error.message);
    ck_assert_int_eq(
            hm_bundle_compare(bundle, results, hm_text_write, &told, &is_same, &error),
            HM_OK);
    ck_assert_msg(is_same, "%s", hm_text_get(&told));
    hm_text_finish(&told);
    hm_bundle_close(bundle);
}

// folder may be NULL: then the run is not recorded.
static void run(const hm_driver *driver, const char *folder, hm_text *text) {
    static const double amounts[] = {1, 2, 3, 4, 5};
    static const char *const wanted[] = {"price", "offer", "shifted", "total", "behind",
            "last", "kind", "failing_rows"};
    const hm_binding inputs[] = {
            {"x", hm_value_double(1)},
            {"amount", hm_value_many(&hm_type_double, amounts, 5)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = sizeof wanted / sizeof *wanted;
    request.inputs = inputs;
    request.input_count = 2;
    request.keep_going = true;
    hm_results *results = NULL;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, NULL), HM_NODE_FAILED);
    hm_text_clear(text);
    put_results(text, results);
    if (folder != NULL) {
        check_record(folder, driver, &request, results);
    }
    hm_results_destroy(results);
}

// Some runs with these adapters, each of which must be as `expected` says.
static void check_runs(hm_together *together, const char *expected) {
    hm_driver *driver = create_driver(together);
    hm_text text;
    hm_text_init(&text, NULL);
    for (size_t i = 0; i < RUNS; i++) {
        run(driver, together->folder.path, &text);
        ck_assert_str_eq(hm_text_get(&text), expected);
    }
    hm_text_finish(&text);
    for (size_t i = 0; i < together->count; i++) {
        if (together->subjects[i]->check != NULL) {
            together->subjects[i]->check(together->selves[i], RUNS, FAILED);
        }
    }
    hm_driver_destroy(driver);
    for (size_t i = 0; i < together->count; i++) {
        together->subjects[i]->destroy(together->selves[i]);
    }
    hm_temporary_folder_finish(&together->folder);
}

static void begin(hm_together *together) {
    *together = (hm_together){0};
    hm_temporary_folder_init(&together->folder);
}

// What comes out without adapters.
static void find_expected(hm_text *expected) {
    hm_together none = {0};
    hm_driver *driver = create_driver(&none);
    hm_text_init(expected, NULL);
    run(driver, NULL, expected);
    hm_driver_destroy(driver);
}

START_TEST(what_comes_out_without_adapters_is_known) {
    hm_text expected;
    find_expected(&expected);
    const char *json = strchr(hm_text_get(&expected), '{');
    ck_assert_str_eq(json,
            "{\"price\": 32, \"offer\": [0, 1, 2, 3, 4], "
            "\"shifted\": [0, 2, 4, 6, 8], \"total\": 30, \"kind\": \"dear\"}");
    hm_text_finish(&expected);
}
END_TEST

START_TEST(all_of_them_change_nothing) {
    hm_text expected;
    find_expected(&expected);
    for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
        hm_together together;
        begin(&together);
        for (size_t i = 0; i < hm_subject_count; i++) {
            add_subject(
                    &together, hm_subjects[is_reversed ? hm_subject_count - 1 - i : i]);
        }
        check_runs(&together, hm_text_get(&expected));
    }
    hm_text_finish(&expected);
}
END_TEST

START_TEST(each_alone_and_beside_the_next_changes_nothing) {
    hm_text expected;
    find_expected(&expected);
    for (size_t i = 0; i < hm_subject_count; i++) {
        hm_together together;
        begin(&together);
        add_subject(&together, hm_subjects[i]);
        check_runs(&together, hm_text_get(&expected));
        begin(&together);
        add_subject(&together, hm_subjects[(i + 1) % hm_subject_count]);
        add_subject(&together, hm_subjects[i]);
        check_runs(&together, hm_text_get(&expected));
    }
    hm_text_finish(&expected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("all adapters");
    TCase *cases = tcase_create("together");
    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, what_comes_out_without_adapters_is_known);
    tcase_add_test(cases, all_of_them_change_nothing);
    tcase_add_test(cases, each_alone_and_beside_the_next_changes_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
