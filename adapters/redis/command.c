// command.c — see command.h.

#include "adapters/redis/command.h"

void hm_redis_queue_init(hm_redis_queue *queue) {
    queue->first = NULL;
    queue->end = &queue->first;
}

void hm_redis_queue_add(hm_redis_queue *queue, hm_redis_command *command) {
    command->next = NULL;
    *queue->end = command;
    queue->end = &command->next;
}

hm_redis_command *hm_redis_queue_take(hm_redis_queue *queue) {
    hm_redis_command *command = queue->first;
    if (command != NULL) {
        queue->first = command->next;
        queue->end = queue->first != NULL ? queue->end : &queue->first;
    }
    return command;
}

void hm_redis_queue_append(hm_redis_queue *queue, hm_redis_queue *from) {
    if (from->first != NULL) {
        *queue->end = from->first;
        queue->end = from->end;
        hm_redis_queue_init(from);
    }
}

void hm_redis_queue_fail(hm_redis_queue *queue, const char *why) {
    hm_redis_queue failed;
    hm_redis_queue_init(&failed);
    hm_redis_queue_append(&failed, queue);
    hm_redis_command *command;
    while ((command = hm_redis_queue_take(&failed)) != NULL) {
        command->replied(command, NULL, why);
    }
}
