// host.h — what the scheduler has from libuv and the system, between explored threads.

#ifndef HM_TESTS_EXPLORER_HOST_H
#define HM_TESTS_EXPLORER_HOST_H

#include <stdbool.h>
#include <stdint.h>

typedef enum hm_lending {
    HM_LENDS_OWNED,
    HM_LENDS_AND_WANTS_BACK,
    HM_LENDS_OR_FAILS, // and wants back what it lent
} hm_lending;

typedef struct hm_host {
    hm_lending lends;
    uint32_t looks;    // how often a worker that found nothing looks again
    uint64_t deadline; // a time that the clock comes to at any moment, or 0
} hm_host;

// Written before threads begin.
extern hm_host hm_host_of_scenario;

#endif
