// diagnostics.h — all faults of one call, where hm_error holds the first alone.
//
//     hm_diagnostics *faults;
//     if (hm_diagnostics_create(NULL, &faults) == HM_OK) {
//         options.diagnostics = faults;
//         ...
//         for (size_t i = 0; i < hm_diagnostics_count(faults); i++) {
//             const hm_diagnostic *fault = hm_diagnostics_at(faults, i);
//             ...
//         }
//         hm_diagnostics_destroy(faults);
//     }

#ifndef HAMILTON_DIAGNOSTICS_H
#define HAMILTON_DIAGNOSTICS_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hm_severity {
    HM_SEVERITY_ERROR,
    HM_SEVERITY_WARNING, ///< the call went on; nothing is wrong with its result
} hm_severity;

/// One fault. All texts belong to the list.
typedef struct hm_diagnostic {
    hm_status status;
    hm_severity severity;
    const char *node;    ///< the node, input or config key concerned, or NULL
    const char *file;    ///< where it stands, or NULL
    uint32_t line;       ///< from 1, or 0
    const char *message; ///< what was expected and what was found; no final stop
    const char *mend;    ///< what to do about it, or NULL
} hm_diagnostic;

/// A list of faults in the order in which they were found. Owner only.
typedef struct hm_diagnostics hm_diagnostics;

/// allocator is kept; NULL means the default. The caller destroys *list.
HM_API HM_MUST_CHECK hm_status hm_diagnostics_create(
        const hm_allocator *allocator, hm_diagnostics **list);

/// Accepts NULL.
HM_API void hm_diagnostics_destroy(hm_diagnostics *list);

/// How many faults there are, warnings included.
HM_API size_t hm_diagnostics_count(const hm_diagnostics *list);

/// The fault at index, borrowed until the list is next written or destroyed.
HM_API const hm_diagnostic *hm_diagnostics_at(const hm_diagnostics *list, size_t index);

#ifdef __cplusplus
}
#endif

#endif
