// bench_reflect.c — how long does it take to reflect a module of a thousand functions,
// and to have it reflected, compiled and loaded? Beside the C compiler alone, which
// reads the same file, and makes a shared object of it that knows of no dataflow.

#include <stdio.h>
#include <stdlib.h>

#include <hamilton/driver.h>
#include <hamilton/library.h>

#include "bench/measure.h"
#include "bench/program.h"

enum { FUNCTION_COUNT = 1000, QUICK_FUNCTION_COUNT = 20, KIND_COUNT = 5 };

static const char beginning[] =
        "// features.c — made features of all kinds.\n"
        "\n"
        "#include <math.h>\n"
        "#include <stddef.h>\n"
        "\n"
        "#include <hamilton/modifiers.h>\n"
        "\n"
        "#define PART(share) ((share) / 100.0)\n"
        "\n"
        "struct bounds {\n"
        "    double low;\n"
        "    double high;\n"
        "};\n"
        "\n"
        "static double clamp(double value, double low, double high) {\n"
        "    return value < low ? low : value > high ? high : value;\n"
        "}\n";

// One function of each kind, in turn. %1$u is its number, %2$u that of the one before.
static const char *const kinds[KIND_COUNT] = {
        "\n"
        "/** A one-value feature, number %1$u: moves the last one by the rate. */\n"
        "HM_TAG(owner, \"bench\")\n"
        "double feature_%1$u(double feature_%2$u, double rate) {\n"
        "    double moved = feature_%2$u + PART(rate);\n"
        "    return clamp(moved, -1e6, 1e6);\n"
        "}\n",

        "\n"
        "/** A running mean of the last feature, over three places. */\n"
        "void feature_%1$u(size_t n, const double feature_%2$u[n], double out[n]) {\n"
        "    for (size_t i = 0; i < n; i++) {\n"
        "        double sum = feature_%2$u[i];\n"
        "        sum += i > 0 ? feature_%2$u[i - 1] : 0;\n"
        "        sum += i > 1 ? feature_%2$u[i - 2] : 0;\n"
        "        out[i] = sum / 3;\n"
        "    }\n"
        "}\n",

        "\n"
        "/** How far the last feature went, up and down. */\n"
        "struct bounds feature_%1$u(size_t n, const double feature_%2$u[n]) {\n"
        "    struct bounds bounds = {INFINITY, -INFINITY};\n"
        "    for (size_t i = 0; i < n; i++) {\n"
        "        bounds.low = fmin(bounds.low, feature_%2$u[i]);\n"
        "        bounds.high = fmax(bounds.high, feature_%2$u[i]);\n"
        "    }\n"
        "    return bounds;\n"
        "}\n",

        "\n"
        "/** What lies between the bounds. */\n"
        "double feature_%1$u(struct bounds feature_%2$u,\n"
        "        HM_DEFAULT(1.0) double scale) {\n"
        "    double range = feature_%2$u.high - feature_%2$u.low;\n"
        "    return scale * range;\n"
        "}\n",

        "\n"
        "/** The price at that rate. */\n"
        "double feature_%1$u(double feature_%2$u, double price, double rate) {\n"
        "    double share = PART(rate) * feature_%2$u;\n"
        "    if (share < 0) {\n"
        "        return price;\n"
        "    }\n"
        "    return price * (1 + share) + sqrt(share);\n"
        "}\n",
};

// What the runs share.
struct bench {
    char *module;
    char *tables;
    char *library;
    char *plain;
    unsigned function_count;
    hm_library *loaded;
};

// The first feature reads an input; each of the others reads the one before.
static bool write_module(const struct bench *bench) {
    FILE *file = fopen(bench->module, "w");
    if (file == NULL) {
        perror(bench->module);
        return false;
    }
    fputs(beginning, file);
    for (unsigned i = 1; i <= bench->function_count; i++) {
        fprintf(file, kinds[(i - 1) % KIND_COUNT], i, i - 1);
    }
    return fclose(file) == 0;
}

static bool run(const char *const *arguments) {
    return hm_program_run(&(hm_program){.arguments = arguments});
}

static const char *hamilton(void) {
    return getenv("HAMILTON");
}

