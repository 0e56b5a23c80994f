// lane.h — what a thread writes down for a trace. Only the thread itself writes, and
// without a lock; whoever writes the trace out reads at the same time.
//
//     segments   ┌ full ┐ ─▶ ┌ full ┐ ─▶ ┌ 17 events, so far ┐
//                oldest                   newest
//
// Events are complete, from their beginning to their end: what is under way is in
// `open`, one inside the other, until it ends.
//
// A task is nearly always one node, which then says which task it is. So a task begins
// with the first thing in it, and is an event of its own only if there is more: nodes
// that are tasks of their own cost no more than others.

#ifndef HM_ADAPTERS_TRACE_LANE_H
#define HM_ADAPTERS_TRACE_LANE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/allocator.h>

typedef enum hm_trace_kind {
    // On the thread, one inside the other.
    HM_TRACE_TASK,  // place: its number, or HM_NONE
    HM_TRACE_NODE,  // place: the task that it is in, or HM_NONE
    HM_TRACE_ROWS,  // place: the first of them
    HM_TRACE_SLEEP, // run: the sleep
    // On the thread, at one moment.
    HM_TRACE_WAKE, // run: the sleep
    HM_TRACE_SKIP, // place: the reason
    HM_TRACE_FROM, // the run begins inside of what the thread is in,
    HM_TRACE_TO,   // and here is its first task
    // On no thread.
    HM_TRACE_RUN,
    HM_TRACE_SPREAD, // a node that is; place: its number
} hm_trace_kind;

typedef struct hm_trace_event {
    uint64_t begun; // in ticks, as ended
    uint64_t ended;
    uint64_t run;
    uint64_t place;
    uint64_t rows;
    const char *name;
    const char *cause; // of a node that is skipped, or NULL
    uint8_t kind;      // hm_trace_kind
    uint8_t status;    // hm_status
    uint8_t decision;  // of a cache, plus 1; 0 without
    bool is_open;      // it was under way when it was read
    bool was_called;   // of a sleep: somebody ended it
} hm_trace_event;

// What is under way. Read by others while it changes, so each member is atomic, and
// `version` of the lane tells whether they belong together.
typedef struct hm_trace_open {
    _Atomic(uint64_t) begun; // 0 of a task in which nothing has begun
    _Atomic(uint64_t) run;
    _Atomic(uint64_t) place;
    _Atomic(uint64_t) rows;
    _Atomic(uintptr_t) name; // a const char *
    _Atomic(uint64_t) kind;
    uint32_t inside; // how much began in it: 1 is one node, and 2 is more; owner only
} hm_trace_open;

// Deeper ones are only counted.
enum { HM_TRACE_MOST_OPEN = 32 };

typedef struct hm_trace_segment {
    struct hm_trace_segment *next; // protected by the lane's lock
    size_t size;                   // bytes of all
    uint32_t room;                 // events
    _Atomic(uint32_t) count;       // of these, that may be read
    hm_trace_event events[];
} hm_trace_segment;

// The memory of all lanes of a trace. The first segment of a lane is small, for perhaps
// little is needed; the others are whole huge pages, if there may be as much: where a
// page is touched for the first time that costs more than all that is written to it.
typedef struct hm_trace_memory {
    const hm_allocator *allocator;
    size_t first_size; // bytes of segments
    size_t segment_size;
    _Atomic(size_t) left;   // bytes that may still be allocated
    _Atomic(uint64_t) lost; // events of threads that have no lane
} hm_trace_memory;

typedef struct hm_trace_lane {
    struct hm_trace_lane *next; // set before others see the lane, as are the next three
    hm_trace_memory *memory;
    uint64_t thread;
    uint32_t number; // among the lanes of the trace, from 1
    char name[24];

    hm_trace_segment *newest; // owner only

    // Owner only writes.
    _Atomic(uint32_t) version; // odd while an open one is written
    _Atomic(uint32_t) depth;
    _Atomic(uint64_t) lost;
    hm_trace_open open[HM_TRACE_MOST_OPEN];

    uv_mutex_t lock; // of the segments: the owner tries it for a new one, and waits not
    hm_trace_segment *oldest; // protected by lock
} hm_trace_lane;

// Events that were read, as they come.
typedef struct hm_trace_events {
    const hm_allocator *allocator;
    hm_trace_event *items;
    size_t count;
    size_t room;
} hm_trace_events;

// For the calling thread; NULL if there is no memory.
hm_trace_lane *hm_trace_lane_create(hm_trace_memory *memory);
void hm_trace_lane_destroy(hm_trace_lane *lane);

// Owner only. A task begins. Where it is no event of its own it is just left.
void hm_trace_lane_begin_task(hm_trace_lane *lane, uint64_t run, uint32_t task);
bool hm_trace_lane_leave_task(hm_trace_lane *lane);

// Owner only. Something begins, or ends: the innermost thing that is open. Then what is
// known of its end is filled in, and it is written down; NULL if it is lost.
void hm_trace_lane_begin(hm_trace_lane *lane, hm_trace_kind kind, uint64_t begun,
        uint64_t run, const char *name, uint64_t place, uint64_t rows);
hm_trace_event *hm_trace_lane_end(hm_trace_lane *lane, uint64_t ended);

// Owner only. The newest segment is full: there is room in another one, or the oldest
// is used again. False, and an event is lost, if somebody is just reading.
bool hm_trace_lane_renew(hm_trace_lane *lane);

// Owner only. Room for the next event, or NULL; what was filled in is then written
// down.
static inline hm_trace_event *hm_trace_lane_next(hm_trace_lane *lane) {
    uint32_t count = atomic_load_explicit(&lane->newest->count, memory_order_relaxed);
    if (__builtin_expect(count < lane->newest->room, true)) {
        return &lane->newest->events[count];
    }
    return hm_trace_lane_renew(lane) ? &lane->newest->events[0] : NULL;
}

static inline void hm_trace_lane_put(hm_trace_lane *lane) {
    _Atomic(uint32_t) *count = &lane->newest->count;
    // Release: who reads so many finds them filled in.
    atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + 1,
            memory_order_release);
}

// Any thread: adds what the lane has, and what is open in it, which ends at `now`, or
// with the latest of what the lane has.
bool hm_trace_lane_read(hm_trace_lane *lane, uint64_t now, hm_trace_events *events);

// Room for one more, to be filled in; NULL if memory ran out.
hm_trace_event *hm_trace_events_add(hm_trace_events *events);
void hm_trace_events_finish(hm_trace_events *events);

#endif
