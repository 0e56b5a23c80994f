// results.h — what a run computed.
//
//     const hm_value *mean = hm_results_find(results, "spend_mean");
//     printf("%g\n", *(const double *)hm_value_data(mean));
//     hm_results_destroy(results);

#ifndef HAMILTON_RESULTS_H
#define HAMILTON_RESULTS_H

#include <stddef.h>

#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The values of the names that were wanted, in the order in which they were asked for.
/// Never changes: any thread may read it. Outlives its driver, but not the modules.
typedef struct hm_results hm_results;

HM_API size_t hm_results_count(const hm_results *results);

/// The name at index, as it was asked for.
HM_API const char *hm_results_name(const hm_results *results, size_t index);

/// The value at index, or NULL if it is not ready. Borrowed until the results are
/// destroyed.
HM_API const hm_value *hm_results_value(const hm_results *results, size_t index);

/// HM_OK if the value at index is ready, else why it is not; message tells in words, or
/// is
/// "". message may be NULL; it is borrowed.
HM_API hm_status hm_results_status(
        const hm_results *results, size_t index, const char **message);

/// The value of this name, or NULL if it was not asked for or is not ready.
HM_API const hm_value *hm_results_find(const hm_results *results, const char *name);

/// Accepts NULL.
HM_API void hm_results_destroy(hm_results *results);

#ifdef __cplusplus
}
#endif

#endif
