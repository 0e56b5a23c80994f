// output.c — results as JSON and as data files; tables for the eye are in
// output_table.c.

#include "cli/output.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/allocator.h"
#include "base/error.h"
#include "cli/arguments.h"
#include "cli/binding.h"
#include "cli/data.h"
#include "cli/interrupt.h"
#include "cli/output_table.h"
#include "cli/terminal.h"

hm_output_format hm_output_format_of(const hm_session *session) {
    const char *format = hm_arguments_value(session, "format");
    if (format == NULL) {
        return hm_terminal_of(stdout).is_terminal ? HM_OUTPUT_TABLE : HM_OUTPUT_JSON;
    }
    return strcmp(format, "table") == 0  ? HM_OUTPUT_TABLE
           : strcmp(format, "json") == 0 ? HM_OUTPUT_JSON
                                         : HM_OUTPUT_CSV;
}

void hm_output_json_text(const char *text) {
    if (text == NULL) {
        fputs("null", stdout);
        return;
    }

    // What can fail is writing, which leaves its mark on stdout.
    (void)!hm_json_write_string(text, hm_terminal_write, stdout);
}

void hm_output_json_names(const char *const *names, size_t count) {
    putchar('[');
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", stdout);
        hm_output_json_text(names[i]);
    }
    putchar(']');
}

static hm_status print_json(hm_session *session, const hm_results *results) {
    hm_status first = HM_OK;
    const char *before = "{";
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value == NULL) {
            continue;
        }
        fputs(before, stdout);
        hm_output_json_text(hm_results_name(results, i));
        fputs(": ", stdout);
        hm_status status = hm_json_write(value, hm_terminal_write, stdout);
        if (status == HM_BAD_DATA) { // the others are printed all the same
            first = hm_session_fail(session, status, NULL,
                    "`%s` has text that is not UTF-8: such bytes were printed as "
                    "U+FFFD",
                    hm_results_name(results, i));
        } else if (status != HM_OK) {
            return hm_session_fail(session, status, NULL,
                    "`%s` cannot be written as JSON: %s", hm_results_name(results, i),
                    hm_status_text(status));
        }
        before = ", ";
    }
    puts(before[0] == '{' ? "{}" : "}");
    return first;
}

// Gathers the results that are arrays, and checks that they are equally long.
static hm_status collect_arrays(hm_session *session, const hm_results *results,
        const char *what, hm_bindings *arrays) {
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value != NULL && value->depth > 0) {
            HM_TRY(hm_bindings_add(
                    session, arrays, hm_results_name(results, i), *value));
        }
    }
    for (size_t i = 1; i < arrays->count; i++) {
        const hm_binding *first = &arrays->items[0];
        const hm_binding *other = &arrays->items[i];
        if (other->value.many.length != first->value.many.length) {
            return hm_session_fail(session, HM_BAD_ARGUMENT,
                    "choose those of one length with --output, or print JSON",
                    "%s is one table, but `%s` has %zu rows and `%s` has %zu", what,
                    first->name, first->value.many.length, other->name,
                    other->value.many.length);
        }
    }
    return HM_OK;
}

// A value as often as there are rows, in the session's memory.
static hm_status repeat(
        hm_session *session, const hm_value *value, size_t count, hm_value *column) {
    const hm_type *type = value->type;
    const void *element = value->by_reference ? &value->data : hm_value_data(value);
    size_t element_size = value->by_reference ? sizeof value->data : type->size;
    size_t size;
    char *data =
            __builtin_mul_overflow(count, element_size, &size)
                    ? NULL
                    : hm_arena_take(&session->arena, size > 0 ? size : 1,
                              value->by_reference ? alignof(void *) : type->alignment);
    if (data == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(data + i * element_size, element, element_size);
    }
    *column = hm_value_many(type, data, count);
    column->by_reference = value->by_reference;
    return HM_OK;
}

// One row if all are single values; else these are repeated beside the arrays.
static hm_status print_csv(hm_session *session, const hm_results *results) {
    hm_bindings arrays = {0};
    HM_TRY(collect_arrays(session, results, "CSV", &arrays));
    size_t row_count = arrays.count > 0 ? arrays.items[0].value.many.length : 1;
    hm_bindings columns = {0};
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value == NULL) {
            continue;
        }
        hm_value column = *value;
        if (value->depth == 0) {
            HM_TRY(repeat(session, value, row_count, &column));
        }
        HM_TRY(hm_bindings_add(session, &columns, hm_results_name(results, i), column));
    }
    hm_error error;
    hm_status status = hm_table_print(HM_FORMAT_CSV, columns.items, columns.count,
            hm_terminal_write, stdout, &error);
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

hm_status hm_output_results(hm_session *session, const hm_results *results) {
    switch (hm_output_format_of(session)) {
    case HM_OUTPUT_TABLE:
        return hm_output_table(session, results);
    case HM_OUTPUT_CSV:
        return print_csv(session, results);
    default:
        return print_json(session, results);
    }
}

hm_status hm_output_check_save(hm_session *session) {
    const char *path = hm_arguments_value(session, "save");
    return path != NULL ? hm_data_check_target(session, path) : HM_OK;
}

hm_status hm_output_save(hm_session *session, const hm_results *results) {
    const char *path = hm_arguments_value(session, "save");
    if (path == NULL) {
        return HM_OK;
    }
    hm_bindings arrays = {0};
    HM_TRY(collect_arrays(session, results, "--save", &arrays));
    if (arrays.count == 0) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "want an array with --output, or print the values",
                "`%s` is not written, as no output is an array", path);
    }
    hm_interrupt_hold();
    hm_status status = hm_data_write(session, path, arrays.items, arrays.count);
    hm_interrupt_release();
    return status;
}
