// agree.c — types must agree exactly: that of a node with those of its readers, and
// those of an input's readers with each other. One value or many is not looked at: a
// plan decides.

#include <stdio.h>
#include <string.h>

#include "graph/build.h"

enum { DECLARED_SIZE = 256 };

// Writes how a parameter for a value of this type is declared.
static void declare(char declared[DECLARED_SIZE], const hm_parameter *parameter,
        const hm_type *type, hm_pass pass) {
    const char *element = pass == HM_BY_REFERENCE ? " *" : " ";
    size_t length = strlen(type->name);
    if (length > 0 && type->name[length - 1] == '*') {
        element = "";
    }
    bool is_array = parameter->shape == HM_ARRAY;
    bool is_const = is_array || pass == HM_BY_REFERENCE;
    bool has_const = strncmp(type->name, "const ", strlen("const ")) == 0;
    snprintf(declared, DECLARED_SIZE, "%s%s%s%s%s%s",
            is_const && !has_const ? "const " : "", type->name, element,
            is_array && (pass == HM_BY_REFERENCE || has_const) ? "const " : "",
            parameter->name, is_array ? "[]" : "");
}

static const char *pass_word(hm_pass pass) {
    return pass == HM_BY_REFERENCE ? "by reference" : "by value";
}

typedef struct hm_reading {
    hm_build *build;
    const hm_function *reader;
    const hm_parameter *parameter;
    const hm_graph_name *name;
} hm_reading;

static void report_types(const hm_reading *reading, const hm_type *found,
        hm_pass found_pass, const hm_function *place, const char *relation) {
    const hm_parameter *parameter = reading->parameter;
    char mend[DECLARED_SIZE + 16];
    char declared[DECLARED_SIZE];
    declare(declared, parameter, found, found_pass);
    snprintf(mend, sizeof mend, "take `%s`", declared);
    hm_diagnostic fault =
            hm_build_fault(HM_TYPE_MISMATCH, reading->reader, reading->reader->name);
    if (strcmp(parameter->type->name, found->name) != 0) {
        fault.mend = mend;
        hm_faults_format(reading->build->faults, fault,
                "`%s` takes `%s` as %s, but %s:%u %s it as %s", reading->reader->name,
                parameter->name, parameter->type->name, place->file,
                (unsigned)place->line, relation, found->name);
        return;
    }
    fault.mend = "let both use one declaration";
    hm_faults_format(reading->build->faults, fault,
            "`%s` takes `%s` as %s of %u bytes, but %s:%u %s it as another %s, of %u "
            "bytes "
            "or with other fields",
            reading->reader->name, parameter->name, parameter->type->name,
            (unsigned)parameter->type->size, place->file, (unsigned)place->line,
            relation, found->name, (unsigned)found->size);
}

// A value that is kept by pointer cannot be handed over by value: its destructor would
// end what the copy still points at. An array cannot change how its elements are kept
// at all.
static void check_pass(
        const hm_reading *reading, const hm_output *output, const hm_function *maker) {
    const hm_parameter *parameter = reading->parameter;
    bool fits = parameter->pass == output->pass ||
                (parameter->shape == HM_ONE && parameter->pass == HM_BY_REFERENCE);
    if (fits) {
        return;
    }
    char mend[DECLARED_SIZE + 16];
    char declared[DECLARED_SIZE];
    declare(declared, parameter, output->type, output->pass);
    snprintf(mend, sizeof mend, "take `%s`", declared);
    hm_diagnostic fault =
            hm_build_fault(HM_TYPE_MISMATCH, reading->reader, reading->reader->name);
    fault.mend = mend;
    hm_faults_format(reading->build->faults, fault,
            "`%s` takes `%s` %s, but %s:%u makes it %s", reading->reader->name,
            parameter->name, pass_word(parameter->pass), maker->file,
            (unsigned)maker->line, pass_word(output->pass));
}

static void check_reading(const hm_reading *reading) {
    const hm_graph_name *name = reading->name;
    const hm_definition *definitions = reading->build->definitions.items;
    const hm_type *type = reading->parameter->type;
    if (name->definition != HM_NONE) {
        const hm_definition *maker = &definitions[name->definition];
        const hm_output *output = &maker->outputs[name->output];
        if (!hm_type_equal(type, output->type)) {
            report_types(reading, output->type, output->pass, maker->function, "makes");
        } else if (!name->is_replaced) {
            check_pass(reading, output, maker->function);
        }
        return;
    }
    const hm_definition *first = &definitions[name->reader];
    const hm_parameter *other = &first->parameters[name->parameter];
    if (!hm_type_equal(type, other->type)) {
        report_types(reading, other->type, other->pass, first->function, "takes");
    }
}

void hm_build_agree(hm_build *build) {
    for (size_t i = 0; i < build->definitions.count; i++) {
        const hm_definition *definition = &build->definitions.items[i];
        if (definition->result_count == 0) {
            continue;
        }
        for (size_t p = 0; p < definition->function->parameter_count; p++) {
            uint32_t number = build->argument_names[definition->first_argument + p];
            hm_reading reading = {
                    .build = build,
                    .reader = definition->function,
                    .parameter = &definition->parameters[p],
                    .name = &build->names[number],
            };
            check_reading(&reading);
        }
    }
}
