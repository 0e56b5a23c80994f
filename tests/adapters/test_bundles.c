// test_bundles.c — nodes that fail leave their arguments behind, whatever the disk does
// and memory has, and one at a time or many at once.

#include <dirent.h>
#include <errno.h>
#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <hamilton/bundle.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"
#include "tests/support/system_calls.h"
#include "tests/support/temporary_folder.h"

static hm_temporary_folder folder;
static hm_bundles *bundles;
static hm_error last;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    hm_controlled_begin();
}

static void tear_down(void) {
    hm_system_calls_heal();
    hm_temporary_folder_finish(&folder);
}

static hm_status make(uint32_t most, bool only_sees) {
    hm_bundles_options options = HM_BUNDLES_OPTIONS_INIT;
    static const char *const modules[] = {"/nowhere/test.c"};
    const hm_binding config[] = {{"region", hm_value_string("us")}};
    options.folder = folder.path;
    options.most = most;
    options.only_sees = only_sees;
    options.origin.modules = modules;
    options.origin.module_count = 1;
    options.origin.config = config;
    options.origin.config_count = 1;
    options.origin.compiler = "cc -O3";
    options.allocator = &controlled.memory.allocator;
    return hm_bundles_create(&options, &bundles, &last);
}

static hm_driver *make_driver(uint32_t thread_count) {
    static const hm_adapter *adapters[1];
    adapters[0] = hm_bundles_adapter(bundles);
    hm_driver_options options = hm_controlled_options(thread_count);
    options.adapters = adapters;
    options.adapter_count = 1;
    return hm_controlled_driver(&options);
}

// Asks for a node with x = 1 or x = [1, 2].
static hm_status ask(const hm_driver *driver, const char *wanted, bool is_array) {
    static const double numbers[] = {1, 2};
    const hm_binding inputs[] = {
            {"x", is_array ? hm_value_many(&hm_type_double, numbers, 2)
                           : hm_value_double(1)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 1;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    hm_results_destroy(results);
    return status;
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_bundles_destroy(bundles);
    hm_controlled_end();
}

static void add_chain(void) {
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_bad);
    hm_controlled_add("c", "b", hm_controlled_next);
}

START_TEST(a_node_that_fails_leaves_its_arguments) {
    add_chain();
    ck_assert_int_eq(make(0, false), HM_OK);
    hm_driver *driver = make_driver(1);
    ck_assert_int_eq(ask(driver, "c", false), HM_NODE_FAILED);
    ck_assert_uint_eq(hm_bundles_count(bundles), 1);
    ck_assert_str_eq(
            hm_bundles_path(bundles, 0), hm_temporary_folder_file(&folder, "b-1"));
    ck_assert_str_eq(hm_bundles_trouble(bundles), "");

    hm_bundle *bundle;
    ck_assert_int_eq(
            hm_bundle_open(hm_bundles_path(bundles, 0), NULL, &bundle, &last), HM_OK);
    const hm_bundle_description *described = hm_bundle_describe(bundle);
    ck_assert(!described->is_record);
    ck_assert_str_eq(described->node, "b");
    ck_assert_str_eq(described->function, "b");
    ck_assert_str_eq(described->file, "test.c");
    ck_assert_uint_eq(described->line, 2);
    ck_assert_ptr_nonnull(strstr(described->message, "bad luck"));
    ck_assert_str_eq(described->compiler, "cc -O3");
    ck_assert_uint_eq(described->module_count, 1);
    ck_assert_str_eq(described->modules[0], "/nowhere/test.c");
    ck_assert_uint_eq(described->config_count, 1);
    ck_assert_str_eq(described->config[0].name, "region");
    ck_assert_str_eq(described->config[0].value.one.as_string, "\"us\"");
    ck_assert_uint_eq(described->input_count, 1);
    ck_assert_str_eq(described->inputs[0].name, "a");
    ck_assert_str_eq(described->inputs[0].shown, "2");

    hm_request request;
    ck_assert_int_eq(
            hm_bundle_request(bundle, hm_driver_graph(driver), &request, &last), HM_OK);
    ck_assert_uint_eq(request.input_count, 0);
    ck_assert_uint_eq(request.override_count, 1);
    ck_assert_double_eq(request.overrides[0].value.one.as_double, 2);
    hm_results *results;
    int ended = atomic_load(&controlled.ended);
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &last), HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&controlled.ended), ended); // "b" alone was run
    hm_bundle_close(bundle);
    end(driver);
}
END_TEST

