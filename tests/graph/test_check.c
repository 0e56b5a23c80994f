// test_check.c — tables that were filled wrongly are refused with what is wrong, and
// never crash anything. Each case breaks one thing in tables that are right.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;

// A module with one function that can be broken:
//
//     int f(struct s a, size_t n, const double b[n], double out[n], const char **c)
//
static struct {
    hm_field field;
    hm_type type;
    hm_parameter parameters[2];
    hm_output outputs[2];
    const char *dimensions[2];
    hm_argument arguments[2];
    hm_modifier modifiers[1];
    hm_function function;
    hm_module module;
} table;

static int call_nothing(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 0;
}

static int map_nothing(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)lanes;
    (void)count;
    (void)row;
    (void)self;
    return 0;
}

static int start_nothing(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)lanes;
    (void)row;
    (void)self;
    (void)done;
    return 0;
}

static void fill(void) {
    table.field = (hm_field){.name = "x", .type = &hm_type_double};
    table.type = (hm_type){.name = "struct s",
            .kind = HM_KIND_STRUCT,
            .size = 16,
            .alignment = 8,
            .fields = &table.field,
            .field_count = 1};
    table.parameters[0] =
            (hm_parameter){.name = "a", .type = &table.type, .dimension = HM_NONE};
    table.parameters[1] = (hm_parameter){
            .name = "b", .type = &hm_type_double, .shape = HM_ARRAY, .dimension = 0};
    table.outputs[0] = (hm_output){
            .name = "f", .type = &hm_type_double, .shape = HM_ARRAY, .dimension = 0};
    table.outputs[1] = (hm_output){.name = "c",
            .type = &hm_type_string,
            .ownership = HM_BORROWED,
            .dimension = HM_NONE};
    table.dimensions[0] = "n";
    table.dimensions[1] = "m";
    table.arguments[0] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = "key"};
    table.arguments[1] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = "value"};
    table.modifiers[0] = (hm_modifier){
            .name = "tag", .arguments = table.arguments, .argument_count = 2};
    table.function = (hm_function){.name = "f",
            .file = "t.c",
            .line = 7,
            .parameters = table.parameters,
            .parameter_count = 2,
            .outputs = table.outputs,
            .output_count = 2,
            .dimensions = table.dimensions,
            .dimension_count = 1,
            .modifiers = table.modifiers,
            .modifier_count = 1,
            .call = call_nothing};
    table.module = (hm_module){.abi = HM_MODULE_ABI,
            .name = "t",
            .file = "t.c",
            .functions = &table.function,
            .function_count = 1,
            .free = free};
    hm_graph_trial_init(&trial);
    trial.modules[0] = &table.module;
    trial.options.module_count = 1;
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static void refused(const char *faults) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), faults);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}

#define IN_F "t.c:7: function `f` of module `t`: "

START_TEST(tables_that_are_right_are_taken) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.dimensions[1] = NULL; // beyond the count
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}
END_TEST

START_TEST(a_module_of_another_abi_is_not_read_further) {
    hm_module other = {.abi = HM_MODULE_ABI + 1, .name = (const char *)1};
    trial.modules[1] = &other;
    trial.options.module_count = 2;
    char expected[256];
    snprintf(expected, sizeof expected,
            "module 2 of 2 has tables of ABI %u, and this library reads ABI %u; "
            "reflect "
            "and compile it with the hamilton of this library\n",
            (unsigned)HM_MODULE_ABI + 1, (unsigned)HM_MODULE_ABI);
    refused(expected);
}
END_TEST

START_TEST(a_module_that_is_not_there_is_refused) {
    trial.modules[0] = NULL;
    refused("module 1 of 1 is NULL\n");
    trial.options.modules = NULL;
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "modules are counted, but there is no list of them\n");
    ck_assert_int_eq(trial.status, HM_BAD_ARGUMENT);
}
END_TEST

START_TEST(modules_and_functions_have_names_and_files) {
    table.function.file = NULL;
    refused("t.c: function `f` of module `t`: no file is named that it stands in\n");
    table.function.name = "";
    refused("t.c: module `t` has a function without a name, number 0\n");
    table.module.file = "";
    table.module.function_count = 0;
    refused(": module `t` does not say what file it is made from\n");
    table.module.name = NULL;
    refused("module 1 of 1 has no name\n");
}
END_TEST

