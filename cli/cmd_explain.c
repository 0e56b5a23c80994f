// cmd_explain.c — hamilton explain: how a dataflow would be run; with --analyze, how it
// was; with --node, how a node came to be.

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include <hamilton/driver.h>
#include <hamilton/explain.h>
#include <hamilton/plan.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/costs_file.h"
#include "cli/dataflow.h"
#include "cli/explain_node.h"
#include "cli/explain_text.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/question.h"
#include "cli/report.h"
#include "cli/run_cache.h"
#include "cli/selection.h"

enum { MOST_RUNS = 1000000 };

static hm_status repeat(
        hm_run *run, uint32_t count, hm_explain_runs *runs, hm_error *error) {
    for (uint32_t i = 0; i < count; i++) {
        uint64_t begin = uv_hrtime();
        HM_TRY(hm_run_execute(run, error));
        uint64_t taken = uv_hrtime() - begin;
        runs->first = i == 0 ? taken : runs->first;
        runs->best = i == 0 || taken < runs->best ? taken : runs->best;
        runs->sum += taken;
        runs->count++;
    }
    return HM_OK;
}

static hm_status analyze(
        hm_session *session, const hm_plan *plan, hm_explain_runs *runs) {
    uint32_t count = 1;
    HM_TRY(hm_arguments_number(session, "runs", MOST_RUNS, &count));
    hm_run *run;
    hm_error error;
    hm_status status = hm_run_create(plan, &run, &error);
    if (status == HM_OK) {
        status = repeat(run, count, runs, &error);
        hm_run_destroy(run);
    }
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

static hm_status put_unread(hm_text *text, const hm_words *unread) {
    hm_sink sink;
    hm_sink_init(&sink, hm_text_write, text);
    hm_sink_text(&sink, ",\n \"unread\": [");
    for (size_t i = 0; i < unread->count; i++) {
        hm_sink_text(&sink, i > 0 ? ", " : "");
        hm_json_put_string(&sink, unread->items[i]);
    }
    hm_sink_text(&sink, "]");
    return hm_sink_flush(&sink);
}

// What a cache would do, in the order in which nodes run.
static void print_cache(const hm_run_adapters *adapters) {
    size_t count;
    const hm_cache_told *told = hm_run_cache_told(adapters, &count);
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        int length = told[i].name != NULL ? (int)strlen(told[i].name) : 0;
        width = length > width ? length : width;
    }
    if (count > 0) {
        fputs("\ncache\n", stdout);
    }
    for (size_t i = 0; i < count; i++) {
        if (told[i].name != NULL) {
            printf("  %-*s  %s%s%s\n", width, told[i].name,
                    hm_run_cache_word(told[i].decision),
                    told[i].why[0] != '\0' ? ": " : "", told[i].why);
        }
    }
}

static hm_status put_cache(hm_text *text, const hm_run_adapters *adapters) {
    size_t count;
    const hm_cache_told *told = hm_run_cache_told(adapters, &count);
    const char *before = ",\n \"cache\": [\n  ";
    hm_sink sink;
    hm_sink_init(&sink, hm_text_write, text);
    for (size_t i = 0; i < count; i++) {
        if (told[i].name != NULL) {
            hm_sink_text(&sink, before);
            hm_sink_text(&sink, "{\"node\": ");
            hm_json_put_string(&sink, told[i].name);
            hm_sink_text(&sink, ", \"decision\": ");
            hm_json_put_string(&sink, hm_run_cache_word(told[i].decision));
            hm_sink_text(&sink, ", \"why\": ");
            hm_json_put_string(&sink, told[i].why);
            hm_sink_text(&sink, "}");
            before = ",\n  ";
        }
    }
    hm_sink_text(&sink, count > 0 ? "]" : "");
    return hm_sink_flush(&sink);
}

// One object: what the library writes, and behind it what it does not know.
static hm_status print_json(hm_session *session, const hm_explanation *explanation,
        const hm_explain_runs *runs, const hm_words *unread,
        const hm_run_adapters *adapters) {
    hm_text text;
    hm_text more;
    hm_text_init(&text, NULL);
    hm_text_init(&more, NULL);
    bool is_complete =
            hm_explanation_write(explanation, hm_text_write, &text) == HM_OK &&
            (unread->count == 0 || put_unread(&more, unread) == HM_OK) &&
            put_cache(&more, adapters) == HM_OK;
    if (is_complete) {
        size_t length = text.length - sizeof "}\n" + 1;
        printf("%.*s%s", (int)length, hm_text_get(&text), hm_text_get(&more));
        if (runs->count > 0) {
            printf(",\n \"runs\": {\"count\": %u, \"first_nanoseconds\": %llu, "
                   "\"mean_nanoseconds\": %.0f, \"best_nanoseconds\": %llu}",
                    (unsigned)runs->count, (unsigned long long)runs->first,
                    (double)runs->sum / runs->count, (unsigned long long)runs->best);
        }
        fputs("}\n", stdout);
    }
    hm_text_finish(&text);
    hm_text_finish(&more);
    return is_complete ? HM_OK : hm_session_no_memory(session);
}

