// client.c — see client.h.
//
//     connecting ──▶ ready ──▶ down ──▶ (pause) ──▶ connecting again, still down
//                      ▲                                   │
//                      └───────────────────────────────────┘
//
// Commands wait for the first connection; a client that is down answers by itself until
// it is ready again.

#define _DEFAULT_SOURCE // struct timeval, in headers of hiredis

#include "adapters/redis/client.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "adapters/redis/link.h"
#include "adapters/redis/resp.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"

enum {
    FIRST_PAUSE = 50, // milliseconds
    LAST_PAUSE = 10000,
    STEADY = 2000, // a connection that lasted so long was a good one
    PLACES = 8,
    WHY = 512,
};

struct hm_redis_client {
    const hm_redis_address *address;
    const hm_allocator *allocator;
    hm_arena arena; // of the greeting
    uv_thread_t thread;
    uv_async_t wake;

    uv_mutex_t lock;
    // Protected by lock.
    hm_redis_queue incoming;
    bool is_down;
    bool is_closing;
    char why[WHY]; // it is down

    // Of the thread.
    uv_loop_t loop;
    uv_timer_t timer; // while there is something to wait for
    uv_timer_t pulse; // of `beat`
    uv_getaddrinfo_t search;
    bool is_searching;
    bool is_ended;
    char places[PLACES][64]; // of the host, in numbers, of which next_place is next
    size_t place_count;
    size_t next_place;
    hm_redis_link *link; // or NULL
    bool is_ready;
    bool is_greeted;
    hm_redis_queue waiting; // for the first connection
    hm_redis_command greeting;
    uint32_t greeting_count;  // of its replies
    char fault[HM_REDIS_WHY]; // of the greeting, or ""
    uint64_t connect_until;
    uint64_t ready_since;
    uint64_t pause;
    uint64_t next_try; // when it is down
    void (*beat)(void *context);
    void *beat_context;
};

static uint64_t now(const hm_redis_client *client) {
    return uv_now(&client->loop);
}

// All that is asked, or was, is answered, until it is ready again.
static void go_down(hm_redis_client *client, const char *why) {
    hm_redis_queue failed;
    hm_redis_queue_init(&failed);
    if (client->link != NULL) {
        hm_redis_link_close(client->link, &failed);
        client->link = NULL;
    }
    if (client->is_ready && now(client) - client->ready_since >= STEADY) {
        client->pause = 0;
    }
    client->is_ready = false;
    client->pause = client->pause == 0 ? FIRST_PAUSE : client->pause * 2;
    client->pause = client->pause < LAST_PAUSE ? client->pause : LAST_PAUSE;
    // A quarter more or less, so that many clients do not come together.
    uint64_t jitter = uv_hrtime() / 1024 % (client->pause / 2 + 1);
    client->next_try = now(client) + client->pause * 3 / 4 + jitter;
    char text[WHY];
    snprintf(text, sizeof text, "%s: %s", client->address->description, why);
    uv_mutex_lock(&client->lock);
    client->is_down = true;
    memcpy(client->why, text, sizeof text);
    hm_redis_queue_append(&failed, &client->waiting);
    hm_redis_queue_append(&failed, &client->incoming);
    uv_mutex_unlock(&client->lock);
    hm_redis_queue_fail(&failed, text);
}

static void go_up(hm_redis_client *client) {
    client->is_ready = true;
    client->ready_since = now(client);
    uv_mutex_lock(&client->lock);
    client->is_down = false;
    uv_mutex_unlock(&client->lock);
    if (client->waiting.first != NULL) {
        hm_redis_link_send(client->link, &client->waiting);
    }
}

static void connect_next(hm_redis_client *client);

static void note_ended(void *context, hm_redis_queue *queue, const char *why) {
    hm_redis_client *client = context;
    client->link = NULL;
    if (!client->is_ready && client->fault[0] == '\0' &&
            client->next_place < client->place_count) {
        connect_next(client); // only the greeting was in the queue
        return;
    }
    hm_redis_queue_append(&client->waiting, queue);
    go_down(client, client->fault[0] != '\0' ? client->fault : why);
    (void)uv_async_send(&client->wake); // it connects again, in a while
}