START_TEST(what_stays_in_pipelines_is_made_of_the_inputs_of_the_run) {
    for (int only_sees = 0; only_sees < 2; only_sees++) {
        hm_controlled_begin();
        add_chain();
        ck_assert_int_eq(make(0, only_sees), HM_OK);
        hm_driver *driver = make_driver(1);
        ck_assert_int_eq(ask(driver, "c", true), HM_NODE_FAILED);
        hm_bundle *bundle;
        ck_assert_int_eq(
                hm_bundle_open(hm_bundles_path(bundles, 0), NULL, &bundle, &last),
                HM_OK);
        const hm_bundle_description *described = hm_bundle_describe(bundle);
        ck_assert_uint_eq(described->input_count, 1);
        ck_assert_str_eq(described->inputs[0].name, only_sees ? "x" : "a");
        ck_assert_str_eq(described->inputs[0].shown, only_sees ? "[1, 2]" : "[2, 3]");
        hm_bundle_close(bundle);
        end(driver);
    }
}
END_TEST

START_TEST(what_stays_in_pipelines_but_is_wanted_is_whole) {
    enum { COUNT = 30000 };
    static double numbers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        numbers[i] = i;
    }
    add_chain();
    ck_assert_int_eq(make(0, true), HM_OK);
    hm_driver *driver = make_driver(3);
    const char *const wanted[] = {"a", "c"};
    const hm_binding input = {"x", hm_value_many(&hm_type_double, numbers, COUNT)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 2;
    request.inputs = &input;
    request.input_count = 1;
    hm_results *results = NULL;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &last), HM_NODE_FAILED);
    hm_bundle *bundle;
    ck_assert_int_eq(
            hm_bundle_open(hm_bundles_path(bundles, 0), NULL, &bundle, &last), HM_OK);
    hm_request again;
    ck_assert_int_eq(
            hm_bundle_request(bundle, hm_driver_graph(driver), &again, &last), HM_OK);
    ck_assert_uint_eq(again.override_count, 1);
    const hm_array *kept = &again.overrides[0].value.many;
    ck_assert_uint_eq(kept->length, COUNT);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_double_eq(((const double *)kept->data)[i], i + 1);
    }
    hm_bundle_close(bundle);
    end(driver);
}
END_TEST

START_TEST(the_next_bundle_of_a_node_has_the_next_number) {
    add_chain();
    ck_assert_int_eq(make(2, false), HM_OK);
    hm_driver *driver = make_driver(1);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ask(driver, "c", false), HM_NODE_FAILED);
    }
    ck_assert_uint_eq(hm_bundles_count(bundles), 2);
    ck_assert_str_eq(
            hm_bundles_path(bundles, 1), hm_temporary_folder_file(&folder, "b-2"));
    ck_assert_ptr_nonnull(strstr(hm_bundles_trouble(bundles), "node `b`"));
    ck_assert_ptr_nonnull(strstr(hm_bundles_trouble(bundles), "as many as may be"));
    end(driver);
}
END_TEST

START_TEST(many_nodes_that_fail_at_once_leave_one_each) {
    enum { COUNT = 40 };
    static char names[COUNT][8];
    static const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        wanted[i] = names[i];
        hm_controlled_add(names[i], "x", hm_controlled_bad);
    }
    ck_assert_int_eq(make(0, false), HM_OK);
    hm_driver *driver = make_driver(4);
    hm_request request = hm_controlled_request(wanted, COUNT);
    request.keep_going = true;
    hm_results *results;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &last), HM_NODE_FAILED);
    hm_results_destroy(results);
    ck_assert_uint_eq(hm_bundles_count(bundles), COUNT);
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        hm_bundle *bundle;
        ck_assert_int_eq(
                hm_bundle_open(hm_bundles_path(bundles, i), NULL, &bundle, &last),
                HM_OK);
        ck_assert_str_eq(hm_bundle_describe(bundle)->inputs[0].shown, "1");
        hm_bundle_close(bundle);
    }
    end(driver);
}
END_TEST

// A folder is whole or not there; drafts do not stay.
static void check_folder(bool may_have_drafts) {
    DIR *entries = opendir(folder.path);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.') {
            bool is_link =
                    strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
            ck_assert_msg(is_link || may_have_drafts, "%s", entry->d_name);
            continue;
        }
        hm_bundle *bundle;
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder.path, entry->d_name);
        ck_assert_msg(hm_bundle_open(path, NULL, &bundle, &last) == HM_OK, "%s",
                last.message);
        ck_assert_uint_eq(hm_bundle_describe(bundle)->input_count, 1);
        hm_bundle_close(bundle);
    }
    closedir(entries);
}