static hm_status print(hm_session *session, const hm_plan *plan,
        const hm_explain_runs *runs, const hm_words *unread,
        const hm_run_adapters *adapters) {
    hm_explanation *explanation;
    if (hm_plan_explain(plan, &explanation, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    hm_output_format format = hm_output_format_of(session);
    hm_status status =
            format == HM_OUTPUT_TABLE
                    ? hm_explain_print(session, explanation, runs, unread)
            : format == HM_OUTPUT_CSV
                    ? hm_explain_print_csv(session, explanation)
                    : print_json(session, explanation, runs, unread, adapters);
    if (status == HM_OK && format == HM_OUTPUT_TABLE) {
        print_cache(adapters);
    }
    hm_explanation_destroy(explanation);
    return status;
}

// A run that is cancelled before its first node: the cache tells when it begins.
static hm_status ask_cache(
        hm_session *session, const hm_plan *plan, hm_cancel *cancel) {
    hm_run *run;
    hm_error error;
    hm_status status = hm_run_create(plan, &run, &error);
    if (status == HM_OK) {
        hm_cancel_raise(cancel);
        status = hm_run_execute(run, &error);
        hm_cancel_clear(cancel);
        hm_run_destroy(run);
    }
    return status == HM_OK || status == HM_CANCELLED
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

// What --analyze measured is what the file holds afterwards.
static hm_status run_and_print(hm_session *session, const hm_plan *plan,
        hm_costs *costs, const hm_words *unread, const hm_run_adapters *adapters) {
    hm_explain_runs runs = {0};
    bool runs_it = hm_arguments_value(session, "analyze") != NULL;
    if (runs_it) {
        HM_TRY(analyze(session, plan, &runs));
    }
    HM_TRY(print(session, plan, &runs, unread, adapters));
    if (!runs_it || costs == NULL) {
        return HM_OK;
    }
    if (hm_costs_learn(costs, plan) != HM_OK) {
        return hm_session_no_memory(session);
    }
    return hm_costs_file_write(session, costs);
}

static hm_status check_cache(hm_session *session, const hm_dataflow *dataflow) {
    if (hm_arguments_value(session, "cache") != NULL &&
            hm_arguments_value(session, "analyze") != NULL) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, "leave out one of them",
                "--analyze runs all nodes, and --cache tells which would be found");
    }
    return hm_run_adapters_check(session, &dataflow->adapters, dataflow->graph);
}

static hm_status explain_question(
        hm_session *session, const hm_dataflow *dataflow, const hm_question *question) {
    HM_TRY(check_cache(session, dataflow));
    hm_cancel *cancel;
    if (hm_cancel_create(NULL, &cancel) != HM_OK) {
        return hm_session_no_memory(session);
    }
    hm_request known = question->request;
    known.cancel = cancel;
    known.always_measure = true;
    hm_plan *plan = NULL;
    hm_error error;
    size_t before = hm_diagnostics_count(session->faults.list);
    hm_status status = hm_costs_file_read(session, &known.costs);
    if (status == HM_OK) {
        status = hm_plan_create(dataflow->driver, &known, &plan, &error);
        if (status != HM_OK) {
            hm_dataflow_fail(session, status, before, &error);
            // Lengths that differ already in the request are its fault.
            status = status == HM_LENGTH_MISMATCH ? HM_BAD_ARGUMENT : status;
        }
    }
    if (status == HM_OK && hm_arguments_value(session, "cache") != NULL) {
        status = ask_cache(session, plan, cancel);
    }
    if (status == HM_OK) {
        hm_interrupt_cancel(cancel);
        status = run_and_print(
                session, plan, known.costs, &question->unread, &dataflow->adapters);
        hm_interrupt_cancel(NULL);
    }
    hm_plan_destroy(plan);
    hm_costs_destroy(known.costs);
    hm_cancel_destroy(cancel);
    return status;
}

static const hm_option node_options[] = {
        {.name = "node",
                .operand = "NAME",
                .help = "shows instead how this node or input came to be"},
        {.name = NULL},
};

static const hm_option run_options[] = {
        {.name = "analyze", .help = "runs it, and shows what was measured"},
        {.name = "runs",
                .operand = "N",
                .help = "how often --analyze runs it; once without it"},
        {.name = "all", .help = "shows all of lists that would be shortened"},
        {.name = NULL},
};

static bool is_among(const hm_option *option, const hm_option *group) {
    while (group->name != NULL && group != option) {
        group++;
    }
    return group->name != NULL;
}

// How a node came to be has nothing to do with a run.
static hm_status explain_node(
        hm_session *session, const hm_graph *graph, const char *name) {
    for (size_t i = 0; i < session->given_count; i++) {
        const hm_option *option = session->given[i].option;
        if (is_among(option, hm_request_options) || is_among(option, run_options) ||
                is_among(option, hm_run_cache_options) ||
                is_among(option, hm_execution_options)) {
            return hm_session_fail(session, HM_BAD_ARGUMENT,
                    hm_session_text(session, "leave out --%s, or --node", option->name),
                    "--node tells how a node came to be, which no run changes");
        }
    }
    if (hm_output_format_of(session) == HM_OUTPUT_CSV) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, "give --format table or json",
                "what --node tells is no table");
    }
    uint32_t id;
    HM_TRY(hm_selection_find(session, graph, name, &id));
    return hm_explain_node(session, graph, id);
}

