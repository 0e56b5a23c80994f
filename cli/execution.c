// execution.c — see execution.h.

#include "cli/execution.h"

#include "base/error.h"
#include "cli/interrupt.h"

hm_status hm_execution_run(hm_session *session, const hm_driver *driver,
        const hm_request *request, hm_results **results, hm_error *error) {
    hm_cancel *cancel;
    if (hm_cancel_create(NULL, &cancel) != HM_OK) {
        return hm_session_no_memory(session);
    }
    hm_request cancellable = *request;
    cancellable.cancel = cancel;
    hm_interrupt_cancel(cancel);
    hm_status status = hm_driver_execute(driver, &cancellable, results, error);
    hm_interrupt_cancel(NULL);
    if (status == HM_OK && hm_cancel_is_raised(cancel)) {
        // A signal can also end what a node waited for, and so the run.
        status = hm_error_set(error, HM_CANCELLED, "the run was cancelled");
    }
    hm_cancel_destroy(cancel);
    return status;
}
