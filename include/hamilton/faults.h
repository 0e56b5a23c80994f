// faults.h — an adapter that makes nodes slow, or lets them fail, to test what is
// around them.
//
//     const hm_fault faults[] = {
//         {.node = "fetch", .delay = 50000000, .deviation = 10000000},
//         {.tag = "remote", .probability = 0.1, .message = "the line is dead"},
//     };
//     hm_faults_options faults_options = HM_FAULTS_OPTIONS_INIT;
//     faults_options.items = faults;
//     faults_options.count = 2;
//     faults_options.seed = 17;
//     hm_fault_injection *injection;
//     status = hm_fault_injection_create(&faults_options, &injection, &error);
//     const hm_adapter *const adapters[] = {hm_fault_injection_adapter(injection)};
//
// It belongs innermost, in the place of what functions do themselves: adapters around
// it retry, limit, and tell of the faults as of others.

#ifndef HAMILTON_FAULTS_H
#define HAMILTON_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What is to go wrong. Texts are copied.
typedef struct hm_fault {
    const char *node; ///< which node, or NULL
    const char *tag;  ///< or nodes with a tag of this key; if both are NULL, all nodes

    /// Nanoseconds before the function is called: normally distributed with this mean
    /// and standard deviation, within six of them, and never less than 0. The node's
    /// thread is taken for so long, as by a slow function, unless the run is stopped.
    uint64_t delay;
    uint64_t deviation;

    uint64_t fail_at;    ///< which call of the node fails, from 1; 0 for none
    double probability;  ///< that a call fails, from 0 to 1
    const char *message; ///< as of hm_fail; NULL for "a fault that was asked for"
} hm_fault;

typedef struct hm_fault_injection hm_fault_injection;

typedef struct hm_faults_options {
    size_t struct_size;

    /// All that fit a node apply: delays add up, and the first that fails says why. A
    /// name that is no node of a driver's, or a tag that none has, is HM_ADAPTER_FAILED
    /// for that driver.
    const hm_fault *items;
    size_t count;

    /// Of what is random. It decides with the name of the node and the number of the
    /// call what happens to a call, on whatever thread and in whatever order.
    uint64_t seed;

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_faults_options;

#define HM_FAULTS_OPTIONS_INIT                                                         \
    { .struct_size = sizeof(hm_faults_options) }

/// HM_BAD_ARGUMENT for a probability that is none. The caller destroys *injection.
HM_API HM_MUST_CHECK hm_status hm_fault_injection_create(
        const hm_faults_options *options, hm_fault_injection **injection,
        hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as
/// injection. Calls of a node are counted over all runs of all drivers, those that are
/// repeated included; a mapped node is called once a run.
HM_API const hm_adapter *hm_fault_injection_adapter(
        const hm_fault_injection *injection);

/// How often a node was called by now. Any thread.
HM_API uint64_t hm_fault_injection_calls(
        hm_fault_injection *injection, const char *node);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_fault_injection_destroy(hm_fault_injection *injection);

#ifdef __cplusplus
}
#endif

#endif
