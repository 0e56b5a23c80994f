// test_random_shapes.c — random dataflows of whatever the module language has: nested
// arrays, expansions, whole arrays and mapped rows, texts and objects given and
// borrowed, structs larger and more aligned than a buffer, several outputs, overrides,
// config, failures, keep_going and plans that are run again, on 1, 2 and 8 threads,
// against an evaluator that knows nothing but trees of numbers.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/engine/random_shapes/dataflow.h"
#include "tests/support/suite.h"

enum { MOST_WANTED = 6, GRAPHS = 800 };

static void compare_array(const hm_array *found, const tree *expected, enum class class,
        uint32_t depth, unsigned seed, const char *text) {
    ck_assert_msg(found->length == expected->length, "seed %u: %s has another length",
            seed, text);
    size_t size = depth > 1 ? sizeof(hm_array) : size_of(class);
    for (size_t i = 0; i < found->length; i++) {
        const char *at = (const char *)found->data + i * size;
        if (depth > 1) {
            compare_array((const hm_array *)(const void *)at, &expected->items[i],
                    class, depth - 1, seed, text);
        } else {
            ck_assert_msg(read_element(class, at) == expected->items[i].number,
                    "seed %u: element %zu of %s differs", seed, i, text);
        }
    }
}

static void compare_value(const hm_value *found, const name *expected, unsigned seed) {
    ck_assert_msg(found->depth == expected->depth, "seed %u: %s has another depth",
            seed, expected->text);
    if (found->depth > 0) {
        compare_array(&found->many, &expected->value, expected->class, found->depth,
                seed, expected->text);
        return;
    }
    const void *at = hm_value_data(found);
    long number = read_element(
            expected->class, expected->class == OBJECT ? (const void *)&at : at);
    ck_assert_msg(number == expected->value.number, "seed %u: %s differs", seed,
            expected->text);
}

typedef struct asked {
    hm_binding inputs[MOST_NAMES];
    hm_binding overrides[MOST_NAMES];
    hm_binding config[MOST_NAMES];
    size_t config_count;
    const char *texts[MOST_WANTED];
    size_t wanted[MOST_WANTED];
    hm_request request;
} asked;

static void lend_given(const hm_driver *driver, asked *ask) {
    ask->request = (hm_request)HM_REQUEST_INIT;
    ask->request.inputs = ask->inputs;
    ask->request.overrides = ask->overrides;
    ask->request.wanted = ask->texts;
    for (size_t i = 0; i < name_count; i++) {
        if (!names[i].is_given || names[i].is_config ||
                hm_graph_find(hm_driver_graph(driver), names[i].text) == HM_NONE) {
            continue;
        }
        hm_binding binding = {names[i].text, lend_value(&names[i])};
        if (i < INPUTS) {
            ask->inputs[ask->request.input_count++] = binding;
        } else {
            ask->overrides[ask->request.override_count++] = binding;
        }
    }
}

static void pick_wanted(const hm_driver *driver, asked *ask) {
    size_t count = 1 + pick(MOST_WANTED);
    for (size_t i = 0; i < count; i++) {
        size_t index = pick(name_count);
        if (hm_graph_find(hm_driver_graph(driver), names[index].text) != HM_NONE) {
            ask->wanted[ask->request.wanted_count] = index;
            ask->texts[ask->request.wanted_count++] = names[index].text;
        }
    }
    ask->request.keep_going = pick(2) == 0;
    mark_needed(ask->wanted, ask->request.wanted_count);
}

// An adapter that changes nothing, but takes functions out of the pipelines.
static hm_want want_some(
        void *self, const hm_graph *graph, const hm_planned_node *node) {
    static const hm_want wants[] = {HM_WANT_TO_WRAP, HM_WANT_NOTHING, HM_WANT_TO_HOLD};
    (void)self;
    (void)graph;
    return wants[node->number % 3];
}

static hm_driver *make_driver(asked *ask, uint32_t thread_count, unsigned seed) {
    static const hm_adapter some = {
            .struct_size = sizeof(hm_adapter), .name = "some", .wants = want_some};
    static const hm_adapter *const adapters[] = {&some};
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    options.thread_count = thread_count;
    options.adapters = adapters;
    options.adapter_count = seed / 6 % 2;
    for (size_t i = 0; i < name_count; i++) {
        if (names[i].is_config) {
            ask->config[ask->config_count++] =
                    (hm_binding){names[i].text, lend_value(&names[i])};
        }
    }
    options.config = ask->config;
    options.config_count = ask->config_count;
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(hm_driver_create(&options, &driver, &error) == HM_OK, "seed %u: %s",
            seed, error.message);
    spoil_what_was_lent();
    return driver;
}

