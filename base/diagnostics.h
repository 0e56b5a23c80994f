// diagnostics.h — how faults get into a list.

#ifndef HM_BASE_DIAGNOSTICS_H
#define HM_BASE_DIAGNOSTICS_H

#include <hamilton/diagnostics.h>
#include <hamilton/status.h>

// Copies the fault with its texts into the list. list may be NULL. Memory that runs out
// loses the fault: the caller still returns the fault's own status.
void hm_diagnostics_add(hm_diagnostics *list, const hm_diagnostic *fault);

// What one call found: fills the caller's list, if there is one, and hm_error with the
// first error and the number of errors. A struct of the caller's, zeroed at first but
// for list and error.
typedef struct hm_faults {
    hm_diagnostics *list; // or NULL
    hm_error *error;      // or NULL; written at the first error
    size_t count;         // errors so far, without warnings
    hm_status first;      // HM_OK while count is 0
} hm_faults;

// Adds a fault. A sentence in `error` names file and line before the message.
void hm_faults_add(hm_faults *faults, const hm_diagnostic *fault);

// The same, with the message made by a format; node, file and mend may be NULL.
void hm_faults_format(hm_faults *faults, hm_diagnostic fault, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

#endif
