// dataflow.c — the shapes, and the tables made from them.

#include "bench/dataflow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 24 };

// What lies behind the tables of a dataflow; owned by it through the module.
typedef struct tables {
    hm_dataflow dataflow;
    uint32_t *of;      // of the sources of all nodes
    uint32_t *next_of; // where those of the next node go
    uint32_t *places;  // of each function, the node that it makes
    char *names;
    hm_parameter *parameters; // in the order of `of`
    hm_output *outputs;       // of each function
    hm_function *functions;
} tables;

// Thunks as `hamilton reflect` writes them: one indirect call, into which the function
// is inlined.

static int call_one(void *frame, const uint32_t *at, void *self) {
    (void)self;
    char *f = frame;
    *(double *)(void *)(f + at[1]) = hm_dataflow_one(*(double *)(void *)(f + at[0]));
    return 0;
}

static int call_two(void *frame, const uint32_t *at, void *self) {
    (void)self;
    char *f = frame;
    *(double *)(void *)(f + at[2]) = hm_dataflow_two(
            *(double *)(void *)(f + at[0]), *(double *)(void *)(f + at[1]));
    return 0;
}

static int call_three(void *frame, const uint32_t *at, void *self) {
    (void)self;
    char *f = frame;
    *(double *)(void *)(f + at[3]) = hm_dataflow_three(*(double *)(void *)(f + at[0]),
            *(double *)(void *)(f + at[1]), *(double *)(void *)(f + at[2]));
    return 0;
}

// Adds up all that it reads; self are the node's sources.
static int call_many(void *frame, const uint32_t *at, void *self) {
    const hm_sources *sources = self;
    char *f = frame;
    double sum = 0;
    for (uint32_t i = 0; i < sources->count; i++) {
        sum += *(double *)(void *)(f + at[i]);
    }
    *(double *)(void *)(f + at[sources->count]) = sum;
    return 0;
}

static hm_call_thunk *thunk(uint32_t source_count) {
    static hm_call_thunk *const thunks[] = {NULL, call_one, call_two, call_three};
    return source_count <= HM_SOURCE_LIMIT ? thunks[source_count] : call_many;
}

// The same with work to do; self is how much.

static int work_one(void *frame, const uint32_t *at, void *self) {
    (void)call_one(frame, at, NULL);
    double *out = (double *)(void *)((char *)frame + at[1]);
    *out = hm_dataflow_work(*out, *(const uint32_t *)self);
    return 0;
}

static int work_two(void *frame, const uint32_t *at, void *self) {
    (void)call_two(frame, at, NULL);
    double *out = (double *)(void *)((char *)frame + at[2]);
    *out = hm_dataflow_work(*out, *(const uint32_t *)self);
    return 0;
}

static int work_three(void *frame, const uint32_t *at, void *self) {
    (void)call_three(frame, at, NULL);
    double *out = (double *)(void *)((char *)frame + at[3]);
    *out = hm_dataflow_work(*out, *(const uint32_t *)self);
    return 0;
}

void hm_dataflow_set_work(hm_dataflow *dataflow, uint32_t rounds) {
    static hm_call_thunk *const thunks[] = {NULL, work_one, work_two, work_three};
    tables *made = (tables *)dataflow;
    for (uint32_t f = 0; f < dataflow->node_count; f++) {
        hm_function *function = &made->functions[f];
        uint32_t node = made->places[f];
        if (function->parameter_count <= HM_SOURCE_LIMIT) {
            dataflow->rounds[node] = rounds;
            function->call = thunks[function->parameter_count];
            function->self = &dataflow->rounds[node];
        }
    }
}

void hm_dataflow_set_work_of(hm_dataflow *dataflow, uint32_t node, uint32_t rounds) {
    dataflow->rounds[node] = rounds;
}

static hm_dataflow *allocate(
        uint32_t input_count, uint32_t node_count, uint32_t source_count) {
    tables *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    hm_dataflow *dataflow = &made->dataflow;
    uint32_t name_count = input_count + node_count;
    dataflow->input_count = input_count;
    dataflow->node_count = node_count;
    dataflow->sources = calloc(node_count, sizeof *dataflow->sources);
    dataflow->rounds = calloc(node_count, sizeof *dataflow->rounds);
    dataflow->wanted = calloc(node_count, sizeof *dataflow->wanted);
    dataflow->names = calloc(name_count, sizeof *dataflow->names);
    dataflow->wanted_names = calloc(node_count, sizeof *dataflow->wanted_names);
    dataflow->inputs = calloc(input_count, sizeof *dataflow->inputs);
    made->of = calloc(source_count, sizeof *made->of);
    made->next_of = made->of;
    made->places = calloc(node_count, sizeof *made->places);
    made->names = calloc(name_count, NAME_SIZE);
    made->parameters = calloc(source_count, sizeof *made->parameters);
    made->outputs = calloc(node_count, sizeof *made->outputs);
    made->functions = calloc(node_count, sizeof *made->functions);
    if (dataflow->sources == NULL || dataflow->rounds == NULL ||
            dataflow->wanted == NULL || dataflow->names == NULL ||
            dataflow->wanted_names == NULL || dataflow->inputs == NULL ||
            made->of == NULL || made->places == NULL || made->names == NULL ||
            made->parameters == NULL || made->outputs == NULL ||
            made->functions == NULL) {
        hm_dataflow_destroy(dataflow);
        return NULL;
    }
    return dataflow;
}