START_TEST(what_is_counted_must_be_there) {
    table.module.functions = NULL;
    refused("t.c: module `t` counts 1 functions and has none\n");
    table.module.functions = &table.function;
    table.function.parameters = NULL;
    refused(IN_F "it counts 2 parameters and has none\n");
    table.function.parameters = table.parameters;
    table.function.outputs = NULL;
    refused(IN_F "it counts 2 outputs and has none\n");
    table.function.outputs = table.outputs;
    table.function.dimensions = NULL;
    refused(IN_F "it counts 1 dimensions and has none\n");
    table.function.dimensions = table.dimensions;
    table.function.modifiers = NULL;
    refused(IN_F "it counts 1 modifiers and has none\n");
    table.function.modifiers = table.modifiers;
    table.modifiers[0].arguments = NULL;
    refused(IN_F "HM_TAG has an argument without text or of unknown kind\n");
    table.modifiers[0].arguments = table.arguments;
    table.type.fields = NULL;
    refused(IN_F "parameter `a`: its type `struct s` counts 1 fields and has none\n");
}
END_TEST

START_TEST(parameters_and_outputs_have_names_and_types) {
    table.parameters[0].name = "";
    table.parameters[1].type = NULL;
    table.outputs[0].name = NULL;
    table.outputs[1].type = NULL;
    refused(IN_F "parameter 0 has no name\n" IN_F "parameter `b`: it has no type\n" IN_F
                 "output 0 has no name\n" IN_F "output `c`: it has no type\n");
    table.dimensions[0] = "";
    refused(IN_F "dimension 0 has no name\n");
}
END_TEST

START_TEST(no_name_stands_twice) {
    table.parameters[1].name = "a";
    refused(IN_F "two parameters are called `a`; rename one of them\n");
    table.parameters[1].name = "n";
    refused(IN_F "two parameters are called `n`; rename one of them\n");
    table.parameters[1].name = "c";
    refused(IN_F "two parameters are called `c`; rename one of them\n");
    table.parameters[1].name = "b";
    table.outputs[1] = table.outputs[0];
    refused(IN_F "two outputs are called `f`; rename one of them\n");
}
END_TEST

START_TEST(no_name_stands_twice_among_many) {
    enum { MANY = 100 };
    static hm_parameter parameters[MANY];
    static char names[MANY][24];
    for (size_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "p%zu", i % 97);
        parameters[i] = (hm_parameter){.name = names[i], .type = &hm_type_double};
    }
    table.function.parameters = parameters;
    table.function.parameter_count = MANY;
    table.function.output_count = 1;
    table.outputs[0].shape = HM_ONE;
    refused(IN_F "two parameters are called `p0`; rename one of them\n");
}
END_TEST

START_TEST(dimensions_exist_and_lengths_are_known) {
    table.parameters[1].dimension = 1;
    table.outputs[0].dimension = HM_NONE;
    refused(IN_F "parameter `b` is over dimension 1 of 1\n" IN_F
                 "output `f` is over dimension 4294967295 of 1\n");
    table.function.dimension_count = 2;
    table.outputs[0].dimension = 0;
    refused(IN_F
            "output `f` is an array over `n`, but no parameter is, so its length is "
            "unknown; make it an expansion\n");
    table.outputs[0].shape = HM_EXPANSION;
    table.outputs[0].dimension = 1;
    refused(IN_F
            "output `f` is an expansion over `m`, whose length a parameter decides; "
            "give it a dimension of its own\n");
}
END_TEST

START_TEST(shapes_passes_and_ownerships_are_known_words) {
    table.parameters[0].shape = (hm_shape)9;
    table.parameters[1].pass = (hm_pass)8;
    table.outputs[0].shape = (hm_shape)7;
    table.outputs[1].ownership = (hm_ownership)6;
    refused(IN_F "parameter `a` has shape 9; a parameter is HM_ONE or HM_ARRAY\n" IN_F
                 "parameter `b` is passed in an unknown way, 8\n" IN_F
                 "output `f` has an unknown shape, 7\n" IN_F
                 "output `c` has an unknown ownership, 6\n");
    table.parameters[0].shape = HM_EXPANSION;
    table.parameters[1].pass = HM_BY_VALUE;
    table.outputs[0].shape = HM_ONE;
    table.outputs[1].ownership = HM_BORROWED;
    refused(IN_F "parameter `a` has shape 2; a parameter is HM_ONE or HM_ARRAY\n");
}
END_TEST