// Within a reply the link can neither be ended nor used: that is done by `act`.
static void note_greeting(
        hm_redis_command *command, const redisReply *reply, const char *why) {
    hm_redis_client *client =
            (hm_redis_client *)(void *)((char *)command -
                                        offsetof(hm_redis_client, greeting));
    (void)why;
    if (reply == NULL || client->fault[0] != '\0') {
        return;
    }
    bool is_last = command->reply_count == 0;
    if (reply->type == REDIS_REPLY_ERROR) {
        snprintf(client->fault, sizeof client->fault, "%s", reply->str);
    } else if (is_last &&
               (reply->type != REDIS_REPLY_STATUS || strcmp(reply->str, "PONG") != 0)) {
        snprintf(client->fault, sizeof client->fault, "it is no Redis server");
    }
    client->is_greeted = is_last && client->fault[0] == '\0';
    if (is_last || client->fault[0] != '\0') {
        uv_async_send(&client->wake);
    }
}

static void act(hm_redis_client *client);

static void note_acted(void *context) {
    act(context);
}

static void note_connected(void *context) {
    hm_redis_client *client = context;
    hm_redis_queue queue;
    hm_redis_queue_init(&queue);
    client->greeting.reply_count = client->greeting_count;
    hm_redis_queue_add(&queue, &client->greeting);
    hm_redis_link_send(client->link, &queue);
}

// A reply has a value, and what stands around it in the protocol and in its record.
static size_t most_of_reply(const hm_redis_address *address) {
    return address->most_bytes + ((size_t)1 << 20);
}

static void connect_next(hm_redis_client *client) {
    const hm_redis_address *address = client->address;
    const hm_redis_link_events events = {.context = client,
            .connected = note_connected,
            .acted = note_acted,
            .ended = note_ended};
    char why[HM_REDIS_WHY];
    client->is_greeted = false;
    client->fault[0] = '\0';
    do {
        const char *host =
                address->host != NULL ? client->places[client->next_place] : NULL;
        client->next_place++;
        client->link = hm_redis_link_open(&client->loop, host, address->port,
                address->path, most_of_reply(address), &events, why);
    } while (client->link == NULL && client->next_place < client->place_count);
    if (client->link == NULL) {
        go_down(client, why);
    }
}

static void note_places(uv_getaddrinfo_t *search, int status, struct addrinfo *places) {
    hm_redis_client *client = search->data;
    client->is_searching = false;
    client->place_count = 0;
    for (const struct addrinfo *at = places;
            at != NULL && status == 0 && client->place_count < PLACES;
            at = at->ai_next) {
        char *text = client->places[client->place_count];
        bool is_known =
                (at->ai_family == AF_INET &&
                        uv_ip4_name((const void *)at->ai_addr, text, 64) == 0) ||
                (at->ai_family == AF_INET6 &&
                        uv_ip6_name((const void *)at->ai_addr, text, 64) == 0);
        client->place_count += is_known;
    }
    uv_freeaddrinfo(places);
    if (client->is_ended) {
        return;
    }
    client->connect_until = now(client) + client->address->timeout;
    if (client->place_count > 0) {
        connect_next(client);
    } else {
        go_down(client, status != 0 ? uv_strerror(status) : "it has no address");
    }
}

// No name that had to be searched for, by a thread of libuv's pool.
static bool is_numeric(const char *host) {
    unsigned char address[16];
    return uv_inet_pton(AF_INET, host, address) == 0 ||
           uv_inet_pton(AF_INET6, host, address) == 0;
}

static void begin_connecting(hm_redis_client *client) {
    const hm_redis_address *address = client->address;
    client->connect_until = now(client) + address->timeout;
    client->next_place = 0;
    if (address->host == NULL || is_numeric(address->host)) {
        client->place_count = 1;
        snprintf(client->places[0], sizeof client->places[0], "%s",
                address->host != NULL ? address->host : "");
        connect_next(client);
        return;
    }
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    client->search.data = client;
    int result = uv_getaddrinfo(
            &client->loop, &client->search, note_places, address->host, NULL, &hints);
    client->is_searching = result == 0;
    if (result != 0) {
        go_down(client, uv_strerror(result));
    }
}

static bool is_connecting(const hm_redis_client *client) {
    return client->is_searching || (client->link != NULL && !client->is_ready);
}

