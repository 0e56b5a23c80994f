// cancel.h — a switch that ends runs early.
//
//     hm_cancel *cancel;
//     hm_cancel_create(NULL, &cancel);
//     request.cancel = cancel;
//     ... another thread, or a signal handler: hm_cancel_raise(cancel); ...
//     status = hm_driver_execute(driver, &request, &results, &error); // HM_CANCELLED

#ifndef HAMILTON_CANCEL_H
#define HAMILTON_CANCEL_H

#include <stdbool.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_cancel hm_cancel;

/// allocator is kept; NULL means the default. The caller destroys *cancel.
HM_API HM_MUST_CHECK hm_status hm_cancel_create(
        const hm_allocator *allocator, hm_cancel **cancel);

/// Accepts NULL. Plans and runs that have it go on; its memory is freed with the last.
HM_API void hm_cancel_destroy(hm_cancel *cancel);

/// Ends the executions that have it, those to come included: functions under way are
/// waited for, no other is called. Any thread, and signal handlers.
HM_API void hm_cancel_raise(hm_cancel *cancel);

/// Lets later executions run again. Any thread.
HM_API void hm_cancel_clear(hm_cancel *cancel);

/// Any thread, and signal handlers.
HM_API bool hm_cancel_is_raised(const hm_cancel *cancel);

#ifdef __cplusplus
}
#endif

#endif
