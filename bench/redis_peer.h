// redis_peer.h — a Redis server of a benchmark, and hiredis alone on libuv, as its
// adapter has it, that gets the same bytes from it.

#ifndef HM_BENCH_REDIS_PEER_H
#define HM_BENCH_REDIS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct hm_redis_process {
    pid_t process;
    int port;
    char folder[64];
} hm_redis_process;

// On loopback. False, after a message, if there is none.
bool hm_redis_process_init(hm_redis_process *server);
void hm_redis_process_finish(hm_redis_process *server);

typedef struct hm_redis_peer hm_redis_peer;

// Gets `count` values of `size` bytes, all under way at once.
hm_redis_peer *hm_redis_peer_create(int port, size_t count, size_t size);
bool hm_redis_peer_get(void *peer);
void hm_redis_peer_destroy(hm_redis_peer *peer); // accepts NULL

#endif
