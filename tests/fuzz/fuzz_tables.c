// fuzz_tables.c — the bytes choose module tables, mostly right and now and then
// nonsense: missing names, tables and thunks, types of impossible sizes, dimensions
// that are not there. What a driver takes is run, with one value or an array for every
// input.

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "base/text.h"
#include "tests/fuzz/require.h"
#include "tests/support/failing_allocator.h"

enum {
    MODULES = 3,
    FUNCTIONS = 6,
    PARAMETERS = 4,
    OUTPUTS = 3,
    MODIFIERS = 2,
    ARGUMENTS = 3,
    TYPES = 6,
    FIELDS = 2,
    CONFIG = 3,
};

typedef struct hm_bytes {
    const uint8_t *at;
    const uint8_t *end;
} hm_bytes;

static unsigned below(hm_bytes *bytes, unsigned limit) {
    return bytes->at < bytes->end ? *bytes->at++ % limit : 0;
}

// One time in so many; never once the bytes are used up.
static bool rarely(hm_bytes *bytes, unsigned times) {
    return below(bytes, times) == times - 1;
}

typedef struct hm_tables {
    hm_field fields[TYPES][FIELDS];
    hm_type types[TYPES];
    hm_parameter parameters[MODULES][FUNCTIONS][PARAMETERS];
    hm_output outputs[MODULES][FUNCTIONS][OUTPUTS];
    hm_argument arguments[MODULES][FUNCTIONS][MODIFIERS][ARGUMENTS];
    hm_modifier modifiers[MODULES][FUNCTIONS][MODIFIERS];
    hm_function functions[MODULES][FUNCTIONS];
    hm_module modules[MODULES];
    const hm_module *list[MODULES];
    hm_binding config[CONFIG];
} hm_tables;

static const char *const names[] = {"a", "b", "c", "d", "e", "f", "a__x", "b__y", "c__",
        "a\"<&>\\\n\xff", "region"};

static const char *choose_name(hm_bytes *bytes) {
    if (rarely(bytes, 64)) {
        return rarely(bytes, 2) ? "" : NULL;
    }
    return names[below(bytes, sizeof names / sizeof *names)];
}

static const char *const dimensions[] = {"n", "m"};

// The first types are sound, and stay so unless the bytes say otherwise.
static void choose_types(hm_bytes *bytes, hm_tables *tables) {
    tables->types[0] = hm_type_double;
    tables->types[1] = hm_type_int;
    tables->types[2] = hm_type_string;
    tables->types[3] = (hm_type){.name = "struct s",
            .kind = HM_KIND_STRUCT,
            .size = 16,
            .alignment = 8,
            .fields = tables->fields[3],
            .field_count = 2};
    tables->types[4] =
            (hm_type){.name = "struct o", .kind = HM_KIND_OPAQUE, .destroy = free};
    tables->types[5] = tables->types[3];
    tables->types[5].fields = tables->fields[5];
    for (size_t i = 3; i < TYPES; i++) {
        tables->fields[i][0] = (hm_field){.name = "x", .type = &hm_type_double};
        tables->fields[i][1] =
                (hm_field){.name = "y", .type = &hm_type_int, .offset = 8};
    }
    while (rarely(bytes, 4)) {
        hm_type *type = &tables->types[below(bytes, TYPES)];
        hm_field *field = &tables->fields[below(bytes, TYPES)][below(bytes, FIELDS)];
        switch (below(bytes, 9)) {
        case 0:
            type->kind = (hm_kind)below(bytes, 12);
            break;
        case 1:
            type->size = below(bytes, 40);
            break;
        case 2:
            type->alignment = below(bytes, 20);
            break;
        case 3:
            type->name = choose_name(bytes);
            break;
        case 4:
            field->type = &tables->types[below(bytes, TYPES)];
            break;
        case 5:
            field->offset = rarely(bytes, 8) ? SIZE_MAX : below(bytes, 24);
            break;
        case 6:
            field->length = rarely(bytes, 8) ? SIZE_MAX : below(bytes, 4);
            break;
        case 7:
            field->bit_width = (uint16_t)below(bytes, 80);
            field->bit_offset = (uint16_t)below(bytes, 80);
            break;
        default:
            field->name = choose_name(bytes);
            break;
        }
    }
}

