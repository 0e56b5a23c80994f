// test_supply.c — config values become the values of inputs, or say why they cannot.

#include <string.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;

static void set_up(void) {
    hm_graph_trial_init(&trial);
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static void add(const char *text) {
    hm_graph_trial_module(&trial, "m.c", text);
}

static const hm_value *supplied(const char *name) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    ck_assert(hm_graph_describe(trial.graph, id).is_config);
    const hm_binding *binding = &trial.graph->config[trial.graph->nodes[id].config];
    ck_assert_str_eq(binding->name, name);
    return &binding->value;
}

static void expect(hm_status status, const char *said) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), said);
    ck_assert_int_eq(trial.status, status);
}

START_TEST(json_is_read_as_the_inputs_type) {
    add("double a(int x);\n");
    hm_graph_trial_config(&trial, "x", hm_value_json("7"));
    const hm_value *value = supplied("x");
    ck_assert(hm_type_equal(value->type, &hm_type_int));
    ck_assert_int_eq(*(const int *)hm_value_data(value), 7);
}
END_TEST

START_TEST(an_array_may_be_given_for_one_value_and_the_reverse) {
    add("double a(double x);\ndouble b(size_t n, const double y[n]);\n");
    hm_graph_trial_config(&trial, "x", hm_value_json("[1, 2.5]"));
    hm_graph_trial_config(&trial, "y", hm_value_json("3"));
    const hm_value *value = supplied("x");
    ck_assert_uint_eq(value->depth, 1);
    ck_assert_uint_eq(value->many.length, 2);
    ck_assert_uint_eq(supplied("y")->depth, 0);
}
END_TEST

START_TEST(json_that_does_not_suit_the_type_names_key_expected_and_found) {
    add("double a(int x, const char *y);\n");
    hm_graph_trial_config(&trial, "x", hm_value_json("2.5"));
    hm_graph_trial_config(&trial, "y", hm_value_json("3"));
    const char *said = hm_graph_trial_build(&trial);
    ck_assert_int_eq(trial.status, HM_BAD_DATA);
    ck_assert_ptr_nonnull(
            strstr(said, "m.c:1: config gives `x`, which is an input of `a`: "));
    ck_assert_ptr_nonnull(strstr(said, "2.5"));
    ck_assert_ptr_nonnull(
            strstr(said, "m.c:1: config gives `y`, which is an input of `a`: "));
    ck_assert_uint_eq(trial.error.fault_count, 2);
}
END_TEST

START_TEST(a_typed_value_must_have_exactly_the_type) {
    add("double a(double x);\ndouble b(double a);\n");
    hm_graph_trial_config(&trial, "x", hm_value_int(3));
    hm_graph_trial_config(&trial, "b", hm_value_string("3"));
    expect(HM_TYPE_MISMATCH, "m.c:1: config gives `x`, which is an input of `a`: "
                             "expected double, but found "
                             "int\n"
                             "m.c:2: config gives `b`, which replaces `b`: expected "
                             "double, but found const "
                             "char *\n");
}
END_TEST

START_TEST(typed_values_are_copied) {
    add("double a(double x, const char *s, size_t n, const char *const t[n], struct p "
        "p);\n"
        "struct p { double low; double high; };\n");
    double x = 2;
    char text[] = "abc";
    const char *texts[] = {text, NULL, "def"};
    double p[2] = {3, 4};
    hm_module *module = hm_graph_trial_module(&trial, "n.c", "double b(struct p p);\n");
    const hm_type *type = module->functions[0].parameters[0].type;
    uint8_t validity = 5;
    hm_value many = hm_value_many(&hm_type_string, texts, 3);
    many.many.validity = &validity;
    hm_graph_trial_config(&trial, "x", hm_value_one(&hm_type_double, &x));
    hm_graph_trial_config(&trial, "s", hm_value_string(text));
    hm_graph_trial_config(&trial, "t", many);
    hm_graph_trial_config(&trial, "p", hm_value_one(type, p));
    supplied("x");
    x = 0;
    text[0] = 'x';
    texts[2] = NULL;
    p[1] = 0;
    validity = 0;
    const hm_binding *config = trial.graph->config;
    ck_assert_double_eq(*(const double *)hm_value_data(&config[0].value), 2);
    ck_assert_str_eq(*(const char *const *)hm_value_data(&config[1].value), "abc");
    const char *const *copied = config[2].value.many.data;
    ck_assert_str_eq(copied[0], "abc");
    ck_assert_ptr_null(copied[1]);
    ck_assert_str_eq(copied[2], "def");
    ck_assert_uint_eq(config[2].value.many.validity[0], 5);
    ck_assert_double_eq(((const double *)hm_value_data(&config[3].value))[1], 4);
}
END_TEST

