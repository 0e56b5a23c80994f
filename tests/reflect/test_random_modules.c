// test_random_modules.c — random modules all the way: written as C, reflected,
// compiled, loaded, and run over columns, against an evaluator of the expressions that
// they were written from. Five modules are one file here; HM_TEST_LONG=1 does fifty,
// HM_TEST_SEED one file.

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/reflected.h"
#include "tests/support/sample.h"
#include "tests/support/suite.h"

enum { FILES = 10, MODULES = 5, INPUTS = 4, NODES = 8, NAMES = INPUTS + NODES };
enum { PARAMETERS = 3, EXPRESSIONS = 64, MOST_ROWS = 1000, TEXT = 64 * 1024 };

typedef enum operation {
    PARAMETER, // of the type that is wanted, or made so
    CONSTANT,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE, // by what is not 0
    ROOT,
    LESSER,
    CHOOSE, // the right one if the left one is positive, else the left one
    OPERATIONS
} operation;

typedef struct expression {
    operation operation;
    size_t number; // of a parameter or constant
    size_t left;
    size_t right;
} expression;

typedef enum form { MAPPED, TOTAL, RUNNING } form;

typedef struct name {
    char text[16];
    bool is_int;
    bool is_many;
    double doubles[MOST_ROWS]; // one of the two
    int ints[MOST_ROWS];

    form form;
    size_t sources[PARAMETERS];
    size_t source_count;
    size_t root; // an expression
    expression expressions[EXPRESSIONS];
    size_t expression_count;
} name;

static name names[MODULES][NAMES];
static char source[TEXT];
static size_t row_count;
static uint64_t state;

static size_t pick(size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(state >> 33) % below;
}

static void write_source(const char *format, ...) {
    size_t length = strlen(source);
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(source + length, TEXT - length, format, arguments);
    va_end(arguments);
    ck_assert(written >= 0 && (size_t)written < TEXT - length);
}

// An expression over some parameters, at most so deep.
static size_t make_expression(name *made, size_t depth) {
    size_t index = made->expression_count++;
    ck_assert_uint_lt(index, EXPRESSIONS);
    expression *one = &made->expressions[index];
    one->operation = depth == 0 ? (operation)pick(2) : (operation)pick(OPERATIONS);
    one->number = one->operation == PARAMETER ? pick(made->source_count) : pick(100);
    if (one->operation > CONSTANT) {
        one->left = make_expression(made, depth - 1);
        one->right = make_expression(made, depth - 1);
    }
    return index;
}

static double constant(const expression *one) {
    return (double)one->number / 8 - 4;
}

// Doubles as they are; of ints sums and products wrap around.
static const char *const double_forms[OPERATIONS] = {[ADD] = "(%s + %s)",
        [SUBTRACT] = "(%s - %s)",
        [MULTIPLY] = "(%s * %s)",
        [DIVIDE] = "(%s / (fabs(%s) + 1))",
        [ROOT] = "(sqrt(fabs(%s)) - %s)",
        [LESSER] = "lesser(%s, %s)",
        [CHOOSE] = "choose(%s, %s)"};
static const char *const int_forms[OPERATIONS] = {
        [ADD] = "(int)((unsigned)%s + (unsigned)%s)",
        [SUBTRACT] = "(int)((unsigned)%s - (unsigned)%s)",
        [MULTIPLY] = "(int)((unsigned)%s * (unsigned)%s)",
        [DIVIDE] = "(%s / ((%s & 15) + 1))",
        [ROOT] = "(%s ^ (%s & 255))",
        [LESSER] = "int_lesser(%s, %s)",
        [CHOOSE] = "int_choose(%s, %s)"};