static const hm_type *choose_type(hm_bytes *bytes, hm_tables *tables) {
    if (rarely(bytes, 100)) {
        return rarely(bytes, 2) ? NULL : &hm_type_json;
    }
    return &tables->types[below(bytes, 2 * TYPES) % TYPES];
}

// What an output of one slot's element points at, if it points at anything.
static const void *make_object(const hm_output *output) {
    static const uint64_t zeroes[8];
    bool is_given = output->ownership == HM_GIVEN;
    return is_given ? calloc(1, sizeof zeroes) : (const void *)zeroes;
}

static void fill_element(const hm_output *output, void *element) {
    if (output->pass == HM_BY_REFERENCE || output->type->kind == HM_KIND_STRING) {
        const void *object = make_object(output);
        memcpy(element, &object, sizeof object);
    } else {
        memset(element, 0, output->type->size);
    }
}

static size_t element_size(const hm_output *output) {
    return output->pass == HM_BY_REFERENCE ? sizeof(void *) : output->type->size;
}

// Zeroes; an expansion has two elements.
static void fill_slot(const hm_output *output, void *slot) {
    if (output->shape == HM_ONE) {
        fill_element(output, slot);
        return;
    }
    hm_array *array = slot;
    if (output->shape == HM_EXPANSION) {
        *array = (hm_array){.data = calloc(2, element_size(output)), .length = 2};
    }
    for (size_t i = 0; i < array->length && array->data != NULL; i++) {
        fill_element(output, (char *)array->data + i * element_size(output));
    }
}

// self is the function, as of all that follow.
static int call_zero(void *frame, const uint32_t *at, void *self) {
    const hm_function *function = self;
    for (size_t o = 0; o < function->output_count; o++) {
        fill_slot(&function->outputs[o],
                (char *)frame + at[function->parameter_count + o]);
    }
    return 0;
}

static int call_fail(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 1;
}

static void fill_row(const hm_lane *lanes, size_t row, const hm_function *function) {
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        const hm_lane *lane = &lanes[function->parameter_count + o];
        size_t size = output->shape == HM_ONE ? element_size(output) : sizeof(hm_array);
        fill_slot(output, (char *)lane->data + row * lane->stride * size);
    }
}

static int start_zero(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    fill_row(lanes, row, self);
    hm_async_succeed(done);
    return 0;
}

static void succeed(struct uv_loop_s *loop, void *argument) {
    (void)loop;
    hm_async_succeed(argument);
}

static int start_later(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    fill_row(lanes, row, self);
    hm_async_on_loop(done, succeed, done);
    return 0;
}

static int start_fail(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)lanes;
    (void)row;
    (void)self;
    hm_async_fail(done, "makes nothing");
    return 0;
}

static void combine_none(void *into, const void *more, void *self) {
    (void)into;
    (void)more;
    (void)self;
}

static void choose_start(hm_bytes *bytes, hm_function *function) {
    static hm_start_thunk *const starts[] = {
            start_zero, start_zero, start_later, start_fail};
    function->start = starts[below(bytes, 4)];
    if (!rarely(bytes, 16)) {
        function->call = NULL;
    }
}

static void choose_modifier(
        hm_bytes *bytes, hm_modifier *modifier, hm_argument arguments[ARGUMENTS]) {
    static const char *const known[] = {"tag", "when", "when_not", "otherwise", "name",
            "exclude", "destroys", "reduce", "stateful", "teleport", "", NULL};
    *modifier = (hm_modifier){.name = known[below(bytes, 12)],
            .arguments = arguments,
            .argument_count = below(bytes, ARGUMENTS + 1)};
    for (size_t i = 0; i < ARGUMENTS; i++) {
        arguments[i] = (hm_argument){.kind = (hm_argument_kind)below(bytes, 7),
                .text = choose_name(bytes),
                .integer = (int64_t)below(bytes, 4),
                .real = 0.5};
    }
    if (rarely(bytes, 32)) {
        modifier->arguments = NULL;
    }
}

