// lane.c — see lane.h.

#include "adapters/trace/lane.h"

#include <stdalign.h>
#include <string.h>

#include "base/allocator.h"

// What a segment of so many bytes has room for.
static uint32_t room_in(size_t size) {
    return (uint32_t)((size - sizeof(hm_trace_segment)) / sizeof(hm_trace_event));
}

// One more segment, if there may be.
static hm_trace_segment *take_segment(hm_trace_memory *memory, size_t size) {
    // Relaxed: it only counts.
    size_t left = atomic_load_explicit(&memory->left, memory_order_relaxed);
    do {
        if (left < size) {
            return NULL;
        }
    } while (!atomic_compare_exchange_weak_explicit(&memory->left, &left, left - size,
            memory_order_relaxed, memory_order_relaxed));
    hm_trace_segment *segment =
            hm_allocate(memory->allocator, size, alignof(hm_trace_segment));
    if (segment != NULL) {
        segment->next = NULL;
        segment->size = size;
        segment->room = room_in(size);
        atomic_init(&segment->count, 0);
    } else {
        atomic_fetch_add_explicit(&memory->left, size, memory_order_relaxed);
    }
    return segment;
}

static void free_segment(hm_trace_memory *memory, hm_trace_segment *segment) {
    hm_deallocate(memory->allocator, segment, segment->size, alignof(hm_trace_segment));
}

hm_trace_lane *hm_trace_lane_create(hm_trace_memory *memory) {
    hm_trace_segment *segment = take_segment(memory, memory->first_size);
    hm_trace_lane *lane =
            segment != NULL ? hm_allocate_array(memory->allocator, 1, sizeof *lane)
                            : NULL;
    if (lane != NULL && uv_mutex_init(&lane->lock) == 0) {
        lane->memory = memory;
        lane->newest = lane->oldest = segment;
        return lane;
    }
    hm_deallocate_array(memory->allocator, lane, 1, sizeof *lane);
    if (segment != NULL) {
        atomic_fetch_add_explicit(
                &memory->left, memory->first_size, memory_order_relaxed);
        free_segment(memory, segment);
    }
    return NULL;
}

void hm_trace_lane_destroy(hm_trace_lane *lane) {
    hm_trace_memory *memory = lane->memory;
    while (lane->oldest != NULL) {
        hm_trace_segment *segment = lane->oldest;
        lane->oldest = segment->next;
        free_segment(memory, segment);
    }
    uv_mutex_destroy(&lane->lock);
    hm_deallocate_array(memory->allocator, lane, 1, sizeof *lane);
}

static void lose(hm_trace_lane *lane, uint64_t count) {
    // Relaxed: nobody else writes it.
    uint64_t lost = atomic_load_explicit(&lane->lost, memory_order_relaxed);
    atomic_store_explicit(&lane->lost, lost + count, memory_order_relaxed);
}

bool hm_trace_lane_renew(hm_trace_lane *lane) {
    if (uv_mutex_trylock(&lane->lock) != 0) {
        lose(lane, 1);
        return false;
    }
    hm_trace_segment *segment = take_segment(lane->memory, lane->memory->segment_size);
    if (segment == NULL) {
        segment = lane->oldest;
        lose(lane, atomic_load_explicit(&segment->count, memory_order_relaxed));
        // Relaxed: readers have the lock.
        atomic_store_explicit(&segment->count, 0, memory_order_relaxed);
        lane->oldest = segment->next;
        segment->next = NULL;
    }
    if (lane->oldest == NULL) { // it was the only one
        lane->oldest = segment;
    } else {
        lane->newest->next = segment;
    }
    lane->newest = segment;
    uv_mutex_unlock(&lane->lock);
    return true;
}