START_TEST(arrays_of_arrays_are_copied_to_the_bottom) {
    add("double a(double x);\n");
    double inner[] = {1, 2, 3};
    hm_array middle[] = {
            {.data = inner, .length = 2}, {.data = inner + 2, .length = 1}};
    hm_array outer[] = {{.data = middle, .length = 2}, {.data = NULL, .length = 0}};
    hm_value value = hm_value_many(&hm_type_double, outer, 2);
    value.depth = 3;
    hm_graph_trial_config(&trial, "x", value);
    const hm_value *copy = supplied("x");
    memset(inner, 0, sizeof inner);
    memset(middle, 0, sizeof middle);
    memset(outer, 0, sizeof outer);
    ck_assert_uint_eq(copy->depth, 3);
    ck_assert_uint_eq(copy->many.length, 2);
    const hm_array *level = copy->many.data;
    ck_assert_uint_eq(level[1].length, 0);
    level = level[0].data;
    ck_assert_double_eq(((const double *)level[0].data)[1], 2);
    ck_assert_double_eq(((const double *)level[1].data)[0], 3);
}
END_TEST

START_TEST(an_opaque_object_is_borrowed) {
    add("double a(const struct model *m);\n");
    int object;
    hm_type type = {.name = "struct model", .kind = HM_KIND_OPAQUE};
    hm_graph_trial_config(&trial, "m", hm_value_object(&type, &object));
    ck_assert_ptr_eq(hm_value_data(supplied("m")), &object);
}
END_TEST

START_TEST(a_key_that_nothing_reads_is_a_warning_with_the_nearest_name) {
    add("HM_WHEN_NOT(region, us) double a(double spend);\n");
    hm_graph_trial_config(&trial, "spned", hm_value_json("1"));
    hm_graph_trial_config(&trial, "regoin", hm_value_json("1"));
    hm_graph_trial_config(&trial, "unheard_of", hm_value_json("1"));
    expect(HM_OK,
            "warning: nothing reads the config key `spned`; did you mean `spend`?\n"
            "warning: nothing reads the config key `regoin`; did you mean `region`?\n"
            "warning: nothing reads the config key `unheard_of`\n");
    ck_assert_ptr_nonnull(trial.graph);
}
END_TEST

START_TEST(config_without_key_type_text_or_elements_is_refused) {
    add("double a(double x);\n");
    hm_type broken = {.kind = HM_KIND_INT, .size = 3};
    hm_graph_trial_config(&trial, NULL, hm_value_json("1"));
    hm_graph_trial_config(&trial, "x", (hm_value){0});
    hm_graph_trial_config(&trial, "y", hm_value_json(NULL));
    hm_graph_trial_config(&trial, "z", hm_value_one(&broken, NULL));
    hm_graph_trial_config(&trial, "w", hm_value_many(&hm_type_double, NULL, 3));
    expect(HM_BAD_ARGUMENT, "config value 0 has no key\n"
                            "config key `x`: it has no value\n"
                            "config key `y`: it is JSON without a text\n"
                            "config key `z`: its type has no name\n"
                            "config key `w`: it counts elements and has none\n");
    trial.options.config = NULL;
    expect(HM_BAD_ARGUMENT,
            "config values are counted, but there is no list of them\n");
}
END_TEST

START_TEST(a_key_stands_once) {
    add("double a(double x);\n");
    hm_graph_trial_config(&trial, "x", hm_value_json("1"));
    hm_graph_trial_config(&trial, "x", hm_value_json("2"));
    expect(HM_DUPLICATE_NAME, "config key `x` is given twice\n");
}
END_TEST

