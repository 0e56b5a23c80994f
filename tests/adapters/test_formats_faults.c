// test_formats_faults.c — what the operating system may do while data are saved or
// loaded: fail at each call, with each reason, or end the process before it. What was
// saved before is whole, and a save that says it was done was.

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hamilton/hamilton.h>

#include "tests/support/suite.h"
#include "tests/support/system_calls.h"
#include "tests/support/temporary_folder.h"

static const char *const names[] = {"csv", "ndjson", "json", "raw"};
enum { FORMATS = sizeof names / sizeof *names, ROWS = 3000 };

static hm_temporary_folder folder;
static char path[400];
static double earlier[ROWS];
static double later[ROWS];

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    snprintf(path, sizeof path, "%s", hm_temporary_folder_file(&folder, "data"));
    for (int i = 0; i < ROWS; i++) {
        earlier[i] = i;
        later[i] = -i;
    }
}

static void tear_down(void) {
    hm_system_calls_heal();
    hm_temporary_folder_finish(&folder);
}

static const hm_data_format *find(const char *name) {
    size_t count;
    const hm_data_format *const *formats = hm_data_formats(&count);
    size_t i = 0;
    while (strcmp(formats[i]->name, name) != 0) {
        i++;
    }
    return formats[i];
}

static hm_status save(
        const hm_data_format *format, const double *rows, hm_error *error) {
    hm_value argument = hm_value_string(path);
    hm_binding values = {"x", hm_value_many(&hm_type_double, rows, ROWS)};
    const hm_save given = {.arguments = &argument,
            .values = &values,
            .value_count = 1,
            .allocator = hm_allocator_default(),
            .thread_count = 1};
    hm_data_facts facts = {.bytes = -1};
    return (format->save != NULL ? format->save : format->save_columns)(
            format->self, &given, &facts, error);
}

// The second number of the file: 1 or -1. Fails if not all of it is there.
static double load(const hm_data_format *format) {
    hm_value argument = hm_value_string(path);
    const hm_column column = {"x", &hm_type_double};
    const hm_load wanted = {.arguments = &argument,
            .columns = &column,
            .column_count = 1,
            .is_array = true,
            .is_told = true,
            .allocator = hm_allocator_default(),
            .thread_count = 1};
    hm_value value = {0};
    hm_loaded loaded = {.values = &value};
    hm_error error;
    hm_status status = (format->load != NULL ? format->load : format->load_columns)(
            format->self, &wanted, &loaded, &error);
    ck_assert_msg(status == HM_OK, "%s", error.message);
    ck_assert_uint_eq(value.many.length, ROWS);
    double second = ((const double *)value.many.data)[1];
    for (int i = 0; i < ROWS; i++) {
        ck_assert_double_eq(((const double *)value.many.data)[i], i * second);
    }
    loaded.release(loaded.owner);
    return second;
}

static const int reasons[] = {ENOSPC, EIO, EDQUOT, EMFILE};

START_TEST(a_save_that_fails_leaves_what_was_there) {
    const hm_data_format *format = find(names[_i]);
    for (size_t r = 0; r < sizeof reasons / sizeof *reasons; r++) {
        for (size_t at = 1;; at++) {
            hm_error error = {.message = ""};
            ck_assert_int_eq(save(format, earlier, &error), HM_OK);
            hm_system_calls_fail(at, reasons[r], r % 2 == 0);
            hm_status status = save(format, later, &error);
            size_t count = hm_system_calls_heal();
            if (status != HM_OK) {
                ck_assert_int_eq(status, HM_IO);
                ck_assert_msg(
                        strstr(error.message, path) != NULL &&
                                strstr(error.message, strerror(reasons[r])) != NULL,
                        "%s", error.message);
            }
            ck_assert_double_eq(load(format), status == HM_OK ? -1 : 1);
            if (count < at) {
                ck_assert_uint_gt(at, 4); // or nothing was counted
                break;
            }
        }
    }
    // A draft that could not be removed, as all calls failed, is all that may be left.
    ck_assert_uint_ge(hm_temporary_folder_count(&folder), 1);
}
END_TEST

START_TEST(a_process_that_is_killed_leaves_what_was_there) {
    const hm_data_format *format = find(names[_i]);
    size_t seen[2] = {0};
    for (size_t at = 1;; at++) {
        hm_error error;
        ck_assert_int_eq(save(format, earlier, &error), HM_OK);
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            hm_system_calls_fail(at, 0, false);
            _exit(save(format, later, &error) != HM_OK);
        }
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        double second = load(format); // whole, whichever it is
        seen[second < 0]++;
        if (WIFEXITED(status)) {
            ck_assert_int_eq(WEXITSTATUS(status), 0);
            ck_assert_double_eq(second, -1);
            break;
        }
        ck_assert_int_eq(WTERMSIG(status), SIGKILL);
    }
    ck_assert_uint_gt(seen[0], 2);
    ck_assert_uint_gt(seen[1], 1); // also before it was told that all is well
}
END_TEST

START_TEST(a_full_disk_is_told) {
    const hm_data_format *format = find(names[_i]);
    snprintf(path, sizeof path, "/dev/full");
    hm_error error;
    ck_assert_int_eq(save(format, later, &error), HM_IO);
    ck_assert_str_eq(
            error.message, "/dev/full: cannot write it: No space left on device");
}
END_TEST

START_TEST(a_load_that_fails_says_why) {
    const hm_data_format *format = find(names[_i]);
    hm_error error;
    ck_assert_int_eq(save(format, earlier, &error), HM_OK);
    for (size_t at = 1;; at++) {
        hm_value argument = hm_value_string(path);
        const hm_column column = {"x", &hm_type_double};
        const hm_load wanted = {.arguments = &argument,
                .columns = &column,
                .column_count = 1,
                .is_array = true,
                .is_told = true,
                .allocator = hm_allocator_default(),
                .thread_count = 1};
        hm_value value = {0};
        hm_loaded loaded = {.values = &value};
        hm_system_calls_fail(at, EIO, false);
        hm_status status = (format->load != NULL ? format->load : format->load_columns)(
                format->self, &wanted, &loaded, &error);
        size_t count = hm_system_calls_heal();
        if (status == HM_OK) {
            ck_assert_uint_eq(value.many.length, ROWS);
            loaded.release(loaded.owner);
        } else {
            ck_assert_int_eq(status, HM_IO);
            ck_assert(strstr(error.message, strerror(EIO)) != NULL);
        }
        if (count < at) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/formats_faults");
    TCase *cases = tcase_create("faults");
    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_loop_test(cases, a_save_that_fails_leaves_what_was_there, 0, FORMATS);
    tcase_add_loop_test(
            cases, a_process_that_is_killed_leaves_what_was_there, 0, FORMATS);
    tcase_add_loop_test(cases, a_full_disk_is_told, 0, FORMATS);
    tcase_add_loop_test(cases, a_load_that_fails_says_why, 0, FORMATS);
    suite_add_tcase(suite, cases);
    return suite;
}
