// error.h — how an error is written and passed on.

#ifndef HM_BASE_ERROR_H
#define HM_BASE_ERROR_H

#include <stdarg.h>

#include <hamilton/status.h>

// Returns what the call returned if that is not HM_OK: where nothing is to be undone.
#define HM_TRY(call)                                                                   \
    do {                                                                               \
        hm_status hm_try_status = (call);                                              \
        if (hm_try_status != HM_OK) {                                                  \
            return hm_try_status;                                                      \
        }                                                                              \
    } while (0)

// Writes the sentence, shortened to fit, and returns status. error may be NULL. A NULL
// format writes the status' own text.
hm_status hm_error_set(hm_error *error, hm_status status, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

// hm_error_set(error, HM_NO_MEMORY, NULL)
hm_status hm_error_no_memory(hm_error *error);

#endif