START_TEST(a_reason_to_choose_a_variant_may_be_an_input_too) {
    add("HM_WHEN(region, us) double a(const char *region);\n");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(*(const char *const *)hm_value_data(supplied("region")), "us");
}
END_TEST

// All that a build can do: variants, names, tags, overriding, config, faults.
static void add_much(bool with_faults) {
    add("struct p { double low; double high; };\n"
        "HM_WHEN(region, us) HM_TAG(owner, growth) HM_TAG(unit, mm)\n"
        "double price__us(double cost, HM_DEFAULT(1) double rate);\n"
        "HM_OTHERWISE double price__rest(double cost);\n"
        "HM_OTHERWISE HM_NAME(other) double rest(double cost);\n"
        "void range(size_t n, const double x[n], double *low, double *high);\n"
        "double gone(double low);\n");
    hm_graph_trial_module(
            &trial, "n.c", "double low(double high, const struct p *p);\n");
    if (with_faults) {
        hm_graph_trial_module(&trial, "f.c",
                "double a(double b);\ndouble b(double a);\ndouble c(int cost);\n");
        hm_graph_trial_config(&trial, "reigon", hm_value_json("1"));
    }
    static const char *const texts[] = {"a", "b"};
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    hm_graph_trial_config(&trial, "cost", hm_value_json("[1, 2, 3]"));
    hm_graph_trial_config(&trial, "rate", hm_value_double(2));
    hm_graph_trial_config(&trial, "gone", hm_value_double(2));
    hm_graph_trial_config(&trial, "unread", hm_value_many(&hm_type_string, texts, 2));
    trial.options.allow_overrides = true;
}

// Builds with one allocation after the other failing, until none fails any more.
static void build_without_memory(bool for_good, hm_status status) {
    for (size_t fail_at = 1;; fail_at++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        failing.for_good = for_good;
        trial.options.allocator = &failing.allocator;
        hm_error error;
        hm_faults faults = {.error = &error};
        hm_graph *graph = NULL;
        hm_status found = hm_graph_create(&trial.options, &graph, &faults);
        if (failing.calls < fail_at) {
            ck_assert_int_eq(found, status);
            ck_assert_uint_gt(fail_at, 10);
            hm_graph_destroy(graph);
            ck_assert_uint_eq(failing.live, 0);
            return;
        }
        ck_assert_msg(found == HM_NO_MEMORY, "allocation %zu: %s", fail_at,
                hm_status_text(found));
        ck_assert_ptr_null(graph);
        ck_assert_uint_eq(failing.live, 0);
    }
}

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    add_much(false);
    build_without_memory(false, HM_OK);
    build_without_memory(true, HM_OK);
}
END_TEST

START_TEST(memory_that_runs_out_beats_faults) {
    add_much(true);
    build_without_memory(false, HM_TYPE_MISMATCH);
    build_without_memory(true, HM_TYPE_MISMATCH);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/supply");
    TCase *tests = tcase_create("supply");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, json_is_read_as_the_inputs_type);
    tcase_add_test(tests, an_array_may_be_given_for_one_value_and_the_reverse);
    tcase_add_test(
            tests, json_that_does_not_suit_the_type_names_key_expected_and_found);
    tcase_add_test(tests, a_typed_value_must_have_exactly_the_type);
    tcase_add_test(tests, typed_values_are_copied);
    tcase_add_test(tests, arrays_of_arrays_are_copied_to_the_bottom);
    tcase_add_test(tests, an_opaque_object_is_borrowed);
    tcase_add_test(tests, a_key_that_nothing_reads_is_a_warning_with_the_nearest_name);
    tcase_add_test(tests, config_without_key_type_text_or_elements_is_refused);
    tcase_add_test(tests, a_key_stands_once);
    tcase_add_test(tests, a_reason_to_choose_a_variant_may_be_an_input_too);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    tcase_add_test(tests, memory_that_runs_out_beats_faults);
    suite_add_tcase(suite, tests);
    return suite;
}
