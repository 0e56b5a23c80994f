// reply.h — what a receiver answers to a request that it took: {}, or how much of it it
// did not take after all.

#ifndef HM_ADAPTERS_OTLP_REPLY_H
#define HM_ADAPTERS_OTLP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hm_reply {
    uint64_t rejected; // spans or data points
    char why[160];     // or ""
} hm_reply;

// False if it is no such answer. An empty one is.
bool hm_reply_read(const char *body, size_t length, hm_reply *reply);

#endif
