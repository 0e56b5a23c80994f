// test_demand.c — of a switch only the chosen branch is run: whatever others would do,
// wait for or fail with is not noticed.

#include <stdatomic.h>
#include <string.h>

#include <hamilton/adapter.h>
#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/later.h"
#include "tests/support/suite.h"

enum { BRANCHES = 3, SWITCHES = 8 };

static const uint32_t thread_counts[] = {1, 2, 8};

// int which(double x): what *self is
static int call_which(void *frame, const uint32_t *at, void *self) {
    HM_SLOT(int, 1) = *(const int *)self;
    return 0;
}

static int call_bad_which(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return hm_fail("it cannot decide");
}

static void add_chooser(
        const char *name, const char *source, hm_call_thunk *call, const int *choice) {
    hm_function *function = hm_controlled_add(name, source, call);
    hm_module_builder *builder = &controlled.builder;
    builder->outputs[builder->output_count - 1].type = &hm_type_int;
    function->self = (void *)(uintptr_t)choice;
}

// double name(int chooser, double a, double b, double c)
static void add_switch(
        const char *name, const char *chooser, const char *const *branches) {
    static hm_argument words[SWITCHES];
    static hm_modifier modifiers[SWITCHES];
    hm_module_builder *builder = &controlled.builder;
    size_t number = builder->module.function_count % SWITCHES;
    words[number] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = chooser};
    modifiers[number] = (hm_modifier){
            .name = "switch", .arguments = &words[number], .argument_count = 1};
    hm_function *function = hm_builder_function(builder, name, NULL, NULL);
    function->modifiers = &modifiers[number];
    function->modifier_count = 1;
    hm_builder_takes(builder, chooser, &hm_type_int);
    for (size_t i = 0; i < BRANCHES; i++) {
        hm_builder_takes(builder, branches[i], &hm_type_double);
    }
    hm_builder_makes(builder, name, &hm_type_double);
}

static void execute(
        hm_driver *driver, const char *const *wanted, size_t count, double expected) {
    hm_request request = hm_controlled_request(wanted, count);
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    ck_assert_double_eq(hm_controlled_value(results, 0), expected);
    hm_results_destroy(results);
}

// Nodes that never end, are asynchronous, need room or fail.
START_TEST(what_is_not_chosen_is_not_noticed) {
    static const int choice = 1;
    hm_controlled_begin();
    hm_later_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_limit(hm_controlled_add("stuck", "x", hm_controlled_stuck));
    hm_controlled_add("good", "x", hm_controlled_next);
    hm_later_add("held", "x", hm_later_held);
    hm_controlled_add_sum("sum", "stuck", "held");
    hm_controlled_add("bad", "sum", hm_controlled_bad);
    add_switch("first", "which", (const char *const[]){"stuck", "good", "held"});
    add_switch("second", "which", (const char *const[]){"bad", "first", "sum"});
    hm_driver *driver = hm_controlled_limited_driver(thread_counts[_i], 1);
    execute(driver, (const char *const[]){"second"}, 1, 2);
    ck_assert_int_eq(atomic_load(&controlled.begun), 0);
    ck_assert_int_eq(atomic_load(&later.started), 0);
    ck_assert_int_eq(atomic_load(&controlled.ended), 1);
    hm_driver_destroy(driver);
    hm_later_end();
    hm_controlled_end();
}
END_TEST

// An asynchronous node chooses, and an asynchronous branch is taken.
START_TEST(branches_wait_for_what_chooses) {
    hm_controlled_begin();
    hm_later_begin();
    hm_later_add("slow", "x", hm_later_timer);
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_later_add("good", "x", hm_later_thread);
    static const int choice = 2;
    add_chooser("number", "slow", call_which, &choice);
    add_switch("score", "number", (const char *const[]){"stuck", "stuck2", "good"});
    hm_controlled_add("stuck2", "good", hm_controlled_stuck);
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    hm_driver *driver = hm_controlled_driver(&options);
    execute(driver, (const char *const[]){"score"}, 1, 2);
    ck_assert_int_eq(atomic_load(&controlled.begun), 0);
    ck_assert_int_eq(atomic_load(&later.ended), 2);
    hm_driver_destroy(driver);
    hm_later_end();
    hm_controlled_end();
}
END_TEST

