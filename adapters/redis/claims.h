// claims.h — what this process has claimed in a Redis server: keys that expire, so that
// a process that was killed, or is cut off, keeps nobody waiting; as long as it lives
// it renews them. Its value tells whose a claim is, and only its owner takes it back.
//
// All of it is on the client's thread.

#ifndef HM_ADAPTERS_REDIS_CLAIMS_H
#define HM_ADAPTERS_REDIS_CLAIMS_H

#include <stddef.h>

#include <hamilton/allocator.h>

#include "adapters/redis/client.h"

enum { HM_REDIS_CLAIM_LIFE = 5000, HM_REDIS_CLAIM_RENEWAL = 1500 }; // milliseconds

typedef struct hm_redis_claim hm_redis_claim;

typedef struct hm_redis_claims {
    const hm_allocator *allocator;
    hm_redis_client *client;
    char owner[96]; // text that no other process has
    hm_redis_claim *first;
} hm_redis_claims;

void hm_redis_claims_init(hm_redis_claims *claims, const hm_allocator *allocator);

// After the client.
void hm_redis_claims_finish(hm_redis_claims *claims);

// A key was claimed, or it is given back. One that cannot be remembered is not renewed.
void hm_redis_claims_add(hm_redis_claims *claims, const char *key);
void hm_redis_claims_remove(hm_redis_claims *claims, const char *key);

// The script by which an owner deletes its claim: KEYS[1] is its key, ARGV[1] the
// owner.
extern const char hm_redis_claims_release[];

#endif
