// module_builder.h — module tables made in a test, function by function:
//
//     hm_module_builder builder;
//     hm_module_builder_init(&builder);
//     hm_builder_function(&builder, "ratio", call_ratio, map_ratio);
//     hm_builder_takes(&builder, "spend", &hm_type_double);
//     hm_builder_takes(&builder, "signups", &hm_type_double);
//     hm_builder_makes(&builder, "ratio", &hm_type_double);
//
// Every function stands on a line of its own in "test.c", counted from 1.

#ifndef HM_TESTS_SUPPORT_MODULE_BUILDER_H
#define HM_TESTS_SUPPORT_MODULE_BUILDER_H

#include <hamilton/module.h>

enum { HM_BUILDER_FUNCTIONS = 4096, HM_BUILDER_FIELDS = 16384 };

typedef struct hm_module_builder {
    hm_module module;
    size_t parameter_count;
    size_t output_count;
    hm_function functions[HM_BUILDER_FUNCTIONS];
    hm_parameter parameters[HM_BUILDER_FIELDS];
    hm_output outputs[HM_BUILDER_FIELDS];
} hm_module_builder;

void hm_module_builder_init(hm_module_builder *builder);

// Begins a function; what follows belongs to it. map may be NULL.
hm_function *hm_builder_function(hm_module_builder *builder, const char *name,
        hm_call_thunk *call, hm_map_thunk *map);

// Parameters and outputs. An array is over the dimension "n", if nothing else is said.
// The returned struct may be changed further.
hm_parameter *hm_builder_takes(
        hm_module_builder *builder, const char *name, const hm_type *type);
hm_parameter *hm_builder_takes_array(
        hm_module_builder *builder, const char *name, const hm_type *type);
hm_output *hm_builder_makes(
        hm_module_builder *builder, const char *name, const hm_type *type);
hm_output *hm_builder_makes_array(
        hm_module_builder *builder, const char *name, const hm_type *type);
hm_output *hm_builder_expands(
        hm_module_builder *builder, const char *name, const hm_type *type);

#endif
