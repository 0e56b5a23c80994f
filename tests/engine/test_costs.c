// test_costs.c — costs go from one driver to the next as text: they decide how a first
// run is scheduled, and no text can do harm.

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "base/text.h"
#include "tests/support/controlled.h"
#include "tests/support/suite.h"

enum { FANOUT = 200, ROWS = 100 };

static char names[FANOUT][8];

static hm_costs *costs_of(const char *text) {
    hm_costs *costs;
    hm_error error;
    ck_assert_msg(hm_costs_read(text, NULL, &costs, &error) == HM_OK, "%s: %s", text,
            error.message);
    return costs;
}

static void write_costs(const hm_costs *costs, hm_text *text) {
    hm_text_init(text, NULL);
    ck_assert_int_eq(hm_costs_write(costs, hm_text_write, text), HM_OK);
    ck_assert(!text->failed);
}

// Many nodes beside each other, "n0", "n1"...
static hm_driver *begin_wide(uint32_t thread_count) {
    hm_controlled_begin();
    for (int i = 0; i < FANOUT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        hm_controlled_add(names[i], "x", hm_controlled_next);
    }
    hm_driver_options options = hm_controlled_options(thread_count);
    return hm_controlled_driver(&options);
}

static hm_request request_for_all(const hm_costs *costs) {
    static const char *wanted[FANOUT];
    for (int i = 0; i < FANOUT; i++) {
        wanted[i] = names[i];
    }
    hm_request request = hm_controlled_request(wanted, FANOUT);
    request.always_share = false;
    request.costs = (hm_costs *)costs; // only read by plans
    return request;
}

// Text in which all of them take so long.
static void write_wide(hm_text *text, double nanoseconds) {
    hm_text_init(text, NULL);
    hm_text_append(text, "{\"hamilton_costs\": 1, \"nodes\": [");
    for (int i = 0; i < FANOUT; i++) {
        hm_text_format(text, "%s{\"name\": \"n%d\", \"nanoseconds\": %g}",
                i > 0 ? ", " : "", i, nanoseconds);
    }
    hm_text_append(text, "]}");
}

static hm_explanation *explain(
        const hm_driver *driver, const hm_costs *costs, hm_plan **plan) {
    hm_request request = request_for_all(costs);
    hm_explanation *explanation;
    ck_assert_int_eq(hm_plan_create(driver, &request, plan, NULL), HM_OK);
    ck_assert_int_eq(hm_plan_explain(*plan, &explanation, NULL), HM_OK);
    return explanation;
}

static void check_values(const hm_plan *plan) {
    hm_run *run;
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    for (int round = 0; round < 6; round++) {
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
        for (int i = 0; i < FANOUT; i++) {
            const double *value = hm_run_slot(run, hm_plan_find(plan, names[i]));
            ck_assert(*value == 2);
        }
    }
    hm_run_destroy(run);
}

