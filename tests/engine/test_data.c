// test_data.c — formats of a program: what HM_LOAD_FROM and HM_SAVE_TO ask them for,
// what is done with what they give, and how that ends.

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_text.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { LONGEST = 4 };

// What the format has under a key, and what was done with it.
static struct {
    hm_value values[LONGEST]; // by column
    hm_status status;
    atomic_int loads;
    atomic_int releases;
    bool is_told;
    char asked[256]; // "key: a double, b int"
    char saved[256];
} shelf;

static void release(void *owner) {
    ck_assert_ptr_eq(owner, &shelf);
    atomic_fetch_add(&shelf.releases, 1);
}

static void note(const hm_load *wanted) {
    int length = snprintf(shelf.asked, sizeof shelf.asked,
            "%s %lld:", hm_argument_string(&wanted->arguments[0]),
            (long long)hm_argument_int64(&wanted->arguments[1], -1));
    for (size_t c = 0; c < wanted->column_count; c++) {
        length += snprintf(shelf.asked + length, sizeof shelf.asked - (size_t)length,
                " %s %s%s", wanted->columns[c].name, wanted->columns[c].type->name,
                wanted->is_array ? "[]" : "");
    }
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    ck_assert_ptr_eq(self, &shelf);
    atomic_fetch_add(&shelf.loads, 1);
    note(wanted);
    shelf.is_told = wanted->is_told;
    if (shelf.status != HM_OK) {
        snprintf(error->message, sizeof error->message, "the shelf is empty");
        return shelf.status;
    }
    for (size_t c = 0; c < wanted->column_count; c++) {
        loaded->values[c] = shelf.values[c];
    }
    loaded->owner = &shelf;
    loaded->release = release;
    loaded->facts.bytes = 12;
    snprintf(loaded->facts.content, sizeof loaded->facts.content, "abc");
    return HM_OK;
}

static bool append(const char *text, size_t length, void *to) {
    strncat(to, text, length);
    return true;
}

static hm_status save(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    ck_assert_ptr_eq(self, &shelf);
    (void)error;
    (void)facts;
    strcat(shelf.saved, hm_argument_string(&given->arguments[0]));
    for (size_t i = 0; i < given->value_count; i++) {
        strcat(shelf.saved, " ");
        strcat(shelf.saved, given->values[i].name);
        strcat(shelf.saved, "=");
        ck_assert_int_eq(
                hm_json_write(&given->values[i].value, append, shelf.saved), HM_OK);
    }
    return HM_OK;
}

static const hm_format_parameter parameters[] = {
        {"key", &hm_type_string, true, "of the entry"},
        {"place", &hm_type_long, false, "on the shelf"},
};

static const hm_data_format values_format = {.struct_size = sizeof(hm_data_format),
        .name = "shelf",
        .version = "1",
        .self = &shelf,
        .parameters = parameters,
        .parameter_count = 2,
        .load = load,
        .save = save};

static const hm_data_format table_format = {.struct_size = sizeof(hm_data_format),
        .name = "rack",
        .self = &shelf,
        .parameters = parameters,
        .parameter_count = 2,
        .load_columns = load,
        .save_columns = save};

// double f(double x)
static int call_one(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 1) = SLOT(double, 0) * 2;
    return 0;
}

// double f(size_t n, const double x[n])
static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *x = &SLOT(hm_array, 0);
    double sum = 0;
    for (size_t i = 0; i < x->length; i++) {
        sum += ((const double *)x->data)[i];
    }
    SLOT(double, 1) = sum;
    return 0;
}

static hm_module *module;
static hm_driver *driver;
static hm_failing_allocator memory;
static hm_error error;

static void set_up(void) {
    memset(&shelf, 0, sizeof shelf);
    driver = NULL;
    hm_failing_allocator_init(&memory);
}

static void tear_down(void) {
    hm_driver_destroy(driver);
    hm_module_text_finish();
    ck_assert_uint_eq(memory.live, 0);
}