// Those that somebody waits for come in the order of their deadlines.
static void give_up_late(const hm_redis_client *client, hm_redis_command *first) {
    char text[WHY];
    text[0] = '\0';
    for (hm_redis_command *at = first; at != NULL; at = at->next) {
        if (!at->is_awaited) {
            continue;
        }
        if (at->deadline > now(client)) {
            return;
        }
        if (text[0] == '\0') {
            snprintf(text, sizeof text, "%s: no reply within %llu ms",
                    client->address->description,
                    (unsigned long long)client->address->timeout);
        }
        at->is_awaited = false;
        at->gave_up(at, text);
    }
}

static void check_time(hm_redis_client *client) {
    uint64_t timeout = client->address->timeout;
    give_up_late(client, client->waiting.first);
    if (client->link != NULL) {
        give_up_late(client, hm_redis_link_first(client->link));
    }
    char text[64];
    if (is_connecting(client) && now(client) >= client->connect_until) {
        snprintf(text, sizeof text, "no connection within %llu ms",
                (unsigned long long)timeout);
        client->connect_until = UINT64_MAX; // a search goes on, and connects then
        go_down(client, text);
    } else if (client->is_ready) {
        uint64_t since = hm_redis_link_stalled_since(client->link);
        if (since != UINT64_MAX && now(client) >= since + timeout) {
            snprintf(text, sizeof text, "no reply within %llu ms",
                    (unsigned long long)timeout);
            go_down(client, text);
        }
    }
    if (!is_connecting(client) && !client->is_ready &&
            now(client) >= client->next_try) {
        begin_connecting(client);
    }
}

static bool is_idle(const hm_redis_client *client) {
    return client->waiting.first == NULL &&
           (client->link == NULL || hm_redis_link_first(client->link) == NULL);
}

static void end(hm_redis_client *client) {
    client->is_ended = true;
    go_down(client, "the store is closed"); // which answers whoever comes yet
    if (client->is_searching) {
        (void)uv_cancel((uv_req_t *)&client->search); // or its end is waited for
    }
    uv_close((uv_handle_t *)&client->timer, NULL);
    uv_close((uv_handle_t *)&client->pulse, NULL);
    uv_close((uv_handle_t *)&client->wake, NULL);
}

static void tick(uv_timer_t *timer);

// Whatever there is to do: after everything that happens.
static void act(hm_redis_client *client) {
    if (client->is_ended) {
        return;
    }
    if (client->link != NULL && client->fault[0] != '\0') {
        go_down(client, client->fault);
    }
    if (client->link != NULL && client->is_greeted && !client->is_ready) {
        go_up(client);
    }
    hm_redis_queue queue;
    hm_redis_queue_init(&queue);
    uv_mutex_lock(&client->lock);
    hm_redis_queue_append(&queue, &client->incoming);
    bool is_closing = client->is_closing;
    uv_mutex_unlock(&client->lock);
    for (hm_redis_command *at = queue.first; at != NULL; at = at->next) {
        at->deadline = now(client) + client->address->timeout;
    }
    if (queue.first != NULL && client->is_ready) {
        hm_redis_link_send(client->link, &queue);
    } else {
        hm_redis_queue_append(&client->waiting, &queue);
    }
    bool waits = client->is_ready ? !is_idle(client) : client->waiting.first != NULL;
    if (is_closing && !waits) {
        end(client);
        return;
    }
    if (!client->is_ready || !is_idle(client)) {
        if (!uv_is_active((uv_handle_t *)&client->timer)) {
            uint64_t period = client->address->timeout / 8;
            period = period < 5 ? 5 : period > 50 ? 50 : period;
            (void)uv_timer_start(&client->timer, tick, period, period);
        }
    } else {
        (void)uv_timer_stop(&client->timer);
    }
}

static void note_wake(uv_async_t *wake) {
    act(wake->data);
}

static void tick(uv_timer_t *timer) {
    hm_redis_client *client = timer->data;
    check_time(client);
    act(client);
}

static void note_pulse(uv_timer_t *pulse) {
    hm_redis_client *client = pulse->data;
    client->beat(client->beat_context);
}

static void run(void *context) {
    hm_redis_client *client = context;
    begin_connecting(client);
    act(client);
    (void)uv_run(&client->loop, UV_RUN_DEFAULT);
}