static void push(hm_trace_lane *lane, uint32_t depth, const hm_trace_event *event) {
    if (depth < HM_TRACE_MOST_OPEN) {
        hm_trace_open *open = &lane->open[depth];
        uint32_t version = atomic_load_explicit(&lane->version, memory_order_relaxed);
        // Release, each: who sees a new member sees that the version is odd, or newer.
        atomic_store_explicit(&lane->version, version + 1, memory_order_relaxed);
        atomic_store_explicit(&open->begun, event->begun, memory_order_release);
        atomic_store_explicit(&open->run, event->run, memory_order_release);
        atomic_store_explicit(&open->place, event->place, memory_order_release);
        atomic_store_explicit(&open->rows, event->rows, memory_order_release);
        atomic_store_explicit(
                &open->name, (uintptr_t)event->name, memory_order_release);
        atomic_store_explicit(&open->kind, event->kind, memory_order_release);
        atomic_store_explicit(&lane->version, version + 2, memory_order_release);
        open->inside = 0;
    }
    atomic_store_explicit(&lane->depth, depth + 1, memory_order_release);
}

// The task that the lane is in begins with the first thing in it. Returns its number.
static uint64_t enter(hm_trace_open *task, hm_trace_kind kind, uint64_t begun) {
    if (task->inside == 0) {
        atomic_store_explicit(&task->begun, begun, memory_order_release);
    }
    task->inside = task->inside == 0 && kind == HM_TRACE_NODE ? 1 : 2;
    return atomic_load_explicit(&task->place, memory_order_relaxed);
}

void hm_trace_lane_begin(hm_trace_lane *lane, hm_trace_kind kind, uint64_t begun,
        uint64_t run, const char *name, uint64_t place, uint64_t rows) {
    uint32_t depth = atomic_load_explicit(&lane->depth, memory_order_relaxed);
    uint32_t outer = depth - 1;
    if (outer < HM_TRACE_MOST_OPEN && // and there is one
            atomic_load_explicit(&lane->open[outer].kind, memory_order_relaxed) ==
                    HM_TRACE_TASK) {
        uint64_t task = enter(&lane->open[outer], kind, begun);
        place = kind == HM_TRACE_NODE ? task : place;
    }
    push(lane, depth,
            &(hm_trace_event){.begun = begun,
                    .run = run,
                    .place = place,
                    .rows = rows,
                    .name = name,
                    .kind = (uint8_t)kind});
}

void hm_trace_lane_begin_task(hm_trace_lane *lane, uint64_t run, uint32_t task) {
    push(lane, atomic_load_explicit(&lane->depth, memory_order_relaxed),
            &(hm_trace_event){.run = run, .place = task, .kind = HM_TRACE_TASK});
}

bool hm_trace_lane_leave_task(hm_trace_lane *lane) {
    uint32_t depth = atomic_load_explicit(&lane->depth, memory_order_relaxed);
    uint32_t own = depth - 1;
    bool is_event = own >= HM_TRACE_MOST_OPEN || lane->open[own].inside > 1;
    if (!is_event) {
        atomic_store_explicit(&lane->depth, own, memory_order_release);
    }
    return !is_event;
}

// Relaxed or acquire, by who reads it.
static void copy_open(hm_trace_open *open, memory_order order, hm_trace_event *event) {
    *event = (hm_trace_event){.begun = atomic_load_explicit(&open->begun, order),
            .run = atomic_load_explicit(&open->run, order),
            .place = atomic_load_explicit(&open->place, order),
            .rows = atomic_load_explicit(&open->rows, order),
            .name = (const char *)atomic_load_explicit(&open->name, order),
            .kind = (uint8_t)atomic_load_explicit(&open->kind, order)};
}