void hm_dataflow_destroy(hm_dataflow *dataflow) {
    if (dataflow == NULL) {
        return;
    }
    tables *made = (tables *)dataflow;
    free(made->functions);
    free(made->outputs);
    free(made->parameters);
    free(made->names);
    free(made->places);
    free(made->of);
    free(dataflow->inputs);
    free(dataflow->wanted_names);
    free(dataflow->names);
    free(dataflow->wanted);
    free(dataflow->rounds);
    free(dataflow->sources);
    free(made);
}

// Gives a node its sources.
static void read(
        hm_dataflow *dataflow, uint32_t node, uint32_t count, const uint32_t *of) {
    tables *made = (tables *)dataflow;
    dataflow->sources[node] = (hm_sources){count, made->next_of};
    memcpy(made->next_of, of, count * sizeof *of);
    made->next_of += count;
}

// Which node each function makes: its own number, or, shuffled, any.
static void place_all(tables *made, bool is_shuffled) {
    uint32_t random = 1;
    for (uint32_t i = 0; i < made->dataflow.node_count; i++) {
        made->places[i] = i;
    }
    for (uint32_t i = made->dataflow.node_count; is_shuffled && i > 1; i--) {
        random = random * 1664525 + 1013904223; // Numerical Recipes' generator
        uint32_t other = (uint32_t)((uint64_t)random * i >> 32);
        uint32_t kept = made->places[i - 1];
        made->places[i - 1] = made->places[other];
        made->places[other] = kept;
    }
}

static void name_all(tables *made) {
    hm_dataflow *dataflow = &made->dataflow;
    char *text = made->names;
    for (uint32_t i = 0; i < dataflow->input_count; i++, text += NAME_SIZE) {
        snprintf(text, NAME_SIZE, "input_%u", (unsigned)i);
        dataflow->names[i] = text;
    }
    for (uint32_t f = 0; f < dataflow->node_count; f++, text += NAME_SIZE) {
        snprintf(text, NAME_SIZE, "node_%u", (unsigned)made->places[f]);
        dataflow->names[dataflow->input_count + made->places[f]] = text;
    }
}

static void describe(tables *made, uint32_t index) {
    const hm_dataflow *dataflow = &made->dataflow;
    uint32_t node = made->places[index];
    const hm_sources *sources = &dataflow->sources[node];
    hm_parameter *parameters = &made->parameters[sources->of - made->of];
    for (uint32_t i = 0; i < sources->count; i++) {
        parameters[i] = (hm_parameter){.name = dataflow->names[sources->of[i]],
                .type = &hm_type_double,
                .shape = HM_ONE,
                .dimension = HM_NONE};
    }
    const char *name = dataflow->names[dataflow->input_count + node];
    made->outputs[index] = (hm_output){.name = name,
            .type = &hm_type_double,
            .shape = HM_ONE,
            .dimension = HM_NONE};
    made->functions[index] = (hm_function){.name = name,
            .file = __FILE__,
            .line = index + 1,
            .parameters = parameters,
            .parameter_count = sources->count,
            .outputs = &made->outputs[index],
            .output_count = 1,
            .call = thunk(sources->count),
            .self = (void *)sources};
}

static bool find_wanted(hm_dataflow *dataflow) {
    bool *is_read =
            calloc(dataflow->input_count + dataflow->node_count, sizeof *is_read);
    if (is_read == NULL) {
        return false;
    }
    for (uint32_t node = 0; node < dataflow->node_count; node++) {
        for (uint32_t i = 0; i < dataflow->sources[node].count; i++) {
            is_read[dataflow->sources[node].of[i]] = true;
        }
    }
    for (uint32_t node = 0; node < dataflow->node_count; node++) {
        if (!is_read[dataflow->input_count + node]) {
            dataflow->wanted[dataflow->wanted_count] = node;
            dataflow->wanted_names[dataflow->wanted_count++] =
                    dataflow->names[dataflow->input_count + node];
        }
    }
    free(is_read);
    return true;
}

// The sources are known: makes all the rest.
static hm_dataflow *finish(hm_dataflow *dataflow, const char *name, bool is_shuffled) {
    tables *made = (tables *)dataflow;
    place_all(made, is_shuffled);
    name_all(made);
    for (uint32_t f = 0; f < dataflow->node_count; f++) {
        describe(made, f);
    }
    for (uint32_t i = 0; i < dataflow->input_count; i++) {
        dataflow->inputs[i] = (hm_binding){dataflow->names[i], hm_value_double(i + 1)};
    }
    dataflow->module = (hm_module){.abi = HM_MODULE_ABI,
            .name = name,
            .file = __FILE__,
            .functions = made->functions,
            .function_count = dataflow->node_count};
    dataflow->modules[0] = &dataflow->module;
    if (!find_wanted(dataflow)) {
        hm_dataflow_destroy(dataflow);
        return NULL;
    }
    return dataflow;
}

