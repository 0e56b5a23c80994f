// link.c — see link.h.

#define _DEFAULT_SOURCE // struct timeval, in headers of hiredis

#include "adapters/redis/link.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum {
    READ_SIZE = 64 << 10,
    READ_TIMES = 16,
    PIECES = 64,
    IDLE_READER = 256 << 10,
    MOST_ELEMENTS = 1 << 20
};

#if HIREDIS_MAJOR > 0
typedef size_t hm_redis_length; // of an array
#else
typedef int hm_redis_length;
#endif

struct hm_redis_link {
    redisContext *hiredis;            // NULL once it has ended
    redisReplyObjectFunctions *plain; // of its reader
    redisReplyObjectFunctions careful;
    uv_poll_t poll;
    int polled; // UV_READABLE and UV_WRITABLE
    bool is_connected;
    size_t most_bytes;
    uint64_t heard; // when something was last read, and written
    uint64_t wrote;
    hm_redis_queue queue;        // not replied to
    hm_redis_command *unwritten; // the first of these that is not all written, or NULL
    size_t written;              // of its bytes
    hm_redis_link_events events;
    char why[HM_REDIS_WHY];
    char room[READ_SIZE];
};

static void release(uv_handle_t *handle) {
    free(handle->data);
}

void hm_redis_link_close(hm_redis_link *link, hm_redis_queue *queue) {
    if (link->hiredis == NULL) {
        return;
    }
    hm_redis_queue_append(queue, &link->queue);
    uv_close((uv_handle_t *)&link->poll, release);
    redisFree(link->hiredis);
    link->hiredis = NULL;
}

static void end(hm_redis_link *link) {
    hm_redis_queue queue;
    hm_redis_queue_init(&queue);
    hm_redis_link_close(link, &queue);
    link->events.ended(link->events.context, &queue, link->why);
}

static bool fail(hm_redis_link *link, const char *why) {
    snprintf(link->why, sizeof link->why, "%s", why);
    return false;
}

// Pieces of what is not written yet.
static int gather(const hm_redis_link *link, struct iovec pieces[PIECES]) {
    int count = 0;
    size_t skipped = link->written;
    for (const hm_redis_command *at = link->unwritten; at != NULL && count < PIECES;
            at = at->next) {
        pieces[count++] =
                (struct iovec){.iov_base = (char *)(uintptr_t)at->bytes + skipped,
                        .iov_len = at->length - skipped};
        skipped = 0;
    }
    return count;
}

static void advance(hm_redis_link *link, size_t written) {
    link->wrote = uv_now(link->poll.loop);
    link->written += written;
    while (link->unwritten != NULL && link->written >= link->unwritten->length) {
        link->written -= link->unwritten->length;
        link->unwritten->written_at = link->wrote;
        link->unwritten = link->unwritten->next;
    }
}

// Writes what the kernel takes. False if the connection is broken. A process must not
// be told by SIGPIPE.
static bool flush(hm_redis_link *link) {
    while (link->unwritten != NULL) {
        struct iovec pieces[PIECES];
        struct msghdr message = {.msg_iov = pieces};
        message.msg_iovlen = (size_t)gather(link, pieces);
        ssize_t written =
                sendmsg(link->hiredis->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return true;
        }
        if (written < 0 && errno != EINTR) {
            return fail(link, strerror(errno));
        }
        advance(link, written > 0 ? (size_t)written : 0);
    }
    return true;
}

static bool give_reply(hm_redis_link *link, redisReply *reply) {
    hm_redis_command *command = link->queue.first;
    // Nobody can reply to what was not sent; but to the first of several, of which the
    // last is not all written.
    bool is_unwritten = command == link->unwritten &&
                        (link->written == 0 || command->reply_count == 1);
    if (command == NULL || is_unwritten) {
        bool is_error = reply->type == REDIS_REPLY_ERROR;
        fail(link, is_error ? reply->str : "it replies more than it was asked");
        freeReplyObject(reply);
        return false;
    }
    command->reply_count--;
    if (command->reply_count == 0) {
        (void)hm_redis_queue_take(&link->queue);
    }
    command->replied(command, reply, NULL);
    freeReplyObject(reply);
    return true;
}

static bool give_replies(hm_redis_link *link) {
    redisReader *reader = link->hiredis->reader;
    void *reply = NULL;
    for (;;) {
        if (redisReaderGetReply(reader, &reply) != REDIS_OK) {
            return fail(link, reader->errstr);
        }
        if (reply == NULL) {
            return reader->len <= link->most_bytes ||
                   fail(link, "a reply is larger than anything that was put there");
        }
        if (!give_reply(link, reply)) {
            return false;
        }
    }
}