static hm_status create(const char *text, hm_call_thunk *call) {
    static const hm_data_format *const formats[] = {&values_format, &table_format};
    const hm_module *modules[1];
    module = hm_module_text("d.c", text);
    for (size_t f = 0; f < module->function_count; f++) {
        ((hm_function *)module->functions)[f].call = call;
        ((hm_function *)module->functions)[f].map = NULL;
        ((hm_function *)module->functions)[f].rows = NULL;
    }
    modules[0] = module;
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 1;
    options.formats = formats;
    options.format_count = 2;
    options.allocator = &memory.allocator;
    return hm_driver_create(&options, &driver, &error);
}

static hm_status ask(const char *wanted, hm_results **results) {
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    return hm_driver_execute(driver, &request, results, &error);
}

// What comes of it, as JSON.
static const char *answer(const char *wanted) {
    static char text[1024];
    text[0] = '\0';
    hm_results *results;
    ck_assert_msg(ask(wanted, &results) == HM_OK, "%s", error.message);
    ck_assert_int_eq(hm_json_write(hm_results_value(results, 0), append, text), HM_OK);
    hm_results_destroy(results);
    return text;
}

static const double numbers[] = {1.5, 2, 4};

static const char row_wise[] = "HM_LOAD_FROM(rack, x, HM_VALUE(key, \"a\"))\n"
                               "double f(double x);\n";
static const char one_value[] =
        "HM_LOAD_FROM(shelf, x, HM_VALUE(key, \"a\"), HM_VALUE(place, 7))\n"
        "double f(double x);\n";
static const char whole_array[] = "HM_LOAD_FROM(shelf, x, HM_VALUE(key, \"a\"))\n"
                                  "double f(size_t n, const double x[n]);\n";

START_TEST(a_value_is_what_the_parameter_is) {
    shelf.values[0] = hm_value_one(&hm_type_double, &numbers[1]);
    ck_assert_int_eq(create(one_value, call_one), HM_OK);
    ck_assert_str_eq(answer("f"), "4");
    ck_assert_str_eq(shelf.asked, "a 7: x double");
    ck_assert_int_eq(shelf.releases, 1);
}
END_TEST

START_TEST(an_array_is_handed_on_where_it_lies) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create(whole_array, call_sum), HM_OK);
    ck_assert_str_eq(answer("f"), "7.5");
    ck_assert_str_eq(shelf.asked, "a -1: x double[]");
    hm_results *results;
    ck_assert_int_eq(ask("f.select_data.x", &results), HM_OK);
    ck_assert_ptr_eq(hm_results_value(results, 0)->many.data, numbers);
    ck_assert_int_eq(shelf.releases, 1); // of the first run
    hm_results_destroy(results);
    ck_assert_int_eq(shelf.releases, 2);
}
END_TEST

START_TEST(one_value_is_mapped_over_a_column) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create(row_wise, call_one), HM_OK);
    ck_assert_str_eq(answer("f"), "[3, 4, 8]");
    ck_assert(!shelf.is_told);
    ck_assert_int_eq(shelf.releases, 1);
}
END_TEST

START_TEST(each_run_loads_anew) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create(row_wise, call_one), HM_OK);
    const char *wanted[] = {"f"};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    for (int i = 1; i <= 3; i++) {
        ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
        ck_assert_int_eq(shelf.loads, i);
        ck_assert_int_ge(shelf.releases, i - 1); // at most one is held
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    ck_assert_int_eq(shelf.releases, 3);
}
END_TEST

START_TEST(what_one_place_has_is_loaded_once) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    shelf.values[1] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create("HM_LOAD_FROM(rack, x, HM_VALUE(key, \"a\"))\n"
                            "HM_LOAD_FROM(rack, y, HM_VALUE(key, \"a\"), "
                            "HM_VALUE(column, \"z\"))\n"
                            "double f(double x, double y);\n",
                             call_one),
            HM_OK);
    answer("f.select_data.y");
    ck_assert_int_eq(shelf.loads, 1);
    ck_assert_str_eq(shelf.asked, "a -1: x double[] z double[]");
    ck_assert(strstr(answer("f.load_data.y"), "\"schema\": \"x double, z double\"") !=
              NULL);
}
END_TEST

