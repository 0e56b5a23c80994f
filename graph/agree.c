// agree.c — types must agree exactly: that of a node with those of its readers, and
// those of an input's readers with each other. One value or many is not looked at: a
// plan decides.

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "graph/build.h"

enum { MEND_SIZE = 256 };

// Writes how the parameter is declared for a value of this type.
static void advise(char mend[MEND_SIZE], const hm_parameter *parameter,
        const hm_type *type, hm_pass pass) {
    if (strchr(parameter->name, '.') != NULL) { // no name of a parameter in C
        snprintf(mend, MEND_SIZE, "let what comes before it make %s",
                parameter->type->name);
        return;
    }
    const char *element = pass == HM_BY_REFERENCE ? " *" : " ";
    size_t length = strlen(type->name);
    if (length > 0 && type->name[length - 1] == '*') {
        element = "";
    }
    bool is_array = parameter->shape == HM_ARRAY;
    if (type->time_unit != HM_TIME_NONE) {
        snprintf(mend, MEND_SIZE, "take `HM_TIME(%s) %sint64_t %s%s`",
                hm_time_unit_name(type->time_unit), is_array ? "const " : "",
                parameter->name, is_array ? "[]" : "");
        return;
    }
    bool is_const = is_array || pass == HM_BY_REFERENCE;
    bool has_const = strncmp(type->name, "const ", strlen("const ")) == 0;
    snprintf(mend, MEND_SIZE, "take `%s%s%s%s%s%s`",
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
} hm_reading;

// Where the other type stands: the node that has it, or another reader of the input.
typedef struct hm_other {
    const hm_function *function;
    const hm_type *type;
    hm_pass pass;
    bool is_reader;
} hm_other;

enum { PLACE_SIZE = 512 };

// Writes "but at a.c:1 it is double", up to the type.
static void introduce(char text[PLACE_SIZE], const hm_other *other) {
    const hm_function *function = other->function;
    if (other->is_reader) {
        snprintf(text, PLACE_SIZE, "but `%s` (%s:%u) takes it as", function->name,
                function->file, (unsigned)function->line);
    } else {
        snprintf(text, PLACE_SIZE, "but at %s:%u it is", function->file,
                (unsigned)function->line);
    }
}

static void report_types(const hm_reading *reading, const hm_other *other) {
    const hm_parameter *parameter = reading->parameter;
    const char *reader = reading->reader->name;
    char place[PLACE_SIZE];
    char mend[MEND_SIZE];
    introduce(place, other);
    hm_time_unit unit = parameter->type->time_unit;
    if (unit != HM_TIME_NONE && other->type->time_unit == HM_TIME_NONE) {
        snprintf(mend, sizeof mend, "say HM_TIME(%s) there too, or at neither",
                hm_time_unit_name(unit));
    } else {
        advise(mend, parameter, other->type, other->pass);
    }
    hm_diagnostic fault = hm_build_fault(HM_TYPE_MISMATCH, reading->reader, reader);
    if (strcmp(parameter->type->name, other->type->name) != 0) {
        fault.mend = mend;
        hm_faults_format(reading->build->faults, fault, "`%s` takes `%s` as %s, %s %s",
                reader, parameter->name, parameter->type->name, place,
                other->type->name);
        return;
    }
    fault.mend = "let both use one declaration";
    hm_faults_format(reading->build->faults, fault,
            "`%s` takes `%s` as %s of %u bytes, %s another %s, of %u bytes or with "
            "other "
            "fields",
            reader, parameter->name, parameter->type->name,
            (unsigned)parameter->type->size, place, other->type->name,
            (unsigned)other->type->size);
}

// A value that is kept by pointer cannot be handed over by value: its destructor would
// end what the copy still points at. An array cannot change how its elements are kept
// at all.
static void check_pass(const hm_reading *reading, const hm_other *maker) {
    const hm_parameter *parameter = reading->parameter;
    bool fits = parameter->pass == maker->pass ||
                (parameter->shape == HM_ONE && parameter->pass == HM_BY_REFERENCE);
    if (fits) {
        return;
    }
    char mend[MEND_SIZE];
    advise(mend, parameter, maker->type, maker->pass);
    hm_diagnostic fault =
            hm_build_fault(HM_TYPE_MISMATCH, reading->reader, reading->reader->name);
    fault.mend = mend;
    hm_faults_format(reading->build->faults, fault,
            "`%s` takes `%s` %s, but at %s:%u it is given %s", reading->reader->name,
            parameter->name, pass_word(parameter->pass), maker->function->file,
            (unsigned)maker->function->line, pass_word(maker->pass));
}

void hm_build_agree(
        hm_build *build, const hm_definition *definition, uint32_t parameter) {
    uint32_t number = build->argument_names[definition->first_argument + parameter];
    const hm_graph_name *name = &build->names[number];
    const hm_reading reading = {
            .build = build,
            .reader = definition->function,
            .parameter = &definition->parameters[parameter],
    };
    bool is_input = name->definition == HM_NONE;
    uint32_t known_by = is_input ? name->reader : name->definition;
    const hm_other other = {
            .function = build->definitions.items[known_by].function,
            .type = name->type,
            .pass = name->pass,
            .is_reader = is_input,
    };
    if (!hm_type_equal(reading.parameter->type, other.type)) {
        report_types(&reading, &other);
    } else if (!is_input && !name->is_replaced) {
        check_pass(&reading, &other);
    }
}
