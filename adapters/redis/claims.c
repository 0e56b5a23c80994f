// claims.c — see claims.h.

#include "adapters/redis/claims.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "adapters/redis/resp.h"
#include "base/allocator.h"

const char hm_redis_claims_release[] = "if redis.call('get',KEYS[1])==ARGV[1] then "
                                       "return redis.call('del',KEYS[1]) end return 0";

static const char renew[] = "if redis.call('get',KEYS[1])==ARGV[1] then "
                            "return redis.call('pexpire',KEYS[1],ARGV[2]) end return 0";

struct hm_redis_claim {
    hm_redis_claim *next;
    size_t size;
    char key[];
};

void hm_redis_claims_init(hm_redis_claims *claims, const hm_allocator *allocator) {
    uint64_t noise[2] = {uv_hrtime(), (uint64_t)(uintptr_t)claims};
    (void)uv_random(NULL, NULL, noise, sizeof noise, 0, NULL); // or the time will do
    char host[32] = "";
    (void)gethostname(host, sizeof host - 1);
    *claims = (hm_redis_claims){.allocator = allocator};
    snprintf(claims->owner, sizeof claims->owner, "%s-%ld-%016llx%016llx", host,
            (long)getpid(), (unsigned long long)noise[0], (unsigned long long)noise[1]);
}

void hm_redis_claims_finish(hm_redis_claims *claims) {
    while (claims->first != NULL) {
        hm_redis_claims_remove(claims, claims->first->key);
    }
}

// A renewal under way: nobody waits for what becomes of it.
typedef struct hm_redis_renewal {
    hm_redis_command command; // the first, so that one is the other
    const hm_allocator *allocator;
    size_t size;
    char bytes[];
} hm_redis_renewal;

static void renewed(
        hm_redis_command *command, const redisReply *reply, const char *why) {
    (void)reply;
    (void)why;
    hm_redis_renewal *renewal = (hm_redis_renewal *)command;
    hm_deallocate(
            renewal->allocator, renewal, renewal->size, _Alignof(hm_redis_renewal));
}

static void add_renewal(
        hm_redis_claims *claims, const hm_redis_claim *claim, hm_redis_queue *queue) {
    char life[16];
    int length = snprintf(life, sizeof life, "%d", HM_REDIS_CLAIM_LIFE);
    const hm_resp_part parts[] = {{"EVAL", 4}, {renew, sizeof renew - 1}, {"1", 1},
            {claim->key, strlen(claim->key)}, {claims->owner, strlen(claims->owner)},
            {life, (size_t)length}};
    enum { PARTS = sizeof parts / sizeof *parts };
    size_t size = sizeof(hm_redis_renewal) + hm_resp_room(parts, PARTS);
    hm_redis_renewal *renewal =
            hm_allocate(claims->allocator, size, _Alignof(hm_redis_renewal));
    if (renewal == NULL) {
        return; // the next time, or it expires
    }
    renewal->allocator = claims->allocator;
    renewal->size = size;
    renewal->command = (hm_redis_command){.bytes = renewal->bytes,
            .length = hm_resp_write(renewal->bytes, parts, PARTS),
            .reply_count = 1,
            .replied = renewed};
    hm_redis_queue_add(queue, &renewal->command);
}

static void renew_all(void *context) {
    hm_redis_claims *claims = context;
    hm_redis_queue queue;
    hm_redis_queue_init(&queue);
    for (const hm_redis_claim *at = claims->first; at != NULL; at = at->next) {
        add_renewal(claims, at, &queue);
    }
    hm_redis_client_send(claims->client, &queue);
}

void hm_redis_claims_add(hm_redis_claims *claims, const char *key) {
    size_t size = sizeof(hm_redis_claim) + strlen(key) + 1;
    hm_redis_claim *claim =
            hm_allocate(claims->allocator, size, _Alignof(hm_redis_claim));
    if (claim == NULL) {
        return;
    }
    claim->size = size;
    memcpy(claim->key, key, strlen(key) + 1);
    claim->next = claims->first;
    if (claims->first == NULL) {
        hm_redis_client_beat(claims->client, HM_REDIS_CLAIM_RENEWAL, renew_all, claims);
    }
    claims->first = claim;
}

void hm_redis_claims_remove(hm_redis_claims *claims, const char *key) {
    hm_redis_claim **place = &claims->first;
    while (*place != NULL && strcmp((*place)->key, key) != 0) {
        place = &(*place)->next;
    }
    hm_redis_claim *claim = *place;
    if (claim == NULL) {
        return;
    }
    *place = claim->next;
    hm_deallocate(claims->allocator, claim, claim->size, _Alignof(hm_redis_claim));
    if (claims->first == NULL && claims->client != NULL) {
        hm_redis_client_beat(claims->client, 0, NULL, NULL);
    }
}
