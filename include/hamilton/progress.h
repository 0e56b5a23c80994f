// progress.h — an adapter that shows how far a long run is: on a terminal one line that
// is drawn anew some times a second and cleared away at the end, elsewhere a line now
// and then.
//
//     hm_progress_options progress_options = HM_PROGRESS_OPTIONS_INIT;
//     progress_options.write = write;
//     progress_options.to = stderr;
//     progress_options.is_terminal = isatty(STDERR_FILENO);
//     hm_progress *progress;
//     status = hm_progress_create(&progress_options, &progress, &error);
//     const hm_adapter *const adapters[] = {hm_progress_adapter(progress)};
//
// A thread of its own writes; runs only count. A place that takes nothing holds up no
// run, but for a quarter of a second at its end, which is given to clear the line away.
// Of several runs at once the one that began first is shown.

#ifndef HAMILTON_PROGRESS_H
#define HAMILTON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_progress hm_progress;

typedef struct hm_progress_options {
    size_t struct_size;

    hm_write *write; ///< gets whole lines, or drawings of one, on the thread of its own
    void *to;

    bool is_terminal; ///< that knows the control sequences of ANSI
    bool has_colour;

    /// How many columns the terminal has: asked before each drawing. NULL: 80.
    size_t (*width)(void *to);

    /// Nanoseconds that a run takes before it is shown; 0 for half a second.
    uint64_t delay;

    /// Nanoseconds between drawings, 0 for a tenth of a second; or between lines, 0 for
    /// one second at first and twice as long each time, up to a minute.
    uint64_t period;

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_progress_options;

#define HM_PROGRESS_OPTIONS_INIT                                                       \
    { .struct_size = sizeof(hm_progress_options) }

/// Starts the thread; where none can be had nothing is shown. The caller destroys
/// *progress.
HM_API HM_MUST_CHECK hm_status hm_progress_create(
        const hm_progress_options *options, hm_progress **progress, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as progress.
/// It only observes: a run for which memory is lacking is not shown.
HM_API const hm_adapter *hm_progress_adapter(const hm_progress *progress);

/// Nobody waits any more for the runs that are under way, as after a deadline: they are
/// over as far as they are shown. Any thread.
HM_API void hm_progress_dismiss(hm_progress *progress);

/// Clears away what is shown, and waits for the thread. Accepts NULL. No driver is left
/// that has it.
HM_API void hm_progress_destroy(hm_progress *progress);

#ifdef __cplusplus
}
#endif

#endif