static void print_expression(
        const name *made, const name *module, size_t index, char *text, size_t size) {
    const expression *one = &made->expressions[index];
    if (one->operation == CONSTANT) {
        if (made->is_int) {
            snprintf(text, size, "(%d)", (int)constant(one));
        } else {
            snprintf(text, size, "(%.3f)", constant(one));
        }
        return;
    }
    if (one->operation == PARAMETER) {
        const name *read = &module[made->sources[one->number]];
        const char *how = read->is_int == made->is_int ? "%s"
                          : made->is_int               ? "whole(%s)"
                                                       : "(double)%s";
        snprintf(text, size, how, read->text);
        return;
    }
    char *left = malloc(2 * size);
    ck_assert_ptr_nonnull(left);
    char *right = left + size;
    print_expression(made, module, one->left, left, size);
    print_expression(made, module, one->right, right, size);
    const char *how = (made->is_int ? int_forms : double_forms)[one->operation];
    int written = snprintf(text, size, how, left, right);
    ck_assert(written >= 0 && (size_t)written < size);
    free(left);
}

static const char prelude[] =
        "#include <math.h>\n"
        "#include <stddef.h>\n"
        "static inline int whole(double x) { return fabs(x) < 1e6 ? (int)x : 0; }\n"
        "static inline double lesser(double a, double b) { return a < b ? a : b; }\n"
        "static inline double choose(double a, double b) { return a > 0 ? b : a; }\n"
        "static inline int int_lesser(int a, int b) { return a < b ? a : b; }\n"
        "static inline int int_choose(int a, int b) { return a > 0 ? b : a; }\n";

static void print_node(const name *made, const name *module) {
    const char *first = module[made->sources[0]].text;
    if (made->form == TOTAL) {
        write_source("double %s(size_t n, const double %s[n]) {\n"
                     "    double all = 0;\n"
                     "    for (size_t i = 0; i < n; i++) all += %s[i];\n"
                     "    return all;\n}\n",
                made->text, first, first);
        return;
    }
    if (made->form == RUNNING) {
        write_source("void %s(size_t n, const double %s[n], double out[n]) {\n"
                     "    double all = 0;\n"
                     "    for (size_t i = 0; i < n; i++) {\n"
                     "        all = 0.5 * all + %s[i];\n"
                     "        out[i] = all;\n    }\n}\n",
                made->text, first, first);
        return;
    }
    char text[4096];
    print_expression(made, module, made->root, text, sizeof text);
    write_source("%s %s(", made->is_int ? "int" : "double", made->text);
    for (size_t p = 0; p < made->source_count; p++) {
        const name *read = &module[made->sources[p]];
        write_source("%s%s %s", p > 0 ? ", " : "", read->is_int ? "int" : "double",
                read->text);
    }
    write_source(") {\n");
    for (size_t p = 0; p < made->source_count; p++) {
        write_source("    (void)%s;\n", module[made->sources[p]].text);
    }
    write_source("    return %s;\n}\n", text);
}

// Another name than those that are read already, among the first ones.
static void add_source(name *made, size_t below) {
    size_t index = pick(below);
    for (size_t p = 0; p < made->source_count; p++) {
        if (made->sources[p] == index) {
            return;
        }
    }
    made->sources[made->source_count++] = index;
}

// A module whose inputs 0 and 1 are columns if any input is.
static void make_module(size_t number) {
    enum { DEPTH = 3 };
    name *module = names[number];
    for (size_t i = 0; i < NAMES; i++) {
        name *made = &module[i];
        *made = (name){.is_int = i < INPUTS ? i == 1 : pick(3) == 0};
        snprintf(made->text, sizeof made->text, "m%zu_%c%zu", number,
                i < INPUTS ? 'x' : 'f', i);
        if (i < INPUTS) {
            continue;
        }
        add_source(made, i);
        const name *first = &module[made->sources[0]];
        // Of what is read as an array the first input, or what is mapped over it, is
        // one.
        bool is_array = !first->is_int && made->sources[0] == 0;
        made->form =
                is_array && pick(2) == 0 ? (pick(2) == 0 ? TOTAL : RUNNING) : MAPPED;
        if (made->form != MAPPED) {
            made->is_int = false;
        } else {
            add_source(made, i);
            add_source(made, i);
            made->root = make_expression(made, DEPTH);
        }
        print_node(made, module);
    }
}

