// deque.c — a bounded work-stealing deque, after Chase and Lev (SPAA 2005) with the C11
// memory orders of Lê, Pop, Cohen and Zappa Nardelli (PPoPP 2013). Two departures:
//
//   It never grows. Growing means freeing a buffer that a thief may still be reading;
//   a full deque instead says so, and the worker has another place for the ticket.
//
//   It has no standalone fences. ThreadSanitizer does not model them, so code that has
//   them raises false alarms or is switched off under test. Here seq_cst accesses to
//   top and bottom carry the order, and every build tests exactly the code that ships.
//   On x86-64 the price is the one locked instruction in pop that a fence costs too.
//
// Indices grow for ever and are masked on use; 63 bits do not wrap in practice.

#include "scheduler/deque.h"

#include <assert.h>
#include <stddef.h>

#include "scheduler/job.h"

static hm_ticket *load_slot(hm_deque *deque, int64_t index) {
    return atomic_load_explicit(
            &deque->slots[index & deque->mask], memory_order_relaxed);
}

static void store_slot(hm_deque *deque, int64_t index, hm_ticket *ticket) {
    atomic_store_explicit(
            &deque->slots[index & deque->mask], ticket, memory_order_relaxed);
}

// Moves top from `expected` to the next index. Of all who try, owner and thieves, one
// succeeds, and the ticket at `expected` is theirs.
static bool claim_top(hm_deque *deque, int64_t expected) {
    return atomic_compare_exchange_strong_explicit(&deque->top, &expected, expected + 1,
            memory_order_seq_cst, memory_order_relaxed);
}

void hm_deque_init(hm_deque *deque, _Atomic(hm_ticket *) *slots, uint32_t capacity) {
    assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
    deque->slots = slots;
    deque->mask = (int64_t)capacity - 1;
}

int64_t hm_deque_room(hm_deque *deque) {
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);

    // Acquire: a thief has finished with a slot before we see that top moved past it.
    int64_t top = atomic_load_explicit(&deque->top, memory_order_acquire);
    return deque->slots != NULL ? deque->mask + 1 - (bottom - top) : 0;
}

void hm_deque_put(hm_deque *deque, int64_t count, hm_ticket *ticket) {
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
    store_slot(deque, bottom + count, ticket);
}

bool hm_deque_publish(hm_deque *deque, int64_t count) {
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);

    // Whoever sees the new bottom sees the slots, and the results of the tasks that
    // made these ready. Then look again at top: in the one total order, of a worker
    // that publishes and one that takes the last ticket before it, or goes idle, at
    // least one sees the other.
    atomic_store_explicit(&deque->bottom, bottom + count, memory_order_seq_cst);
    return atomic_load_explicit(&deque->top, memory_order_seq_cst) >= bottom;
}

hm_ticket *hm_deque_pop(hm_deque *deque) {
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed) - 1;

    // Announce that the last ticket is ours, then look whether a thief is at it. A
    // thief looks at top first and bottom second; as all four accesses are in one total
    // order, at least one of the two sees the other.
    atomic_store_explicit(&deque->bottom, bottom, memory_order_seq_cst);
    int64_t top = atomic_load_explicit(&deque->top, memory_order_seq_cst);

    if (top < bottom) {
        return load_slot(deque, bottom);
    }

    // One ticket left, which thieves may be claiming too, or none. Either way the deque
    // is empty afterwards.
    hm_ticket *last = NULL;
    if (top == bottom) {
        last = load_slot(deque, bottom);
        last = claim_top(deque, top) ? last : NULL;
    }
    // Release: a thief that saw an older top, and now this bottom, looks into the slots
    // before it hears that it is too late. By C11 the old bottom would have published
    // them for this one too; by C++20, and C after it, it does not.
    atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_release);
    return last;
}

hm_ticket *hm_deque_peek(hm_deque *deque) {
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
    int64_t top = atomic_load_explicit(&deque->top, memory_order_relaxed);
    return top < bottom ? load_slot(deque, bottom - 1) : NULL;
}

hm_steal hm_deque_steal(hm_deque *deque, const hm_job *only, hm_ticket **ticket) {
    int64_t top = atomic_load_explicit(&deque->top, memory_order_seq_cst);
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_seq_cst);
    if (top >= bottom) {
        return HM_STEAL_EMPTY;
    }

    // Read before claiming: once top has moved on, the owner may reuse the slot. If the
    // claim fails, what we read may be stale, and nobody gets to see it.
    hm_ticket *candidate = load_slot(deque, top);
    if (only != NULL && !hm_job_has(only, candidate)) {
        return HM_STEAL_EMPTY;
    }
    if (!claim_top(deque, top)) {
        return HM_STEAL_LOST;
    }
    *ticket = candidate;
    return HM_STEAL_TAKEN;
}

int64_t hm_deque_count(hm_deque *deque) {
    int64_t top = atomic_load_explicit(&deque->top, memory_order_relaxed);
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
    return bottom > top ? bottom - top : 0;
}

bool hm_deque_has_work(hm_deque *deque, const hm_job *only) {
    int64_t top = atomic_load_explicit(&deque->top, memory_order_seq_cst);
    if (top >= atomic_load_explicit(&deque->bottom, memory_order_seq_cst)) {
        return false;
    }
    return only == NULL || hm_job_has(only, load_slot(deque, top));
}
