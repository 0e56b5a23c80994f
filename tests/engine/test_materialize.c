// test_materialize.c — what a driver's options load and save, without its modules
// saying so.

#include <stdio.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "base/text.h"
#include "tests/support/module_text.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

static hm_temporary_folder folder;
static char input[400];
static char output[400];
static hm_driver_options options;
static const hm_module *modules[1];
static hm_driver *driver;
static hm_error error;

// double f(double x, double y)
static int call(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 2) = SLOT(double, 0) + 10 * SLOT(double, 1);
    return 0;
}

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    snprintf(input, sizeof input, "%s",
            hm_temporary_folder_put(&folder, "in.csv", "x,y\n1,2\n3,4\n", 12));
    snprintf(output, sizeof output, "%s", hm_temporary_folder_file(&folder, "out"));
    options = (hm_driver_options)HM_DRIVER_OPTIONS_INIT;
    hm_module *module = hm_module_text("m.c", "double f(double x, double y);\n"
                                              "double g(double f, double y);\n");
    for (size_t i = 0; i < 2; i++) {
        ((hm_function *)module->functions)[i].call = call;
        ((hm_function *)module->functions)[i].map = NULL;
        ((hm_function *)module->functions)[i].rows = NULL;
    }
    modules[0] = module;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 1;
    driver = NULL;
}

static void tear_down(void) {
    hm_driver_destroy(driver);
    hm_module_text_finish();
    hm_temporary_folder_finish(&folder);
}

static hm_status create(const hm_loader_option *loader, const hm_saver_option *saver) {
    options.loaders = loader;
    options.loader_count = loader != NULL;
    options.savers = saver;
    options.saver_count = saver != NULL;
    return hm_driver_create(&options, &driver, &error);
}

static const char *answer(
        const char *wanted, const hm_binding *inputs, size_t input_count) {
    static char kept[1024];
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = input_count;
    hm_results *results;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(
            hm_json_write(hm_results_value(results, 0), hm_text_write, &text), HM_OK);
    snprintf(kept, sizeof kept, "%s", hm_text_get(&text));
    hm_text_finish(&text);
    hm_results_destroy(results);
    return kept;
}

static const char *file(const char *path) {
    static char text[256];
    FILE *opened = fopen(path, "r");
    ck_assert_ptr_nonnull(opened);
    text[fread(text, 1, sizeof text - 1, opened)] = '\0';
    fclose(opened);
    return text;
}

static const char *const columns[] = {"x", "y"};

static hm_data_argument path(const char *text) {
    return (hm_data_argument){.parameter = "path", .value = hm_value_string(text)};
}

START_TEST(inputs_are_columns_of_a_file) {
    const hm_data_argument argument = path(input);
    const hm_loader_option loader = {.format = "csv",
            .targets = columns,
            .target_count = 2,
            .arguments = &argument,
            .argument_count = 1};
    ck_assert_msg(create(&loader, NULL) == HM_OK, "%s", error.message);
    ck_assert_str_eq(answer("f", NULL, 0), "[21, 43]");
    ck_assert(strstr(answer("load_data.y", NULL, 0),
                      "\"schema\": \"x double, y double\"") != NULL);
    hm_node node = hm_graph_describe(
            hm_driver_graph(driver), hm_graph_find(hm_driver_graph(driver), "x"));
    ck_assert(!node.is_input && node.is_array);
    ck_assert_uint_eq(hm_graph_applied(hm_driver_graph(driver),
                              hm_graph_find(hm_driver_graph(driver), "x"), NULL, 0),
            0);
}
END_TEST

START_TEST(a_node_is_loaded_in_place_of_being_computed) {
    const char *const targets[] = {"f"};
    const hm_data_argument argument = {.parameter = "path", .source = "where"};
    const hm_loader_option loader = {.format = "csv",
            .targets = targets,
            .target_count = 1,
            .column = "y",
            .arguments = &argument,
            .argument_count = 1};
    ck_assert_msg(create(&loader, NULL) == HM_OK, "%s", error.message);
    const hm_binding inputs[] = {
            {"where", hm_value_string(input)}, {"y", hm_value_double(1)}};
    ck_assert_str_eq(answer("g", inputs, 2), "[12, 14]");
}
END_TEST

START_TEST(a_value_may_be_an_array) {
    const char *const targets[] = {"x"};
    const hm_data_argument argument =
            path(hm_temporary_folder_put(&folder, "in.json", "[1, 2, 3]", 9));
    hm_loader_option loader = {.format = "json",
            .targets = targets,
            .target_count = 1,
            .is_array = true,
            .arguments = &argument,
            .argument_count = 1};
    ck_assert_msg(create(&loader, NULL) == HM_OK, "%s", error.message);
    const hm_binding y = {"y", hm_value_double(1)};
    ck_assert_str_eq(answer("f", &y, 1), "[11, 12, 13]");
}
END_TEST

