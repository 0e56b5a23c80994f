// status.h — how every call reports what went wrong.
//
// Whatever can fail returns an hm_status and takes an hm_error * last. Calls that can
// find several faults at once also fill a list, see <hamilton/diagnostics.h>.

#ifndef HAMILTON_STATUS_H
#define HAMILTON_STATUS_H

#include <stddef.h>

#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

// One list makes the enum and the texts, so neither can be forgotten. Append only: the
// numbers are part of the ABI.
#define HM_STATUS_LIST(X)                                                              \
    X(HM_OK, "ok")                                                                     \
    X(HM_NO_MEMORY, "out of memory")                                                   \
    X(HM_BAD_ARGUMENT, "an argument is not valid")                                     \
    X(HM_BAD_MODULE, "a module cannot be used")                                        \
    X(HM_BAD_SOURCE, "a source file says what a module cannot mean")                   \
    X(HM_UNKNOWN_NAME, "no node or input has this name")                               \
    X(HM_DUPLICATE_NAME, "two definitions have the same name")                         \
    X(HM_TYPE_MISMATCH, "two types that must agree differ")                            \
    X(HM_SHAPE_MISMATCH, "one value was given where an array is wanted")               \
    X(HM_LENGTH_MISMATCH, "two arrays that must be equally long differ in length")     \
    X(HM_CYCLE, "nodes depend on each other in a circle")                              \
    X(HM_MISSING_INPUT, "an input was not given")                                      \
    X(HM_BAD_DATA, "a value or a file cannot be read as what is wanted")               \
    X(HM_IO, "the operating system refused to read or write")                          \
    X(HM_NODE_FAILED, "a node reported a failure")                                     \
    X(HM_SKIPPED, "a node was not run because one that it needs failed")               \
    X(HM_CANCELLED, "the run was cancelled")                                           \
    X(HM_DEADLINE, "the deadline passed before the value was ready")                   \
    X(HM_BUSY, "there is more under way than may be")                                  \
    X(HM_TOO_LARGE, "a run would take more memory than it may")                        \
    X(HM_ADAPTER_FAILED, "an adapter reported a failure")

typedef enum hm_status {
#define X(name, text) name,
    HM_STATUS_LIST(X)
#undef X
} hm_status;

/// What went wrong, in words. The caller owns it, usually on the stack; every function
/// that takes one accepts NULL and writes it only when it fails.
typedef struct hm_error {
    hm_status status;
    size_t fault_count; ///< how many faults were found; the message tells the first
    char message[512];  ///< one sentence that names the nodes and modules concerned
} hm_error;

/// The text of a status, without the particulars: static, never NULL.
HM_API const char *hm_status_text(hm_status status);

#ifdef __cplusplus
}
#endif

#endif
