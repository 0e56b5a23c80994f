// log.h — an adapter that tells of nodes and runs, a line each, as they come and go.
//
//     static void print(void *context, hm_log_level level, const char *line) {
//         fprintf(context, "%s\n", line);
//     }
//
//     hm_log_options log_options = HM_LOG_OPTIONS_INIT;
//     log_options.line = print;
//     log_options.context = stderr;
//     hm_log *log;
//     status = hm_log_create(&log_options, &log, &error);
//     const hm_adapter *const adapters[] = {hm_log_adapter(log)};
//
// It belongs around adapters that change what becomes of nodes, so that it tells what
// did in the end. docs/adapters/log.md has the lines.

#ifndef HAMILTON_LOG_H
#define HAMILTON_LOG_H

#include <stddef.h>

#include <hamilton/adapter.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_log hm_log;

/// How much is told: a level, and all before it.
typedef enum hm_log_level {
    HM_LOG_ERROR,   ///< nodes and runs that fail
    HM_LOG_WARNING, ///< rows that fail, what is tried again, or skipped for a failure
    HM_LOG_INFO,    ///< nodes that end, with what they made and how long they took
    HM_LOG_DEBUG,   ///< nodes that begin, with what they take; decisions of a cache
} hm_log_level;

/// Takes a line, without an end of line; borrowed. One at a time, on the thread that it
/// tells of, which waits for it.
typedef void hm_log_line(void *context, hm_log_level level, const char *line);

typedef struct hm_log_options {
    size_t struct_size;
    hm_log_level level;
    hm_log_line *line;
    void *context;

    /// Which nodes are told of, if there are any: by name, `@key` of a tag, or
    /// `@key=value`. Copied. A name that is no node of a driver's, and a tag that
    /// none has, are HM_ADAPTER_FAILED for that driver.
    const char *const *nodes;
    size_t node_count;

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_log_options;

#define HM_LOG_OPTIONS_INIT                                                            \
    { .struct_size = sizeof(hm_log_options), .level = HM_LOG_INFO }

/// The caller destroys *log.
HM_API HM_MUST_CHECK hm_status hm_log_create(
        const hm_log_options *options, hm_log **log, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as log.
HM_API const hm_adapter *hm_log_adapter(const hm_log *log);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_log_destroy(hm_log *log);

#ifdef __cplusplus
}
#endif

#endif