// AUTH, SELECT and PING, as far as there is something to say.
static hm_status write_greeting(hm_redis_client *client) {
    const hm_redis_address *address = client->address;
    char database[16];
    snprintf(database, sizeof database, "%d", address->database);
    const char *words[3][3] = {{"AUTH"}, {"SELECT", database}, {"PING"}};
    size_t counts[3] = {1, 2, 1};
    if (address->user != NULL) {
        words[0][counts[0]++] = address->user;
    }
    if (address->password != NULL) {
        words[0][counts[0]++] = address->password;
    }
    bool is_said[3] = {address->password != NULL, address->database != 0, true};
    hm_resp_part parts[3][3];
    size_t room = 0;
    for (size_t i = 0; i < 3; i++) {
        for (size_t w = 0; w < counts[i]; w++) {
            parts[i][w] = (hm_resp_part){words[i][w], strlen(words[i][w])};
        }
        room += hm_resp_room(parts[i], counts[i]);
    }
    char *bytes = hm_arena_take(&client->arena, room, 1);
    if (bytes == NULL) {
        return HM_NO_MEMORY;
    }
    size_t length = 0;
    for (size_t i = 0; i < 3; i++) {
        if (is_said[i]) {
            length += hm_resp_write(bytes + length, parts[i], counts[i]);
            client->greeting_count++;
        }
    }
    client->greeting = (hm_redis_command){
            .bytes = bytes, .length = length, .replied = note_greeting};
    return HM_OK;
}

static void free_client(hm_redis_client *client) {
    hm_arena_finish(&client->arena);
    hm_deallocate_array(client->allocator, client, 1, sizeof *client);
}

static int init_loop(hm_redis_client *client) {
    int result = uv_async_init(&client->loop, &client->wake, note_wake);
    if (result != 0) {
        return result;
    }
    (void)uv_timer_init(&client->loop, &client->timer);
    (void)uv_timer_init(&client->loop, &client->pulse);
    client->wake.data = client;
    client->timer.data = client;
    client->pulse.data = client;
    result = uv_thread_create(&client->thread, run, client);
    if (result != 0) {
        end(client);
        (void)uv_run(&client->loop, UV_RUN_DEFAULT);
    }
    return result;
}

static int init(hm_redis_client *client) {
    int result = uv_mutex_init(&client->lock);
    if (result != 0) {
        return result;
    }
    result = uv_loop_init(&client->loop);
    if (result == 0) {
        result = init_loop(client);
        if (result != 0) {
            (void)uv_loop_close(&client->loop);
        }
    }
    if (result != 0) {
        uv_mutex_destroy(&client->lock);
    }
    return result;
}

hm_status hm_redis_client_create(const hm_redis_address *address,
        const hm_allocator *allocator, hm_redis_client **client, hm_error *error) {
    hm_redis_client *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    made->address = address;
    made->allocator = allocator;
    hm_arena_init(&made->arena, allocator);
    hm_redis_queue_init(&made->incoming);
    hm_redis_queue_init(&made->waiting);
    if (write_greeting(made) != HM_OK) {
        free_client(made);
        return hm_error_no_memory(error);
    }
    int result = init(made);
    if (result != 0) {
        free_client(made);
        return hm_error_set(error, HM_IO,
                "%s cannot be asked: there is no thread or loop: %s",
                address->description, uv_strerror(result));
    }
    *client = made;
    return HM_OK;
}

void hm_redis_client_destroy(hm_redis_client *client) {
    if (client == NULL) {
        return;
    }
    uv_mutex_lock(&client->lock);
    client->is_closing = true;
    uv_mutex_unlock(&client->lock);
    (void)uv_async_send(&client->wake);
    (void)uv_thread_join(&client->thread);
    (void)uv_loop_close(&client->loop);
    uv_mutex_destroy(&client->lock);
    free_client(client);
}

void hm_redis_client_send(hm_redis_client *client, hm_redis_queue *queue) {
    char why[WHY];
    uv_mutex_lock(&client->lock);
    bool is_down = client->is_down;
    if (is_down) {
        memcpy(why, client->why, sizeof why);
    } else {
        hm_redis_queue_append(&client->incoming, queue);
    }
    uv_mutex_unlock(&client->lock);
    if (is_down) {
        hm_redis_queue_fail(queue, why);
    } else {
        (void)uv_async_send(&client->wake);
    }
}

void hm_redis_client_beat(hm_redis_client *client, uint64_t milliseconds,
        void (*beat)(void *context), void *context) {
    client->beat = beat;
    client->beat_context = context;
    if (milliseconds > 0) {
        (void)uv_timer_start(&client->pulse, note_pulse, milliseconds, milliseconds);
    } else {
        (void)uv_timer_stop(&client->pulse);
    }
}