static void choose_function(hm_bytes *bytes, hm_tables *tables, size_t m, size_t f) {
    hm_function *function = &tables->functions[m][f];
    *function = (hm_function){.name = choose_name(bytes),
            .doc = rarely(bytes, 4) ? "What it is \"for\".\nAnd more." : NULL,
            .file = rarely(bytes, 64) ? NULL : "fuzz.c",
            .line = below(bytes, 9),
            .flags = HM_FUNCTION_FALLIBLE,
            .parameters = tables->parameters[m][f],
            .parameter_count = below(bytes, PARAMETERS + 1),
            .outputs = tables->outputs[m][f],
            .output_count = rarely(bytes, 32) ? 0 : 1 + below(bytes, OUTPUTS),
            .dimensions = dimensions,
            .dimension_count = below(bytes, 3),
            .modifiers = tables->modifiers[m][f],
            .modifier_count = rarely(bytes, 3) ? 1 + below(bytes, MODIFIERS) : 0,
            .call = rarely(bytes, 16) ? call_fail : call_zero,
            .self = function};
    for (size_t p = 0; p < PARAMETERS; p++) {
        tables->parameters[m][f][p] = (hm_parameter){.name = choose_name(bytes),
                .type = choose_type(bytes, tables),
                .shape = (hm_shape)(rarely(bytes, 32) ? 3 : below(bytes, 2)),
                .pass = (hm_pass)(rarely(bytes, 32) ? 7 : below(bytes, 2)),
                .dimension = below(bytes, 3)};
    }
    for (size_t o = 0; o < OUTPUTS; o++) {
        tables->outputs[m][f][o] = (hm_output){.name = o == 0 && !rarely(bytes, 4)
                                                               ? function->name
                                                               : choose_name(bytes),
                .type = choose_type(bytes, tables),
                .shape = (hm_shape)below(bytes, rarely(bytes, 32) ? 5 : 3),
                .pass = (hm_pass)(rarely(bytes, 32) ? 7 : below(bytes, 2)),
                .ownership = (hm_ownership)below(bytes, rarely(bytes, 32) ? 5 : 3),
                .dimension = below(bytes, 3)};
    }
    for (size_t i = 0; i < MODIFIERS; i++) {
        choose_modifier(bytes, &tables->modifiers[m][f][i], tables->arguments[m][f][i]);
    }
    if (rarely(bytes, 64)) {
        function->parameters = NULL;
    }
    if (rarely(bytes, 64)) {
        function->call = NULL;
    }
    if (rarely(bytes, 4)) {
        choose_start(bytes, function);
    }
    if (rarely(bytes, 4)) {
        function->combine = combine_none;
    }
}

static void choose_modules(hm_bytes *bytes, hm_tables *tables, size_t count) {
    for (size_t m = 0; m < count; m++) {
        hm_module *module = &tables->modules[m];
        *module = (hm_module){.abi = rarely(bytes, 100) ? 7 : HM_MODULE_ABI,
                .name = rarely(bytes, 64) ? NULL : names[m],
                .file = rarely(bytes, 64) ? "" : "fuzz.c",
                .functions = rarely(bytes, 100) ? NULL : tables->functions[m],
                .function_count = below(bytes, FUNCTIONS + 1),
                .free = rarely(bytes, 16) ? NULL : free};
        tables->list[m] = rarely(bytes, 100) ? NULL : module;
        for (size_t f = 0; f < module->function_count; f++) {
            choose_function(bytes, tables, m, f);
        }
    }
}

