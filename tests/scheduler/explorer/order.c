// order.c — see order.h.

#include "tests/scheduler/explorer/order.h"

#include <stdatomic.h>
#include <string.h>

#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/hash.h"

enum { MOST_MESSAGES = 40000, MOST_STALE = 6 };

typedef struct message {
    uint64_t value;
    uint32_t before; // of the same location
    uint16_t time;
    bool has_view;
    hm_view view;
} message;

static message messages[MOST_MESSAGES];
static uint16_t locations[HM_ARENA_SIZE]; // by offset; 0 for none
static size_t known[HM_MOST_LOCATIONS];
static uint32_t known_count = 1;

void hm_order_reset(void) {
    memset(&hm_now.strong, 0, sizeof hm_now.strong);
    memset(hm_now.last_message, 0, sizeof hm_now.last_message);
    hm_now.message_count = 1;
    hm_now.message_hash = 0;
}

void hm_order_forget_locations(void) {
    for (; known_count > 1; known_count--) {
        locations[known[known_count - 1]] = 0;
    }
}

uint32_t hm_order_location(const void *at) {
    hm_require(hm_arena_has(at), "an atomic operation outside of the arena");
    uint16_t *location = &locations[hm_arena_offset(at)];
    if (*location == 0) {
        hm_require(known_count < HM_MOST_LOCATIONS, "too many locations");
        known[known_count] = hm_arena_offset(at);
        *location = (uint16_t)known_count++;
    }
    return *location;
}

static void join(hm_view *into, const hm_view *from) {
    for (uint32_t i = 0; i < HM_MOST_FIBERS; i++) {
        into->clocks[i] =
                into->clocks[i] > from->clocks[i] ? into->clocks[i] : from->clocks[i];
    }
    for (uint32_t i = 0; i < known_count; i++) {
        into->times[i] =
                into->times[i] > from->times[i] ? into->times[i] : from->times[i];
    }
}

static uint64_t read_memory(const void *at, size_t size) {
    switch (size) {
    case 1:
        return *(const uint8_t *)at;
    case 4:
        return *(const uint32_t *)at;
    default:
        return *(const uint64_t *)at;
    }
}

static void write_memory(void *at, size_t size, uint64_t value) {
    hm_arena_change(at, size);
    switch (size) {
    case 1:
        *(uint8_t *)at = (uint8_t)value;
        break;
    case 4:
        *(uint32_t *)at = (uint32_t)value;
        break;
    default:
        *(uint64_t *)at = value;
        break;
    }
}

static bool is_acquire(int order) {
    return order == memory_order_acquire || order == memory_order_acq_rel ||
           order == memory_order_seq_cst || order == memory_order_consume;
}

static bool is_release(int order) {
    return order == memory_order_release || order == memory_order_acq_rel ||
           order == memory_order_seq_cst;
}

// Whether it is enough to look at the memory.
static bool is_plain(void) {
    return hm_running == NULL || !hm_how.is_weak;
}

// The newest message of a location. The first is what was there before all threads.
static message *newest(const void *at, size_t size, uint32_t location) {
    uint32_t *last = &hm_now.last_message[location];
    if (*last == 0) {
        *last = hm_now.message_count++;
        messages[*last] = (message){.value = read_memory(at, size)};
    }
    return &messages[*last];
}

static void see(const message *seen, uint32_t location, int order) {
    hm_running->view.times[location] = seen->time;
    if (is_acquire(order) && seen->has_view) {
        join(&hm_running->view, &seen->view);
    }
}

static uint32_t self(void) {
    return (uint32_t)(hm_running - hm_now.fibers);
}

static void append(void *at, size_t size, uint32_t location, uint64_t value, int order,
        const message *replaced) {
    hm_view *view = &hm_running->view;
    const message *last = newest(at, size, location);
    hm_require(hm_now.message_count < MOST_MESSAGES, "too many messages");
    message *made = &messages[hm_now.message_count];
    made->value = value;
    made->before = hm_now.last_message[location];
    made->time = (uint16_t)(last->time + 1);
    view->times[location] = made->time;
    made->has_view = is_release(order) || (replaced != NULL && replaced->has_view);
    if (is_release(order)) {
        made->view = *view;
        view->clocks[self()]++;
    } else if (made->has_view) {
        memset(&made->view, 0, sizeof made->view);
    }
    if (replaced != NULL && replaced->has_view) {
        join(&made->view, &replaced->view); // it goes on with the release sequence
    }
    if (order == memory_order_seq_cst) {
        hm_now.strong.times[location] = made->time;
    }
    hm_now.last_message[location] = hm_now.message_count++;
    if (hm_how.is_exhaustive) {
        uint64_t what = hm_hash_pair(hm_hash_pair(location, made->time), value);
        hm_now.message_hash +=
                made->has_view ? hm_hash_bytes(what, &made->view, sizeof made->view)
                               : what;
    }
    write_memory(at, size, value);
}

uint64_t hm_order_load(const void *at, size_t size, int order) {
    hm_arena_touch(at, size);
    if (is_plain()) {
        return read_memory(at, size);
    }
    uint32_t location = hm_order_location(at);
    const message *seen = newest(at, size, location);
    uint16_t oldest = hm_running->view.times[location];
    uint16_t strong = hm_now.strong.times[location];
    if (order == memory_order_seq_cst && strong > oldest) {
        oldest = strong;
    }
    uint32_t count = seen->time - oldest + 1u;
    for (uint32_t age = hm_choose(count < MOST_STALE ? count : MOST_STALE); age > 0;
            age--) {
        seen = &messages[seen->before];
    }
    see(seen, location, order);
    return seen->value;
}

void hm_order_store(void *at, size_t size, uint64_t value, int order) {
    hm_arena_touch(at, size);
    if (is_plain()) {
        write_memory(at, size, value);
    } else {
        append(at, size, hm_order_location(at), value, order, NULL);
    }
}

uint64_t hm_order_replace(void *at, size_t size,
        uint64_t (*next)(uint64_t before, uint64_t with), uint64_t with, int order) {
    hm_arena_touch(at, size);
    if (is_plain()) {
        uint64_t before = read_memory(at, size);
        write_memory(at, size, next(before, with));
        return before;
    }
    uint32_t location = hm_order_location(at);
    const message *seen = newest(at, size, location);
    see(seen, location, order);
    append(at, size, location, next(seen->value, with), order, seen);
    return seen->value;
}

static uint64_t take_other(uint64_t before, uint64_t with) {
    (void)before;
    return with;
}

bool hm_order_compare(void *at, size_t size, uint64_t *expected, uint64_t value,
        int order, int otherwise) {
    uint32_t location = is_plain() ? 0 : hm_order_location(at);
    uint64_t last =
            is_plain() ? read_memory(at, size) : newest(at, size, location)->value;
    if (last == *expected) {
        hm_order_replace(at, size, take_other, value, order);
        return true;
    }
    uint64_t seen = hm_order_load(at, size, otherwise);
    if (seen == *expected) { // which it would not fail for
        see(newest(at, size, location), location, otherwise);
        seen = last;
    }
    *expected = seen;
    return false;
}

void hm_order_release_to(hm_view *view) {
    *view = hm_running->view;
    hm_running->view.clocks[self()]++;
}

void hm_order_acquire_from(const hm_view *view) {
    if (hm_running != NULL) {
        join(&hm_running->view, view);
    }
}
