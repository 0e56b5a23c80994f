// retry.h — an adapter that calls nodes again that failed, after a pause.
//
//     HM_TAG(retry, 3) // in the module: at most three times more
//     int fetch_rate(const char *currency, double *out) { ... }
//
//     hm_retry_options retry_options = HM_RETRY_OPTIONS_INIT;
//     hm_retry *retry;
//     status = hm_retry_create(&retry_options, &retry, &error);
//     const hm_adapter *const adapters[] = {hm_retry_adapter(retry)};
//     ... drivers that have it ...
//     hm_retry_destroy(retry);
//
// A node is called again if its function failed, as by hm_fail; what else goes wrong,
// such as arrays of unequal length, would do so again. No thread waits during a pause,
// which ends at once when the run is cancelled or late.
//
// Adapters further in, such as a time limit, are about each attempt; those further out
// about all together.

#ifndef HAMILTON_RETRY_H
#define HAMILTON_RETRY_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_retry hm_retry;

/// A number for the node of a name.
typedef struct hm_node_rule {
    const char *node; ///< copied
    uint64_t number;
} hm_node_rule;

typedef struct hm_retry_options {
    size_t struct_size;

    /// How often nodes are called again, which go before their tags. A name that is no
    /// node of a driver's is HM_ADAPTER_FAILED for that driver.
    const hm_node_rule *rules;
    size_t rule_count;

    uint64_t pause;      ///< nanoseconds before the first time; 0 for 10 ms
    uint64_t most_pause; ///< the pause doubles each time, up to this; 0 for 10 s

    /// How much of a pause is random, from 0 to 1, so that what failed together does
    /// not come back together: with 0.5 it is between a half of it and all.
    double jitter;
    uint64_t seed; ///< of what is random

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_retry_options;

#define HM_RETRY_OPTIONS_INIT                                                          \
    { .struct_size = sizeof(hm_retry_options), .jitter = 0.5 }

/// The caller destroys *retry.
HM_API HM_MUST_CHECK hm_status hm_retry_create(
        const hm_retry_options *options, hm_retry **retry, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as retry.
HM_API const hm_adapter *hm_retry_adapter(const hm_retry *retry);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_retry_destroy(hm_retry *retry);

#ifdef __cplusplus
}
#endif

#endif