static bool reflect(void *subject) {
    const struct bench *bench = subject;
    return run((const char *const[]){
            hamilton(), "reflect", bench->module, "-o", bench->tables, NULL});
}

static bool parse(void *subject) {
    const struct bench *bench = subject;
    return run((const char *const[]){
            "cc", "-std=gnu11", "-fsyntax-only", "-I" HM_HEADERS, bench->module, NULL});
}

static bool load(struct bench *bench) {
    hm_error error;
    if (hm_library_open(bench->library, &bench->loaded, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static bool build(void *subject) {
    struct bench *bench = subject;
    return run((const char *const[]){
                   hamilton(), "build", bench->module, "-o", bench->library, NULL}) &&
           load(bench);
}

static void undo_build(void *subject) {
    struct bench *bench = subject;
    hm_library_close(bench->loaded);
    bench->loaded = NULL;
}

static bool compile(void *subject) {
    const struct bench *bench = subject;
    return run((const char *const[]){"cc", "-std=gnu11", "-O3", "-march=native",
            "-ffp-contract=off", "-fno-math-errno", "-fPIC", "-shared", "-I" HM_HEADERS,
            bench->module, "-o", bench->plain, "-lm", NULL});
}

// Whether what was built last is a dataflow of all the functions.
static bool is_whole(struct bench *bench) {
    if (!load(bench)) {
        return false;
    }
    const hm_module *modules[] = {hm_library_module(bench->loaded)};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    hm_driver *driver;
    hm_error error;
    bool is_right = false;
    if (hm_driver_create(&options, &driver, &error) == HM_OK) {
        char last[32];
        snprintf(last, sizeof last, "feature_%u", bench->function_count);
        is_right = modules[0]->function_count == bench->function_count &&
                   hm_graph_find(hm_driver_graph(driver), last) != HM_NONE;
        snprintf(error.message, sizeof error.message, "the module is not whole");
        hm_driver_destroy(driver);
    }
    if (!is_right) {
        fprintf(stderr, "%s\n", error.message);
    }
    undo_build(bench);
    return is_right;
}

static bool measure(struct bench *bench, bool is_quick) {
    const hm_system reflecting[] = {
            {.name = "hamilton", .run = reflect, .subject = bench},
            {.name = "cc", .run = parse, .subject = bench},
    };
    const hm_system building[] = {
            {"hamilton", build, undo_build, bench, 1},
            {.name = "cc", .run = compile, .subject = bench},
    };
    char name[64];
    snprintf(name, sizeof name, "functions_%u", bench->function_count);
    hm_measurement measurement = {.bench = "reflect",
            .name = name,
            .unit = "s",
            .per_second = 1,
            .rounds = HM_MEASURE_PAIRS,
            .systems = reflecting,
            .system_count = 2};
    if (!write_module(bench) || !hm_measure(&measurement, is_quick)) {
        return false;
    }
    snprintf(name, sizeof name, "built_and_loaded_%u", bench->function_count);
    measurement.rounds = 3; // it takes seconds, next to which noise is small
    measurement.systems = building;
    return hm_measure(&measurement, is_quick) && is_whole(bench);
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    if (hamilton() == NULL) {
        fprintf(stderr, "HAMILTON is not set: it names the command to measure\n");
        return EXIT_FAILURE;
    }
    hm_workplace workplace;
    if (!hm_workplace_init(&workplace)) {
        return EXIT_FAILURE;
    }
    struct bench bench = {
            .module = hm_workplace_path(&workplace, "features.c"),
            .tables = hm_workplace_path(&workplace, "features.hm.c"),
            .library = hm_workplace_path(&workplace, "features.so"),
            .plain = hm_workplace_path(&workplace, "plain.so"),
            .function_count = is_quick ? QUICK_FUNCTION_COUNT : FUNCTION_COUNT,
    };
    bool is_done = bench.module != NULL && bench.tables != NULL &&
                   bench.library != NULL && bench.plain != NULL &&
                   measure(&bench, is_quick);
    free(bench.module);
    free(bench.tables);
    free(bench.library);
    free(bench.plain);
    hm_workplace_finish(&workplace);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