START_TEST(only_structs_and_opaque_types_go_by_reference) {
    table.parameters[0].pass = HM_BY_REFERENCE;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.parameters[1].pass = HM_BY_REFERENCE;
    refused(IN_F
            "parameter `b` is passed by reference, which is for structs and opaque "
            "types, not for `double`; pass it by value\n");
}
END_TEST

START_TEST(a_type_without_a_size_goes_by_reference) {
    table.type = (hm_type){.name = "struct s", .kind = HM_KIND_OPAQUE};
    refused(IN_F
            "parameter `a` is passed by value, but the size of `struct s` is unknown; "
            "pass it by reference\n");
    table.parameters[0].pass = HM_BY_REFERENCE;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}
END_TEST

START_TEST(what_an_output_points_at_has_an_owner) {
    table.outputs[0].ownership = HM_GIVEN;
    table.outputs[1].ownership = HM_OWNED;
    refused(IN_F "output `f` gives what it points at, but a `double` is a value; say "
                 "HM_OWNED\n" IN_F
                 "output `c` points at something, and nothing says whose it is; say "
                 "HM_BORROWED or HM_GIVEN\n");
    table.outputs[0].ownership = HM_OWNED;
    table.outputs[1].ownership = HM_GIVEN;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.module.free = NULL;
    refused(IN_F
            "output `c` gives text, and nothing says how to free it; set the module's "
            "free\n");
    table.outputs[1].type = &table.type;
    table.outputs[1].pass = HM_BY_REFERENCE;
    refused(IN_F
            "output `c` gives a `struct s`, and nothing says how to destroy it; set "
            "the type's destroy\n");
    table.type.destroy = free;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}
END_TEST

START_TEST(an_expansion_needs_the_modules_free) {
    table.function.dimension_count = 2;
    table.outputs[0].shape = HM_EXPANSION;
    table.outputs[0].dimension = 1;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.module.free = NULL;
    refused(IN_F "output `f` is an expansion, whose memory is given to the engine, and "
                 "nothing says how to free it; set the module's free\n");
}
END_TEST

START_TEST(a_node_makes_something_and_can_be_called) {
    table.function.call = NULL;
    table.function.output_count = 0;
    refused(IN_F "it makes nothing; exclude it, or give it an output\n" IN_F
                 "there is no thunk to call it by; set its call or its start, or "
                 "exclude it\n");
    table.modifiers[0] = (hm_modifier){.name = "exclude"};
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}
END_TEST

START_TEST(an_asynchronous_function_is_started_and_not_called) {
    table.function.start = start_nothing;
    static const char both[] = IN_F "it has thunks to call it by, and one to start it; "
                                    "set start alone, or call\n";
    refused(both);
    table.function.call = NULL;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.function.map = map_nothing;
    refused(both);
}
END_TEST

static void combine_nothing(void *into, const void *more, void *self) {
    (void)into;
    (void)more;
    (void)self;
}

START_TEST(a_function_that_combines_makes_one_value_of_arrays) {
    static const char fault[] =
            IN_F "it has a thunk that combines, but is no function that is called and "
                 "makes one value of arrays over one dimension; take out its combine\n";
    table.function.combine = combine_nothing;
    refused(fault);
    table.function.output_count = 1;
    refused(fault);
    table.outputs[0].shape = HM_ONE;
    table.outputs[0].dimension = HM_NONE;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.function.map = map_nothing;
    refused(IN_F "it has a thunk for many rows, and one that combines; set call and "
                 "combine alone\n");
    table.function.map = NULL;
    table.function.dimension_count = 2;
    refused(fault);
    table.function.dimension_count = 1;
    table.outputs[0].type = &hm_type_string;
    table.outputs[0].ownership = HM_BORROWED;
    refused(fault);
    table.outputs[0].type = &hm_type_double;
    table.outputs[0].ownership = HM_OWNED;
    table.parameters[1].shape = HM_ONE;
    table.parameters[1].dimension = HM_NONE;
    refused(fault);
    table.modifiers[0].name = "reduce";
    table.modifiers[0].argument_count = 1;
    table.function.combine = NULL;
    refused(IN_F "HM_REDUCE: there is no thunk that combines\n");
}
END_TEST

