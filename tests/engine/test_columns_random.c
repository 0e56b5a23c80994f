// test_columns_random.c — random dataflows over columns, of functions that `hamilton
// reflect` wrote thunks for, against calling one function after the other, row by row:
// the same bits, and the same failing nodes and rows, whatever the number of rows, the
// length of a block and the number of threads, with values missing and without.
//
//     HM_TEST_SEED=17 build/dev/tests/test_engine_columns_random    one dataflow
//     HM_TEST_LONG=1 build/dev/tests/test_engine_columns_random     all 10,000

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/engine/columns_random/dataflow.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/sample.h"
#include "tests/support/suite.h"

extern const hm_module column_functions_module;

// ThreadSanitizer takes several times as long.
#ifdef __SANITIZE_THREAD__
enum { GROUP_SAMPLE = 25 };
#else
enum { GROUP_SAMPLE = 100 };
#endif

enum { GROUPS = 10, GROUP = 1000, MOST_WANTED = 10, ROUNDS = 2, FAILING = 20 };

static hm_failing_allocator memory;
static column_dataflow dataflow;

// One way to execute the dataflow, in words.
static char way[96];

typedef struct asked {
    const char *names[MOST_WANTED];
    size_t wanted[MOST_WANTED];
    hm_binding inputs[COLUMN_INPUTS];
    bool is_needed[COLUMN_NODES];
    hm_request request;
} asked;

static void mark_needed(asked *ask, size_t column_index) {
    size_t maker = dataflow.columns[column_index].maker;
    if (maker == COLUMN_NODES || ask->is_needed[maker]) {
        return;
    }
    ask->is_needed[maker] = true;
    const column_node *node = &dataflow.nodes[maker];
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        if (node->sources[p] != COLUMN_NAMES) {
            mark_needed(ask, node->sources[p]);
        }
    }
}

static void ask(asked *own, const hm_driver *driver) {
    const hm_graph *graph = hm_driver_graph(driver);
    *own = (asked){.request = HM_REQUEST_INIT};
    own->request.wanted = own->names;
    own->request.inputs = own->inputs;
    size_t count = 1 + column_pick(&dataflow, MOST_WANTED);
    for (size_t i = 0; i < count; i++) {
        size_t index = column_pick(&dataflow, dataflow.column_count);
        const char *name = dataflow.columns[index].name;
        if (hm_graph_find(graph, name) != HM_NONE) {
            own->wanted[own->request.wanted_count] = index;
            own->names[own->request.wanted_count++] = name;
            mark_needed(own, index);
        }
    }
    for (size_t i = 0; i < COLUMN_INPUTS; i++) {
        const column *input = &dataflow.columns[i];
        if (hm_graph_find(graph, input->name) != HM_NONE) {
            own->inputs[own->request.input_count++] =
                    (hm_binding){input->name, column_lend(input)};
        }
    }
}

// What a run says of a node, or a wanted name, by itself.
static hm_status status_of(column_state state) {
    static const hm_status statuses[] = {[COLUMN_READY] = HM_OK,
            [COLUMN_FAILED] = HM_NODE_FAILED,
            [COLUMN_REFUSED] = HM_BAD_DATA,
            [COLUMN_SKIPPED] = HM_SKIPPED};
    return statuses[state];
}

static column_state state_of(const column_node *node) {
    return dataflow.columns[node->first_output].state;
}

static bool has_failed(const column_node *node) {
    return state_of(node) == COLUMN_FAILED || state_of(node) == COLUMN_REFUSED;
}

// What the engine tells of a failure, among other things.
static bool tells_of(const char *message, const column_node *node) {
    char expected[64];
    // What is checked is made by the node that the check reads.
    const char *raw = node->is_checked ? "_raw" : "";
    if (state_of(node) == COLUMN_REFUSED) {
        snprintf(expected, sizeof expected, "node `%s%s` cannot see missing values",
                node->name, raw);
    } else if (node->is_refused) {
        snprintf(expected, sizeof expected, "node `%s` failed: %s_range: ", node->name,
                node->name);
    } else if (node->function->combine != NULL && !node->is_mapped) {
        snprintf(expected, sizeof expected, "node `%s%s` failed", node->name, raw);
    } else if (node->is_mapped) {
        snprintf(expected, sizeof expected,
                "node `%s%s` failed in row %zu: ", node->name, raw,
                node->failed_row + 1);
    } else {
        snprintf(expected, sizeof expected, "node `%s%s` failed: ", node->name, raw);
    }
    return strstr(message, expected) != NULL;
}

// If any needed node fails, the first failure is that of one of them. NULL: without
// memory nothing is told.
static bool is_outcome(const asked *own, hm_status status, const char *message) {
    bool must_fail = false;
    for (size_t i = 0; i < dataflow.node_count; i++) {
        const column_node *node = &dataflow.nodes[i];
        if (!own->is_needed[i] || !has_failed(node)) {
            continue;
        }
        must_fail = true;
        if (status == status_of(state_of(node)) &&
                (message == NULL || tells_of(message, node))) {
            return true;
        }
    }
    return status == HM_OK && !must_fail;
}

