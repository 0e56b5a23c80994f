// module_builder.c — see module_builder.h.

#include "tests/support/module_builder.h"

#include <stdlib.h>
#include <string.h>

static const char *const dimensions[] = {"n", "m"};

void hm_module_builder_init(hm_module_builder *builder) {
    memset(builder, 0, sizeof *builder);
    builder->module = (hm_module){.abi = HM_MODULE_ABI,
            .name = "test",
            .file = "test.c",
            .functions = builder->functions,
            .free = free};
}

hm_function *hm_builder_function(hm_module_builder *builder, const char *name,
        hm_call_thunk *call, hm_map_thunk *map) {
    hm_function *function = &builder->functions[builder->module.function_count++];
    *function = (hm_function){.name = name,
            .file = "test.c",
            .line = (uint32_t)builder->module.function_count,
            .flags = HM_FUNCTION_FALLIBLE,
            .parameters = &builder->parameters[builder->parameter_count],
            .outputs = &builder->outputs[builder->output_count],
            .dimensions = dimensions,
            .call = call,
            .map = map};
    return function;
}

static hm_function *current(hm_module_builder *builder) {
    return &builder->functions[builder->module.function_count - 1];
}

hm_parameter *hm_builder_takes(
        hm_module_builder *builder, const char *name, const hm_type *type) {
    hm_parameter *parameter = &builder->parameters[builder->parameter_count++];
    *parameter = (hm_parameter){.name = name, .type = type, .dimension = HM_NONE};
    current(builder)->parameter_count++;
    return parameter;
}

hm_parameter *hm_builder_takes_array(
        hm_module_builder *builder, const char *name, const hm_type *type) {
    hm_parameter *parameter = hm_builder_takes(builder, name, type);
    parameter->shape = HM_ARRAY;
    parameter->dimension = 0;
    current(builder)->dimension_count = 1;
    return parameter;
}

hm_output *hm_builder_makes(
        hm_module_builder *builder, const char *name, const hm_type *type) {
    hm_output *output = &builder->outputs[builder->output_count++];
    *output = (hm_output){.name = name, .type = type, .dimension = HM_NONE};
    current(builder)->output_count++;
    return output;
}

hm_output *hm_builder_makes_array(
        hm_module_builder *builder, const char *name, const hm_type *type) {
    hm_output *output = hm_builder_makes(builder, name, type);
    output->shape = HM_ARRAY;
    output->dimension = 0;
    return output;
}

hm_output *hm_builder_expands(
        hm_module_builder *builder, const char *name, const hm_type *type) {
    hm_output *output = hm_builder_makes(builder, name, type);
    output->shape = HM_EXPANSION;
    output->dimension = (uint32_t)current(builder)->dimension_count;
    current(builder)->dimension_count++;
    return output;
}
