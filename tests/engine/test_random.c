// test_random.c — random dataflows against a serial evaluator of a few lines: the same
// bits, for one value and for columns, whatever is wanted, on 1, 2 and 8 threads, the
// first time and when the plan has learned and is executed in another way.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hamilton/hamilton.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/sample.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { INPUTS = 4, NODES = 40, NAMES = INPUTS + NODES, MOST_ROWS = 100, WANTED = 5 };
enum { THOUSANDS = 10, GRAPHS = 1000, GRAPHS_SAMPLE = 250 };

static hm_module_builder builder;
static hm_failing_allocator memory;

static double mix(double a, double b) {
    return a * 0.75 + b * 0.5 - 1.25;
}

// A function that takes long makes it worth running others beside it.
static int call_mix(void *frame, const uint32_t *at, void *self) {
    if (self != NULL) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000}, NULL);
    }
    SLOT(double, 2) = mix(SLOT(double, 0), SLOT(double, 1));
    return 0;
}

static int map_mix(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    (void)self;
    const double *a = lanes[0].data;
    const double *b = lanes[1].data;
    for (size_t i = 0; i < count; i++) {
        ((double *)lanes[2].data)[i] =
                mix(a[i * lanes[0].stride], b[i * lanes[1].stride]);
    }
    return 0;
}

static double total(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum;
}

static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 1) = total(SLOT(hm_array, 0).data, SLOT(hm_array, 0).length);
    return 0;
}

static void running(const double *x, double by, double *out, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (i > 0 ? out[i - 1] : 0) * 0.5 + x[i] + by;
    }
}

static int call_running(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *x = &SLOT(hm_array, 0);
    running(x->data, SLOT(double, 1), SLOT(hm_array, 2).data, x->length);
    return 0;
}

// What the evaluator keeps of a name.
typedef struct known {
    char name[8];
    bool is_many;
    double rows[MOST_ROWS]; // the first one alone if it is one value
} known;

static known names[NAMES];
static size_t slowness; // one node of so many is slow; 1: none
static size_t row_count;

static size_t pick(size_t below) {
    return (size_t)rand() % below;
}

// A column among the first `count` names, or `count` if there is none near.
static size_t pick_column(size_t count) {
    size_t start = pick(count);
    for (size_t i = 0; i < count; i++) {
        if (names[(start + i) % count].is_many) {
            return (start + i) % count;
        }
    }
    return count;
}

static void evaluate_mix(known *made, const known *a, const known *b) {
    made->is_many = a->is_many || b->is_many;
    for (size_t i = 0; i < (made->is_many ? row_count : 1); i++) {
        made->rows[i] = mix(a->rows[a->is_many ? i : 0], b->rows[b->is_many ? i : 0]);
    }
}

// Adds node number `index` to the module and its value to what is known.
static void add_node(size_t index) {
    known *made = &names[index];
    size_t column = pick_column(index);
    size_t by = pick(index);
    size_t kind = pick(8);
    if (kind == 0 && column < index) {
        hm_builder_function(&builder, made->name, call_total, NULL);
        hm_builder_takes_array(&builder, names[column].name, &hm_type_double);
        hm_builder_makes(&builder, made->name, &hm_type_double);
        made->is_many = false;
        made->rows[0] = total(names[column].rows, row_count);
    } else if (kind == 1 && column < index && !names[by].is_many) {
        hm_builder_function(&builder, made->name, call_running, NULL);
        hm_builder_takes_array(&builder, names[column].name, &hm_type_double);
        hm_builder_takes(&builder, names[by].name, &hm_type_double);
        hm_builder_makes_array(&builder, made->name, &hm_type_double);
        made->is_many = true;
        running(names[column].rows, names[by].rows[0], made->rows, row_count);
    } else {
        size_t a = pick(index);
        size_t b = by != a ? by : (a + 1) % index;
        hm_builder_function(
                &builder, made->name, call_mix, kind % 2 == 0 ? map_mix : NULL)
                ->self = pick(slowness) == 1 ? &builder : NULL;
        hm_builder_takes(&builder, names[a].name, &hm_type_double);
        hm_builder_takes(&builder, names[b].name, &hm_type_double);
        hm_builder_makes(&builder, made->name, &hm_type_double);
        evaluate_mix(made, &names[a], &names[b]);
    }
}

static void make_graph(hm_binding *inputs) {
    hm_module_builder_init(&builder);
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(names[i].name, sizeof names[i].name, "x%zu", i);
        if (i >= INPUTS) {
            add_node(i);
            continue;
        }
        names[i].is_many = pick(2) == 0;
        for (size_t row = 0; row < MOST_ROWS; row++) {
            names[i].rows[row] = (double)rand() / 1000 - 1e6;
        }
        inputs[i] = (hm_binding){names[i].name,
                names[i].is_many
                        ? hm_value_many(&hm_type_double, names[i].rows, row_count)
                        : hm_value_double(names[i].rows[0])};
    }
}

