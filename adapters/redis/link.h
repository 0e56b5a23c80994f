// link.h — one connection to a Redis server: hiredis on a libuv loop, whose thread all
// of it belongs to.
//
// It uses of hiredis what connects and what reads replies, and not its asynchronous
// context: that ends the process by an assertion when a server replies more than it was
// asked, raises SIGPIPE when one is gone, and by its adapter for libuv has the kernel
// told of each command.

#ifndef HM_ADAPTERS_REDIS_LINK_H
#define HM_ADAPTERS_REDIS_LINK_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "adapters/redis/command.h"

typedef struct hm_redis_link hm_redis_link;

enum { HM_REDIS_WHY = 160 }; // room for why something went wrong

typedef struct hm_redis_link_events {
    void *context;
    void (*connected)(void *context);
    void (*acted)(void *context); // something was read or written

    // It ended by itself, and closes: what it has not replied to is in the queue.
    void (*ended)(void *context, hm_redis_queue *queue, const char *why);
} hm_redis_link_events;

// A connection to a numeric address, or to a socket if host is NULL, is begun. NULL,
// and why, if it cannot be. A reply of more than most_bytes ends it.
hm_redis_link *hm_redis_link_open(uv_loop_t *loop, const char *host, int port,
        const char *path, size_t most_bytes, const hm_redis_link_events *events,
        char why[HM_REDIS_WHY]);

// Sends all commands of a queue, which is empty then. Once it is connected.
void hm_redis_link_send(hm_redis_link *link, hm_redis_queue *queue);

// The oldest command that is not replied to, or NULL, and those behind it.
hm_redis_command *hm_redis_link_first(const hm_redis_link *link);

// Since when the server owes a reply, or lets itself be written nothing, by uv_now;
// UINT64_MAX if it does not.
uint64_t hm_redis_link_stalled_since(const hm_redis_link *link);

// Ends it, without `ended`; what it has not replied to goes into the queue. Not from
// `replied` of a command.
void hm_redis_link_close(hm_redis_link *link, hm_redis_queue *queue);

#endif
