// exchange.h — commands that somebody waits for on its thread: of maintenance, and of
// loading and saving a key.

#ifndef HM_ADAPTERS_REDIS_EXCHANGE_H
#define HM_ADAPTERS_REDIS_EXCHANGE_H

#include <stddef.h>

#include <hamilton/status.h>

#include "adapters/redis/client.h"
#include "adapters/redis/resp.h"
#include "base/text.h"

// Commands in the protocol, as they are put together.
typedef struct hm_redis_batch {
    hm_text text;
    uint32_t count;
} hm_redis_batch;

void hm_redis_batch_init(hm_redis_batch *batch, const hm_allocator *allocator);
void hm_redis_batch_finish(hm_redis_batch *batch);
void hm_redis_batch_clear(hm_redis_batch *batch);
void hm_redis_batch_add(hm_redis_batch *batch, const hm_resp_part *parts, size_t count);

// Gets each reply, of the command with this number, on the client's thread. A status
// that is not HM_OK is what the exchange then fails with; others go on all the same.
typedef hm_status hm_redis_take(
        void *context, size_t which, const redisReply *reply, hm_error *error);

// Sends the commands and waits for all replies. An error that the server replies is
// HM_IO, with its words behind the description. Errors that take tells of;
// HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_redis_exchange(hm_redis_client *client,
        const char *description, const hm_redis_batch *batch, hm_redis_take *take,
        void *context, hm_error *error);

#endif
