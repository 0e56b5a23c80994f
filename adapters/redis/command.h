// command.h — one or more commands for a Redis server that are sent and replied to
// together. Whoever sends one owns its memory again with the last reply.

#ifndef HM_ADAPTERS_REDIS_COMMAND_H
#define HM_ADAPTERS_REDIS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct redisReply redisReply; // of <hiredis/hiredis.h>
typedef struct hm_redis_command hm_redis_command;

struct hm_redis_command {
    hm_redis_command *next;
    const char *bytes; // in the protocol, see resp.h
    size_t length;
    uint32_t reply_count; // how many replies are still to come
    bool is_awaited;      // somebody waits for it: see gave_up
    uint64_t deadline;    // in milliseconds of the loop, if it is awaited
    uint64_t written_at;  // likewise, once it is

    // It takes too long: nobody waits for it any more. Replies come all the same.
    void (*gave_up)(hm_redis_command *command, const char *why);

    // The next reply; or NULL, and why: then no more come. The loop's thread, or, when
    // there is no connection, whoever sends it. The reply is borrowed.
    void (*replied)(
            hm_redis_command *command, const redisReply *reply, const char *why);
};

// A queue of commands.
typedef struct hm_redis_queue {
    hm_redis_command *first;
    hm_redis_command **end; // where the next one is hung up; see hm_redis_queue_init
} hm_redis_queue;

void hm_redis_queue_init(hm_redis_queue *queue);
void hm_redis_queue_add(hm_redis_queue *queue, hm_redis_command *command);
hm_redis_command *hm_redis_queue_take(hm_redis_queue *queue);

// Moves all of `from` behind what is in the queue.
void hm_redis_queue_append(hm_redis_queue *queue, hm_redis_queue *from);

// Tells all of them why they are not replied to. They may be sent anew.
void hm_redis_queue_fail(hm_redis_queue *queue, const char *why);

#endif