static void check_outcome(const asked *own, hm_status status, const char *message) {
    ck_assert_msg(is_outcome(own, status, message), "%s: %s: %s", way,
            hm_status_text(status), status != HM_OK ? message : "");
}

static void check_wanted(const column *expected, hm_status status, const char *message,
        const hm_value *value) {
    hm_status wanted = status_of(expected->state);
    if (expected->maker < COLUMN_NODES && wanted != HM_OK) {
        const column_node *maker = &dataflow.nodes[expected->maker];
        // What was to be checked has failed.
        wanted = maker->is_checked && !maker->is_refused ? HM_SKIPPED : wanted;
    }
    ck_assert_msg(status == wanted, "%s: %s is %s: %s", way, expected->name,
            hm_status_text(status), message);
    if (status == HM_OK) {
        column_compare(expected, value, way);
    } else if (status != HM_SKIPPED) {
        ck_assert_msg(tells_of(message, &dataflow.nodes[expected->maker]), "%s: %s",
                way, message);
    }
}

static void execute_once(const hm_driver *driver, const asked *own) {
    hm_results *results = NULL;
    hm_error error = {0};
    hm_status status = hm_driver_execute(driver, &own->request, &results, &error);
    check_outcome(own, status, error.message);
    ck_assert_int_eq(results != NULL, status == HM_OK || own->request.keep_going);
    for (size_t i = 0; results != NULL && i < own->request.wanted_count; i++) {
        const char *message;
        hm_status ready = hm_results_status(results, i, &message);
        check_wanted(&dataflow.columns[own->wanted[i]], ready, message,
                hm_results_value(results, i));
    }
    hm_results_destroy(results);
}

