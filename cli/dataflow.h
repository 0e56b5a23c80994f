// dataflow.h — the modules of the command line, made one dataflow.

#ifndef HM_CLI_DATAFLOW_H
#define HM_CLI_DATAFLOW_H

#include <hamilton/driver.h>
#include <hamilton/library.h>
#include <hamilton/status.h>

#include "cli/run_adapters.h"
#include "cli/session.h"

// What --threads can say.
enum { HM_MOST_THREADS = 1024 };

typedef struct hm_loaded_module {
    hm_library *library;
    const char *path; // that it was loaded from, "." and ".." resolved
    const char *file; // that it was made from, likewise
} hm_loaded_module;

typedef struct hm_dataflow {
    hm_loaded_module *libraries; // the operands, then what they name by HM_SUBDAG
    size_t library_count;
    hm_driver *driver;
    hm_run_adapters adapters; // of its runs
    const hm_graph *graph;    // of the driver
} hm_dataflow;

// Loads every operand and builds the dataflow with the session's configuration. All
// modules are tried, so that the faults of all are reported. The caller calls finish in
// any case.
hm_status hm_dataflow_init(hm_session *session, hm_dataflow *dataflow);

// Loads one more module.
hm_status hm_dataflow_load(
        hm_session *session, hm_dataflow *dataflow, const char *path);

// Accepts what init left when it failed.
void hm_dataflow_finish(hm_dataflow *dataflow);

// Notes an error of the library unless it reported its faults itself, since there were
// `before` of them. Returns the status.
hm_status hm_dataflow_fail(
        hm_session *session, hm_status status, size_t before, const hm_error *error);

#endif