hm_dataflow *hm_dataflow_chain(uint32_t node_count, bool is_shuffled) {
    hm_dataflow *dataflow = allocate(1, node_count, node_count);
    for (uint32_t node = 0; dataflow != NULL && node < node_count; node++) {
        read(dataflow, node, 1, &(uint32_t){node});
    }
    return dataflow != NULL ? finish(dataflow, "chain", is_shuffled) : NULL;
}

hm_dataflow *hm_dataflow_chains(const char *name, uint32_t count, uint32_t length) {
    hm_dataflow *dataflow = allocate(1, count * length, count * length);
    for (uint32_t node = 0; dataflow != NULL && node < count * length; node++) {
        read(dataflow, node, 1, &(uint32_t){node % length == 0 ? 0 : node});
    }
    return dataflow != NULL ? finish(dataflow, name, false) : NULL;
}

hm_dataflow *hm_dataflow_layers(uint32_t width, uint32_t depth, bool is_shuffled) {
    enum { INPUT_COUNT = 3 };
    uint32_t count = width * depth;
    hm_dataflow *dataflow = allocate(INPUT_COUNT, count, 3 * count);
    for (uint32_t node = 0; dataflow != NULL && node < count; node++) {
        uint32_t place = node % width;
        uint32_t above = INPUT_COUNT + node - place - width; // where the last layer is
        uint32_t of[] = {above + place, above + (place + 1) % width,
                above + (place + 7) % width};
        if (node < width) {
            read(dataflow, node, 1, &(uint32_t){place % INPUT_COUNT});
        } else {
            read(dataflow, node, 3, of);
        }
    }
    return dataflow != NULL ? finish(dataflow, "layers", is_shuffled) : NULL;
}

hm_dataflow *hm_dataflow_fan(uint32_t width) {
    hm_dataflow *dataflow = allocate(1, width + 2, 1 + width + width);
    uint32_t *all = calloc(width, sizeof *all);
    if (dataflow == NULL || all == NULL) {
        free(all);
        hm_dataflow_destroy(dataflow);
        return NULL;
    }
    read(dataflow, 0, 1, &(uint32_t){0});
    for (uint32_t i = 0; i < width; i++) {
        read(dataflow, 1 + i, 1, &(uint32_t){1});
        all[i] = 2 + i;
    }
    read(dataflow, 1 + width, width, all);
    free(all);
    return finish(dataflow, "fan", false);
}

hm_dataflow *hm_dataflow_tree(uint32_t leaf_count) {
    enum { INPUT_COUNT = 3 };
    hm_dataflow *dataflow =
            allocate(INPUT_COUNT, 2 * leaf_count - 1, 3 * leaf_count - 2);
    for (uint32_t n = 0; dataflow != NULL && n < leaf_count; n++) {
        read(dataflow, n, 1, &(uint32_t){n % INPUT_COUNT});
    }
    for (uint32_t n = leaf_count; dataflow != NULL && n < 2 * leaf_count - 1; n++) {
        uint32_t left = INPUT_COUNT + 2 * (n - leaf_count);
        read(dataflow, n, 2, (uint32_t[]){left, left + 1});
    }
    return dataflow != NULL ? finish(dataflow, "tree", false) : NULL;
}

hm_dataflow *hm_dataflow_service(void) {
    static const struct {
        uint32_t count;
        uint32_t of[HM_SOURCE_LIMIT];
    } sources[] = {
            {1, {0}},                                                        // node 3
            {2, {3, 1}}, {2, {3, 2}}, {1, {3}}, {3, {3, 1, 2}}, {2, {3, 0}}, // 4 to 8
            {2, {4, 5}}, {2, {5, 6}}, {3, {4, 6, 7}},                        // 9 to 11
            {2, {7, 8}}, {1, {8}}, {3, {4, 5, 8}},                           // 12 to 14
            {2, {9, 10}}, {3, {10, 11, 12}}, {2, {12, 13}},                  // 15 to 17
            {2, {13, 14}}, {3, {9, 11, 14}},                 // 18 and 19
            {2, {15, 16}}, {3, {16, 17, 18}}, {2, {18, 19}}, // 20 to 22
    };
    enum { COUNT = sizeof sources / sizeof sources[0] };
    hm_dataflow *dataflow = allocate(3, COUNT, COUNT * HM_SOURCE_LIMIT);
    for (uint32_t n = 0; dataflow != NULL && n < COUNT; n++) {
        read(dataflow, n, sources[n].count, sources[n].of);
    }
    return dataflow != NULL ? finish(dataflow, "service", false) : NULL;
}

hm_driver_options hm_dataflow_options(const hm_dataflow *dataflow) {
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = dataflow->modules;
    options.module_count = 1;
    return options;
}

hm_request hm_dataflow_request(const hm_dataflow *dataflow) {
    hm_request request = HM_REQUEST_INIT;
    request.wanted = dataflow->wanted_names;
    request.wanted_count = dataflow->wanted_count;
    request.inputs = dataflow->inputs;
    request.input_count = dataflow->input_count;
    return request;
}