START_TEST(a_first_run_is_grouped_by_costs_that_were_read) {
    static const struct {
        double nanoseconds; // of each node
        uint32_t least;     // tasks
        uint32_t most;
        hm_sharing sharing;
    } cases[] = {{5, FANOUT, FANOUT, HM_SHARING_NONE}, // too short to be shared at all
            {2000, 2, FANOUT / 2, HM_SHARING_ALL},     // several make a task
            {1e6, FANOUT, FANOUT, HM_SHARING_ALL}};    // each is worth a task
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_driver *driver = begin_wide(2);
        hm_text text;
        write_wide(&text, cases[i].nanoseconds);
        hm_costs *costs = costs_of(hm_text_get(&text));
        hm_plan *plan;
        hm_explanation *now = explain(driver, costs, &plan);
        ck_assert(now->is_measured);
        ck_assert_uint_ge(now->task_count, cases[i].least);
        ck_assert_uint_le(now->task_count, cases[i].most);
        ck_assert_int_eq(now->sharing, cases[i].sharing);
        ck_assert(now->calls[0].nanoseconds == (float)cases[i].nanoseconds);
        check_values(plan);
        hm_explanation_destroy(now);
        hm_plan_destroy(plan);
        hm_costs_destroy(costs);
        hm_text_finish(&text);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

START_TEST(what_was_measured_is_written_and_read_back) {
    hm_driver *driver = begin_wide(1);
    hm_costs *costs;
    ck_assert_int_eq(hm_costs_create(NULL, &costs), HM_OK);
    ck_assert_uint_eq(hm_costs_count(costs), 0);
    hm_plan *plan;
    hm_explanation *now = explain(driver, NULL, &plan);
    ck_assert_int_eq(hm_costs_learn(costs, plan), HM_OK);
    ck_assert_uint_eq(hm_costs_count(costs), 0); // nothing is known
    hm_explanation_destroy(now);
    check_values(plan);
    ck_assert_int_eq(hm_costs_learn(costs, plan), HM_OK);
    ck_assert_uint_eq(hm_costs_count(costs), FANOUT);
    ck_assert_int_eq(hm_plan_explain(plan, &now, NULL), HM_OK);

    hm_text first;
    hm_text second;
    write_costs(costs, &first);
    hm_costs *again = costs_of(hm_text_get(&first));
    write_costs(again, &second);
    ck_assert_str_eq(hm_text_get(&first), hm_text_get(&second));
    json_t *json = json_loads(hm_text_get(&first), 0, NULL);
    ck_assert(json != NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "nodes")), FANOUT);
    json_decref(json);

    double work = now->work;
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
    hm_driver *next = begin_wide(1); // another process
    hm_plan *told;
    hm_explanation *then = explain(next, again, &told);
    ck_assert(then->is_measured);
    ck_assert(then->work == work);
    hm_explanation_destroy(then);
    hm_plan_destroy(told);
    hm_driver_destroy(next);
    hm_text_finish(&first);
    hm_text_finish(&second);
    hm_costs_destroy(again);
    hm_costs_destroy(costs);
    hm_controlled_end();
}
END_TEST