START_TEST(nodes_are_saved_together) {
    const char *const nodes[] = {"f", "y", "g"};
    const hm_data_argument argument = path(output);
    const hm_saver_option saver = {.name = "kept",
            .format = "csv",
            .nodes = nodes,
            .node_count = 3,
            .arguments = &argument,
            .argument_count = 1};
    ck_assert_msg(create(NULL, &saver) == HM_OK, "%s", error.message);
    const double rows[] = {1, 2};
    const hm_binding inputs[] = {
            {"x", hm_value_many(&hm_type_double, rows, 2)}, {"y", hm_value_double(3)}};
    ck_assert(strstr(answer("kept", inputs, 2), "\"rows\": 2") != NULL);
    ck_assert_str_eq(file(output), "f,y,g\n31,3,61\n32,3,62\n");
}
END_TEST

START_TEST(several_values_are_members_of_an_object) {
    const char *const nodes[] = {"f", "y"};
    const hm_data_argument argument = path(output);
    const hm_saver_option saver = {.name = "kept",
            .format = "json",
            .nodes = nodes,
            .node_count = 2,
            .arguments = &argument,
            .argument_count = 1};
    ck_assert_msg(create(NULL, &saver) == HM_OK, "%s", error.message);
    const hm_binding inputs[] = {{"x", hm_value_double(1)}, {"y", hm_value_double(3)}};
    answer("kept", inputs, 2);
    ck_assert_str_eq(file(output), "{\"f\": 31, \"y\": 3}\n");
}
END_TEST

static void refuse(
        const hm_loader_option *loader, const hm_saver_option *saver, const char *why) {
    ck_assert_int_ne(create(loader, saver), HM_OK);
    ck_assert_msg(strstr(error.message, why) != NULL, "%s", error.message);
}

START_TEST(what_a_driver_cannot_load_or_save_is_refused) {
    static const char *const unknown[] = {"xx"};
    static const char *const f[] = {"f"};
    const hm_data_argument right = path(input);
    const hm_data_argument wrong = {.parameter = "path", .value = hm_value_double(1.5)};
    const hm_data_argument other = {.parameter = "pth", .value = hm_value_string("a")};
    const hm_data_argument empty = {.parameter = "path"};
    hm_loader_option loader = {.format = "csv",
            .targets = unknown,
            .target_count = 1,
            .arguments = &right,
            .argument_count = 1};
    refuse(&loader, NULL, "loader 1 of the driver: there is no node or input `xx`");
    loader.targets = f;
    loader.format = "parquett";
    refuse(&loader, NULL, "no data format `parquett`");
    loader.format = "csv";
    loader.arguments = &wrong;
    refuse(&loader, NULL, "the value 1.5 of `path`");
    loader.arguments = &other;
    refuse(&loader, NULL, "takes no `pth`");
    loader.arguments = &empty;
    refuse(&loader, NULL, "no value that a format could take");
    loader.argument_count = 0;
    refuse(&loader, NULL, "needs `path`");
    loader.arguments = NULL;
    loader.argument_count = 1;
    refuse(&loader, NULL, "counts arguments and has none");
    loader = (hm_loader_option){.format = "raw",
            .targets = columns,
            .target_count = 2,
            .arguments = &right,
            .argument_count = 1};
    refuse(&loader, NULL, "`raw` loads no columns");
    hm_saver_option saver = {.name = "g",
            .format = "csv",
            .nodes = f,
            .node_count = 1,
            .arguments = &right,
            .argument_count = 1};
    refuse(NULL, &saver, "`g` is defined twice");
    saver.name = "kept";
    saver.format = "environment";
    refuse(NULL, &saver, "saves nothing");
    saver.node_count = 0;
    refuse(NULL, &saver, "no node");
    saver = (hm_saver_option){0};
    refuse(NULL, &saver, "no name");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/materialize");
    TCase *cases = tcase_create("materialize");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, inputs_are_columns_of_a_file);
    tcase_add_test(cases, a_node_is_loaded_in_place_of_being_computed);
    tcase_add_test(cases, a_value_may_be_an_array);
    tcase_add_test(cases, nodes_are_saved_together);
    tcase_add_test(cases, several_values_are_members_of_an_object);
    tcase_add_test(cases, what_a_driver_cannot_load_or_save_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
