// test_demand_random.c — random dataflows with switches against an evaluator that
// computes only what it must: the same values, and nothing else has been run; on 1, 2
// and 8 threads, with other inputs each time, with nodes that fail, and cancelled.

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/sample.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum {
    CHOOSERS = 2, // inputs of 0, 1 or 2
    INPUTS = 5,   // the last one is a column
    NODES = 40,
    NAMES = INPUTS + NODES,
    MOST_ROWS = 5000,
    WANTED = 3,
    BRANCHES = 3,
    ROUNDS = 5,
};
enum { THOUSANDS = 10, GRAPHS = 1000, GRAPHS_SAMPLE = 30 };

typedef enum kind {
    KIND_INPUT,
    KIND_MIX,    // of two values, or of rows
    KIND_CHOICE, // of one value or row: 0, 1 or 2
    KIND_TOTAL,  // of a column
    KIND_SWITCH,
} kind;

typedef enum mode {
    MODE_EXACT,   // what chooses does nothing else, and is made of inputs
    MODE_ANY,     // it may be any number: then nodes may be run that nobody takes
    MODE_FAILING, // the first, with nodes that fail and choices of nothing
    MODE_CANCELLED,
} mode;

// A name, and what the evaluator knows of it.
typedef struct known {
    char name[8];
    kind kind;
    uint32_t needs[1 + BRANCHES]; // of a switch the first one chooses
    uint32_t need_count;
    bool is_kept;  // for one switch, in the modes that are exact,
    bool is_taken; // which has it
    bool is_many;
    bool fails;
    bool cancels;
    bool is_slow;
    bool chooses; // something upstream of a value that chooses
    atomic_bool has_run;
    atomic_int run_count;

    bool is_evaluated;
    bool is_executed; // what it takes was there
    bool is_good;
    int64_t rows[MOST_ROWS]; // the first alone if it is one value
} known;

static known names[NAMES];
static hm_module_builder builder;
static hm_failing_allocator memory;
static hm_cancel *cancel;
static size_t row_count;
static mode way;

static size_t pick(size_t below) {
    return (size_t)rand() % below;
}

static int64_t mix(int64_t a, int64_t b) {
    return (a * 7 + b * 3 + 1) % 1009;
}

// In MODE_FAILING sometimes one that chooses nothing.
static int64_t choice_of(int64_t a) {
    return (a * 5 + 1) % (way == MODE_FAILING ? BRANCHES + 1 : BRANCHES);
}

static int note_run(known *own) {
    atomic_store(&own->has_run, true);
    atomic_fetch_add(&own->run_count, 1);
    if (own->is_slow) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000}, NULL);
    }
    if (own->cancels) {
        hm_cancel_raise(cancel);
    }
    return own->fails ? hm_fail("it fails") : 0;
}

static int call_mix(void *frame, const uint32_t *at, void *self) {
    SLOT(int64_t, 2) = mix(SLOT(int64_t, 0), SLOT(int64_t, 1));
    return note_run(self);
}

static int map_mix(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    const int64_t *a = lanes[0].data;
    const int64_t *b = lanes[1].data;
    for (size_t i = 0; i < count; i++) {
        ((int64_t *)lanes[2].data)[i] =
                mix(a[i * lanes[0].stride], b[i * lanes[1].stride]);
    }
    *row = 0;
    return note_run(self);
}

typedef struct later {
    hm_async *done;
    int64_t *out;
    int64_t value;
} later;

static void end_later(struct uv_loop_s *loop, void *argument) {
    (void)loop;
    later *own = argument;
    hm_async *done = own->done;
    *own->out = own->value;
    free(own);
    hm_async_succeed(done);
}

static int start_mix(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    const int64_t *a = lanes[0].data;
    const int64_t *b = lanes[1].data;
    int code = note_run(self);
    if (code != 0) {
        return code;
    }
    later *own = malloc(sizeof *own);
    *own = (later){done, (int64_t *)lanes[2].data + row * lanes[2].stride,
            mix(a[row * lanes[0].stride], b[row * lanes[1].stride])};
    hm_async_on_loop(done, end_later, own);
    return 0;
}

static int call_choice(void *frame, const uint32_t *at, void *self) {
    SLOT(int64_t, 1) = choice_of(SLOT(int64_t, 0));
    return note_run(self);
}

static int64_t total(const int64_t *x, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum;
}

static int call_total(void *frame, const uint32_t *at, void *self) {
    SLOT(int64_t, 1) = total(SLOT(hm_array, 0).data, SLOT(hm_array, 0).length);
    return note_run(self);
}

static void add_up(void *into, const void *more, void *self) {
    (void)self;
    *(int64_t *)into += *(const int64_t *)more;
}

