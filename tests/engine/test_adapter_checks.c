// test_adapter_checks.c — what adapters are asked about graphs, plans and runs, what
// comes of it when they refuse, and what of them is left when memory runs out.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>

#include "tests/support/controlled.h"
#include "tests/support/recorder.h"
#include "tests/support/suite.h"

static hm_recorder A;
static hm_recorder B;
static hm_error last;

static void begin(void) {
    hm_controlled_begin();
    hm_recorder_begin();
    hm_recorder_init(&A, "A", NULL);
    hm_recorder_init(&B, "B", NULL);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    last = (hm_error){.message = ""};
}

static hm_driver_options options_of(size_t adapter_count) {
    static const hm_adapter *const adapters[] = {&A.adapter, &B.adapter};
    hm_driver_options options = hm_controlled_options(1);
    options.adapters = adapters;
    options.adapter_count = adapter_count;
    return options;
}

static hm_status create(hm_driver **driver) {
    hm_driver_options options = options_of(2);
    return hm_driver_create(&options, driver, &last);
}

static hm_status execute(const hm_driver *driver) {
    static const char *const wanted[] = {"b"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    hm_results_destroy(results);
    return status;
}

static hm_status refuse(hm_error *error, const char *why) {
    strcpy(error->message, why);
    return HM_BAD_ARGUMENT;
}

static hm_status check_edge(void *self, const hm_graph *graph, uint32_t node,
        const hm_function *function, size_t p, hm_error *error) {
    hm_recorder *recorder = self;
    const char *name = hm_graph_describe(graph, node).name;
    hm_recorder_write("%s%s:%s.%s ", recorder->adapter.name, name, function->name,
            function->parameters[p].name);
    return strcmp(name, "a") == 0 && recorder == &B ? refuse(error, "no a for you")
                                                    : HM_OK;
}

static hm_status check_node(
        void *self, const hm_graph *graph, uint32_t node, hm_error *error) {
    (void)self;
    const char *name = hm_graph_describe(graph, node).name;
    hm_recorder_write("?%s ", name);
    return name[0] == 'b' ? refuse(error, "it has no owner") : HM_OK;
}

static hm_status graph_built(void *self, const hm_graph *graph, hm_error *error) {
    (void)self;
    (void)graph;
    return refuse(error, "it is too small");
}

static void driver_ended(void *self) {
    hm_recorder *recorder = self;
    hm_recorder_write("%s. ", recorder->adapter.name);
}

START_TEST(edges_nodes_and_graphs_can_be_refused_and_all_faults_are_told) {
    begin();
    A.adapter.check_edge = check_edge;
    B.adapter.check_edge = check_edge;
    B.adapter.check_node = check_node;
    B.adapter.graph_built = graph_built;
    A.adapter.driver_ended = driver_ended;
    B.adapter.driver_ended = driver_ended;
    hm_driver *driver;
    ck_assert_int_eq(create(&driver), HM_ADAPTER_FAILED);
    ck_assert_str_eq(last.message,
            "test.c:2: adapter `B` refuses the edge from `a`: no a for you");
    ck_assert_uint_eq(last.fault_count, 3);
    ck_assert_str_eq(hm_recorder_text(), "Ax:a.x Aa:b.a Bx:a.x Ba:b.a ?x ?a ?b B. A. ");
    hm_controlled_end();
}
END_TEST

START_TEST(who_only_observes_refuses_nothing) {
    begin();
    B.adapter.only_observes = true;
    B.adapter.check_edge = check_edge;
    B.adapter.check_node = check_node;
    B.adapter.graph_built = graph_built;
    hm_driver *driver;
    ck_assert_int_eq(create(&driver), HM_OK);
    ck_assert_int_eq(execute(driver), HM_OK);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(adapters_that_are_not_initialised_are_refused) {
    begin();
    hm_driver *driver;
    B.adapter.name = NULL;
    ck_assert_int_eq(create(&driver), HM_BAD_ARGUMENT);
    ck_assert_str_eq(last.message, "adapter 1 has no name");
    B.adapter.struct_size = 0;
    ck_assert_int_eq(create(&driver), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(last.message, "struct_size is not set"));
    hm_driver_options options = options_of(1);
    options.adapters = NULL;
    ck_assert_int_eq(hm_driver_create(&options, &driver, &last), HM_BAD_ARGUMENT);
    hm_controlled_end();
}
END_TEST

static hm_status plan_compiled(void *self, hm_planned *planned, hm_error *error) {
    (void)error;
    hm_recorder *recorder = self;
    ck_assert_uint_eq(planned->node_count, 2);
    const hm_planned_node *a = &planned->nodes[0];
    const hm_planned_node *b = &planned->nodes[1];
    ck_assert_str_eq(a->name, "a");
    ck_assert_uint_eq(a->arguments[0].maker, HM_NONE);
    ck_assert_uint_eq(a->arguments[0].node, hm_graph_find(planned->graph, "x"));
    ck_assert_uint_eq(b->arguments[0].maker, 0);
    ck_assert_uint_eq(b->arguments[0].output, 0);
    ck_assert_uint_eq(b->results[0], hm_graph_find(planned->graph, "b"));
    ck_assert(!a->is_wanted && b->is_wanted);
    planned->self = recorder;
    hm_recorder_write("%s( ", recorder->adapter.name);
    return HM_OK;
}

static void plan_ended(void *self, hm_planned *planned) {
    hm_recorder *recorder = self;
    ck_assert_ptr_eq(planned->self, recorder);
    hm_recorder_write("%s) ", recorder->adapter.name);
}

static hm_status refuse_plan(void *self, hm_planned *planned, hm_error *error) {
    (void)self;
    (void)planned;
    return refuse(error, "it is too large");
}

START_TEST(plans_are_told_of_and_can_be_refused) {
    begin();
    A.adapter.plan_compiled = plan_compiled;
    A.adapter.plan_ended = plan_ended;
    hm_driver *driver;
    ck_assert_int_eq(create(&driver), HM_OK);
    ck_assert_int_eq(execute(driver), HM_OK);
    hm_driver_destroy(driver);
    ck_assert_str_eq(hm_recorder_text(),
            "A( A[ B[ A>a B>a B<a=ok A<a=ok A>b B>b B<b=ok A<b=ok B]ok A]ok A) ");
    hm_recorder_begin();
    B.adapter.plan_compiled = refuse_plan;
    ck_assert_int_eq(create(&driver), HM_OK);
    ck_assert_int_eq(execute(driver), HM_ADAPTER_FAILED);
    ck_assert_str_eq(last.message, "adapter `B` refuses the plan: it is too large");
    ck_assert_str_eq(hm_recorder_text(), "A( A) ");
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static hm_status refuse_run(void *self, hm_running *running, hm_error *error) {
    (void)self;
    (void)running;
    return refuse(error, "not on a Sunday");
}

START_TEST(a_run_that_is_refused_calls_nothing_and_can_be_executed_again) {
    begin();
    B.adapter.run_began = refuse_run;
    hm_driver *driver;
    ck_assert_int_eq(create(&driver), HM_OK);
    hm_plan *plan = hm_controlled_plan(driver, "b", 0);
    hm_run *run = hm_controlled_run(plan);
    for (int i = 0; i < 2; i++) {
        hm_recorder_begin();
        ck_assert_int_eq(hm_run_execute(run, &last), HM_ADAPTER_FAILED);
        ck_assert_str_eq(last.message, "adapter `B` refuses the run: not on a Sunday");
        ck_assert_str_eq(hm_recorder_text(), "A[ A]adapter ");
    }
    ck_assert_int_eq(atomic_load(&controlled.ended), 0);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static hm_status check_input(void *self, hm_running *running, uint32_t node,
        const hm_value *value, hm_error *error) {
    (void)self;
    const char *name = hm_graph_describe(running->planned->graph, node).name;
    ck_assert_str_eq(name, "x");
    return *(const double *)hm_value_data(value) < 0 ? refuse(error, "it is negative")
                                                     : HM_OK;
}

START_TEST(inputs_are_checked_in_each_execution) {
    begin();
    B.adapter.check_input = check_input;
    hm_driver *driver;
    ck_assert_int_eq(create(&driver), HM_OK);
    hm_plan *plan = hm_controlled_plan(driver, "b", 0);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_execute(run, &last), HM_OK);
    *(double *)hm_run_slot(run, hm_plan_find(plan, "x")) = -1;
    ck_assert_int_eq(hm_run_execute(run, &last), HM_ADAPTER_FAILED);
    ck_assert_str_eq(last.message, "adapter `B` refuses input `x`: it is negative");
    ck_assert_int_eq(atomic_load(&A.runs), 0);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static atomic_int tasks;
static atomic_int most_tasks;

static void task_began(void *self, hm_running *running, uint32_t task) {
    (void)task;
    ck_assert_ptr_eq(running->self, self);
    atomic_fetch_add(&tasks, 1);
    atomic_fetch_add(&most_tasks, 1);
}

static void task_ended(void *self, hm_running *running, uint32_t task) {
    (void)task;
    ck_assert_ptr_eq(running->self, self);
    atomic_fetch_sub(&tasks, 1);
}

START_TEST(threads_turn_to_tasks_and_leave_them) {
    for (uint32_t threads = 1; threads <= 4; threads *= 4) {
        begin();
        hm_controlled_add("c", "x", hm_controlled_next);
        hm_controlled_add_sum("s", "b", "c");
        A.adapter.task_began = task_began;
        A.adapter.task_ended = task_ended;
        atomic_store(&most_tasks, 0);
        hm_driver_options options = options_of(1);
        options.thread_count = threads;
        hm_driver *driver = hm_controlled_driver(&options);
        static const char *const wanted[] = {"s"};
        hm_request request = hm_controlled_request(wanted, 1);
        hm_results *results;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
        ck_assert_int_eq(atomic_load(&tasks), 0);
        ck_assert_int_eq(atomic_load(&most_tasks), threads == 1 ? 1 : 3);
        hm_results_destroy(results);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

static hm_status decide(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_running_decide(call->running, call->node, HM_CACHE_COMPUTED, "x is another");
    return HM_OK;
}

static void decided(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    ck_assert_ptr_eq(running->self, self);
    hm_recorder_write("%s:%d:%s ", node->name, (int)decision, why);
}

START_TEST(what_a_cache_decides_is_told_to_all) {
    begin();
    B.only = "b";
    B.adapter.before = NULL;
    B.adapter.after = decide;
    A.only = "nothing";
    A.adapter.decided = decided;
    hm_driver *driver;
    ck_assert_int_eq(create(&driver), HM_OK);
    ck_assert_int_eq(execute(driver), HM_OK);
    ck_assert_str_eq(hm_recorder_text(), "A[ B[ b:1:x is another B]ok A]ok ");
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// Nodes that are seen and ones that are wrapped; the first of them is given its
// results.
static hm_status give_static(void *self, hm_call *call, hm_error *error) {
    (void)self;
    hm_value value = hm_value_double(5);
    return hm_call_return(call, &value, error);
}

static hm_status run_all(void) {
    hm_driver *driver;
    last = (hm_error){.message = ""};
    hm_status status = create(&driver);
    if (status != HM_OK) {
        return status;
    }
    status = execute(driver);
    hm_driver_destroy(driver);
    return status;
}

START_TEST(when_memory_runs_out_nothing_is_left_and_each_begin_has_its_end) {
    for (size_t at = 1;; at++) {
        begin();
        B.want = HM_WANT_TO_WRAP;
        B.only = "a";
        B.adapter.before = give_static;
        B.adapter.after = NULL;
        controlled.memory.fail_at = at;
        hm_status status = run_all();
        bool has_failed = controlled.memory.calls >= at;
        ck_assert_int_eq(status, has_failed ? HM_NO_MEMORY : HM_OK);
        ck_assert_int_eq(atomic_load(&A.runs), 0);
        ck_assert_int_eq(atomic_load(&B.runs), 0);
        ck_assert_int_eq(atomic_load(&A.before), atomic_load(&A.after));
        hm_controlled_end();
        if (!has_failed) {
            ck_assert_uint_gt(at, 20);
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapter_checks");
    TCase *checks = tcase_create("checks");
    tcase_add_test(
            checks, edges_nodes_and_graphs_can_be_refused_and_all_faults_are_told);
    tcase_add_test(checks, who_only_observes_refuses_nothing);
    tcase_add_test(checks, adapters_that_are_not_initialised_are_refused);
    tcase_add_test(checks, plans_are_told_of_and_can_be_refused);
    tcase_add_test(
            checks, a_run_that_is_refused_calls_nothing_and_can_be_executed_again);
    tcase_add_test(checks, inputs_are_checked_in_each_execution);
    tcase_add_test(checks, threads_turn_to_tasks_and_leave_them);
    tcase_add_test(checks, what_a_cache_decides_is_told_to_all);
    tcase_add_test(
            checks, when_memory_runs_out_nothing_is_left_and_each_begin_has_its_end);
    suite_add_tcase(suite, checks);
    return suite;
}
