// hamilton.h — everything that a program which embeds the engine needs.

#ifndef HAMILTON_HAMILTON_H
#define HAMILTON_HAMILTON_H

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/breakpoint.h>
#include <hamilton/bundle.h>
#include <hamilton/cancel.h>
#include <hamilton/checker.h>
#include <hamilton/columns.h>
#include <hamilton/costs.h>
#include <hamilton/data_format.h>
#include <hamilton/diagnostics.h>
#include <hamilton/driver.h>
#include <hamilton/explain.h>
#include <hamilton/faults.h>
#include <hamilton/graph.h>
#include <hamilton/json.h>
#include <hamilton/library.h>
#include <hamilton/log.h>
#include <hamilton/matrix.h>
#include <hamilton/members.h>
#include <hamilton/metadata.h>
#include <hamilton/metrics.h>
#include <hamilton/module.h>
#include <hamilton/plan.h>
#include <hamilton/progress.h>
#include <hamilton/results.h>
#include <hamilton/retry.h>
#include <hamilton/run_report.h>
#include <hamilton/status.h>
#include <hamilton/table.h>
#include <hamilton/timeout.h>
#include <hamilton/timings.h>
#include <hamilton/trace.h>
#include <hamilton/type.h>
#include <hamilton/value.h>
#include <hamilton/version.h>

#endif