static void execute_often(const hm_driver *driver, const asked *own) {
    hm_plan *plan;
    hm_run *run;
    hm_error error = {0};
    ck_assert_msg(hm_plan_create(driver, &own->request, &plan, &error) == HM_OK,
            "%s: %s", way, error.message);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    for (int round = 0; round < ROUNDS; round++) {
        hm_status status = hm_run_execute(run, &error);
        check_outcome(own, status, error.message);
        for (size_t i = 0; i < own->request.wanted_count; i++) {
            if (status != HM_OK && !own->request.keep_going) {
                continue;
            }
            const char *message;
            hm_value value = {0};
            hm_status ready = hm_run_status(run, own->names[i], &message);
            if (ready == HM_OK) {
                ck_assert_int_eq(hm_run_get(run, own->names[i], &value, NULL), HM_OK);
            }
            check_wanted(&dataflow.columns[own->wanted[i]], ready, message, &value);
        }
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
}

// Adapters that change nothing, but take functions out of the pipelines.
static hm_want want_some(
        void *self, const hm_graph *graph, const hm_planned_node *node) {
    static const hm_want wants[] = {HM_WANT_TO_WRAP, HM_WANT_NOTHING, HM_WANT_TO_HOLD};
    (void)self;
    (void)graph;
    return wants[node->number % 3];
}

static const hm_adapter some = {
        .struct_size = sizeof(hm_adapter), .name = "some", .wants = want_some};
static const hm_adapter all = {
        .struct_size = sizeof(hm_adapter), .name = "all", .wants = hm_want_to_wrap};

static hm_driver *make_driver(
        const hm_module *module, uint32_t thread_count, const hm_adapter *adapter) {
    const hm_module *modules[] = {module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = thread_count;
    options.allocator = &memory.allocator;
    options.adapters = &adapter;
    options.adapter_count = adapter != NULL;
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(hm_driver_create(&options, &driver, &error) == HM_OK, "%s: %s", way,
            error.message);
    return driver;
}

// Few rows are as good as many at what goes wrong at the ends of blocks, and quicker.
// Of very many rows there are ten dataflows, one of them in the sample.
static size_t rows_of(uint64_t seed) {
    enum { VERY_MANY = 100 * 1000, SAMPLED = GROUP_SAMPLE / 2 };
    static const size_t row_counts[] = {
            1, 3, 7, 0, 7, 3, 1, 7, 3, 1000, 7, 1, 3, 7, 0, 1, 7, 3, 3, 7};
    bool is_long = seed % GROUP == GROUP / 2 || seed == SAMPLED;
    return is_long ? VERY_MANY : row_counts[seed / 3 % 20];
}

static void run_dataflow(uint64_t seed) {
    static const uint32_t thread_counts[] = {1, 2, 8};
    static const uint32_t block_lengths[] = {0, 1, 3};
    static const hm_adapter *const adapters[] = {NULL, &some, NULL, &all};
    size_t row_count = rows_of(seed);
    column_dataflow_init(&dataflow, &column_functions_module, seed, row_count,
            seed % 7 == 0, seed % 4 == 1);
    for (size_t t = 0; t < 3; t++) {
        hm_failing_allocator_init(&memory);
        uint32_t block_length = block_lengths[(seed + t) % 3];
        const hm_adapter *adapter = adapters[(seed / 3 + t) % 4];
        snprintf(way, sizeof way, "seed %llu, %zu rows, blocks of %u, %u threads, %s",
                (unsigned long long)seed, row_count, (unsigned)block_length,
                (unsigned)thread_counts[t],
                adapter != NULL ? adapter->name : "nothing wrapped");
        hm_driver *driver = make_driver(&dataflow.module, thread_counts[t], adapter);
        asked own;
        ask(&own, driver);
        own.request.block_length = block_length;
        own.request.always_share = column_pick(&dataflow, 3) == 0;
        own.request.keep_going = column_pick(&dataflow, 3) > 0;
        execute_once(driver, &own);
        execute_often(driver, &own);
        hm_driver_destroy(driver);
        ck_assert_msg(memory.live == 0, "%s: %zu bytes leak", way, memory.live);
    }
    column_dataflow_finish(&dataflow);
}

START_TEST(random_dataflows_compute_what_their_functions_do_row_by_row) {
    static const hm_module nothing = {
            .abi = HM_MODULE_ABI, .name = "nothing", .file = "nothing.c"};
    // The pool stays while one driver does, so that its threads need not start again.
    hm_failing_allocator_init(&memory);
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    const hm_module *modules[] = {&nothing};
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 8;
    hm_driver *keeper;
    ck_assert_int_eq(hm_driver_create(&options, &keeper, NULL), HM_OK);
    uint64_t first = (uint64_t)_i * GROUP;
    uint64_t count = hm_sample(GROUP, GROUP_SAMPLE);
    if (hm_sample_is_chosen(&first)) {
        count = 1;
    }
    for (uint64_t i = 0; i < count; i++) {
        run_dataflow(first + i);
    }
    hm_driver_destroy(keeper);
}
END_TEST

// Executes once, by a run or else by the request alone, with the allocation `at`
// failing, or all from that on. False if there was no such allocation. Of what failed
// for want of memory, or for another reason but with no memory to tell it, the status
// is right.
static bool execute_failing(const hm_driver *driver, hm_run *run, const asked *own,
        size_t at, bool for_good) {
    hm_results *results = NULL;
    memory.calls = 0;
    memory.fail_at = at;
    memory.for_good = for_good;
    hm_status status =
            run != NULL ? hm_run_execute(run, NULL)
                        : hm_driver_execute(driver, &own->request, &results, NULL);
    bool has_failed_to_allocate = memory.calls >= at;
    memory.fail_at = 0;
    ck_assert_msg((status == HM_NO_MEMORY && has_failed_to_allocate) ||
                          is_outcome(own, status, NULL),
            "%s: allocation %zu: %s", way, at, hm_status_text(status));
    hm_results_destroy(results);
    return has_failed_to_allocate;
}

static void fail_each_allocation(
        const hm_driver *driver, const hm_plan *plan, const asked *own, bool for_good) {
    enum { MOST = 10000 };
    bool has_failed_to_allocate = true;
    for (size_t at = 1; has_failed_to_allocate; at++) {
        ck_assert_uint_lt(at, MOST);
        hm_run *run = NULL;
        if (plan != NULL) {
            ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
        }
        has_failed_to_allocate = execute_failing(driver, run, own, at, for_good);
        if (run != NULL) { // it is as good as before
            hm_error error = {0};
            hm_status status = hm_run_execute(run, &error);
            check_outcome(own, status, error.message);
        }
        hm_run_destroy(run);
    }
    execute_once(driver, own);
}

START_TEST(each_allocation_of_columns_may_fail) {
    enum { ROWS = 70, BLOCK = 3 };
    uint64_t seed = (uint64_t)_i;
    snprintf(way, sizeof way, "seed %llu, memory fails", (unsigned long long)seed);
    column_dataflow_init(
            &dataflow, &column_functions_module, seed, ROWS, false, _i % 4 == 3);
    hm_failing_allocator_init(&memory);
    hm_driver *driver = make_driver(&dataflow.module, 2, seed % 2 == 0 ? &some : NULL);
    asked own;
    ask(&own, driver);
    own.request.block_length = BLOCK;
    own.request.always_share = _i % 2 == 0;
    for (int for_good = 0; for_good < 2; for_good++) {
        fail_each_allocation(driver, NULL, &own, for_good);
        hm_plan *plan;
        ck_assert_int_eq(hm_plan_create(driver, &own.request, &plan, NULL), HM_OK);
        fail_each_allocation(driver, plan, &own, for_good);
        hm_plan_destroy(plan);
    }
    hm_driver_destroy(driver);
    ck_assert_msg(memory.live == 0, "%s: %zu bytes leak", way, memory.live);
    column_dataflow_finish(&dataflow);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/columns_random");
    TCase *tests = tcase_create("random");
    uint64_t seed;
    tcase_add_loop_test(tests,
            random_dataflows_compute_what_their_functions_do_row_by_row, 0,
            hm_sample_is_chosen(&seed) ? 1 : GROUPS);
    tcase_add_loop_test(tests, each_allocation_of_columns_may_fail, 0, FAILING);
    suite_add_tcase(suite, tests);
    return suite;
}
