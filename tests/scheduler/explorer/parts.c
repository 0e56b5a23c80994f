// parts.c — see parts.h. Compiled as the scheduler is.

#include "tests/scheduler/explorer/parts.h"

#include <stdatomic.h>
#include <string.h>

#include "scheduler/deque.h"
#include "scheduler/inbox.h"
#include "scheduler/job.h"
#include "scheduler/limit.h"
#include "scheduler/parker.h"
#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/world.h"

enum { MOST = 6 };

// What is handed over: written before, and by whoever gets it.
typedef struct parcel {
    hm_ticket ticket;
    uint32_t taken;
} parcel;

static void *make(size_t size) {
    return memset(hm_arena_allocate(size, 64), 0, size);
}

static uint32_t numbers[MOST] = {0, 1, 2, 3, 4, 5};

static void add_threads(void (*work)(void *number), uint32_t first, uint32_t count) {
    for (uint32_t i = first; i < first + count; i++) {
        hm_fiber_add(work, &numbers[i], false);
    }
}

static void receive(hm_ticket *ticket) {
    parcel *of = (parcel *)(void *)ticket;
    hm_require(
            of->taken == 1, "ticket %u was not ready, or is taken twice", ticket->task);
    of->taken = 2;
}

static void check_parcels(const parcel *parcels, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        hm_require(parcels[i].taken == 2, "ticket %u is lost", i);
    }
}

// --- The deque ---

static struct {
    const hm_deque_part *part;
    hm_deque *deque;
    parcel *parcels;
} deques;

static void own_deque(void *nothing) {
    (void)nothing;
    uint32_t given = 0;
    while (given < deques.part->tickets) {
        uint32_t count = 0;
        while (count < deques.part->batch && given < deques.part->tickets &&
                hm_deque_room(deques.deque) > count) {
            deques.parcels[given].taken = 1;
            hm_deque_put(deques.deque, count++, &deques.parcels[given++].ticket);
        }
        if (count > 0) {
            hm_deque_publish(deques.deque, count);
        }
        hm_ticket *ticket = count == 0 || count > 1 ? hm_deque_pop(deques.deque) : NULL;
        if (ticket != NULL) {
            receive(ticket);
        }
    }
    hm_ticket *last;
    while ((last = hm_deque_pop(deques.deque)) != NULL) {
        receive(last);
    }
}

static void rob(void *number) {
    (void)number;
    for (uint32_t i = 0; i < deques.part->tries; i++) {
        hm_ticket *ticket;
        if (hm_deque_steal(deques.deque, NULL, &ticket) == HM_STEAL_TAKEN) {
            receive(ticket);
        }
    }
}

void hm_deque_part_begin(const void *part) {
    deques.part = part;
    deques.deque = make(sizeof *deques.deque);
    deques.parcels = make(MOST * sizeof *deques.parcels);
    for (uint32_t i = 0; i < MOST; i++) {
        deques.parcels[i].ticket.task = i;
    }
    hm_deque_init(deques.deque, make(2 * sizeof(hm_ticket *)), 2);
    add_threads(own_deque, 0, 1);
    add_threads(rob, 1, deques.part->thieves);
}

void hm_deque_part_end(void) {
    check_parcels(deques.parcels, deques.part->tickets);
}

// --- The inbox ---

static struct {
    const hm_inbox_part *part;
    hm_inbox *inbox;
    hm_job *jobs; // the first one's tickets are every other
    parcel *parcels;
} inboxes;

static void give(void *number) {
    uint32_t own_number = *(uint32_t *)number;
    inboxes.parcels[own_number].taken = 1;
    hm_inbox_put(inboxes.inbox, &inboxes.parcels[own_number].ticket);
}

static void take(void *number) {
    uint32_t own_number = *(uint32_t *)number - inboxes.part->givers;
    const hm_job *only =
            own_number == 0 && inboxes.part->is_picky ? inboxes.jobs : NULL;
    for (uint32_t i = 0; i < inboxes.part->tries; i++) {
        if (!hm_inbox_has(inboxes.inbox, HM_LEVEL_NORMAL, only)) {
            continue;
        }
        hm_ticket *ticket = hm_inbox_take(inboxes.inbox, HM_LEVEL_NORMAL, only);
        if (ticket != NULL) {
            hm_require(only == NULL || ticket->job == only, "another job's ticket");
            receive(ticket);
        }
    }
}

void hm_inbox_part_begin(const void *part) {
    inboxes.part = part;
    inboxes.inbox = make(sizeof *inboxes.inbox);
    inboxes.jobs = make(2 * sizeof *inboxes.jobs);
    inboxes.parcels = make(MOST * sizeof *inboxes.parcels);
    hm_require(hm_inbox_init(inboxes.inbox), "no inbox");
    for (uint32_t i = 0; i < MOST; i++) {
        inboxes.jobs[i % 2].level = HM_LEVEL_NORMAL;
        inboxes.parcels[i].ticket = (hm_ticket){.job = &inboxes.jobs[i % 2], .task = i};
    }
    add_threads(give, 0, inboxes.part->givers);
    add_threads(take, inboxes.part->givers, inboxes.part->takers);
}

// What was not taken is still there.
void hm_inbox_part_end(void) {
    uint32_t left = 0;
    for (hm_ticket *at = inboxes.inbox->first[HM_LEVEL_NORMAL]; at != NULL;
            at = at->next) {
        hm_require(((parcel *)(void *)at)->taken == 1, "ticket %u is there and taken",
                at->task);
        left++;
    }
    uint32_t taken = 0;
    for (uint32_t i = 0; i < inboxes.part->givers; i++) {
        taken += inboxes.parcels[i].taken == 2;
    }
    hm_require(left + taken == inboxes.part->givers, "a ticket is lost");
    hm_require(inboxes.inbox->counts[HM_LEVEL_NORMAL] == left &&
                       (inboxes.inbox->last[HM_LEVEL_NORMAL] != NULL) == (left > 0),
            "the inbox counts tickets that it has not");
}