START_TEST(what_else_needs_a_node_has_it_run_once) {
    static const int choice = 0;
    hm_controlled_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_add("taken", "x", hm_controlled_slow);
    hm_controlled_add("shared", "x", hm_controlled_slow);
    hm_controlled_add("below", "shared", hm_controlled_slow);
    hm_controlled_add("other", "shared", hm_controlled_slow);
    hm_controlled_add("wanted", "other", hm_controlled_slow);
    add_switch("a", "which", (const char *const[]){"taken", "below", "wanted"});
    add_switch("b", "which", (const char *const[]){"below", "taken", "wanted"});
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    hm_driver *driver = hm_controlled_driver(&options);
    execute(driver, (const char *const[]){"a"}, 1, 2);
    ck_assert_int_eq(atomic_load(&controlled.ended), 1);
    execute(driver, (const char *const[]){"a", "b"}, 2, 2);
    ck_assert_int_eq(atomic_load(&controlled.ended), 1 + 3);
    // A request is a need, whatever is chosen.
    execute(driver, (const char *const[]){"a", "b", "wanted"}, 3, 2);
    ck_assert_int_eq(atomic_load(&controlled.ended), 1 + 3 + 5);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static hm_status execute_and_keep_going(hm_driver *driver, const char *const *wanted,
        size_t count, hm_results **results, hm_error *error) {
    hm_request request = hm_controlled_request(wanted, count);
    request.keep_going = true;
    return hm_driver_execute(driver, &request, results, error);
}

START_TEST(no_branch_is_run_if_what_chooses_fails) {
    static const char *const wanted[] = {"score", "good"};
    hm_controlled_begin();
    add_chooser("which", "x", call_bad_which, NULL);
    hm_controlled_add("good", "x", hm_controlled_next);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_bad);
    add_switch("score", "which", (const char *const[]){"a", "b", "good"});
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute_and_keep_going(driver, wanted, 2, &results, &error),
            HM_NODE_FAILED);
    ck_assert_str_eq(error.message,
            "test.c:1: node `which` failed: it cannot decide; inputs: x = "
            "1; needed by score (test.c:5)");
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_SKIPPED);
    ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_OK);
    ck_assert_int_eq(atomic_load(&controlled.ended), 1);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// `bad` is needed by `also`, which fails; the switch does not take it.
START_TEST(the_failure_of_another_branch_is_no_matter) {
    static const char *const wanted[] = {"score", "also"};
    static const int choice = 1;
    hm_controlled_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_add("bad", "x", hm_controlled_bad);
    hm_controlled_add("good", "x", hm_controlled_next);
    hm_controlled_add("also", "bad", hm_controlled_next);
    add_switch("score", "which", (const char *const[]){"bad", "good", "bad2"});
    hm_controlled_add("bad2", "bad", hm_controlled_bad);
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute_and_keep_going(driver, wanted, 2, &results, &error),
            HM_NODE_FAILED);
    ck_assert_str_eq(error.message,
            "test.c:2: node `bad` failed: bad luck; inputs: x = 1; needed "
            "by also (test.c:4)");
    ck_assert_double_eq(hm_controlled_value(results, 0), 2);
    ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_SKIPPED);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(a_choice_of_nothing_fails_the_switch) {
    static const char *const wanted[] = {"score"};
    static const int choice = 3;
    hm_controlled_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_add("a", "x", hm_controlled_next);
    add_switch("score", "which", (const char *const[]){"a", "b", "c"});
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute_and_keep_going(driver, wanted, 1, &results, &error),
            HM_NODE_FAILED);
    ck_assert_str_eq(error.message,
            "test.c:3: node `score` failed: `which` is 3, but it can only "
            "be 0, 1 or 2; inputs: which = 3");
    ck_assert_int_eq(atomic_load(&controlled.ended), 0);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// a ─▶ which ─▶ s: `a` stands before the choice, and is a branch as well.
