// client.h — a Redis server as others see it: commands go in, replies come back, on a
// thread of its own. It connects by itself, and again after the server was away; while
// it is away everything is answered at once, by why it is.

#ifndef HM_ADAPTERS_REDIS_CLIENT_H
#define HM_ADAPTERS_REDIS_CLIENT_H

#include <stdbool.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "adapters/redis/address.h"
#include "adapters/redis/command.h"

typedef struct hm_redis_client hm_redis_client;

// The address is kept. HM_IO, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_redis_client_create(const hm_redis_address *address,
        const hm_allocator *allocator, hm_redis_client **client, hm_error *error);

// After all commands are replied to, as long as the server replies. Accepts NULL.
void hm_redis_client_destroy(hm_redis_client *client);

// Sends all commands of a queue, in order. Any thread.
void hm_redis_client_send(hm_redis_client *client, hm_redis_queue *queue);

// Calls beat on the client's thread so many milliseconds later, and again. 0: no more.
// Its thread.
void hm_redis_client_beat(hm_redis_client *client, uint64_t milliseconds,
        void (*beat)(void *context), void *context);

#endif
