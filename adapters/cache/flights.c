// flights.c — see flights.h. Few are under way at a time: a list will do.

#include "adapters/cache/flights.h"

#include <stddef.h>

bool hm_flights_init(hm_flights *flights) {
    flights->first = NULL;
    return uv_mutex_init(&flights->lock) == 0;
}

void hm_flights_finish(hm_flights *flights) {
    uv_mutex_destroy(&flights->lock);
}

static hm_flight *find(const hm_flights *flights, const hm_hash *key) {
    hm_flight *flight = flights->first;
    while (flight != NULL && !hm_hash_equal(&flight->key, key)) {
        flight = flight->next;
    }
    return flight;
}

bool hm_flights_begin(hm_flights *flights, hm_flight *flight, const hm_hash *key,
        hm_flight_waiter *waiter, hm_call *call) {
    uv_mutex_lock(&flights->lock);
    hm_flight *other = find(flights, key);
    if (other == NULL) {
        *flight = (hm_flight){.key = *key, .next = flights->first};
        flights->first = flight;
    } else if (hm_call_hold(call, 0)) {
        *waiter = (hm_flight_waiter){
                .call = call, .flight = other, .next = other->waiters};
        other->waiters = waiter;
    }
    uv_mutex_unlock(&flights->lock);
    return other == NULL;
}

void hm_flights_end(hm_flights *flights, hm_flight *flight) {
    uv_mutex_lock(&flights->lock);
    hm_flight **place = &flights->first;
    while (*place != flight) {
        place = &(*place)->next;
    }
    *place = flight->next;
    // Whoever is resumed comes for the lock before its memory ends.
    for (hm_flight_waiter *waiter = flight->waiters; waiter != NULL;) {
        hm_flight_waiter *next = waiter->next;
        waiter->flight = NULL;
        hm_call_resume(waiter->call);
        waiter = next;
    }
    uv_mutex_unlock(&flights->lock);
}

void hm_flights_leave(hm_flights *flights, hm_flight_waiter *waiter) {
    uv_mutex_lock(&flights->lock);
    if (waiter->flight != NULL) {
        hm_flight_waiter **place = &waiter->flight->waiters;
        while (*place != waiter) {
            place = &(*place)->next;
        }
        *place = waiter->next;
        waiter->flight = NULL;
    }
    uv_mutex_unlock(&flights->lock);
}