START_TEST(what_stands_before_a_choice_may_run_in_vain) {
    static const int first = 1;
    static const int second = 1;
    hm_controlled_begin();
    add_chooser("p", "x", call_which, &first);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "x", hm_controlled_next);
    hm_controlled_add("c", "x", hm_controlled_next);
    add_switch("inner", "p", (const char *const[]){"a", "b", "c"});
    add_chooser("which", "inner", call_which, &second);
    add_switch("s", "which", (const char *const[]){"a", "b", "c"});
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    hm_driver *driver = hm_controlled_driver(&options);
    execute(driver, (const char *const[]){"s"}, 1, 2);
    ck_assert_int_eq(atomic_load(&controlled.ended), 3);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// The deadline passes while something chooses: no branch was under way.
START_TEST(a_late_run_has_not_begun_its_branches) {
    static const int choice = 1;
    hm_controlled_begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    add_chooser("which", "stuck", call_which, &choice);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "x", hm_controlled_next);
    add_switch("score", "which", (const char *const[]){"a", "b", "b"});
    controlled.builder.parameters[controlled.builder.parameter_count - 1].name = "c";
    hm_controlled_add("c", "x", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "score", 2 * HM_MILLISECONDS);
    hm_run *run = hm_controlled_run(plan);
    hm_run_set_deadline(run, 20 * HM_MILLISECONDS);
    hm_error error;
    ck_assert_int_eq(hm_run_execute(run, &error), HM_DEADLINE);
    ck_assert_msg(strstr(error.message, "`stuck`") != NULL, "%s", error.message);
    ck_assert_int_eq(atomic_load(&controlled.ended), 0);
    atomic_store(&controlled.is_released, true);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static atomic_int seen_count;
static atomic_int passed_count;

static hm_status see(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    atomic_fetch_add(&seen_count, 1);
    for (size_t p = 0; p < call->node->function->parameter_count; p++) {
        hm_value value = hm_running_argument(call->running, call->node, p);
        bool is_switch = strcmp(call->node->name, "score") == 0;
        ck_assert(is_switch && p != 0 && p != 2 ? value.type == NULL
                                                : value.type != NULL);
    }
    return HM_OK;
}

static void note_skipped(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    (void)self;
    (void)running;
    ck_assert_int_eq(reason, HM_SKIP_NOT_NEEDED);
    ck_assert_ptr_null(cause);
    ck_assert(strcmp(node->name, "a") == 0 || strcmp(node->name, "c") == 0);
    atomic_fetch_add(&passed_count, 1);
}

START_TEST(adapters_are_told_who_is_not_needed) {
    static const int choice = 1;
    static hm_adapter adapter = {.struct_size = sizeof adapter,
            .name = "watch",
            .before = see,
            .skipped = note_skipped};
    adapter.wants = _i % 2 == 0 ? hm_want_to_see : hm_want_to_wrap;
    const hm_adapter *const adapters[] = {&adapter};
    hm_controlled_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "x", hm_controlled_next);
    hm_controlled_add("c", "x", hm_controlled_bad);
    add_switch("score", "which", (const char *const[]){"a", "b", "c"});
    hm_driver_options options = hm_controlled_options(thread_counts[_i / 2]);
    options.adapters = adapters;
    options.adapter_count = 1;
    hm_driver *driver = hm_controlled_driver(&options);
    atomic_store(&seen_count, 0);
    atomic_store(&passed_count, 0);
    execute(driver, (const char *const[]){"score"}, 1, 2);
    ck_assert_int_eq(atomic_load(&seen_count), 3);
    ck_assert_int_eq(atomic_load(&passed_count), 2);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static hm_status supply_inner(void *self, hm_running *running, hm_error *error) {
    (void)self;
    for (uint32_t i = 0; i < running->planned->node_count; i++) {
        const hm_planned_node *node = &running->planned->nodes[i];
        if (strcmp(node->name, "outer") == 0) {
            hm_value value = hm_value_double(70);
            return hm_running_supply(running, node, &value, error);
        }
    }
    return HM_OK;
}