START_TEST(metadata_tells_of_the_load) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create(row_wise, call_one), HM_OK);
    hm_results *results;
    ck_assert_int_eq(ask("f.load_data.x", &results), HM_OK);
    hm_driver_destroy(driver);
    driver = NULL;
    const hm_metadata *told = hm_value_data(hm_results_value(results, 0));
    ck_assert(shelf.is_told);
    ck_assert_str_eq(told->format, "rack");
    ck_assert_str_eq(told->source, "a");
    ck_assert_str_eq(told->schema, "x double");
    ck_assert_str_eq(told->content, "abc");
    ck_assert_int_eq(told->bytes, 12);
    ck_assert_int_eq(told->modified, -1);
    ck_assert_int_eq(told->rows, 3);
    ck_assert_int_gt(told->time, 0);
    hm_results_destroy(results);
}
END_TEST

START_TEST(data_outlive_metadata_that_is_given) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create(row_wise, call_one), HM_OK);
    static const hm_metadata made = {"", "", 0, 0, 0, 0, "", ""};
    const char *wanted[] = {"f", "f.load_data.x"};
    hm_binding given = {"f.load_data.x",
            hm_value_object(
                    hm_graph_describe(hm_driver_graph(driver),
                            hm_graph_find(hm_driver_graph(driver), "f.load_data.x"))
                            .type,
                    &made)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 2;
    request.overrides = &given;
    request.override_count = 1;
    hm_results *results;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    const hm_metadata *told = hm_value_data(hm_results_value(results, 1));
    ck_assert_str_eq(told->format, "");
    ck_assert_uint_eq(hm_results_value(results, 0)->many.length, 3);
    hm_results_destroy(results);
    ck_assert_int_eq(shelf.releases, 1);
}
END_TEST

START_TEST(a_failure_is_the_nodes) {
    shelf.status = HM_IO;
    ck_assert_int_eq(create(row_wise, call_one), HM_OK);
    hm_results *results;
    ck_assert_int_eq(ask("f", &results), HM_NODE_FAILED);
    ck_assert(strstr(error.message, "`f.load_data.x` failed: the shelf is empty") !=
              NULL);
    ck_assert_int_eq(shelf.releases, 0);
}
END_TEST

static void refuse(const char *text, hm_value value, const char *why) {
    tear_down();
    set_up();
    shelf.values[0] = value;
    ck_assert_int_eq(create(text, call_one), HM_OK);
    hm_results *results;
    ck_assert_int_eq(ask("f", &results), HM_NODE_FAILED);
    ck_assert_msg(strstr(error.message, why) != NULL, "%s", error.message);
    ck_assert_int_eq(shelf.releases, 1); // it was loaded all the same
}

START_TEST(what_was_not_asked_for_is_refused) {
    static const hm_array inner = {(void *)numbers, 3, NULL};
    hm_value nested = hm_value_many(&hm_type_double, &inner, 1);
    nested.depth = 2;
    refuse(row_wise, (hm_value){0}, "is not there");
    refuse(row_wise, hm_value_many(&hm_type_int, numbers, 3), "another type");
    refuse(row_wise, nested, "holds arrays");
    refuse(row_wise, hm_value_double(1), "one value, and an array is wanted");
    refuse(one_value, hm_value_many(&hm_type_double, numbers, 3),
            "an array, and one value is wanted");
}
END_TEST

static void refuse_graph(const char *text, const char *why) {
    ck_assert_int_ne(create(text, call_one), HM_OK);
    ck_assert_msg(strstr(error.message, why) != NULL, "%s", error.message);
}