// A name below `count`, one value or a column; or `count` if there is none.
static uint32_t pick_name(uint32_t count, bool is_many) {
    uint32_t start = (uint32_t)pick(count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name = (start + i) % count;
        if (names[name].is_many == is_many && !names[name].is_kept &&
                !names[name].is_taken) {
            return name;
        }
    }
    return count;
}

static uint32_t pick_any(uint32_t count) {
    uint32_t name = pick_name(count, pick(4) == 0);
    return name < count ? name : pick_name(count, false);
}

// What is known to be 0, 1 or 2.
static uint32_t pick_chooser(uint32_t count) {
    for (size_t tried = 0; tried < NAMES; tried++) {
        uint32_t name = (uint32_t)pick(count);
        bool is_free = way == MODE_ANY || names[name].is_kept;
        if (names[name].kind == KIND_CHOICE && is_free) {
            names[name].is_taken = names[name].is_kept;
            names[name].is_kept = false;
            return name;
        }
    }
    return (uint32_t)pick(CHOOSERS);
}

static void take(known *own, uint32_t name) {
    own->needs[own->need_count++] = name;
    own->is_many = own->is_many || names[name].is_many;
}

// Adds node number `index`; what it takes has smaller numbers.
static void add_node(uint32_t index) {
    known *own = &names[index];
    size_t roll = pick(10);
    hm_call_thunk *call = call_mix;
    own->kind = KIND_MIX;
    if (roll < 2) {
        own->kind = KIND_CHOICE;
        call = call_choice;
        own->is_kept = way != MODE_ANY;
        take(own, way == MODE_ANY ? pick_any(index) : (uint32_t)pick(INPUTS));
    } else if (roll < 6) {
        own->kind = KIND_SWITCH;
        call = NULL;
        take(own, pick_chooser(index));
        bool takes_rows = pick(8) == 0;
        while (own->need_count < 1 + BRANCHES) {
            take(own, takes_rows ? pick_any(index) : pick_name(index, false));
        }
    } else if (roll < 7) {
        own->kind = KIND_TOTAL;
        call = call_total;
        take(own, pick_name(index, true));
        own->is_many = false;
    } else {
        take(own, pick_any(index));
        take(own, pick_any(index));
    }
    bool is_switch = own->kind == KIND_SWITCH;
    hm_function *function = hm_builder_function(&builder, own->name, call,
            own->kind == KIND_MIX && pick(2) == 0 ? map_mix : NULL);
    function->self = own;
    for (uint32_t i = 0; i < own->need_count; i++) {
        // One name may be taken twice: parameters have names of their own.
        static char parameters[NAMES][1 + BRANCHES][12];
        char *parameter = parameters[index][i];
        snprintf(parameter, sizeof parameters[index][i], "p%u", (unsigned)i);
        if (own->kind == KIND_TOTAL) {
            hm_builder_takes_array(&builder, parameter, &hm_type_long);
        } else {
            hm_builder_takes(&builder, parameter, &hm_type_long);
        }
    }
    hm_builder_makes(&builder, own->name, &hm_type_long);
    static hm_argument chooser = {.kind = HM_ARGUMENT_NAME, .text = "p0"};
    static hm_argument words[NAMES][1 + BRANCHES][2];
    static hm_argument bindings[NAMES][1 + BRANCHES];
    static hm_modifier modifiers[NAMES][2];
    for (uint32_t i = 0; i < own->need_count; i++) {
        words[index][i][0] = (hm_argument){
                .kind = HM_ARGUMENT_NAME, .text = function->parameters[i].name};
        words[index][i][1] = (hm_argument){
                .kind = HM_ARGUMENT_NAME, .text = names[own->needs[i]].name};
        bindings[index][i] = (hm_argument){.kind = HM_ARGUMENT_CALL,
                .text = "source",
                .arguments = words[index][i],
                .argument_count = 2};
    }
    modifiers[index][0] = (hm_modifier){.name = "inject",
            .arguments = bindings[index],
            .argument_count = own->need_count};
    modifiers[index][1] =
            (hm_modifier){.name = "switch", .arguments = &chooser, .argument_count = 1};
    function->modifiers = modifiers[index];
    function->modifier_count = 1 + is_switch;
    if (own->kind == KIND_TOTAL && pick(2) == 0) {
        function->combine = add_up;
    }
    if (own->kind == KIND_MIX && !own->is_many && function->map == NULL &&
            pick(6) == 0) {
        function->call = NULL;
        function->start = start_mix;
    }
    own->is_slow = pick(16) == 0;
    own->fails = way == MODE_FAILING && !is_switch && pick(8) == 0;
    own->cancels = way == MODE_CANCELLED && pick(16) == 0;
}

