// run_adapters.h — the adapters that options of `hamilton run` ask for. Each is one
// file, run_<name>.c, with its options, and a row of the list in run_adapters.c.

#ifndef HM_CLI_RUN_ADAPTERS_H
#define HM_CLI_RUN_ADAPTERS_H

#include <stddef.h>

#include <hamilton/adapter.h>
#include <hamilton/status.h>

#include "cli/command.h"
#include "cli/session.h"

// Most adapters of the library that one of them consists of.
enum { HM_RUN_ADAPTER_PARTS = 2 };

// `self` is its own, and lives until destroy.
typedef struct hm_run_adapter {
    // Begins, before there is a driver. What the options say is checked, and what can
    // be known by now: better told before the run than after. *self stays NULL if
    // nothing asks for it; then nothing else is called.
    hm_status (*create)(hm_session *session, void **self);

    // Whether what its options name is there, once there is a graph. NULL: nothing.
    hm_status (*check)(hm_session *session, void *self, const hm_graph *graph);

    // Its adapters for the driver, outermost first; returns how many.
    size_t (*parts)(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]);

    // The run is over, or was left at its deadline; its results are printed next. NULL:
    // nothing.
    void (*executed)(void *self);

    // After the run, however that ended, and not if none began: writes and tells what
    // there is. NULL: nothing. After a deadline nodes may still be under way.
    hm_status (*tell)(hm_session *session, void *self);

    // After the driver.
    void (*destroy)(void *self);
} hm_run_adapter;

extern const hm_run_adapter hm_run_report_file;
extern const hm_run_adapter hm_run_progress;
extern const hm_run_adapter hm_run_log;
extern const hm_run_adapter hm_run_timings;
extern const hm_run_adapter hm_run_trace;
extern const hm_run_adapter hm_run_metrics;
extern const hm_run_adapter hm_run_otlp;
extern const hm_run_adapter hm_run_bundle;
extern const hm_run_adapter hm_run_break;
extern const hm_run_adapter hm_run_checker;
extern const hm_run_adapter hm_run_faults;
extern const hm_run_adapter hm_run_cache;
extern const hm_run_adapter hm_run_retry;
extern const hm_run_adapter hm_run_timeout;

extern const hm_option hm_run_report_options[];
extern const hm_option hm_run_progress_options[];
extern const hm_option hm_run_log_options[];
extern const hm_option hm_run_timings_options[];
extern const hm_option hm_run_trace_options[];
extern const hm_option hm_run_metrics_options[];
extern const hm_option hm_run_otlp_options[];
extern const hm_option hm_run_bundle_options[];
extern const hm_option hm_run_break_options[];
extern const hm_option hm_run_checker_options[];
extern const hm_option hm_run_faults_options[];
extern const hm_option hm_run_cache_options[];
extern const hm_option hm_run_retry_options[];
extern const hm_option hm_run_timeout_options[];

// What the dataflow of a run goes by where several report to one place: the name of its
// first module, without its folder and ending. NULL if memory ran out.
const char *hm_run_adapters_name(hm_session *session);

// Those that a session asked for.
typedef struct hm_run_adapters {
    void **selves; // by row of the list; NULL for what nothing asked for
    const hm_adapter **parts;
    size_t part_count;
} hm_run_adapters;

// What one of them has of its own; NULL if nothing asked for it.
void *hm_run_adapters_self(const hm_run_adapters *adapters, const hm_run_adapter *one);

// All faults are told. The caller calls destroy in any case.
hm_status hm_run_adapters_create(hm_session *session, hm_run_adapters *adapters);

hm_status hm_run_adapters_check(
        hm_session *session, const hm_run_adapters *adapters, const hm_graph *graph);

void hm_run_adapters_executed(const hm_run_adapters *adapters);

hm_status hm_run_adapters_tell(hm_session *session, const hm_run_adapters *adapters);

void hm_run_adapters_destroy(hm_run_adapters *adapters);

#endif
