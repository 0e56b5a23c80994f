// costs.h — how long functions take, from one process to the next.
//
//     hm_costs *costs = NULL;
//     status = hm_costs_read(text, NULL, &costs, &error); // of the last process
//     request.costs = costs;
//     status = hm_plan_create(driver, &request, &plan, &error);
//     ... many executions ...
//     status = hm_costs_learn(costs, plan);
//     status = hm_costs_write(costs, write, file);
//
// A plan learns in its first executions what its functions cost; one that is told
// before groups its nodes into tasks, and chooses between one thread and several, from
// the first execution on. That changes when and where a function runs, never a result.
//
// A cost belongs to a name, the version of the code behind it, and the number of
// dimensions over which it is mapped: what was measured of other code is not used.
// Costs that are far off, because a machine or the lengths of arrays are others, are
// mended by the first executions.

#ifndef HAMILTON_COSTS_H
#define HAMILTON_COSTS_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/plan.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Nanoseconds that functions take, by name. Owner only; but while nobody changes it,
/// any number of threads may create plans with it.
typedef struct hm_costs hm_costs;

/// Makes an empty one. allocator is kept; NULL means the default. The caller destroys
/// *costs.
HM_API HM_MUST_CHECK hm_status hm_costs_create(
        const hm_allocator *allocator, hm_costs **costs);

/// Makes one of what hm_costs_write wrote. Nodes that no plan has do no harm. Text that
/// is something else is HM_BAD_DATA; the message has the line. allocator is kept; NULL
/// means the default. The caller destroys *costs.
HM_API HM_MUST_CHECK hm_status hm_costs_read(const char *text,
        const hm_allocator *allocator, hm_costs **costs, hm_error *error);

/// Accepts NULL.
HM_API void hm_costs_destroy(hm_costs *costs);

/// How many costs are known.
HM_API size_t hm_costs_count(const hm_costs *costs);

/// Takes over what is known of a plan's functions, in the place of what was known of
/// the same names before; other names stay. Runs of the plan may be under way.
/// HM_NO_MEMORY leaves some of them out.
HM_API HM_MUST_CHECK hm_status hm_costs_learn(hm_costs *costs, const hm_plan *plan);

/// Writes JSON text, a line for each name. HM_IO if write ended it.
HM_API HM_MUST_CHECK hm_status hm_costs_write(
        const hm_costs *costs, hm_write *write, void *to);

#ifdef __cplusplus
}
#endif

#endif