// --- The limit ---

typedef struct visitor {
    hm_waiter waiter;
    uint32_t visits; // it was inside so often, or was turned away
} visitor;

static struct {
    const hm_limit_part *part;
    hm_limit *limit;
    visitor *visitors;
    uint32_t *visit_count;     // of all, when one may be inside: the limit orders them
    _Atomic(uint32_t) *inside; // when there may be more
    _Atomic(uint32_t) *stop;
    _Atomic(uint32_t) *is_empty; // everybody who waited was withdrawn
} limits;

static void be_inside(visitor *self) {
    uint32_t before = atomic_fetch_add_explicit(limits.inside, 1, memory_order_relaxed);
    hm_require(before < limits.part->limit, "too many are inside of the limit");
    if (limits.part->limit == 1) {
        ++*limits.visit_count;
    }
    self->visits++;
    atomic_fetch_sub_explicit(limits.inside, 1, memory_order_relaxed);
    hm_limit_leave(limits.limit);
}

static void admit(hm_waiter *waiter) {
    be_inside((visitor *)(void *)waiter);
}

static void visit(void *number) {
    visitor *self = &limits.visitors[*(uint32_t *)number];
    bool is_late = atomic_load_explicit(limits.is_empty, memory_order_acquire) != 0;
    hm_entry entry = hm_limit_enter(limits.limit, &self->waiter, limits.stop);
    hm_require(!is_late || entry != HM_PARKED, "it is parked after all were withdrawn");
    if (entry == HM_ENTERED) {
        be_inside(self);
    } else if (entry == HM_STOPPED) {
        hm_require(limits.part->is_cancelled, "nobody has stopped it");
        self->visits++;
    }
}

static void turn_away(void *nothing) {
    (void)nothing;
    atomic_store_explicit(limits.stop, 1, memory_order_relaxed);
    for (uint32_t i = 0; i < limits.part->visitors; i++) {
        if (hm_limit_withdraw(limits.limit, &limits.visitors[i].waiter)) {
            limits.visitors[i].visits++;
        }
    }
    atomic_store_explicit(limits.is_empty, 1, memory_order_release);
}

void hm_limit_part_begin(const void *part) {
    limits.part = part;
    limits.limit = make(sizeof *limits.limit);
    limits.visitors = make(MOST * sizeof *limits.visitors);
    limits.visit_count = make(sizeof *limits.visit_count);
    limits.inside = make(sizeof *limits.inside);
    limits.stop = make(sizeof *limits.stop);
    limits.is_empty = make(sizeof *limits.is_empty);
    hm_require(hm_limit_init(limits.limit, limits.part->limit), "no limit");
    for (uint32_t i = 0; i < MOST; i++) {
        limits.visitors[i].waiter =
                (hm_waiter){.admit = admit, .level = i % 2 == 0 ? 1 : 0};
    }
    add_threads(visit, 0, limits.part->visitors);
    if (limits.part->is_cancelled) {
        add_threads(turn_away, limits.part->visitors, 1);
    }
}

void hm_limit_part_end(void) {
    for (uint32_t i = 0; i < limits.part->visitors; i++) {
        hm_require(limits.visitors[i].visits == 1, "visitor %u was inside %u times", i,
                limits.visitors[i].visits);
    }
    hm_require(limits.limit->free_count == limits.part->limit, "a place is lost");
}

// --- The parker ---

static struct {
    const hm_parker_part *part;
    hm_parker *parker;
    uint32_t *letter; // written before the thread is unparked
    _Atomic(uint32_t) *rounds;
} parkers;

static void park(void *nothing) {
    (void)nothing;
    for (uint32_t i = 0; i < parkers.part->times; i++) {
        bool was_unparked =
                hm_parker_park(parkers.parker, parkers.part->is_timed ? 1000 : 0);
        if (was_unparked) {
            hm_require(*parkers.letter > i, "it was unparked too early");
        } else {
            hm_require(parkers.part->is_timed, "it was never unparked");
        }
        atomic_fetch_add_explicit(parkers.rounds, 1, memory_order_release);
    }
}

static bool has_parked(const void *least) {
    uint32_t count;
    memcpy(&count, (const void *)parkers.rounds, sizeof count);
    return count >= *(const uint32_t *)least;
}

static void unpark(void *nothing) {
    (void)nothing;
    for (uint32_t i = 0; i < parkers.part->times; i++) {
        hm_point(parkers.rounds, false);
        hm_wait_until(has_parked, &i);
        while (atomic_load_explicit(parkers.rounds, memory_order_acquire) < i) {
        }
        *parkers.letter = parkers.part->is_timed ? parkers.part->times : i + 1;
        hm_parker_unpark(parkers.parker);
        if (parkers.part->is_timed) {
            return; // the letter may be read from now on
        }
    }
}

void hm_parker_part_begin(const void *part) {
    parkers.part = part;
    parkers.parker = make(sizeof *parkers.parker);
    parkers.letter = make(sizeof *parkers.letter);
    parkers.rounds = make(sizeof *parkers.rounds);
    hm_require(hm_parker_init(parkers.parker), "no parker");
    add_threads(park, 0, 1);
    add_threads(unpark, 1, 1);
}

void hm_parker_part_end(void) {
}
