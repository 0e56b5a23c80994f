// bench_expand.c — what does it cost to build a graph of which a few functions make
// most nodes? 100 functions make 100,000: beside a module in which as many functions
// are written out.
//
//     inner   60 functions, 10 of them 5 nodes each: 100 nodes
//     outer   1 function in 497 subdags of that, 39 functions of 1,277 nodes each

#include <stdio.h>
#include <stdlib.h>

#include "bench/dataflow.h"
#include "bench/measure.h"

enum {
    INNER = 60, // functions
    INNER_PARAMETERIZED = 10,
    INNER_COPIES = 5, // of each of these
    OUTER_PARAMETERIZED = 39,
    NAME = 16,
};

// A module of functions of two parameters, each of which reads what the last two make.
struct tables {
    hm_module module;
    hm_function *functions;
    hm_parameter *parameters;
    hm_output *outputs;
    char (*names)[NAME]; // of the functions, then of the nodes that modifiers make
    hm_modifier *modifiers;
    hm_argument *arguments;
    uint32_t function_count;
    uint32_t modifier_count;
    uint32_t argument_count;
};

static int call(void *frame, const uint32_t *at, void *self) {
    (void)self;
    char *slots = frame;
    *(double *)(slots + at[2]) =
            hm_dataflow_two(*(double *)(slots + at[0]), *(double *)(slots + at[1]));
    return 0;
}

static bool take(struct tables *tables, const char *file, uint32_t function_count,
        uint32_t modifier_count) {
    *tables = (struct tables){.function_count = function_count};
    tables->functions = calloc(function_count, sizeof *tables->functions);
    tables->parameters = calloc(function_count, 2 * sizeof *tables->parameters);
    tables->outputs = calloc(function_count, sizeof *tables->outputs);
    tables->names = calloc(function_count + modifier_count, NAME);
    tables->modifiers = calloc(modifier_count, sizeof *tables->modifiers);
    tables->arguments = calloc(modifier_count, 5 * sizeof *tables->arguments);
    tables->module = (hm_module){.abi = HM_MODULE_ABI,
            .name = file,
            .file = file,
            .functions = tables->functions,
            .function_count = function_count};
    return tables->functions != NULL && tables->parameters != NULL &&
           tables->outputs != NULL && tables->names != NULL &&
           tables->modifiers != NULL && tables->arguments != NULL;
}

static void finish(struct tables *tables) {
    free(tables->functions);
    free(tables->parameters);
    free(tables->outputs);
    free(tables->names);
    free(tables->modifiers);
    free(tables->arguments);
}

static const char *name(struct tables *tables, uint32_t index, const char *prefix) {
    snprintf(tables->names[index], NAME, "%s%u", prefix, (unsigned)index);
    return tables->names[index];
}

static void describe(struct tables *tables, uint32_t index, const char *first,
        const char *second, const char *prefix) {
    hm_parameter *parameters = &tables->parameters[2 * (size_t)index];
    const char *const read[] = {first, second};
    for (size_t p = 0; p < 2; p++) {
        parameters[p] = (hm_parameter){
                .name = read[p], .type = &hm_type_double, .dimension = HM_NONE};
    }
    tables->outputs[index] = (hm_output){.name = name(tables, index, prefix),
            .type = &hm_type_double,
            .dimension = HM_NONE};
    tables->functions[index] = (hm_function){.name = tables->names[index],
            .file = tables->module.file,
            .line = index + 1,
            .parameters = parameters,
            .parameter_count = 2,
            .outputs = &tables->outputs[index],
            .output_count = 1,
            .version = "0123456789abcdef0123456789abcdef",
            .call = call};
}

static hm_argument *argument(
        struct tables *tables, hm_argument_kind kind, const char *text) {
    hm_argument *added = &tables->arguments[tables->argument_count++];
    *added = (hm_argument){.kind = kind, .text = text};
    return added;
}

// Makes a node of the function: from another file's graph or, if that is NULL, of its
// own code, with its second parameter bound.
static void add_node(struct tables *tables, uint32_t index, const char *file,
        const char *bound, const char *prefix) {
    hm_function *function = &tables->functions[index];
    hm_modifier *modifier = &tables->modifiers[tables->modifier_count];
    uint32_t number = tables->function_count + tables->modifier_count++;
    hm_argument *first =
            argument(tables, HM_ARGUMENT_NAME, name(tables, number, prefix));
    if (file != NULL) {
        argument(tables, HM_ARGUMENT_STRING, file);
    }
    hm_argument *value = argument(tables, HM_ARGUMENT_CALL, "value");
    hm_argument *parts = argument(tables, HM_ARGUMENT_NAME, bound);
    argument(tables, HM_ARGUMENT_INT, "3")->integer = 3;
    value->arguments = parts;
    value->argument_count = 2;
    *modifier = (hm_modifier){.name = file != NULL ? "subdag_as" : "parameterize",
            .arguments = first,
            .argument_count = file != NULL ? 3 : 2,
            .line = number};
    if (function->modifier_count++ == 0) {
        function->modifiers = modifier;
    }
}