static hm_status explain(hm_session *session) {
    hm_dataflow dataflow;
    hm_question question = {0};
    hm_status status = hm_dataflow_init(session, &dataflow);
    const char *node = hm_arguments_value(session, "node");
    if (node != NULL) {
        status = status == HM_OK ? explain_node(session, dataflow.graph, node) : status;
        hm_dataflow_finish(&dataflow);
        return status;
    }
    if (status == HM_OK) {
        status = hm_question_init(session, dataflow.graph, &question);
    }
    if (status == HM_OK) {
        status = explain_question(session, &dataflow, &question);
    }
    if (dataflow.graph != NULL) {
        hm_report_faults(session, status, dataflow.graph, &question);
    }
    hm_question_finish(&question);
    hm_dataflow_finish(&dataflow);
    return status;
}

static const hm_option *const options[] = {node_options, hm_request_options,
        run_options, hm_run_cache_options, hm_execution_options, hm_format_options,
        hm_dataflow_options, hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_explain = {
        .name = "explain",
        .operands = "MODULE...",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "how it would be run, or how a node came to be",
        .details =
                "Shows the compiled plan, and runs nothing unless --analyze is given. "
                "A "
                "task is what one thread runs without interruption: its nodes stand "
                "in their order, and `after` names the tasks that it waits for. A node "
                "with [] runs once for each row; those with a * are on the critical "
                "path, the longest chain of nodes that need each other. Work divided "
                "by the critical path is the average parallelism: more threads than "
                "that do not help.\n\n"
                "`time` is what a run spends in a node, all rows together. It is known "
                "with --analyze, or from a file of --costs. The frame holds single "
                "values, and where arrays are; memory of arrays that end is used "
                "again. Under `blocks` stand the nodes that go through their rows "
                "together, and under `unread` the columns of data files that are "
                "passed over.\n\n"
                "--analyze runs the plan once, unless --runs says otherwise; the first "
                "run is slower than others. What is shown is the plan after the last "
                "run, when it is grouped by what was measured.\n\n"
                "As JSON, this is one object: outputs, the numbers of the summary, "
                "critical_path, tasks with their nodes, pipelines, frame, buffers and "
                "cache. "
                "As CSV, "
                "it is a line for each node.\n\n"
                "With --cache, it is also told of each node whether a run with that "
                "cache would find it, compute it and why, or not cache it and why, as "
                "far as that is known before anything runs; and the plan is the one "
                "of such a run.\n\n"
                "--node NAME shows how a node came to be: the function that makes it, "
                "the modifiers in the order in which they applied, what each "
                "parameter takes, which nodes read it, and which its modifiers made "
                "beside it. As JSON, this is one object: node (as `hamilton list` "
                "prints it), function, made_by, absent (why an input with variants is "
                "none of them), modifiers, parameters, readers and beside.",
        .example = "hamilton explain marketing.c -d spend.csv -o spend_mean --analyze",
        .options = options,
        .run = explain,
};