START_TEST(executing_a_request_learns) {
    hm_driver *driver = begin_wide(2);
    hm_costs *costs = costs_of("{\"hamilton_costs\": 1, \"nodes\": [{\"name\": "
                               "\"elsewhere\", \"nanoseconds\": 7}]}");
    hm_request request = request_for_all(costs);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
    ck_assert_uint_eq(hm_costs_count(costs), FANOUT + 1);
    hm_results_destroy(results);
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
    ck_assert_uint_eq(hm_costs_count(costs), FANOUT + 1);
    ck_assert(hm_controlled_value(results, FANOUT - 1) == 2);
    hm_results_destroy(results);
    hm_costs_destroy(costs);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(costs_of_other_code_and_other_shapes_are_not_used) {
    static const struct {
        const char *entry; // of the node "a", behind its name and cost
        bool is_used;
    } cases[] = {
            {", \"version\": \"new\"", true},
            {", \"mapped\": 0, \"version\": \"new\"", true},
            {", \"version\": \"old\"", false},
            {", \"version\": null", false},
            {"", false},
            {", \"mapped\": 1, \"version\": \"new\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_controlled_begin();
        hm_controlled_add("a", "x", hm_controlled_next)->version = "new";
        hm_driver_options options = hm_controlled_options(1);
        hm_driver *driver = hm_controlled_driver(&options);
        char text[200];
        snprintf(text, sizeof text,
                "{\"nodes\": [{\"name\": \"a\", \"nanoseconds\": 5%s}], "
                "\"hamilton_costs\": 1}",
                cases[i].entry);
        hm_costs *costs = costs_of(text);
        const char *const wanted[] = {"a"};
        hm_request request = hm_controlled_request(wanted, 1);
        request.costs = costs;
        hm_plan *plan;
        hm_explanation *now;
        ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
        ck_assert_int_eq(hm_plan_explain(plan, &now, NULL), HM_OK);
        ck_assert_msg(now->is_measured == cases[i].is_used, "%s", text);
        hm_explanation_destroy(now);
        hm_plan_destroy(plan);
        hm_costs_destroy(costs);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

START_TEST(one_function_has_a_cost_alone_and_one_mapped) {
    static const double column[ROWS];
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next)->version = "1";
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_costs *costs;
    ck_assert_int_eq(hm_costs_create(NULL, &costs), HM_OK);
    const char *const wanted[] = {"a"};
    const hm_binding many = {"x", hm_value_many(&hm_type_double, column, ROWS)};
    for (int round = 0; round < 4; round++) {
        hm_request request = hm_controlled_request(wanted, 1);
        request.costs = costs;
        request.inputs = round % 2 == 0 ? &many : request.inputs;
        hm_results *results;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
        hm_results_destroy(results);
    }
    ck_assert_uint_eq(hm_costs_count(costs), 2);
    hm_costs_destroy(costs);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(text_that_is_something_else_is_refused) {
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
            {"", "expected an object with the member `hamilton_costs`, but found the "
                 "end"
                 " (line 1, column 1)"},
            {"[]", "expected an object with the member `hamilton_costs`, but found an "
                   "array (line 1, column 1)"},
            {"{}", "there is no member `hamilton_costs` (line 1, column 3)"},
            {"{\"hamilton_costs\": 2}", "expected 1, the version of the format, but "
                                        "found 2 (line 1, column "
                                        "20)"},
            {"{\"hamilton_costs\": \"1\"}",
                    "expected 1, the version of the format, but found \"1\" (line 1, "
                    "column 20)"},
            {"{\"hamilton_costs\": 1} {}", NULL},
            {"{\"hamilton_costs\": 1, \"nodes\": {}}",
                    "expected an array of the nodes' costs, but found an object (line "
                    "1, column 32)"},
            {"{\"hamilton_costs\": 1, \"nodes\": [3]}",
                    "expected an object with a node's cost, but found 3 (line 1, "
                    "column "
                    "33)"},
            {"{\"hamilton_costs\": 1, \"nodes\": [{}]}",
                    "a node's cost has no `name` (line 1, column 33)"},
            {"{\"hamilton_costs\": 1, \"nodes\": [{\"name\": null}]}",
                    "a node's cost has no `name` (line 1, column 33)"},
            {"{\"hamilton_costs\": 1, \"nodes\": [{\"name\": \"a\"}]}",
                    "a node's cost has no `nanoseconds` (line 1, column 33)"},
            {"{\"hamilton_costs\": 1, \"nodes\": [{\"name\": 3}]}",
                    "expected a name, but found 3 (line 1, column 42)"},
            {"{\"hamilton_costs\": 1, \"nodes\": [{\"name\": \"a\\u0000b\"}]}", NULL},
            {"{\"hamilton_costs\": 1,\n \"nodes\": [{\"nanoseconds\": -3}]}",
                    "expected nanoseconds above 0 and up to 1e15, but found -3 (line "
                    "2, "
                    "column 28)"},
            {"{\"nodes\": [{\"nanoseconds\": 0}]}",
                    "expected nanoseconds above 0 and up to 1e15, but found 0 (line 1, "
                    "column 28)"},
            {"{\"nodes\": [{\"nanoseconds\": 1e-99}]}", NULL},
            {"{\"nodes\": [{\"nanoseconds\": 2e15}]}", NULL},
            {"{\"nodes\": [{\"nanoseconds\": 1e999}]}", NULL},
            {"{\"nodes\": [{\"nanoseconds\": NaN}]}", NULL},
            {"{\"nodes\": [{\"nanoseconds\": null}]}", NULL},
            {"{\"nodes\": [{\"nanoseconds\": \"5\"}]}", NULL},
            {"{\"nodes\": [{\"nanoseconds\": true}]}", NULL},
            {"{\"nodes\": [{\"mapped\": -1}]}", "expected a number of dimensions, but "
                                                "found -1 (line 1, column 23)"},
            {"{\"nodes\": [{\"mapped\": 1.5}]}", NULL},
            {"{\"nodes\": [{\"mapped\": 1e99}]}", NULL},
            {"{\"nodes\": [{\"version\": []}]}", NULL},
            {"{\"nodes\": [{\"name\": \"a\"", NULL},
            {"{\"nodes\": [", NULL},
            {"{\"nodes\": [{\"name\" \"a\"}]}", NULL},
            {"\xff", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_costs *costs = NULL;
        hm_error error = {.message = ""};
        ck_assert_msg(hm_costs_read(cases[i].text, NULL, &costs, &error) == HM_BAD_DATA,
                "%s", cases[i].text);
        ck_assert_ptr_null(costs);
        ck_assert_int_eq(error.status, HM_BAD_DATA);
        ck_assert_uint_gt(strlen(error.message), 0);
        if (cases[i].message != NULL) {
            ck_assert_str_eq(error.message, cases[i].message);
        }
    }
}
END_TEST

START_TEST(what_is_said_twice_holds_as_it_was_said_last) {
    hm_costs *costs = costs_of(
            "{\"hamilton_costs\": 1, \"later\": {\"x\": [1]}, \"nodes\": ["
            "{\"name\": \"a\", \"nanoseconds\": 5, \"version\": \"v\", \"unit\": [{}]},"
            "{\"name\": \"a\", \"nanoseconds\": 6, \"mapped\": 1},"
            "{\"name\": \"a\", \"nanoseconds\": 7}]}");
    hm_text text;
    write_costs(costs, &text);
    ck_assert_str_eq(hm_text_get(&text),
            "{\"hamilton_costs\": 1, \"nodes\": [\n"
            " {\"name\": \"a\", \"mapped\": 0, \"nanoseconds\": 7, \"version\": "
            "null},\n"
            " {\"name\": \"a\", \"mapped\": 1, \"nanoseconds\": 6, \"version\": "
            "null}]}\n");
    hm_text_finish(&text);
    hm_costs_destroy(costs);
    hm_costs_destroy(NULL);
}
END_TEST

// Reads, plans, runs, learns and writes; wants OK or NO_MEMORY.
static hm_status use_costs(hm_failing_allocator *memory, const hm_plan *plan) {
    hm_costs *costs;
    hm_error error;
    hm_status status = hm_costs_read(
            "{\"hamilton_costs\": 1, \"nodes\": [{\"name\": \"n1\", \"version\": \"v\","
            "\"nanoseconds\": 5}, {\"name\": \"z\", \"nanoseconds\": 6}]}",
            &memory->allocator, &costs, &error);
    if (status == HM_OK) {
        status = hm_costs_learn(costs, plan);
        ck_assert_uint_ge(hm_costs_count(costs), 2);
        hm_costs_destroy(costs);
    } else {
        ck_assert_int_eq(error.status, status);
    }
    return status;
}

START_TEST(every_allocation_may_fail) {
    hm_driver *driver = begin_wide(1);
    hm_plan *plan;
    hm_explanation *now = explain(driver, NULL, &plan);
    check_values(plan);
    hm_failing_allocator memory;
    hm_status status = HM_NO_MEMORY;
    size_t failures = 0;
    for (; status == HM_NO_MEMORY; failures++) {
        hm_failing_allocator_init(&memory);
        memory.fail_at = failures + 1;
        status = use_costs(&memory, plan);
        ck_assert_uint_eq(memory.live, 0);
    }
    ck_assert_int_eq(status, HM_OK);
    ck_assert_uint_gt(failures, 5);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/costs");
    TCase *tests = tcase_create("costs");
    tcase_add_test(tests, a_first_run_is_grouped_by_costs_that_were_read);
    tcase_add_test(tests, what_was_measured_is_written_and_read_back);
    tcase_add_test(tests, executing_a_request_learns);
    tcase_add_test(tests, costs_of_other_code_and_other_shapes_are_not_used);
    tcase_add_test(tests, one_function_has_a_cost_alone_and_one_mapped);
    tcase_add_test(tests, text_that_is_something_else_is_refused);
    tcase_add_test(tests, what_is_said_twice_holds_as_it_was_said_last);
    tcase_add_test(tests, every_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return suite;
}