static bool make_inner(struct tables *inner) {
    enum { NODES = INNER_PARAMETERIZED * INNER_COPIES };
    if (!take(inner, "inner.c", INNER, NODES)) {
        return false;
    }
    for (uint32_t i = 0; i < INNER; i++) {
        bool is_plain = i < INNER - INNER_PARAMETERIZED;
        describe(inner, i, i > 0 && is_plain ? inner->names[i - 1] : "x",
                i > 1 && is_plain ? inner->names[i - 2] : "rate", "node_");
    }
    for (uint32_t i = 0; i < NODES; i++) {
        add_node(inner, INNER - INNER_PARAMETERIZED + i / INNER_COPIES, NULL, "rate",
                "made_");
    }
    return true;
}

static bool make_outer(struct tables *outer, uint32_t subdags, uint32_t copies) {
    uint32_t nodes = OUTER_PARAMETERIZED * copies;
    if (!take(outer, "outer.c", OUTER_PARAMETERIZED + 1, nodes + subdags)) {
        return false;
    }
    describe(outer, 0, "node_49", "node_48", "top_");
    for (uint32_t i = 1; i <= OUTER_PARAMETERIZED; i++) {
        describe(outer, i, "x", "y", "top_");
    }
    for (uint32_t i = 0; i < subdags; i++) {
        add_node(outer, 0, "inner.c", "rate", "sub_");
    }
    for (uint32_t i = 0; i < nodes; i++) {
        add_node(outer, 1 + i / copies, NULL, "y", "copy_");
    }
    return true;
}

struct build {
    hm_driver_options options;
    hm_driver *driver;
};

static bool build_graph(void *subject) {
    struct build *build = subject;
    hm_error error;
    if (hm_driver_create(&build->options, &build->driver, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static void undo_graph(void *subject) {
    struct build *build = subject;
    hm_driver_destroy(build->driver);
    build->driver = NULL;
}

static bool has_nodes(struct build *build, uint32_t count) {
    if (!build_graph(build)) {
        return false;
    }
    uint32_t found = hm_graph_node_count(hm_driver_graph(build->driver));
    undo_graph(build);
    if (found != count) {
        fprintf(stderr, "%u nodes instead of %u\n", (unsigned)found, (unsigned)count);
    }
    return found == count;
}

static bool measure(uint32_t subdags, uint32_t copies, bool is_quick) {
    struct tables inner;
    struct tables outer = {0};
    uint32_t node_count = subdags * (INNER - INNER_PARAMETERIZED +
                                            INNER_PARAMETERIZED * INNER_COPIES + 1) +
                          OUTER_PARAMETERIZED * copies;
    hm_dataflow *written = hm_dataflow_layers(100, node_count / 100, false);
    bool is_done = make_inner(&inner) && make_outer(&outer, subdags, copies) &&
                   written != NULL;
    if (is_done) {
        const hm_module *modules[] = {&outer.module};
        const hm_module *libraries[] = {&inner.module};
        struct build made = {.options = HM_DRIVER_OPTIONS_INIT};
        made.options.modules = modules;
        made.options.module_count = 1;
        made.options.libraries = libraries;
        made.options.library_count = 1;
        struct build plain = {.options = hm_dataflow_options(written)};
        const hm_system systems[] = {
                {"expanded", build_graph, undo_graph, &made, 1},
                {"written", build_graph, undo_graph, &plain, 1},
        };
        char label[64];
        snprintf(label, sizeof label, "functions_100_nodes_%u", (unsigned)node_count);
        is_done = has_nodes(&made, node_count + 1) && // x
                  hm_measure(&(hm_measurement){.bench = "expand",
                                     .name = label,
                                     .unit = "ns/node",
                                     .per_second = 1e9 / node_count,
                                     .rounds = HM_MEASURE_PAIRS,
                                     .systems = systems,
                                     .system_count = 2},
                          is_quick);
    }
    finish(&inner);
    finish(&outer);
    hm_dataflow_destroy(written);
    return is_done;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    bool is_done =
            measure(7, 7, is_quick) && (is_quick || measure(497, 1277, is_quick));
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
