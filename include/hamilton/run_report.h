// run_report.h — an adapter that writes down what a run did, node by node, as JSON.
//
//     hm_run_report *report;
//     status = hm_run_report_create(NULL, &report, &error);
//     const hm_adapter *const adapters[] = {hm_run_report_adapter(report)};
//     ... a driver that has it executes a request ...
//     status = hm_run_report_write(report, write, file);
//
// It belongs outermost, so that it hears how nodes end after all others had their say.
// docs/adapters/report.md describes what is written; its "version" grows when a member
// changes its meaning or goes, not when one is added.

#ifndef HAMILTON_RUN_REPORT_H
#define HAMILTON_RUN_REPORT_H

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_run_report hm_run_report;

/// allocator is kept; NULL means the default. The caller destroys *report.
HM_API HM_MUST_CHECK hm_status hm_run_report_create(
        const hm_allocator *allocator, hm_run_report **report, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as report.
/// It only observes: a run of which memory for a report is lacking has none.
HM_API const hm_adapter *hm_run_report_adapter(const hm_run_report *report);

/// Writes of the run that began last how it stands, or how it ended, as one JSON
/// object; null if there was none. HM_IO if write ended it. Any thread, also during
/// runs, which then wait where they have something to report.
HM_API HM_MUST_CHECK hm_status hm_run_report_write(
        hm_run_report *report, hm_write *write, void *to);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_run_report_destroy(hm_run_report *report);

#ifdef __cplusplus
}
#endif

#endif