START_TEST(whatever_the_disk_does_the_failure_is_the_nodes_own) {
    static const int reasons[] = {ENOSPC, EIO, EMFILE, EDQUOT, EACCES};
    add_chain();
    for (size_t r = 0; r < 2 * sizeof reasons / sizeof *reasons; r++) {
        bool for_good = r % 2 != 0;
        hm_temporary_folder_finish(&folder);
        hm_temporary_folder_init(&folder);
        bool was_hit = true;
        size_t count = 0;
        for (size_t at = 1; was_hit; at++) {
            ck_assert_int_eq(make(0, false), HM_OK);
            hm_driver *driver = make_driver(1);
            hm_system_calls_fail(at, reasons[r / 2], for_good);
            hm_status status = ask(driver, "c", false);
            count = hm_system_calls_heal();
            was_hit = count >= at;
            ck_assert_int_eq(status, HM_NODE_FAILED);
            ck_assert_ptr_nonnull(strstr(last.message, "node `b` failed: bad luck"));
            const char *trouble = hm_bundles_trouble(bundles);
            size_t written = hm_bundles_count(bundles);
            ck_assert_msg(
                    (trouble[0] == '\0') == (written == 1), "%zu: %s", at, trouble);
            ck_assert(
                    written == 1 || strstr(trouble, strerror(reasons[r / 2])) != NULL);
            check_folder(for_good); // which then cannot be removed either
            hm_driver_destroy(driver);
            hm_bundles_destroy(bundles);
        }
        ck_assert_uint_gt(count, 8); // or nothing was counted
    }
    hm_controlled_end();
}
END_TEST

START_TEST(whatever_memory_is_lacking_the_failure_is_the_nodes_own) {
    add_chain();
    for (int for_good = 0; for_good < 2; for_good++) {
        bool was_reached = true;
        for (size_t at = 1; was_reached; at++) {
            ck_assert_int_eq(make(0, false), HM_OK);
            hm_driver *driver = make_driver(1);
            controlled.memory.for_good = for_good;
            controlled.memory.fail_at = atomic_load(&controlled.memory.calls) + at;
            hm_status status = ask(driver, "c", false);
            was_reached =
                    atomic_load(&controlled.memory.calls) >= controlled.memory.fail_at;
            controlled.memory.fail_at = 0;
            ck_assert(status == HM_NODE_FAILED || status == HM_NO_MEMORY);
            check_folder(false);
            hm_driver_destroy(driver);
            hm_bundles_destroy(bundles);
        }
    }
    hm_controlled_end();
}
END_TEST

START_TEST(creating_it_runs_out_of_memory_at_any_point) {
    size_t before = atomic_load(&controlled.memory.calls);
    hm_status status = HM_NO_MEMORY;
    for (size_t at = 1; status != HM_OK; at++) {
        controlled.memory.fail_at = atomic_load(&controlled.memory.calls) + at;
        status = make(0, false);
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
    }
    ck_assert_uint_gt(atomic_load(&controlled.memory.calls), before + 1);
    controlled.memory.fail_at = 0;
    hm_bundles_destroy(bundles);
    hm_controlled_end();
}
END_TEST

START_TEST(options_that_cannot_be_are_refused) {
    hm_bundles_options options = HM_BUNDLES_OPTIONS_INIT;
    ck_assert_int_eq(hm_bundles_create(&options, &bundles, &last), HM_BAD_ARGUMENT);
    ck_assert_str_eq(last.message, "folder names no folder");
    options.folder = folder.path;
    options.origin.struct_size = 0;
    ck_assert_int_eq(hm_bundles_create(&options, &bundles, &last), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(last.message, "HM_BUNDLE_ORIGIN_INIT"));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/bundles");
    TCase *tests = tcase_create("bundles");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_node_that_fails_leaves_its_arguments);
    tcase_add_test(tests, what_stays_in_pipelines_is_made_of_the_inputs_of_the_run);
    tcase_add_test(tests, what_stays_in_pipelines_but_is_wanted_is_whole);
    tcase_add_test(tests, the_next_bundle_of_a_node_has_the_next_number);
    tcase_add_test(tests, many_nodes_that_fail_at_once_leave_one_each);
    tcase_add_test(tests, whatever_the_disk_does_the_failure_is_the_nodes_own);
    tcase_add_test(tests, whatever_memory_is_lacking_the_failure_is_the_nodes_own);
    tcase_add_test(tests, creating_it_runs_out_of_memory_at_any_point);
    tcase_add_test(tests, options_that_cannot_be_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