static void check_results(const hm_results *results, const asked *ask, unsigned seed) {
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const name *expected = &names[ask->wanted[i]];
        hm_status status = hm_results_status(results, i, NULL);
        ck_assert_msg(status == status_of(expected), "seed %u: %s is %s, not %s", seed,
                expected->text, hm_status_text(status),
                hm_status_text(status_of(expected)));
        const hm_value *value = hm_results_value(results, i);
        ck_assert((value != NULL) == (status == HM_OK));
        if (value != NULL) {
            compare_value(value, expected, seed);
        }
    }
}

static void execute_once(hm_driver *driver, asked *ask, unsigned seed) {
    hm_results *results = NULL;
    hm_error error;
    hm_status status = hm_driver_execute(driver, &ask->request, &results, &error);
    ck_assert_msg((status != HM_OK) == must_fail(), "seed %u: %s", seed,
            status != HM_OK ? error.message : "it did not fail");
    spoil_what_was_lent();
    hm_driver_destroy(driver);
    ck_assert_int_eq(results != NULL, status == HM_OK || ask->request.keep_going);
    if (results != NULL) {
        check_results(results, ask, seed);
        hm_results_destroy(results);
    }
}

// New numbers and lengths for all inputs and overrides.
static void set_other_values(hm_run *run) {
    row_count = pick(6);
    for (size_t i = 0; i < name_count; i++) {
        if (!names[i].is_given || names[i].is_config || !names[i].is_needed) {
            continue;
        }
        grow(&names[i].value, names[i].depth, 0);
        names[i].given = lend_value(&names[i]);
        ck_assert_int_eq(hm_run_set(run, names[i].text, &names[i].given, NULL), HM_OK);
    }
    for (size_t i = 0; i < FUNCTIONS; i++) {
        evaluate(&functions[i]);
    }
}

static void execute_a_plan(hm_driver *driver, asked *ask, unsigned seed) {
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &ask->request, &plan, &error), HM_OK);
    spoil_what_was_lent();
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    for (int round = 0; round < 4; round++) {
        element_count = 0;
        if (round > 0) {
            set_other_values(run);
        }
        hm_status status = hm_run_execute(run, &error);
        ck_assert_msg((status != HM_OK) == must_fail(), "seed %u, round %d: %s", seed,
                round, status != HM_OK ? error.message : "it did not fail");
        for (size_t i = 0; i < ask->request.wanted_count; i++) {
            const name *expected = &names[ask->wanted[i]];
            hm_value value;
            hm_status ready = hm_run_get(run, expected->text, &value, &error);
            ck_assert(ready == status_of(expected) ||
                      (!ask->request.keep_going && status != HM_OK));
            if (ready == HM_OK) {
                compare_value(&value, expected, seed);
            }
        }
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    spoil_what_was_lent();
    hm_driver_destroy(driver);
}

static void run_dataflow(unsigned seed, uint32_t thread_count) {
    srand(seed);
    hm_failing_allocator_init(&memory);
    make_dataflow();
    if (is_too_large()) {
        forget_all();
        return;
    }
    asked ask = {0};
    hm_driver *driver = make_driver(&ask, thread_count, seed);
    lend_given(driver, &ask);
    pick_wanted(driver, &ask);
    ask.request.block_length = seed % 4; // 0 is as it is best
    ask.request.always_share = seed % 3 == 0;
    hm_error error;
    hm_status status = hm_driver_validate(driver, &ask.request, &error);
    if (status != HM_OK) {
        // Lengths that can be compared before anything runs, and are not equal.
        ck_assert_msg(status == HM_LENGTH_MISMATCH, "seed %u: %s", seed, error.message);
        spoil_what_was_lent();
        hm_driver_destroy(driver);
    } else if (seed % 2 == 0) {
        execute_once(driver, &ask, seed);
    } else {
        execute_a_plan(driver, &ask, seed);
    }
    forget_all();
    ck_assert_msg(memory.live == 0, "seed %u: %zu bytes leak", seed, memory.live);
    ck_assert_msg(atomic_load(&live_count) == 0, "seed %u: %ld leak", seed,
            atomic_load(&live_count));
}

START_TEST(random_dataflows_of_all_shapes_compute_what_trees_do) {
    static const uint32_t thread_counts[] = {1, 2, 8};
    const char *first = getenv("HM_TEST_SEED"); // to look at one that failed, or others
    unsigned seed = first != NULL ? (unsigned)strtoul(first, NULL, 10) : 1;
    for (unsigned i = 0; i < GRAPHS; i++, seed++) {
        run_dataflow(seed, thread_counts[seed / 2 % 3]);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/random_shapes");
    TCase *tests = tcase_create("random");
    tcase_add_test(tests, random_dataflows_of_all_shapes_compute_what_trees_do);
    suite_add_tcase(suite, tests);
    return suite;
}