START_TEST(a_format_is_asked_what_it_knows) {
    refuse_graph("HM_LOAD_FROM(shelf, x) double f(double x);\n", "needs `key`");
    refuse_graph("HM_LOAD_FROM(shelf, x, HM_VALUE(key, \"a\"), HM_VALUE(place, "
                 "\"b\")) double f(double x);\n",
            "is no long");
    refuse_graph("HM_LOAD_FROM(shelf, x, HM_VALUE(key, \"a\"), HM_VALUE(column, "
                 "\"b\")) double f(double x);\n",
            "loads no columns");
    refuse_graph("HM_LOAD_FROM(shelve, x, HM_VALUE(key, \"a\")) double f(double x);\n",
            "no data format `shelve`");
}
END_TEST

static void refuse_format(hm_data_format format, const char *why) {
    const hm_data_format *formats[] = {&format};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.formats = formats;
    options.format_count = 1;
    options.allocator = &memory.allocator;
    // A module that names it finds it no format.
    const hm_module *modules[] = {hm_module_text("d.c", row_wise)};
    options.modules = modules;
    options.module_count = 1;
    ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_BAD_ARGUMENT);
    ck_assert_msg(strstr(error.message, why) != NULL, "%s", error.message);
}

START_TEST(a_format_that_is_none_is_refused) {
    static const hm_format_parameter twice[] = {
            {"a", &hm_type_string, true, ""}, {"a", &hm_type_string, true, ""}};
    static const hm_format_parameter column[] = {{"column", &hm_type_string, true, ""}};
    static const hm_format_parameter odd[] = {{"a", &hm_type_float, true, ""}};
    hm_data_format format = values_format;
    format.struct_size = 0;
    refuse_format(format, "struct_size");
    format = values_format;
    format.name = "";
    refuse_format(format, "no name");
    format = values_format;
    format.load = NULL;
    format.save = NULL;
    refuse_format(format, "neither loads nor saves");
    format = values_format;
    format.parameters = twice;
    refuse_format(format, "one name");
    format.parameters = column;
    format.parameter_count = 1;
    refuse_format(format, "called column");
    format.parameters = odd;
    refuse_format(format, "no string, bool, long or double");
    format.parameter_count = HM_FORMAT_PARAMETERS + 1;
    refuse_format(format, "too many");
    const hm_data_format *nothing = NULL;
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.formats = &nothing;
    options.format_count = 1;
    ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_BAD_ARGUMENT);
    ck_assert(strstr(error.message, "it is NULL") != NULL);
}
END_TEST

START_TEST(values_are_saved_as_they_are) {
    shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(create("HM_LOAD_FROM(rack, x, HM_VALUE(key, \"a\"))\n"
                            "HM_SAVE_TO(shelf, HM_VALUE(key, \"b\"))\n"
                            "double f(double x);\n",
                             call_one),
            HM_OK);
    ck_assert(strstr(answer("save.f"), "\"schema\": \"f double[]\"") != NULL);
    ck_assert_str_eq(shelf.saved, "b f=[3, 4, 8]");
}
END_TEST

START_TEST(one_value_is_a_table_of_one_row) {
    shelf.values[0] = hm_value_one(&hm_type_double, numbers);
    ck_assert_int_eq(create("HM_LOAD_FROM(shelf, x, HM_VALUE(key, \"a\"))\n"
                            "HM_SAVE_TO(rack, HM_VALUE(key, \"b\"), "
                            "HM_VALUE(column, \"c\"))\n"
                            "double f(double x);\n",
                             call_one),
            HM_OK);
    ck_assert(strstr(answer("save.f"), "\"rows\": 1") != NULL);
    ck_assert_str_eq(shelf.saved, "b c=[3]");
}
END_TEST

