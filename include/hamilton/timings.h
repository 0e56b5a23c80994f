// timings.h — an adapter that adds up how long nodes take, for a table at the end.
//
//     hm_timings *timings;
//     status = hm_timings_create(NULL, &timings, &error);
//     const hm_adapter *const adapters[] = {hm_timings_adapter(timings)};
//     ... drivers that have it execute requests ...
//     status = hm_timings_write(timings, write, file);
//
// It belongs around adapters that change what becomes of nodes: a node's time is then
// with all that they do. Nodes of one name are one, over all runs, plans and drivers.

#ifndef HAMILTON_TIMINGS_H
#define HAMILTON_TIMINGS_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_timings hm_timings;

/// What became of a node when it was last heard of.
typedef enum hm_timing_state {
    HM_TIMING_WAITING, ///< its run has not come to it
    HM_TIMING_UNDER_WAY,
    HM_TIMING_OK,
    HM_TIMING_FAILED,
    HM_TIMING_SKIPPED,
    HM_TIMING_CANCELLED,
    HM_TIMING_LATE,
    HM_TIMING_SUPPLIED,   ///< by an adapter, as a cache that found it
    HM_TIMING_NOT_NEEDED, ///< what needs it was supplied, or takes another branch
} hm_timing_state;

/// What is known of a node.
typedef struct hm_timing {
    const char *name; ///< lives as long as the timings
    hm_timing_state state;
    uint64_t call_count; ///< that have ended; rows are not counted as calls
    uint64_t row_count;  ///< of these; a call that is not mapped has one

    /// What threads spent on it, one after the other: of a node that goes through its
    /// rows with others, in its own part of that; of an asynchronous one from beginning
    /// to end, whoever waits.
    uint64_t nanoseconds;
} hm_timing;

/// allocator is kept; NULL means the default. The caller destroys *timings.
HM_API HM_MUST_CHECK hm_status hm_timings_create(
        const hm_allocator *allocator, hm_timings **timings, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as timings.
/// It only observes: plans for which memory is lacking are not timed.
HM_API const hm_adapter *hm_timings_adapter(const hm_timings *timings);

/// Fills in at most so many nodes, in the order in which they were first planned, and
/// returns how many there are. Any thread, also during runs.
HM_API size_t hm_timings_read(hm_timings *timings, hm_timing *nodes, size_t count);

/// Writes a table for the eye: a line for each node, those that took longest first, and
/// one for all. HM_IO if write ended it. Any thread, also during runs.
HM_API HM_MUST_CHECK hm_status hm_timings_write(
        hm_timings *timings, hm_write *write, void *to);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_timings_destroy(hm_timings *timings);

#ifdef __cplusplus
}
#endif

#endif