static void mark_choosing(uint32_t index) {
    names[index].chooses = true;
    for (uint32_t i = 0; i < names[index].need_count; i++) {
        if (!names[names[index].needs[i]].chooses) {
            mark_choosing(names[index].needs[i]);
        }
    }
}

static void make_graph(void) {
    hm_module_builder_init(&builder);
    for (uint32_t i = 0; i < NAMES; i++) {
        memset(&names[i], 0, sizeof names[i]);
        snprintf(names[i].name, sizeof names[i].name, "x%u", (unsigned)i);
        names[i].is_many = i == INPUTS - 1;
        if (i >= INPUTS) {
            add_node(i);
        }
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        if (names[i].kind == KIND_SWITCH) {
            mark_choosing(names[i].needs[0]);
        }
    }
}

static void set_inputs(void) {
    for (uint32_t i = 0; i < INPUTS; i++) {
        for (size_t row = 0; row < row_count; row++) {
            names[i].rows[row] = i < CHOOSERS ? (int64_t)pick(BRANCHES) : rand() % 1000;
        }
    }
}

static int64_t row_of(const known *name, size_t row) {
    return name->rows[name->is_many ? row : 0];
}

static bool is_chosen(const known *own, uint32_t need) {
    const known *chooser = &names[own->needs[0]];
    return own->is_many || need == 0 ||
           (chooser->is_good && row_of(chooser, 0) == (int64_t)need - 1);
}

static void evaluate_rows(known *own) {
    for (size_t row = 0; row < (own->is_many ? row_count : 1); row++) {
        const known *first = &names[own->needs[0]];
        int64_t value = row_of(first, row);
        if (own->kind == KIND_MIX) {
            value = mix(value, row_of(&names[own->needs[1]], row));
        } else if (own->kind == KIND_CHOICE) {
            value = choice_of(value);
        } else if (own->kind == KIND_TOTAL) {
            value = total(first->rows, row_count);
        } else if (value < BRANCHES) {
            value = row_of(&names[own->needs[1 + value]], row);
        } else {
            own->is_good = false;
        }
        own->rows[row] = value;
    }
}

static void evaluate(uint32_t index) {
    known *own = &names[index];
    if (own->is_evaluated) {
        return;
    }
    own->is_evaluated = true;
    own->is_good = true;
    for (uint32_t i = 0; i < own->need_count; i++) {
        if (own->kind != KIND_SWITCH || is_chosen(own, i)) {
            evaluate(own->needs[i]);
            own->is_good = own->is_good && names[own->needs[i]].is_good;
        }
    }
    own->is_executed = own->is_good;
    if (own->is_good && own->kind != KIND_INPUT) {
        evaluate_rows(own);
        own->is_good = own->is_good && !own->fails;
    }
}

typedef struct asked {
    hm_binding inputs[INPUTS];
    uint32_t numbers[INPUTS];
    const char *wanted[WANTED];
    uint32_t wanted_numbers[WANTED];
    hm_request request;
} asked;

static hm_value value_of(const known *name) {
    return name->is_many ? hm_value_many(&hm_type_long, name->rows, row_count)
                         : hm_value_one(&hm_type_long, name->rows);
}

static void ask(asked *own, const hm_driver *driver) {
    const hm_graph *graph = hm_driver_graph(driver);
    own->request = (hm_request)HM_REQUEST_INIT;
    own->request.wanted = own->wanted;
    own->request.inputs = own->inputs;
    for (uint32_t i = 0; i < INPUTS; i++) {
        if (hm_graph_find(graph, names[i].name) != HM_NONE) {
            own->numbers[own->request.input_count] = i;
            own->inputs[own->request.input_count++] =
                    (hm_binding){names[i].name, value_of(&names[i])};
        }
    }
    for (size_t i = 0; i < WANTED; i++) {
        if (own->wanted_numbers[i] >= INPUTS) {
            own->wanted[own->request.wanted_count++] =
                    names[own->wanted_numbers[i]].name;
        }
    }
}

static void check_value(hm_run *run, const known *expected, unsigned seed) {
    hm_value value;
    const char *message;
    hm_status status = hm_run_status(run, expected->name, &message);
    ck_assert_msg((status == HM_OK) == expected->is_good, "seed %u: %s: %s", seed,
            expected->name, message);
    if (!expected->is_good) {
        return;
    }
    ck_assert_int_eq(hm_run_get(run, expected->name, &value, NULL), HM_OK);
    const void *data = value.depth > 0 ? value.many.data : hm_value_data(&value);
    size_t count = value.depth > 0 ? value.many.length : 1;
    ck_assert_uint_eq(count, expected->is_many ? row_count : 1);
    ck_assert_msg(memcmp(data, expected->rows, count * sizeof(int64_t)) == 0,
            "seed %u: %s differs", seed, expected->name);
}