hm_trace_event *hm_trace_lane_end(hm_trace_lane *lane, uint64_t ended) {
    uint32_t depth = atomic_load_explicit(&lane->depth, memory_order_relaxed);
    if (depth == 0) {
        return NULL; // it began before there was memory for the lane
    }
    depth--;
    atomic_store_explicit(&lane->depth, depth, memory_order_release);
    if (depth >= HM_TRACE_MOST_OPEN) {
        lose(lane, 1);
        return NULL;
    }
    hm_trace_event *event = hm_trace_lane_next(lane);
    if (event != NULL) {
        copy_open(&lane->open[depth], memory_order_relaxed, event);
        event->ended = ended > event->begun ? ended : event->begun;
    }
    return event;
}

hm_trace_event *hm_trace_events_add(hm_trace_events *events) {
    if (events->count == events->room) {
        size_t room = events->room > 0 ? 2 * events->room : 64;
        hm_trace_event *items =
                hm_allocate_array(events->allocator, room, sizeof *items);
        if (items == NULL) {
            return NULL;
        }
        if (events->count > 0) {
            memcpy(items, events->items, events->count * sizeof *items);
        }
        hm_deallocate_array(
                events->allocator, events->items, events->room, sizeof *items);
        events->items = items;
        events->room = room;
    }
    return &events->items[events->count++];
}

void hm_trace_events_finish(hm_trace_events *events) {
    hm_deallocate_array(
            events->allocator, events->items, events->room, sizeof *events->items);
    *events = (hm_trace_events){.allocator = events->allocator};
}

static bool read_segments(hm_trace_lane *lane, hm_trace_events *events) {
    bool is_complete = true;
    uv_mutex_lock(&lane->lock);
    for (hm_trace_segment *segment = lane->oldest; segment != NULL && is_complete;
            segment = segment->next) {
        // Acquire: what the thread filled in.
        uint32_t count = atomic_load_explicit(&segment->count, memory_order_acquire);
        for (uint32_t i = 0; i < count && is_complete; i++) {
            hm_trace_event *event = hm_trace_events_add(events);
            is_complete = event != NULL;
            if (is_complete) {
                *event = segment->events[i];
            }
        }
    }
    uv_mutex_unlock(&lane->lock);
    return is_complete;
}

// Acquire, each, so that the version is looked at after them. A thread that is never
// caught between two changes has nothing that takes long.
static bool read_open(hm_trace_lane *lane, hm_trace_events *events) {
    size_t before = events->count;
    uint32_t version = 1;
    bool is_whole = false;
    for (int tries = 0; tries < 1000 && !is_whole; tries++) {
        events->count = before;
        version = atomic_load_explicit(&lane->version, memory_order_acquire);
        uint32_t depth = atomic_load_explicit(&lane->depth, memory_order_acquire);
        for (uint32_t i = 0; i < depth && i < HM_TRACE_MOST_OPEN; i++) {
            hm_trace_event *event = hm_trace_events_add(events);
            if (event == NULL) {
                return false;
            }
            copy_open(&lane->open[i], memory_order_acquire, event);
            if (event->begun == 0) {
                events->count--;
                continue;
            }
            event->ended = event->begun;
            event->is_open = true;
        }
        is_whole = version % 2 == 0 && version == atomic_load_explicit(&lane->version,
                                                          memory_order_relaxed);
    }
    events->count = is_whole ? events->count : before;
    return true;
}

// The thread went on meanwhile: what is open ends with the latest of what was read, in
// which all lies that ended inside of it.
static void end_open(hm_trace_event *events, size_t count, uint64_t now) {
    uint64_t latest = now;
    for (size_t i = 0; i < count; i++) {
        latest = events[i].ended > latest ? events[i].ended : latest;
    }
    for (size_t i = 0; i < count; i++) {
        events[i].ended = events[i].is_open ? latest : events[i].ended;
    }
}

bool hm_trace_lane_read(hm_trace_lane *lane, uint64_t now, hm_trace_events *events) {
    size_t before = events->count;
    if (!read_segments(lane, events) || !read_open(lane, events)) {
        return false;
    }
    if (events->count > before) {
        end_open(events->items + before, events->count - before, now);
    }
    return true;
}