static double double_of(const name *made, const name *module, size_t index, size_t row);

static int whole(double x) {
    return fabs(x) < 1e6 ? (int)x : 0;
}

static int int_of(const name *made, const name *module, size_t index, size_t row) {
    const expression *one = &made->expressions[index];
    if (one->operation == CONSTANT) {
        return (int)constant(one);
    }
    if (one->operation == PARAMETER) {
        const name *read = &module[made->sources[one->number]];
        size_t cell = read->is_many ? row : 0;
        return read->is_int ? read->ints[cell] : whole(read->doubles[cell]);
    }
    int a = int_of(made, module, one->left, row);
    int b = int_of(made, module, one->right, row);
    switch (one->operation) {
    case ADD:
        return (int)((unsigned)a + (unsigned)b);
    case SUBTRACT:
        return (int)((unsigned)a - (unsigned)b);
    case MULTIPLY:
        return (int)((unsigned)a * (unsigned)b);
    case DIVIDE:
        return a / ((b & 15) + 1);
    case ROOT:
        return a ^ (b & 255);
    case LESSER:
        return a < b ? a : b;
    default:
        return a > 0 ? b : a;
    }
}

static double double_of(
        const name *made, const name *module, size_t index, size_t row) {
    const expression *one = &made->expressions[index];
    if (one->operation == CONSTANT) {
        return constant(one);
    }
    if (one->operation == PARAMETER) {
        const name *read = &module[made->sources[one->number]];
        size_t cell = read->is_many ? row : 0;
        return read->is_int ? (double)read->ints[cell] : read->doubles[cell];
    }
    double a = double_of(made, module, one->left, row);
    double b = double_of(made, module, one->right, row);
    switch (one->operation) {
    case ADD:
        return a + b;
    case SUBTRACT:
        return a - b;
    case MULTIPLY:
        return a * b;
    case DIVIDE:
        return a / (fabs(b) + 1);
    case ROOT:
        return sqrt(fabs(a)) - b;
    case LESSER:
        return a < b ? a : b;
    default:
        return a > 0 ? b : a;
    }
}

static void evaluate_array(name *made, const name *read) {
    double all = 0;
    for (size_t row = 0; row < row_count; row++) {
        all = made->form == TOTAL ? all + read->doubles[row]
                                  : 0.5 * all + read->doubles[row];
        made->doubles[made->form == TOTAL ? 0 : row] = all;
    }
    made->doubles[0] = made->form == TOTAL ? all : made->doubles[0];
    made->is_many = made->form == RUNNING;
}

static void evaluate(name *made, const name *module) {
    if (made->form != MAPPED) {
        evaluate_array(made, &module[made->sources[0]]);
        return;
    }
    made->is_many = false;
    for (size_t p = 0; p < made->source_count; p++) {
        made->is_many = made->is_many || module[made->sources[p]].is_many;
    }
    for (size_t row = 0; row < (made->is_many ? row_count : 1); row++) {
        if (made->is_int) {
            made->ints[row] = int_of(made, module, made->root, row);
        } else {
            made->doubles[row] = double_of(made, module, made->root, row);
        }
    }
}

// New values for all inputs, and what comes of them. The first one is always a column.
static void fill(name *module) {
    for (size_t i = 0; i < INPUTS; i++) {
        module[i].is_many = i == 0 || pick(2) == 0;
        for (size_t row = 0; row < row_count; row++) {
            module[i].doubles[row] = ((double)pick(20000) - 10000) / 99;
            module[i].ints[row] = (int)pick(2000) - 1000;
        }
    }
    for (size_t i = INPUTS; i < NAMES; i++) {
        evaluate(&module[i], module);
    }
}

