// cmd_run.c — hamilton run: computes what is wanted and prints it.

#include <hamilton/driver.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/costs_file.h"
#include "cli/dataflow.h"
#include "cli/execution.h"
#include "cli/output.h"
#include "cli/question.h"
#include "cli/report.h"
#include "cli/run_adapters.h"
#include "cli/run_record.h"

enum { MOST_MILLISECONDS = 1000000000 };

// Lengths and sizes that the request itself brings are its fault; those that only the
// run could know are the run's, and end it with another exit code.
static hm_status tell_apart(
        const hm_dataflow *dataflow, const hm_question *question, hm_status status) {
    hm_request silent = question->request;
    silent.diagnostics = NULL;
    return hm_driver_validate(dataflow->driver, &silent, NULL) == status
                   ? HM_BAD_ARGUMENT
                   : status;
}

static hm_status execute(
        hm_session *session, const hm_dataflow *dataflow, const hm_question *question) {
    hm_results *results = NULL;
    hm_error error;
    size_t before = hm_diagnostics_count(session->faults.list);
    hm_status status = hm_execution_run(
            session, dataflow->driver, &question->request, &results, &error);
    hm_run_adapters_executed(&dataflow->adapters);
    if (status != HM_OK) {
        hm_dataflow_fail(session, status, before, &error);
    }
    if (status == HM_LENGTH_MISMATCH || status == HM_TOO_LARGE) {
        status = tell_apart(dataflow, question, status);
    }
    // A file that looks complete and is not would be worse than none.
    bool is_cut = status == HM_CANCELLED || status == HM_DEADLINE;
    hm_status recorded = hm_run_record(session, dataflow->driver, &question->request,
            status, is_cut ? NULL : results);
    if (results != NULL) {
        hm_status saved = is_cut ? HM_OK : hm_output_save(session, results);
        hm_status printed = hm_output_results(session, results);
        status = status != HM_OK     ? status
                 : saved != HM_OK    ? saved
                 : recorded != HM_OK ? recorded
                                     : printed;
    }
    hm_results_destroy(results);
    return status;
}

static hm_status read_bounds(hm_session *session, hm_request *request) {
    uint32_t milliseconds = 0;
    uint32_t mebibytes = 0;
    HM_TRY(hm_arguments_number(session, "deadline", MOST_MILLISECONDS, &milliseconds));
    HM_TRY(hm_arguments_number(session, "max-memory", UINT32_MAX, &mebibytes));
    HM_TRY(hm_arguments_number(
            session, "block-rows", UINT32_MAX, &request->block_length));
    request->deadline = milliseconds * UINT64_C(1000000);
    request->max_bytes = (size_t)mebibytes << 20;
    return HM_OK;
}

static hm_status run(hm_session *session) {
    hm_dataflow dataflow;
    hm_question question = {0};
    hm_status saved = hm_output_check_save(session);
    saved = saved == HM_OK ? hm_run_record_check(session) : saved;
    hm_status status = hm_dataflow_init(session, &dataflow);
    if (status == HM_OK) {
        status = hm_run_adapters_check(session, &dataflow.adapters, dataflow.graph);
    }
    if (status == HM_OK) {
        status = hm_question_init(session, dataflow.graph, &question);
    }
    status = status == HM_OK ? saved : status;
    if (status == HM_OK) {
        status = read_bounds(session, &question.request);
    }
    if (status == HM_OK) {
        status = hm_costs_file_read(session, &question.request.costs);
    }
    if (status == HM_OK) {
        status = execute(session, &dataflow, &question);
        hm_status told = hm_run_adapters_tell(session, &dataflow.adapters);
        status = status == HM_OK ? told : status;
    }
    if (status == HM_OK) {
        status = hm_costs_file_write(session, question.request.costs);
    }
    hm_costs_destroy(question.request.costs);
    if (dataflow.graph != NULL) {
        hm_report_faults(session, status, dataflow.graph, &question);
    }
    // Nodes may still be under way, in code and with names that finishing unloads.
    session->has_left_nodes = status == HM_DEADLINE;
    if (!session->has_left_nodes) {
        hm_question_finish(&question);
        hm_dataflow_finish(&dataflow);
    }
    return status;
}

static const hm_option run_options[] = {
        {.name = "save",
                .operand = "FILE",
                .help = "writes the array outputs as one table: .csv, .tsv, .json, "
                        ".ndjson, or .parquet"},
        {.name = "deadline",
                .operand = "MILLISECONDS",
                .help = "after which the run ends, and what is ready is printed"},
        {.name = "max-memory",
                .operand = "MIB",
                .help = "that the run may take; one that needs more is refused, or "
                        "ends "
                        "before it does"},
        {.name = "block-rows",
                .operand = "ROWS",
                .help = "that mapped nodes go through together; else as many as fit "
                        "the "
                        "cache"},
        {.name = "keep-going",
                .help = "when a node fails, still computes and prints what does not "
                        "need it"},
        {.name = "rows-may-fail",
                .help = "a row of a mapped node that fails is missing, and told of; "
                        "the others go on"},
        {.name = NULL},
};

static const hm_option *const options[] = {hm_request_options, run_options,
        hm_run_progress_options, hm_run_log_options, hm_run_timings_options,
        hm_run_report_options, hm_run_trace_options, hm_run_metrics_options,
        hm_run_otlp_options, hm_run_bundle_options, hm_run_record_options,
        hm_run_break_options, hm_run_cache_options, hm_run_retry_options,
        hm_run_timeout_options, hm_run_checker_options, hm_run_faults_options,
        hm_execution_options, hm_format_options, hm_dataflow_options,
        hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_run = {
        .name = "run",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "run a dataflow",
        .details =
                "Computes what is wanted, and only what that needs, and prints it to "
                "standard output. Where a function takes one value and is given an "
                "array, "
                "it runs for each element.\n\n"
                "As JSON, the results are one object, in the order asked for. Floating "
                "values have the fewest digits that read back to the same bits; NaN "
                "and "
                "infinities are null. As CSV, arrays are columns of one table, which "
                "have "
                "to be equally long, and single values are repeated beside them.\n\n"
                "Columns of data files that no node reads, or that are named as a "
                "computed node, are passed over. --input goes before --data, and "
                "later data files before earlier ones. Where the header of a .csv has "
                "no comma, semicolons or tabs separate its fields; where nothing "
                "stands in a field its value is missing. Dates and times are ISO "
                "8601, 2024-02-29T12:30:00Z, and are UTC where they do not say "
                "otherwise. Parquet files and queries need DuckDB; a query names the "
                "files that it reads, as in -d \"duckdb:SELECT * FROM "
                "'flights.parquet' WHERE distance > 100\".\n\n"
                "With --costs, how long each node took is kept in a file, so that the "
                "next run is arranged by it from its beginning; results do not depend "
                "on it. After a --deadline what is ready is printed, and the exit "
                "status is 1; nodes that are still running end with the process.",
        .example = "hamilton run marketing.c -d spend.csv -o spend_mean,avg_3wk_spend",
        .options = options,
        .run = run,
};
