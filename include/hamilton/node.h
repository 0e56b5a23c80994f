// node.h — what a function that is a node may say to the engine.
//
//     int ratio(double spend, double signups, double *out) {
//         if (signups == 0) {
//             return hm_fail("no signups for a spend of %g", spend);
//         }
//         *out = spend / signups;
//         return 0;
//     }

#ifndef HAMILTON_NODE_H
#define HAMILTON_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Says why the node fails, as printf does, and returns a status that is not 0. The
/// text (at most 1023 bytes are kept) belongs to the calling thread until its node
/// returns. Outside of a run it just returns the status, so that a unit test can call
/// the function.
HM_API int hm_fail(const char *format, ...)
#if defined(__GNUC__)
        __attribute__((format(printf, 1, 2)))
#endif
        ;

/// Whether the run that calls this node waits no longer for it: it was cancelled, its
/// deadline has passed, or another node failed and it does not keep going. A node that
/// takes long asks now and then, and returns early with any status, which is no failure
/// if the run was cancelled or is late. False outside of a run. The node's own thread.
HM_API bool hm_should_stop(void);

/// Which elements of an array are missing that the calling node takes by a parameter
/// that is HM_NULLABLE: bit i, least significant first, is 1 if element i is there;
/// NULL if all are. array is what the parameter is. Borrowed while the node runs; its
/// own thread. NULL outside of a run.
HM_API const uint8_t *hm_validity(const void *array);

struct uv_loop_s; // of libuv: its uv_loop_t

/// One call of a function whose last parameter is `hm_async *done`. The function starts
/// its work and returns; its thread is free meanwhile. Its outputs may be written, and
/// its parameters read, until it ends the call, from any thread, once, by
/// hm_async_succeed or hm_async_fail; by then nothing of it may be under way. A
/// function that returns a status other than 0 has ended the call by that. Who ends a
/// call that has ended already, and is still there, changes nothing.
typedef struct hm_async hm_async;

/// Ends the call: its outputs are there. Any thread.
HM_API void hm_async_succeed(hm_async *done);

/// Ends the call: it failed, and why, as printf says it; at most 255 bytes are kept.
/// Any thread.
HM_API void hm_async_fail(hm_async *done, const char *format, ...)
#if defined(__GNUC__)
        __attribute__((format(printf, 2, 3)))
#endif
        ;

/// hm_should_stop for a call that has been started. Any thread, before it ends.
HM_API bool hm_async_should_stop(const hm_async *done);

/// Has work(loop, argument) called on the thread of the driver's loop, where timers and
/// sockets are made. Any thread, before the call ends, but not before the work of an
/// earlier hm_async_on_loop of this call has begun.
HM_API void hm_async_on_loop(hm_async *done,
        void (*work)(struct uv_loop_s *loop, void *argument), void *argument);

/// A call outside of a run, for a unit test of such a function:
///
///     hm_async *done = hm_async_create();
///     assert(hm_async_wait(done, quote(7, &price, done)) == 0);
///     assert(price == 70);
///     hm_async_destroy(done);
///
/// It serves one call; all that follows is for it alone, on the thread that created it.
/// NULL if memory ran out.
HM_API hm_async *hm_async_create(void);

/// Waits, however long, until the call has ended, and runs the loop of hm_async_on_loop
/// meanwhile, on this thread. `returned` is what the function returned, 0 if that is
/// void. Returns 0 if the call succeeded, else another status.
HM_API int hm_async_wait(hm_async *done, int returned);

/// What hm_async_fail or hm_fail said of the call that was waited for, or "". Borrowed
/// until it is destroyed.
HM_API const char *hm_async_message(const hm_async *done);

/// Has hm_async_should_stop answer true, as when a run is cancelled. Any thread.
HM_API void hm_async_stop(hm_async *done);

/// Closes what is still open in the loop, waits until that is done, and frees the rest.
/// The call has ended, or was never started. Accepts NULL.
HM_API void hm_async_destroy(hm_async *done);

#ifdef __cplusplus
}
#endif

#endif