// Tables may be filled by anybody: nothing of a modifier is looked at before it is
// known to be there.
START_TEST(modifiers_that_are_none_are_refused) {
    static const hm_argument names[] = {{.kind = HM_ARGUMENT_NAME, .text = "rack"},
            {.kind = HM_ARGUMENT_NAME, .text = "x"},
            {.kind = HM_ARGUMENT_CALL, .text = "value", .argument_count = 2}};
    static const hm_argument empty[] = {{.kind = HM_ARGUMENT_CALL, .text = "value"}};
    const hm_modifier lists[][2] = {
            {{"load_from", names, 3, 1}, {"inject", names, 1, 1}},
            {{"load_from", names, 2, 1}, {"inject", NULL, 2, 1}},
            {{"load_from", names, 1, 1}, {"save_to", NULL, 1, 1}},
            {{"load_from", names, 2, 1}, {"parameterize", names, 3, 1}},
            {{"save_to", names, 1, 1}, {"load_from", empty, 1, 1}},
            {{"save_to", empty, 1, 1}, {"loader", NULL, 0, 1}},
            {{"saver", names, 1, 1}, {"loader", NULL, 0, 1}},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        hm_module *made = hm_module_text("d.c", "double f(double x);\n");
        ((hm_function *)made->functions)->modifiers = lists[i];
        ((hm_function *)made->functions)->modifier_count = 2;
        const hm_module *modules[] = {made};
        hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
        options.modules = modules;
        options.module_count = 1;
        ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_BAD_MODULE);
    }
}
END_TEST

START_TEST(code_versions_know_what_is_loaded) {
    ck_assert_int_eq(create("HM_LOAD_FROM(rack, x, HM_VALUE(key, \"a\"))\n"
                            "double f(double x);\n"
                            "HM_LOAD_FROM(rack, x, HM_VALUE(key, \"b\"))\n"
                            "double g(double x);\n",
                             call_one),
            HM_OK);
    const hm_graph *graph = hm_driver_graph(driver);
    const char *f = hm_graph_describe(graph, hm_graph_find(graph, "f.select_data.x"))
                            .function->version;
    const char *g = hm_graph_describe(graph, hm_graph_find(graph, "g.select_data.x"))
                            .function->version;
    ck_assert_ptr_nonnull(f);
    ck_assert_str_ne(f, g);
}
END_TEST

// Whatever allocation fails, it is told, and nothing is lost.
START_TEST(memory_may_run_out) {
    const char text[] = "HM_LOAD_FROM(rack, x, HM_VALUE(key, \"a\"))\n"
                        "HM_SAVE_TO(rack, HM_VALUE(key, \"b\"))\n"
                        "double f(double x);\n";
    for (size_t i = 1;; i++) {
        tear_down();
        set_up();
        shelf.values[0] = hm_value_many(&hm_type_double, numbers, 3);
        memory.fail_at = i;
        memory.for_good = i % 2 == 0;
        hm_status status = create(text, call_one);
        hm_results *results = NULL;
        if (status == HM_OK) {
            status = ask("save.f", &results);
        }
        bool is_done = memory.calls < i;
        memory.fail_at = 0;
        ck_assert(status == HM_NO_MEMORY || status == HM_NODE_FAILED || is_done);
        ck_assert_int_eq(status == HM_OK, is_done);
        hm_results_destroy(results);
        ck_assert_int_eq(shelf.releases, shelf.loads);
        if (is_done) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/data");
    TCase *cases = tcase_create("data");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, a_value_is_what_the_parameter_is);
    tcase_add_test(cases, an_array_is_handed_on_where_it_lies);
    tcase_add_test(cases, one_value_is_mapped_over_a_column);
    tcase_add_test(cases, each_run_loads_anew);
    tcase_add_test(cases, what_one_place_has_is_loaded_once);
    tcase_add_test(cases, metadata_tells_of_the_load);
    tcase_add_test(cases, data_outlive_metadata_that_is_given);
    tcase_add_test(cases, a_failure_is_the_nodes);
    tcase_add_test(cases, what_was_not_asked_for_is_refused);
    tcase_add_test(cases, a_format_is_asked_what_it_knows);
    tcase_add_test(cases, a_format_that_is_none_is_refused);
    tcase_add_test(cases, values_are_saved_as_they_are);
    tcase_add_test(cases, one_value_is_a_table_of_one_row);
    tcase_add_test(cases, modifiers_that_are_none_are_refused);
    tcase_add_test(cases, code_versions_know_what_is_loaded);
    tcase_add_test(cases, memory_may_run_out);
    suite_add_tcase(suite, cases);
    return suite;
}
