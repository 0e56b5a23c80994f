// timeout.h — an adapter that limits how long single nodes may take.
//
//     HM_TAG(timeout_ms, 50) // in the module
//     int fetch_rate(const char *currency, double *out) { ... }
//
//     hm_timeout_options timeout_options = HM_TIMEOUT_OPTIONS_INIT;
//     hm_timeout *timeout;
//     status = hm_timeout_create(&timeout_options, &timeout, &error);
//     const hm_adapter *const adapters[] = {hm_timeout_adapter(timeout)};
//
// When its time is over hm_should_stop tells the function to come back, or
// hm_async_should_stop if it is asynchronous. The node fails then, whatever the
// function returns, even if it did not ask. A function that does not come back at all
// keeps its thread and its run: only a deadline of the run leaves it behind.

#ifndef HAMILTON_TIMEOUT_H
#define HAMILTON_TIMEOUT_H

#include <stddef.h>

#include <hamilton/adapter.h>
#include <hamilton/export.h>
#include <hamilton/retry.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_timeout hm_timeout;

typedef struct hm_timeout_options {
    size_t struct_size;

    /// Nanoseconds that nodes may take, which go before their tags; 0 for any time. A
    /// name that is no node of a driver's is HM_ADAPTER_FAILED for that driver.
    const hm_node_rule *rules;
    size_t rule_count;

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_timeout_options;

#define HM_TIMEOUT_OPTIONS_INIT                                                        \
    { .struct_size = sizeof(hm_timeout_options) }

/// The caller destroys *timeout.
HM_API HM_MUST_CHECK hm_status hm_timeout_create(
        const hm_timeout_options *options, hm_timeout **timeout, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as timeout.
HM_API const hm_adapter *hm_timeout_adapter(const hm_timeout *timeout);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_timeout_destroy(hm_timeout *timeout);

#ifdef __cplusplus
}
#endif

#endif