static void compare(const name *expected, const hm_value *found, const char *way) {
    ck_assert_msg(found->depth == expected->is_many, "%s: %s", way, expected->text);
    size_t length = found->depth > 0 ? found->many.length : 1;
    ck_assert_uint_eq(length, expected->is_many ? row_count : 1);
    const void *data = found->depth > 0 ? found->many.data : hm_value_data(found);
    for (size_t row = 0; row < length; row++) {
        double theirs = expected->is_int ? ((const int *)data)[row]
                                         : ((const double *)data)[row];
        double ours = expected->is_int ? expected->ints[row] : expected->doubles[row];
        // One that is not a number is like another.
        ck_assert_msg(memcmp(&theirs, &ours, sizeof ours) == 0 ||
                              (isnan(theirs) && isnan(ours)),
                "%s: %s is %.17g in row %zu, not %.17g\n%s", way, expected->text,
                theirs, row + 1, ours, source);
    }
}

static void run_module(const hm_driver *driver, size_t number, uint32_t block_length,
        const char *way) {
    const name *module = names[number];
    hm_request request = HM_REQUEST_INIT;
    const char *wanted[NODES];
    hm_binding inputs[INPUTS];
    for (size_t i = 0; i < NAMES; i++) {
        const name *one = &module[i];
        const hm_type *type = one->is_int ? &hm_type_int : &hm_type_double;
        const void *data = one->is_int ? (const void *)one->ints : one->doubles;
        if (i >= INPUTS) {
            wanted[request.wanted_count++] = one->text;
        } else if (hm_graph_find(hm_driver_graph(driver), one->text) != HM_NONE) {
            inputs[request.input_count++] = (hm_binding){
                    one->text, one->is_many ? hm_value_many(type, data, row_count)
                                            : hm_value_one(type, data)};
        }
    }
    request.wanted = wanted;
    request.inputs = inputs;
    request.block_length = block_length;
    request.always_share = pick(2) == 0;
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK,
            "%s: %s\n%s", way, error.message, source);
    for (size_t i = 0; i < NODES; i++) {
        compare(&module[INPUTS + i], hm_results_value(results, i), way);
    }
    hm_results_destroy(results);
}

static void run_modules(const hm_module *loaded, uint64_t seed) {
    static const uint32_t thread_counts[] = {1, 2, 8};
    static const uint32_t block_lengths[] = {0, 1, 3};
    static const size_t row_counts[] = {1, 3, 7, MOST_ROWS};
    const hm_module *modules[] = {loaded};
    for (size_t t = 0; t < 3; t++) {
        hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
        options.modules = modules;
        options.module_count = 1;
        options.thread_count = thread_counts[t];
        hm_driver *driver;
        hm_error error;
        ck_assert_msg(hm_driver_create(&options, &driver, &error) == HM_OK,
                "seed %llu: %s\n%s", (unsigned long long)seed, error.message, source);
        for (size_t i = 0; i < 3 * 4 * MODULES; i++) {
            char way[96];
            row_count = row_counts[i / 3 % 4];
            snprintf(way, sizeof way, "seed %llu, %zu rows, blocks of %u, %u threads",
                    (unsigned long long)seed, row_count, (unsigned)block_lengths[i % 3],
                    (unsigned)thread_counts[t]);
            fill(names[i / 12]);
            run_module(driver, i / 12, block_lengths[i % 3], way);
        }
        hm_driver_destroy(driver);
    }
}

START_TEST(random_modules_compute_what_their_expressions_say) {
    uint64_t seed = (uint64_t)_i;
    hm_sample_is_chosen(&seed);
    state = seed;
    snprintf(source, sizeof source, "%s", prelude);
    for (size_t i = 0; i < MODULES; i++) {
        make_module(i);
    }
    const char *compilers[2];
    size_t compiler_count = hm_reflected_compilers(compilers);
    hm_reflected reflected;
    hm_reflected_source(&reflected, source);
    hm_reflected_load(&reflected, compilers[seed % compiler_count]);
    run_modules(reflected.module, seed);
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/random_modules");
    TCase *tests = tcase_create("random");
    uint64_t seed;
    tcase_add_loop_test(tests, random_modules_compute_what_their_expressions_say, 0,
            hm_sample_is_chosen(&seed) ? 1 : (int)hm_sample(FILES, 1));
    suite_add_tcase(suite, tests);
    return suite;
}
