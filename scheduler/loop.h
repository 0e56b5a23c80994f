// loop.h — a loop of libuv's, and how other threads have things done on its thread.
// Ours runs on a thread of its own; an embedder's runs where and when its owner runs
// it.

#ifndef HM_SCHEDULER_LOOP_H
#define HM_SCHEDULER_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/allocator.h>

typedef struct hm_loop hm_loop;

// What is to be done. In one list at a time: it may be posted again once it acts.
typedef struct hm_note {
    void (*act)(struct hm_note *note);
    struct hm_note *next;
} hm_note;

// What is to be done at a time. In one loop at a time.
typedef struct hm_alarm {
    void (*act)(struct hm_alarm *alarm);
    uint64_t time; // by uv_hrtime()
    struct hm_alarm *before;
    struct hm_alarm *after;
    bool is_set;
} hm_alarm;

// A loop on a thread of its own, or NULL. Keeps allocator.
hm_loop *hm_loop_start(const hm_allocator *allocator);

// The embedder's, or NULL. On its thread, or before it runs. Keeps both.
hm_loop *hm_loop_attach(uv_loop_t *uv, const hm_allocator *allocator);

// Ends it; what was posted acts before. Ours: on any other thread, which waits. The
// embedder's: on any thread; its handles are closed, and memory is freed, when the loop
// has turned once more. Accepts NULL.
void hm_loop_end(hm_loop *loop);

// Has the note act on the loop's thread, notes in the order in which they come. Any
// thread, but not once the end has begun.
void hm_loop_post(hm_loop *loop, hm_note *note);

// Whether this is the loop's thread. Any thread.
bool hm_loop_is_here(const hm_loop *loop);

// For the loop's thread only.
uv_loop_t *hm_loop_uv(hm_loop *loop);

// For the loop's thread only: sets an alarm that is not set, to act once, at most a few
// milliseconds after its time and never before; and takes it back, if it is set.
void hm_loop_set_alarm(hm_loop *loop, hm_alarm *alarm);
void hm_loop_stop_alarm(hm_loop *loop, hm_alarm *alarm);

// For the loop's thread only: whether it goes on when nothing else is left in it, which
// is as long as it was held more often than let go.
void hm_loop_hold(hm_loop *loop);
void hm_loop_let_go(hm_loop *loop);

#endif