// Compares a value with what the evaluator says.
static void compare(const hm_value *value, const char *name, unsigned seed) {
    const known *expected = &names[atoi(name + 1)];
    ck_assert_uint_eq(value->depth, expected->is_many);
    const void *data = value->depth > 0 ? value->many.data : hm_value_data(value);
    size_t count = value->depth > 0 ? value->many.length : 1;
    ck_assert_uint_eq(count, expected->is_many ? row_count : 1);
    ck_assert_msg(memcmp(data, expected->rows, count * sizeof(double)) == 0,
            "seed %u: %s differs", seed, expected->name);
}

// Whatever exists of what is asked for and of what is given.
typedef struct asked {
    hm_binding inputs[INPUTS];
    const char *wanted[WANTED];
    hm_request request;
} asked;

static void ask(asked *own, const hm_driver *driver, const hm_binding *inputs,
        const char *const *wanted) {
    const hm_graph *graph = hm_driver_graph(driver);
    own->request = (hm_request)HM_REQUEST_INIT;
    own->request.wanted = own->wanted;
    own->request.inputs = own->inputs;
    for (size_t i = 0; i < INPUTS; i++) {
        if (hm_graph_find(graph, inputs[i].name) != HM_NONE) {
            own->inputs[own->request.input_count++] = inputs[i];
        }
    }
    for (size_t i = 0; i < WANTED; i++) {
        if (hm_graph_find(graph, wanted[i]) != HM_NONE) {
            own->wanted[own->request.wanted_count++] = wanted[i];
        }
    }
}

static void execute_once(const hm_driver *driver, const asked *own, unsigned seed) {
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &own->request, &results, &error) == HM_OK,
            "seed %u: %s", seed, error.message);
    for (size_t i = 0; i < hm_results_count(results); i++) {
        compare(hm_results_value(results, i), hm_results_name(results, i), seed);
    }
    hm_results_destroy(results);
}

static void execute_often(const hm_driver *driver, const asked *own, unsigned seed) {
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &own->request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    for (int round = 0; round < 6; round++) {
        hm_error error;
        ck_assert_msg(hm_run_execute(run, &error) == HM_OK, "seed %u: %s", seed,
                error.message);
        for (size_t i = 0; i < own->request.wanted_count; i++) {
            hm_value value;
            ck_assert_int_eq(hm_run_get(run, own->wanted[i], &value, NULL), HM_OK);
            compare(&value, own->wanted[i], seed);
        }
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
}

static void run_graph(unsigned seed) {
    static const size_t row_counts[] = {0, 1, 3, 7, MOST_ROWS};
    static const uint32_t thread_counts[] = {1, 2, 8};
    srand(seed);
    row_count = row_counts[pick(5)];
    slowness = seed % 64 == 0 && row_count < 10 ? 5 : 1;
    hm_binding inputs[INPUTS];
    make_graph(inputs);
    const char *wanted[WANTED];
    for (size_t i = 0; i < WANTED; i++) {
        wanted[i] = names[pick(NAMES)].name;
    }
    for (size_t t = 0; t < 3; t++) {
        hm_failing_allocator_init(&memory);
        const hm_module *modules[] = {&builder.module};
        hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
        options.modules = modules;
        options.module_count = 1;
        options.allocator = &memory.allocator;
        options.thread_count = thread_counts[t];
        hm_driver *driver;
        hm_error error;
        ck_assert_msg(hm_driver_create(&options, &driver, &error) == HM_OK,
                "seed %u: %s", seed, error.message);
        asked own = {0};
        ask(&own, driver, inputs, wanted);
        own.request.always_share = seed % 4 == 0;
        execute_once(driver, &own, seed);
        execute_often(driver, &own, seed);
        hm_driver_destroy(driver);
        ck_assert_uint_eq(memory.live, 0);
    }
}

// The pool stays while one driver does, so that its threads need not start each time.
static hm_driver *keep_pool(void) {
    static const hm_module nothing = {
            .abi = HM_MODULE_ABI, .name = "nothing", .file = "nothing.c"};
    static const hm_module *const modules[] = {&nothing};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 8;
    hm_driver *driver;
    ck_assert_int_eq(hm_driver_create(&options, &driver, NULL), HM_OK);
    return driver;
}

START_TEST(random_graphs_compute_what_a_serial_evaluator_does) {
    hm_driver *keeper = keep_pool();
    unsigned count = (unsigned)hm_sample(GRAPHS, GRAPHS_SAMPLE);
    for (unsigned seed = 1; seed <= count; seed++) {
        run_graph((unsigned)_i * GRAPHS + seed);
    }
    hm_driver_destroy(keeper);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/random");
    TCase *tests = tcase_create("random");
    tcase_add_loop_test(
            tests, random_graphs_compute_what_a_serial_evaluator_does, 0, THOUSANDS);
    suite_add_tcase(suite, tests);
    return suite;
}
