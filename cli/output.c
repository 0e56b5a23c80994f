// output.c — results as JSON and as data files; tables for the eye are in
// output_table.c.

#include "cli/output.h"

#include <stdio.h>
#include <string.h>

#include <hamilton/columns.h>
#include <hamilton/json.h>

#include "base/error.h"
#include "cli/arguments.h"
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
    hm_error error;
    hm_status status =
            hm_json_write_results(results, hm_terminal_write, stdout, &error);
    putchar('\n');
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

// The columns of one table, which the caller destroys.
static hm_status make_columns(hm_session *session, const hm_results *results,
        const hm_columns_options *options, const char *what, hm_columns **columns) {
    hm_error error;
    hm_status status = hm_columns_create(results, options, columns, &error);
    if (status == HM_LENGTH_MISMATCH) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "choose those of one length with --output, or print JSON",
                "%s is one table, but %s", what, error.message);
    }
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

static hm_status print_csv(hm_session *session, const hm_results *results) {
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    options.passes_over = true;
    hm_columns *columns;
    HM_TRY(make_columns(session, results, &options, "CSV", &columns));
    hm_error error;
    hm_status status = hm_table_print(HM_FORMAT_CSV, hm_columns_items(columns),
            hm_columns_count(columns), hm_terminal_write, stdout, &error);
    hm_columns_destroy(columns);
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

// The results that are arrays.
static hm_status name_arrays(
        hm_session *session, const hm_results *results, hm_columns_options *options) {
    size_t count = hm_results_count(results);
    const char **names = hm_arena_array(&session->arena, count, sizeof *names);
    if (names == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value != NULL && value->depth > 0) {
            names[options->name_count++] = hm_results_name(results, i);
        }
    }
    options->names = names;
    return HM_OK;
}

hm_status hm_output_save(hm_session *session, const hm_results *results) {
    const char *path = hm_arguments_value(session, "save");
    if (path == NULL) {
        return HM_OK;
    }
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    HM_TRY(name_arrays(session, results, &options));
    if (options.name_count == 0) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "want an array with --output, or print the values",
                "`%s` is not written, as no output is an array", path);
    }
    hm_columns *columns;
    HM_TRY(make_columns(session, results, &options, "--save", &columns));
    hm_interrupt_hold();
    hm_status status = hm_data_write(
            session, path, hm_columns_items(columns), hm_columns_count(columns));
    hm_interrupt_release();
    hm_columns_destroy(columns);
    return status;
}
