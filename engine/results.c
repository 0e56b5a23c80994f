// results.c — the values stay where the run made them: results are a run that is not
// executed again.

#include "engine/results.h"

#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "engine/execute.h"

struct hm_results {
    hm_plan *plan;
    hm_run *run;
    hm_value *values; // by wanted name; type NULL if not ready
};

static hm_status allocate(hm_plan *plan, hm_results **results) {
    hm_results *created = hm_allocate_array(plan->allocator, 1, sizeof *created);
    if (created == NULL) {
        hm_plan_destroy(plan);
        return HM_NO_MEMORY;
    }
    created->plan = plan;
    created->values = hm_allocate_array(
            plan->allocator, plan->wanted_count, sizeof *created->values);
    if (created->values == NULL) {
        hm_results_destroy(created);
        return HM_NO_MEMORY;
    }
    *results = created;
    return HM_OK;
}

hm_status hm_results_compute(hm_plan *plan, hm_results **results, hm_faults *faults) {
    bool keep_going = plan->keep_going;
    hm_results *created;
    hm_status status = allocate(plan, &created);
    if (status != HM_OK) {
        return hm_error_no_memory(faults->error);
    }
    // A run with a deadline copies what nodes read that it may leave behind.
    status = hm_plan_copy_inputs(plan, true);
    if (status == HM_OK) {
        status = hm_run_make(plan, true, &created->run);
    }
    if (status != HM_OK) {
        hm_results_destroy(created);
        return hm_error_set(faults->error, status, NULL);
    }
    status = hm_execute(created->run, faults);
    hm_run_warnings(created->run, faults->list);
    bool is_partial = keep_going ? status != HM_NO_MEMORY && status != HM_BUSY
                                 : status == HM_CANCELLED || status == HM_DEADLINE;
    if (status != HM_OK && !is_partial) {
        hm_results_destroy(created);
        return status;
    }
    for (uint32_t i = 0; i < plan->wanted_count; i++) {
        if (hm_run_outcome(created->run, i).status == HM_OK) {
            created->values[i] = hm_run_value(created->run, plan->wanted[i]);
        }
    }
    *results = created;
    return status;
}

void hm_results_destroy(hm_results *results) {
    if (results == NULL) {
        return;
    }
    hm_plan *plan = results->plan;
    const hm_allocator *allocator = plan->allocator;
    hm_run_destroy(results->run);
    hm_deallocate_array(
            allocator, results->values, plan->wanted_count, sizeof *results->values);
    hm_plan_destroy(plan);
    hm_deallocate_array(allocator, results, 1, sizeof *results);
}

size_t hm_results_count(const hm_results *results) {
    return results->plan->wanted_count;
}

const char *hm_results_name(const hm_results *results, size_t index) {
    return results->plan->wanted_names[index];
}

const hm_value *hm_results_value(const hm_results *results, size_t index) {
    const hm_value *value = &results->values[index];
    return value->type != NULL ? value : NULL;
}

hm_status hm_results_status(
        const hm_results *results, size_t index, const char **message) {
    hm_outcome outcome = hm_run_outcome(results->run, (uint32_t)index);
    if (message != NULL) {
        *message = outcome.message != NULL ? outcome.message : "";
    }
    return outcome.status;
}

const hm_value *hm_results_find(const hm_results *results, const char *name) {
    for (uint32_t i = 0; i < results->plan->wanted_count; i++) {
        if (strcmp(results->plan->wanted_names[i], name) == 0) {
            return hm_results_value(results, i);
        }
    }
    return NULL;
}