START_TEST(an_asynchronous_function_makes_no_expansions) {
    table.function.call = NULL;
    table.function.start = start_nothing;
    table.function.dimension_count = 2;
    table.outputs[0].shape = HM_EXPANSION;
    table.outputs[0].dimension = 1;
    refused(IN_F
            "it is asynchronous and output `f` is an expansion; make an array over "
            "a dimension of its inputs\n");
}
END_TEST

START_TEST(modifiers_have_names_and_sound_arguments) {
    table.modifiers[0].name = NULL;
    refused(IN_F "modifier 0 has no name\n");
    table.modifiers[0].name = "tag";
    table.arguments[1].text = NULL;
    refused(IN_F "HM_TAG has an argument without text or of unknown kind\n");
    table.arguments[1].text = "f";
    table.arguments[1].kind = HM_ARGUMENT_CALL;
    refused(IN_F "HM_TAG: a value must be a literal or a name\n");
    table.arguments[1].kind = (hm_argument_kind)20;
    refused(IN_F "HM_TAG has an argument without text or of unknown kind\n");
}
END_TEST

// What is said of `struct s` after "its type `struct s`".
static void type_refused(const char *said) {
    hm_text expected;
    hm_text_init(&expected, NULL);
    hm_text_format(&expected, IN_F "parameter `a`: its type `struct s`%s\n", said);
    refused(hm_text_get(&expected));
    hm_text_finish(&expected);
}

START_TEST(sizes_and_alignments_suit_the_kind) {
    table.type.alignment = 0;
    type_refused(" of 16 bytes has an alignment of 0");
    table.type.alignment = 6;
    type_refused(" of 16 bytes has an alignment of 6");
    table.type.alignment = 32;
    type_refused(" of 16 bytes has an alignment of 32");
    table.type.alignment = 8;
    table.type.size = 0;
    type_refused(" has a size of 0 bytes, which its kind cannot have");
    table.type.size = 16;
    table.type.kind = HM_KIND_INT;
    type_refused(" has a size of 16 bytes, which its kind cannot have");
    table.type.size = 8;
    table.type.time_unit = (hm_time_unit)9;
    type_refused(" is a time of unknown unit, or a time and no int64_t");
    table.type.time_unit = HM_TIME_MS;
    table.type.kind = HM_KIND_UINT;
    type_refused(" is a time of unknown unit, or a time and no int64_t");
    table.type.time_unit = HM_TIME_NONE;
    table.type.kind = (hm_kind)77;
    type_refused(" is of unknown kind 77");
    table.type.kind = HM_KIND_FLOAT;
    table.type.size = 16;
    type_refused(" has fields and is no struct");
    table.type.name = NULL;
    refused(IN_F "parameter `a`: its type has no name\n");
    table.parameters[0].type = &hm_type_json;
    refused(IN_F
            "parameter `a`: its type is JSON, which is only for values from outside\n");
}
END_TEST

START_TEST(fields_lie_inside_their_struct) {
    table.field.offset = 9;
    type_refused(": field `x` does not fit into the 16 bytes");
    table.field.offset = SIZE_MAX;
    type_refused(": field `x` does not fit into the 16 bytes");
    table.field.offset = 0;
    table.field.length = 3;
    type_refused(": field `x` does not fit into the 16 bytes");
    table.field.length = SIZE_MAX;
    type_refused(": field `x` does not fit into the 16 bytes");
    table.field.length = 2;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.field.name = NULL;
    type_refused(": field 0 has no name");
    table.field.type = NULL;
    type_refused(": field 0 has no type");
}
END_TEST

START_TEST(bit_fields_are_possible) {
    table.field = (hm_field){
            .name = "x", .type = &hm_type_uint, .bit_offset = 30, .bit_width = 32};
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.field.bit_width = 33;
    type_refused(": field `x` is no possible bit-field");
    table.field.bit_width = 1;
    table.field.type = &hm_type_double;
    type_refused(": field `x` is no possible bit-field");
    table.field.type = &hm_type_int;
    table.field.bit_offset = 128;
    type_refused(": field `x` does not fit into the 16 bytes");
}
END_TEST

START_TEST(a_struct_that_contains_itself_is_refused) {
    table.field.type = &table.type;
    type_refused(" contains itself, or a type that is wrong, as `x`");
    hm_field fields[2] = {{.name = "y", .type = &hm_type_double}, {.name = "z"}};
    hm_type inner = {.name = "struct i",
            .kind = HM_KIND_STRUCT,
            .size = 16,
            .alignment = 8,
            .fields = fields,
            .field_count = 2};
    fields[1].type = &table.type;
    table.field.type = &inner;
    refused(IN_F
            "parameter `a`: its type `struct i` contains itself, or a type that is "
            "wrong, as `z`\n");
}
END_TEST