// Who has been run, but for switches, which are the engine's.
static void check_runs(bool is_good, bool is_whole, unsigned seed) {
    for (uint32_t i = INPUTS; i < NAMES; i++) {
        known *own = &names[i];
        bool has_run = atomic_load(&own->has_run);
        if (own->kind == KIND_SWITCH) {
            continue;
        }
        // Rows that only feed others that failed need not be made.
        if (is_whole && own->is_evaluated && (is_good || !own->is_many)) {
            ck_assert_msg(has_run == own->is_executed, "seed %u: %s has %srun", seed,
                    own->name, has_run ? "" : "not ");
        }
        bool may_run = own->is_evaluated || (way == MODE_ANY && own->chooses);
        ck_assert_msg(
                !has_run || may_run, "seed %u: %s has run in vain", seed, own->name);
        ck_assert_msg(own->is_many || atomic_load(&own->run_count) <= 1 ||
                              builder.functions[i - INPUTS].combine != NULL,
                "seed %u: %s has run %d times", seed, own->name,
                atomic_load(&own->run_count));
    }
}

static void execute(hm_run *run, const asked *own, bool keeps_going, unsigned seed) {
    hm_error error;
    bool is_good = true;
    bool is_cancelled = false;
    hm_cancel_clear(cancel);
    for (uint32_t i = 0; i < NAMES; i++) {
        names[i].is_evaluated = false;
        atomic_store(&names[i].has_run, false);
        atomic_store(&names[i].run_count, 0);
    }
    for (size_t i = 0; i < own->request.wanted_count; i++) {
        evaluate(own->wanted_numbers[i]);
    }
    for (uint32_t i = INPUTS; i < NAMES; i++) {
        is_good = is_good && (!names[i].is_evaluated || names[i].is_good);
        is_cancelled = is_cancelled || names[i].cancels;
    }
    hm_status status = hm_run_execute(run, &error);
    is_cancelled = is_cancelled && status == HM_CANCELLED;
    ck_assert_msg((status == HM_OK) == is_good || is_cancelled, "seed %u: %s", seed,
            error.message);
    for (size_t i = 0;
            !is_cancelled && (is_good || keeps_going) && i < own->request.wanted_count;
            i++) {
        check_value(run, &names[own->wanted_numbers[i]], seed);
    }
    check_runs(is_good, !is_cancelled && (is_good || keeps_going), seed);
}

static void execute_often(hm_driver *driver, asked *own, unsigned seed) {
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    own->request.cancel = cancel;
    own->request.always_share = seed % 4 == 0;
    own->request.keep_going = seed % 8 >= 4;
    ck_assert_msg(hm_plan_create(driver, &own->request, &plan, &error) == HM_OK,
            "seed %u: %s", seed, error.message);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    for (int round = 0; round < ROUNDS; round++) {
        set_inputs();
        for (size_t i = 0; i < own->request.input_count; i++) {
            hm_value value = value_of(&names[own->numbers[i]]);
            if (hm_plan_find(plan, own->inputs[i].name) != HM_NONE) {
                ck_assert_int_eq(
                        hm_run_set(run, own->inputs[i].name, &value, NULL), HM_OK);
            }
        }
        execute(run, own, own->request.keep_going, seed);
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
}

static void run_graph(unsigned seed) {
    static const size_t row_counts[] = {1, 3, 70, MOST_ROWS};
    static const uint32_t thread_counts[] = {1, 2, 8};
    srand(seed);
    row_count = row_counts[pick(4)];
    way = (mode)pick(4);
    make_graph();
    set_inputs();
    asked own = {0};
    for (size_t i = 0; i < WANTED; i++) {
        own.wanted_numbers[i] = INPUTS + (uint32_t)pick(NODES);
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
        own.request.input_count = 0;
        own.request.wanted_count = 0;
        ask(&own, driver);
        execute_often(driver, &own, seed);
        hm_driver_destroy(driver);
        ck_assert_uint_eq(memory.live, 0);
    }
}

START_TEST(random_switches_run_what_a_lazy_evaluator_does) {
    uint64_t chosen;
    unsigned count = (unsigned)hm_sample(GRAPHS, GRAPHS_SAMPLE);
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    if (hm_sample_is_chosen(&chosen)) {
        run_graph((unsigned)chosen);
        count = 0;
    }
    for (unsigned seed = 1; seed <= count; seed++) {
        run_graph((unsigned)_i * GRAPHS + seed);
    }
    hm_cancel_destroy(cancel);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/demand_random");
    TCase *tests = tcase_create("random");
    tcase_add_loop_test(
            tests, random_switches_run_what_a_lazy_evaluator_does, 0, THOUSANDS);
    suite_add_tcase(suite, tests);
    return suite;
}
