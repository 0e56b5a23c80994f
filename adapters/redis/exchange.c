// exchange.c — see exchange.h.

#define _DEFAULT_SOURCE // struct timeval, in headers of hiredis

#include "adapters/redis/exchange.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <uv.h>

#include "base/error.h"

void hm_redis_batch_init(hm_redis_batch *batch, const hm_allocator *allocator) {
    hm_text_init(&batch->text, allocator);
    batch->count = 0;
}

void hm_redis_batch_finish(hm_redis_batch *batch) {
    hm_text_finish(&batch->text);
}

void hm_redis_batch_clear(hm_redis_batch *batch) {
    hm_text_clear(&batch->text);
    batch->count = 0;
}

void hm_redis_batch_add(
        hm_redis_batch *batch, const hm_resp_part *parts, size_t count) {
    hm_text *text = &batch->text;
    hm_text_format(text, "*%zu\r\n", count);
    for (size_t i = 0; i < count; i++) {
        hm_text_format(text, "$%zu\r\n", parts[i].length);
        hm_text_append_bytes(text, parts[i].bytes, parts[i].length);
        hm_text_append(text, "\r\n");
    }
    batch->count++;
}

typedef struct hm_redis_talk {
    hm_redis_command command; // the first, so that one is the other
    const char *description;
    hm_redis_take *take;
    void *context;
    size_t which;
    hm_status status; // HM_OK, or the first that was not
    hm_error error;
    uv_sem_t is_done;
} hm_redis_talk;

static void take_reply(hm_redis_talk *talk, const redisReply *reply) {
    hm_status status;
    hm_error error = {.status = HM_OK};
    if (reply->type == REDIS_REPLY_ERROR) {
        status = hm_error_set(
                &error, HM_IO, "%s: %.300s", talk->description, reply->str);
    } else {
        status = talk->take(talk->context, talk->which, reply, &error);
    }
    if (talk->status == HM_OK && status != HM_OK) {
        talk->status = status;
        talk->error = error;
    }
    talk->which++;
}

static void replied(
        hm_redis_command *command, const redisReply *reply, const char *why) {
    hm_redis_talk *talk = (hm_redis_talk *)command;
    if (reply != NULL) {
        take_reply(talk, reply);
    } else {
        talk->status = hm_error_set(&talk->error, HM_IO, "%s", why);
    }
    if (reply == NULL || command->reply_count == 0) {
        uv_sem_post(&talk->is_done);
    }
}

hm_status hm_redis_exchange(hm_redis_client *client, const char *description,
        const hm_redis_batch *batch, hm_redis_take *take, void *context,
        hm_error *error) {
    if (batch->text.failed) {
        return hm_error_no_memory(error);
    }
    hm_redis_talk talk = {.command = {.bytes = batch->text.data,
                                  .length = batch->text.length,
                                  .reply_count = batch->count,
                                  .replied = replied},
            .description = description,
            .take = take,
            .context = context};
    if (batch->count == 0) {
        return HM_OK;
    }
    if (uv_sem_init(&talk.is_done, 0) != 0) {
        return hm_error_no_memory(error);
    }
    hm_redis_queue queue;
    hm_redis_queue_init(&queue);
    hm_redis_queue_add(&queue, &talk.command);
    hm_redis_client_send(client, &queue);
    uv_sem_wait(&talk.is_done);
    uv_sem_destroy(&talk.is_done);
    return talk.status == HM_OK
                   ? HM_OK
                   : hm_error_set(error, talk.status, "%s", talk.error.message);
}
