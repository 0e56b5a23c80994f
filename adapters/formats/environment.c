// environment.c — environment: a variable of the process's environment, as text or as
// what its text says in JSON.

#include <stdlib.h>
#include <string.h>

#include <hamilton/json.h>

#include "adapters/formats/formats.h"
#include "base/allocator.h"
#include "base/error.h"

enum { NAME, OTHERWISE };

static const hm_format_parameter parameters[] = {
        {"name", &hm_type_string, true, "of the variable"},
        {"otherwise", &hm_type_string, false, "for a variable that is not set"},
};

// The value and what it points into, in one: a copy, since the environment may change.
typedef struct hm_variable {
    const hm_allocator *allocator;
    hm_value value;
    const char *text;
    size_t size;
    char copy[];
} hm_variable;

static void release_variable(void *owner) {
    hm_variable *variable = owner;
    hm_value_release(&variable->value);
    hm_deallocate(variable->allocator, variable, variable->size, _Alignof(hm_variable));
}

static hm_variable *copy_text(const char *text, const hm_allocator *allocator) {
    size_t length = strlen(text) + 1;
    size_t size = sizeof(hm_variable) + length;
    hm_variable *variable = hm_allocate(allocator, size, _Alignof(hm_variable));
    if (variable != NULL) {
        *variable = (hm_variable){.allocator = allocator, .size = size};
        memcpy(variable->copy, text, length);
        variable->text = variable->copy;
    }
    return variable;
}

static hm_status read_value(
        hm_variable *variable, const hm_type *type, hm_error *error) {
    if (type->kind == HM_KIND_STRING) {
        variable->value = hm_value_one(&hm_type_string, &variable->text);
        return HM_OK;
    }
    return hm_json_read(
            variable->text, type, variable->allocator, &variable->value, error);
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    const char *name = hm_argument_string(&wanted->arguments[NAME]);
    const char *text = getenv(name);
    text = text != NULL ? text : hm_argument_string(&wanted->arguments[OTHERWISE]);
    if (text == NULL) {
        return hm_error_set(error, HM_BAD_DATA,
                "the variable %s is not set: set it, or say HM_VALUE(otherwise, "
                "\"...\")",
                name);
    }
    hm_variable *variable = copy_text(text, wanted->allocator);
    if (variable == NULL) {
        return hm_error_no_memory(error);
    }
    hm_error detail;
    hm_status status = read_value(variable, wanted->columns[0].type, &detail);
    if (status != HM_OK) {
        release_variable(variable);
        return hm_error_set(error, status, "the variable %s: %s", name, detail.message);
    }
    loaded->values[0] = variable->value;
    loaded->values[0].release = NULL;
    loaded->owner = variable;
    loaded->release = release_variable;
    loaded->facts.bytes = (int64_t)strlen(text); // no digest: it may be a secret
    return HM_OK;
}

const hm_data_format hm_environment_format = {.struct_size = sizeof(hm_data_format),
        .name = "environment",
        .parameters = parameters,
        .parameter_count = sizeof parameters / sizeof *parameters,
        .load = load};