START_TEST(structs_are_at_most_64_deep) {
    enum { DEEP = 66 };
    static hm_type types[DEEP];
    static hm_field fields[DEEP];
    types[0] = hm_type_double;
    for (size_t i = 1; i < DEEP; i++) {
        fields[i] = (hm_field){.name = "x", .type = &types[i - 1]};
        types[i] = (hm_type){.name = "struct deep",
                .kind = HM_KIND_STRUCT,
                .size = 8,
                .alignment = 8,
                .fields = &fields[i],
                .field_count = 1};
    }
    table.parameters[0].type = &types[63];
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    table.parameters[0].type = &types[64];
    refused(IN_F "parameter `a`: its type `struct deep` has more than 64 structs "
                 "inside each "
                 "other\n");
    // The inner ones are known when the outer one is looked at.
    table.parameters[0].type = &types[40];
    hm_parameter later = {.name = "b", .type = &types[65]};
    table.parameters[1] = later;
    table.outputs[0].shape = HM_ONE;
    refused(IN_F "parameter `b`: its type `struct deep` has more than 64 structs "
                 "inside each "
                 "other\n");
}
END_TEST

START_TEST(a_bad_type_is_told_once) {
    table.type.size = 3;
    table.parameters[1] = table.parameters[0];
    table.parameters[1].name = "b";
    table.outputs[0].shape = HM_ONE;
    type_refused(" of 3 bytes has an alignment of 8");
}
END_TEST

START_TEST(faults_of_all_modules_are_told_together) {
    hm_module second = table.module;
    hm_function function = table.function;
    function.name = "g";
    function.call = NULL;
    second.name = "u";
    second.functions = &function;
    trial.modules[1] = &second;
    trial.options.module_count = 2;
    table.function.call = NULL;
    refused(IN_F "there is no thunk to call it by; set its call or its start, or "
                 "exclude it\n"
                 "t.c:7: function `g` of module `u`: there is no thunk to call it by; "
                 "set its call or its start, or exclude it\n");
    ck_assert_uint_eq(trial.error.fault_count, 2);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/check");
    TCase *tests = tcase_create("check");
    tcase_add_checked_fixture(tests, fill, tear_down);
    tcase_add_test(tests, tables_that_are_right_are_taken);
    tcase_add_test(tests, a_module_of_another_abi_is_not_read_further);
    tcase_add_test(tests, a_module_that_is_not_there_is_refused);
    tcase_add_test(tests, modules_and_functions_have_names_and_files);
    tcase_add_test(tests, what_is_counted_must_be_there);
    tcase_add_test(tests, parameters_and_outputs_have_names_and_types);
    tcase_add_test(tests, no_name_stands_twice);
    tcase_add_test(tests, no_name_stands_twice_among_many);
    tcase_add_test(tests, dimensions_exist_and_lengths_are_known);
    tcase_add_test(tests, shapes_passes_and_ownerships_are_known_words);
    tcase_add_test(tests, only_structs_and_opaque_types_go_by_reference);
    tcase_add_test(tests, a_type_without_a_size_goes_by_reference);
    tcase_add_test(tests, what_an_output_points_at_has_an_owner);
    tcase_add_test(tests, an_expansion_needs_the_modules_free);
    tcase_add_test(tests, a_node_makes_something_and_can_be_called);
    tcase_add_test(tests, an_asynchronous_function_is_started_and_not_called);
    tcase_add_test(tests, a_function_that_combines_makes_one_value_of_arrays);
    tcase_add_test(tests, an_asynchronous_function_makes_no_expansions);
    tcase_add_test(tests, modifiers_have_names_and_sound_arguments);
    tcase_add_test(tests, sizes_and_alignments_suit_the_kind);
    tcase_add_test(tests, fields_lie_inside_their_struct);
    tcase_add_test(tests, bit_fields_are_possible);
    tcase_add_test(tests, a_struct_that_contains_itself_is_refused);
    tcase_add_test(tests, structs_are_at_most_64_deep);
    tcase_add_test(tests, a_bad_type_is_told_once);
    tcase_add_test(tests, faults_of_all_modules_are_told_together);
    suite_add_tcase(suite, tests);
    return suite;
}