// What was supplied needs nothing, and so its branches need not be run.
START_TEST(branches_below_what_is_supplied_are_left_out) {
    static const int choice = 1;
    static hm_adapter adapter = {.struct_size = sizeof adapter,
            .name = "store",
            .wants = hm_want_to_wrap,
            .run_began = supply_inner};
    const hm_adapter *const adapters[] = {&adapter};
    hm_controlled_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "a", hm_controlled_bad);
    add_switch("inner", "which", (const char *const[]){"a", "b", "c"});
    hm_controlled_add("outer", "inner", hm_controlled_next);
    add_switch("score", "which", (const char *const[]){"b", "outer", "a"});
    hm_driver_options options = hm_controlled_options(thread_counts[_i]);
    options.adapters = adapters;
    options.adapter_count = 1;
    hm_driver *driver = hm_controlled_driver(&options);
    execute(driver, (const char *const[]){"score"}, 1, 70);
    ck_assert_int_eq(atomic_load(&controlled.ended), 0);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static hm_status use_switches(void) {
    static const char *const wanted[] = {"outer"};
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver;
    hm_error error;
    hm_status status = hm_driver_create(&options, &driver, &error);
    if (status != HM_OK) {
        return status;
    }
    hm_request request = hm_controlled_request(wanted, 1);
    hm_results *results;
    status = hm_driver_execute(driver, &request, &results, &error);
    if (status == HM_OK) {
        ck_assert_double_eq(hm_controlled_value(results, 0), 3);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    return status;
}

START_TEST(every_allocation_may_fail) {
    static const int choice = 1;
    hm_controlled_begin();
    add_chooser("which", "x", call_which, &choice);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_bad);
    add_switch("inner", "which", (const char *const[]){"a", "b", "c"});
    add_chooser("also", "a", call_which, &choice);
    add_switch("outer", "also", (const char *const[]){"a", "inner", "c"});
    ck_assert_int_eq(use_switches(), HM_OK);
    size_t calls = controlled.memory.calls;
    for (size_t at = 1; at <= calls; at++) {
        hm_failing_allocator_init(&controlled.memory);
        controlled.memory.fail_at = at;
        hm_status status = use_switches();
        ck_assert_msg(status == HM_OK || status == HM_NO_MEMORY, "allocation %zu: %s",
                at, hm_status_text(status));
        hm_controlled_end();
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/demand");
    TCase *tests = tcase_create("demand");
    tcase_add_loop_test(tests, what_is_not_chosen_is_not_noticed, 0, 3);
    tcase_add_loop_test(tests, branches_wait_for_what_chooses, 0, 3);
    tcase_add_loop_test(tests, what_else_needs_a_node_has_it_run_once, 0, 3);
    tcase_add_loop_test(tests, no_branch_is_run_if_what_chooses_fails, 0, 3);
    tcase_add_loop_test(tests, the_failure_of_another_branch_is_no_matter, 0, 3);
    tcase_add_loop_test(tests, a_choice_of_nothing_fails_the_switch, 0, 3);
    tcase_add_loop_test(tests, what_stands_before_a_choice_may_run_in_vain, 0, 3);
    tcase_add_test(tests, a_late_run_has_not_begun_its_branches);
    tcase_add_loop_test(tests, adapters_are_told_who_is_not_needed, 0, 6);
    tcase_add_loop_test(tests, branches_below_what_is_supplied_are_left_out, 0, 3);
    tcase_add_test(tests, every_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return suite;
}