static hm_value choose_value(hm_bytes *bytes) {
    static const double numbers[] = {1, 2, 3};
    switch (below(bytes, 8)) {
    case 0:
        return hm_value_json("[1, 2]");
    case 1:
        return hm_value_json("\"b\"");
    case 2:
        return hm_value_many(&hm_type_double, numbers, 3);
    case 3:
        return hm_value_json("{\"x\": 1, \"y\": 2}");
    case 4:
        return hm_value_json("[\"a\", \"b\"]");
    case 5:
        return (hm_value){0};
    default:
        return hm_value_json("1");
    }
}

// A value for every input that JSON can give one.
static size_t choose_inputs(
        hm_bytes *bytes, const hm_graph *graph, hm_binding *inputs) {
    size_t count = 0;
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (!node.is_input || node.is_config) {
            continue;
        }
        bool is_many = node.is_array || rarely(bytes, 3);
        const char *json = is_many ? "[1, 2]" : "1";
        if (node.type->kind == HM_KIND_STRING) {
            json = is_many ? "[\"p\", \"q\"]" : "\"p\"";
        } else if (node.type->kind == HM_KIND_STRUCT) {
            json = is_many ? "[{\"x\": 1, \"y\": 2}]" : "{\"x\": 1, \"y\": 2}";
        }
        inputs[count++] = (hm_binding){node.name, hm_value_json(json)};
    }
    return count;
}

static void run(hm_bytes *bytes, const hm_driver *driver) {
    const hm_graph *graph = hm_driver_graph(driver);
    uint32_t count = hm_graph_node_count(graph);
    hm_binding *inputs = calloc(count + 1, sizeof *inputs);
    const char **wanted = calloc(count + 1, sizeof *wanted);
    REQUIRE(inputs != NULL && wanted != NULL);
    hm_request request = HM_REQUEST_INIT;
    request.inputs = inputs;
    request.input_count = choose_inputs(bytes, graph, inputs);
    request.wanted = wanted;
    request.keep_going = rarely(bytes, 2);
    for (uint32_t id = 0; id < count; id++) {
        if (!rarely(bytes, 4)) {
            wanted[request.wanted_count++] = hm_graph_describe(graph, id).name;
        }
    }
    hm_results *results = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_driver_execute(driver, &request, &results, &error);
    REQUIRE(status == HM_OK || error.message[0] != '\0');
    hm_results_destroy(results);
    free(inputs);
    free(wanted);
}

static void draw(const hm_graph *graph) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_drawing drawing = HM_DRAWING_INIT;
    drawing.show_fields = true;
    drawing.show_modules = true;
    drawing.show_legend = true;
    REQUIRE(hm_graph_draw(graph, &drawing, hm_text_write, &text) == HM_OK);
    REQUIRE(text.length > 0);
    hm_text_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hm_bytes bytes = {data, data + size};
    hm_tables *tables = calloc(1, sizeof *tables);
    REQUIRE(tables != NULL);
    hm_failing_allocator allocator;
    hm_failing_allocator_init(&allocator);
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.allocator = &allocator.allocator;
    options.modules = tables->list;
    options.module_count = 1 + below(&bytes, MODULES);
    options.allow_overrides = rarely(&bytes, 2);
    options.config = tables->config;
    options.config_count = rarely(&bytes, 3) ? below(&bytes, CONFIG + 1) : 0;
    for (size_t i = 0; i < options.config_count; i++) {
        tables->config[i].name = choose_name(&bytes);
        tables->config[i].value = choose_value(&bytes);
    }
    choose_types(&bytes, tables);
    choose_modules(&bytes, tables, options.module_count);

    hm_driver *driver = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_driver_create(&options, &driver, &error);
    if (status == HM_OK) {
        draw(hm_driver_graph(driver));
        run(&bytes, driver);
        hm_driver_destroy(driver);
    } else {
        REQUIRE(error.status == status && error.message[0] != '\0');
        REQUIRE(driver == NULL);
    }
    REQUIRE(allocator.live == 0);
    free(tables);
    return 0;
}
