// address.h — where a Redis server is, and how it is to be used, from one text:
//
//     redis://[user:password@]host[:port][/database][?option=value&...]
//     redis+unix://[user:password@]/path/of/the/socket[?option=value&...]
//
// Bytes that mean something there are written as %XX. The options are those of
// <hamilton/redis.h>.

#ifndef HM_ADAPTERS_REDIS_ADDRESS_H
#define HM_ADAPTERS_REDIS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>

#include "base/arena.h"

typedef struct hm_redis_address {
    const char *host; // without the brackets of an IPv6 address; NULL: a socket
    int port;
    const char *path; // of the socket, or NULL
    const char *user; // or NULL
    const char *password;
    int database;
    const char *prefix;      // of all names
    uint64_t seconds;        // that entries live; 0: for ever
    uint64_t timeout;        // in milliseconds, of each look-up
    size_t most_bytes;       // of a value
    const char *description; // for messages: no password in it
} hm_redis_address;

// Its texts are the arena's. HM_BAD_ARGUMENT, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_redis_address_read(
        hm_redis_address *address, const char *text, hm_arena *arena, hm_error *error);

#endif
