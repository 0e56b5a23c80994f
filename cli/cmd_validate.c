// cmd_validate.c — hamilton validate: would this run? Says why not, and runs nothing.

#include <stdio.h>

#include <hamilton/driver.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/output.h"
#include "cli/question.h"
#include "cli/report.h"

// HM_MISSING_INPUT as "missing_input".
static const char *kind_of(hm_status status) {
    static const char *const names[] = {
#define X(name, text) #name,
            HM_STATUS_LIST(X)
#undef X
    };
    static char kind[32];
    const char *name = names[status] + 3;
    size_t length = 0;
    for (; name[length] != '\0' && length + 1 < sizeof kind; length++) {
        char letter = name[length];
        kind[length] =
                letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
    }
    kind[length] = '\0';
    return kind;
}

static void print_fault(const hm_diagnostic *fault) {
    fputs("{\"kind\": ", stdout);
    hm_output_json_text(kind_of(fault->status));
    fputs(", \"node\": ", stdout);
    hm_output_json_text(fault->node);
    fputs(", \"file\": ", stdout);
    hm_output_json_text(fault->file);
    if (fault->line > 0) {
        printf(", \"line\": %u", (unsigned)fault->line);
    } else {
        fputs(", \"line\": null", stdout);
    }
    fputs(", \"message\": ", stdout);
    hm_output_json_text(fault->message);
    putchar('}');
}

static void print_json(const hm_session *session, hm_status status) {
    if (status == HM_OK) {
        puts("{\"valid\": true}");
        return;
    }
    fputs("{\"valid\": false, \"errors\": [", stdout);
    const char *before = "";
    for (size_t i = 0; i < hm_diagnostics_count(session->faults.list); i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(session->faults.list, i);
        if (fault->severity == HM_SEVERITY_ERROR) {
            fputs(before, stdout);
            print_fault(fault);
            before = ", ";
        }
    }
    puts("]}");
}

static hm_status validate(hm_session *session) {
    hm_dataflow dataflow;
    hm_question question = {0};
    hm_status status = hm_dataflow_init(session, &dataflow);
    if (status == HM_OK) {
        status = hm_question_init(session, dataflow.graph, &question);
    }
    if (status == HM_OK) {
        size_t before = hm_diagnostics_count(session->faults.list);
        hm_error error;
        status = hm_driver_validate(dataflow.driver, &question.request, &error);
        if (status != HM_OK) {
            hm_dataflow_fail(session, status, before, &error);
        }
    }

    // What is wrong is the result here; for the eye it goes where it always does.
    if (hm_output_format_of(session) == HM_OUTPUT_JSON) {
        print_json(session, status);
        hm_report_warnings(session);
    } else if (status == HM_OK) {
        puts("valid");
    }
    if (dataflow.graph != NULL) {
        hm_report_faults(session, status, dataflow.graph, &question);
    }
    hm_question_finish(&question);
    hm_dataflow_finish(&dataflow);
    return status == HM_LENGTH_MISMATCH ? HM_BAD_ARGUMENT : status;
}

static const hm_option *const options[] = {hm_request_options, hm_format_options,
        hm_dataflow_options, hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_validate = {
        .name = "validate",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "would this run? say why not, run nothing",
        .details =
                "Checks names, types, shapes and that every input is given, as `run` "
                "would, and lists all that is wrong. The exit status is 2 if "
                "anything is.\n\n"
                "As JSON, this is {\"valid\": true}, or \"valid\": false with an array "
                "\"errors\" of objects with kind, node, file, line and message.",
        .example = "hamilton validate marketing.c -o spend_mean -d spend.csv",
        .options = options,
        .run = validate,
};
