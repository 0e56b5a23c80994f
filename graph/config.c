// config.c — config before the graph is known: which keys there are, and what
// conditions see in them.

#include <string.h>

#include "base/error.h"
#include "base/given.h"
#include "graph/build.h"
#include "graph/check_type.h"

static bool is_text_missing(const hm_value *value) {
    const char *text;
    memcpy(&text, hm_value_data(value), sizeof text);
    return text == NULL;
}

// What is wrong with a value, in *fault, or NULL.
static hm_status check_value(hm_type_checker *types, const hm_value *value,
        char detail[HM_GIVEN_FAULT_SIZE + 3], const char **fault) {
    *fault = NULL;
    if (value->type == NULL) {
        *fault = "it has no value";
    } else if (value->depth > 0 && value->many.data == NULL && value->many.length > 0) {
        *fault = "it counts elements and has none";
    } else if (value->type->kind == HM_KIND_JSON) {
        if (value->depth > 0 || is_text_missing(value)) {
            *fault = "it is JSON without a text";
        }
    } else {
        hm_status status = hm_type_check(types, value->type);
        if (status == HM_NO_MEMORY) {
            return status;
        }
        if (status != HM_OK) {
            *fault = types->fault[0] != '\0' ? types->fault : "its type is wrong";
        } else if (!hm_given_is_sound(value, detail + 3)) {
            *fault = memcpy(detail, "it ", 3);
        }
    }
    return HM_OK;
}

static hm_status index_binding(
        hm_build *build, hm_type_checker *types, uint32_t index) {
    const hm_binding *binding = &build->options->config[index];
    hm_diagnostic fault = {.status = HM_BAD_ARGUMENT, .node = binding->name};
    if (binding->name == NULL || binding->name[0] == '\0') {
        hm_faults_format(build->faults, fault, "config value %u has no key", index);
        return HM_OK;
    }
    uint32_t *number = hm_names_put(&build->config_keys, binding->name);
    if (number == NULL) {
        return HM_NO_MEMORY;
    }
    if (*number != HM_NAMES_ABSENT) {
        fault.status = HM_DUPLICATE_NAME;
        hm_faults_format(
                build->faults, fault, "config key `%s` is given twice", binding->name);
        return HM_OK;
    }
    *number = index;
    char detail[HM_GIVEN_FAULT_SIZE + 3];
    const char *wrong;
    HM_TRY(check_value(types, &binding->value, detail, &wrong));
    if (wrong != NULL) {
        hm_faults_format(
                build->faults, fault, "config key `%s`: %s", binding->name, wrong);
        return HM_OK;
    }
    hm_error error;
    hm_status status = hm_scalar_read(
            &binding->value, &build->scratch, &build->config_scalars[index], &error);
    if (status == HM_NO_MEMORY) {
        return status;
    }
    if (status != HM_OK) {
        fault.status = status;
        hm_faults_format(build->faults, fault, "config key `%s`: %s", binding->name,
                error.message);
    }
    build->config_is_sound[index] = status == HM_OK;
    return HM_OK;
}

hm_status hm_build_index_config(hm_build *build) {
    const hm_graph_options *options = build->options;
    build->config_scalars = hm_arena_array(
            &build->scratch, options->config_count, sizeof *build->config_scalars);
    build->config_is_sound = hm_arena_array(
            &build->scratch, options->config_count, sizeof *build->config_is_sound);
    if (build->config_scalars == NULL || build->config_is_sound == NULL) {
        return HM_NO_MEMORY;
    }
    if (options->config_count > 0 && options->config == NULL) {
        hm_diagnostic fault = {.status = HM_BAD_ARGUMENT,
                .message = "config values are counted, but there is no list of them"};
        hm_faults_add(build->faults, &fault);
        return HM_OK;
    }
    hm_type_checker types;
    hm_type_checker_init(&types, &build->scratch);
    for (size_t i = 0; i < options->config_count; i++) {
        HM_TRY(index_binding(build, &types, (uint32_t)i));
    }
    return HM_OK;
}
