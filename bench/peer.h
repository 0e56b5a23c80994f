// peer.h — other systems that run a graph of tasks on two threads. They get the nodes
// of a floor: the same bodies, the same memory, and who waits for whom.

#ifndef HM_BENCH_PEER_H
#define HM_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/floor.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HM_PEER_THREADS = 2 };

typedef struct hm_peer {
    const char *name;
    bool is_serial; // it runs the nodes on one thread after all
    // Keeps floor. NULL if memory ran out.
    void *(*create)(hm_floor *floor);
    bool (*run)(void *subject);
    void (*destroy)(void *subject); // accepts NULL
} hm_peer;

// One node after the other put into libuv's queue, as soon as it can run.
extern const hm_peer hm_peer_libuv;

// Tasks with dependences, made anew in each run, as that interface wants it.
extern const hm_peer hm_peer_openmp;

// A flow graph of continue_nodes; lightweight ones run where they become ready.
extern const hm_peer hm_peer_onetbb;
extern const hm_peer hm_peer_onetbb_lightweight;

// Those that this program was built with.
enum { HM_PEER_LIMIT = 4 };
size_t hm_peers(const hm_peer *peers[HM_PEER_LIMIT]);

#ifdef __cplusplus
}
#endif

#endif