static bool read_replies(hm_redis_link *link) {
    for (int i = 0; i < READ_TIMES; i++) {
        ssize_t got =
                recv(link->hiredis->fd, link->room, sizeof link->room, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return true;
        }
        if (got <= 0) {
            return fail(link, got == 0 ? "it closed the connection" : strerror(errno));
        }
        link->heard = uv_now(link->poll.loop);
        if (redisReaderFeed(link->hiredis->reader, link->room, (size_t)got) !=
                REDIS_OK) {
            return fail(link, "there is no memory for its replies");
        }
        if (!give_replies(link)) {
            return false;
        }
        if ((size_t)got < sizeof link->room) {
            return true;
        }
    }
    return true; // more of it when others had their turn
}

static bool has_connected(hm_redis_link *link) {
    int fault = 0;
    socklen_t size = sizeof fault;
    if (getsockopt(link->hiredis->fd, SOL_SOCKET, SO_ERROR, &fault, &size) != 0) {
        fault = errno;
    }
    return fault == 0 || fail(link, strerror(fault));
}

static void act(uv_poll_t *poll, int status, int events);

// Polls for what there is to be waited for: only changes are the kernel's business.
static void look(hm_redis_link *link) {
    if (link->hiredis == NULL) {
        return;
    }
    int wanted = UV_READABLE;
    if (!link->is_connected || link->unwritten != NULL) {
        wanted |= UV_WRITABLE;
    }
    if (wanted != link->polled) {
        link->polled = wanted;
        (void)uv_poll_start(&link->poll, wanted, act);
    }
}

static void act(uv_poll_t *poll, int status, int events) {
    hm_redis_link *link = poll->data;
    if (!link->is_connected) {
        if (!has_connected(link)) {
            end(link);
            return;
        }
        link->is_connected = true;
        link->heard = uv_now(poll->loop);
        link->events.connected(link->events.context);
        look(link);
        return;
    }
    bool is_well = true;
    if (status != 0 ||
            (events & UV_READABLE) != 0) { // what is wrong is seen by reading
        is_well = read_replies(link);
    }
    is_well = is_well && flush(link);
    if (is_well) {
        look(link);
        link->events.acted(link->events.context);
    } else {
        end(link);
    }
}

// hiredis makes an array as long as it is told, before any element has come.
static void *make_array(const redisReadTask *task, hm_redis_length length) {
    const hm_redis_link *link = task->privdata;
    return length <= MOST_ELEMENTS ? link->plain->createArray(task, length) : NULL;
}

static void take_care(hm_redis_link *link) {
    redisReader *reader = link->hiredis->reader;
    link->plain = reader->fn;
    link->careful = *reader->fn;
    link->careful.createArray = make_array;
    reader->fn = &link->careful;
    reader->privdata = link;
    reader->maxbuf = IDLE_READER;
}

hm_redis_link *hm_redis_link_open(uv_loop_t *loop, const char *host, int port,
        const char *path, size_t most_bytes, const hm_redis_link_events *events,
        char why[HM_REDIS_WHY]) {
    redisContext *hiredis = host != NULL ? redisConnectNonBlock(host, port)
                                         : redisConnectUnixNonBlock(path);
    hm_redis_link *link =
            hiredis != NULL && hiredis->err == 0 ? calloc(1, sizeof *link) : NULL;
    if (link == NULL || uv_poll_init(loop, &link->poll, hiredis->fd) != 0) {
        snprintf(why, HM_REDIS_WHY, "%s",
                hiredis != NULL && hiredis->err != 0
                        ? hiredis->errstr
                        : "there is no memory for a connection");
        free(link);
        if (hiredis != NULL) {
            redisFree(hiredis);
        }
        return NULL;
    }
    link->poll.data = link;
    link->hiredis = hiredis;
    take_care(link);
    link->heard = uv_now(loop);
    link->most_bytes = most_bytes;
    link->events = *events;
    hm_redis_queue_init(&link->queue);
    look(link);
    return link;
}

void hm_redis_link_send(hm_redis_link *link, hm_redis_queue *queue) {
    if (link->unwritten == NULL) {
        link->unwritten = queue->first;
        link->written = 0;
    }
    hm_redis_queue_append(&link->queue, queue);
    if (!flush(link)) {
        end(link);
        return;
    }
    look(link);
}

hm_redis_command *hm_redis_link_first(const hm_redis_link *link) {
    return link->queue.first;
}

uint64_t hm_redis_link_stalled_since(const hm_redis_link *link) {
    const hm_redis_command *first = link->queue.first;
    if (first == NULL) {
        return UINT64_MAX;
    }
    uint64_t since = first == link->unwritten ? link->wrote : first->written_at;
    return since > link->heard ? since : link->heard;
}
