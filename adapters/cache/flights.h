// flights.h — who is computing what, in this process: a call that needs what another
// computes is held until that is done.

#ifndef HM_ADAPTERS_CACHE_FLIGHTS_H
#define HM_ADAPTERS_CACHE_FLIGHTS_H

#include <stdbool.h>
#include <uv.h>

#include <hamilton/adapter.h>

#include "base/hash.h"

typedef struct hm_flight hm_flight;

// A call's place in the queue of a flight, in memory of the call's.
typedef struct hm_flight_waiter {
    hm_call *call;
    hm_flight *flight; // that it waits for, or NULL
    struct hm_flight_waiter *next;
} hm_flight_waiter;

// A key that is being computed, in memory of whoever computes it.
struct hm_flight {
    hm_hash key;
    hm_flight *next;
    hm_flight_waiter *waiters;
};

typedef struct hm_flights {
    uv_mutex_t lock; // protects all flights and their waiters
    hm_flight *first;
} hm_flights;

bool hm_flights_init(hm_flights *flights);
void hm_flights_finish(hm_flights *flights);

// Begins a flight, unless there is one of this key: then false, and the waiter, whose
// call has asked for a hold, is resumed at its end.
bool hm_flights_begin(hm_flights *flights, hm_flight *flight, const hm_hash *key,
        hm_flight_waiter *waiter, hm_call *call);

void hm_flights_end(hm_flights *flights, hm_flight *flight);

// The waiter waits no more, if it did.
void hm_flights_leave(hm_flights *flights, hm_flight_waiter *waiter);

#endif
