// redis_store.c — see <hamilton/redis.h>. Each request becomes a command with the
// request's bytes in it, made by whoever asks; the client's thread only sends it, and
// tells what was replied.

#define _DEFAULT_SOURCE // struct timeval, in headers of hiredis

#include "adapters/redis/redis_store.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/redis.h>

#include "adapters/redis/resp.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

enum { MOST_PARTS = 8 };

// A request under way.
typedef struct hm_redis_asked {
    hm_redis_command command; // the first, so that one is the other
    hm_redis_store *store;
    hm_cache_request *request; // NULL once it is answered
    size_t size;
    hm_cache_operation operation;
    bool is_claimed;
    const char *key; // of a claim
    char bytes[];
} hm_redis_asked;

static void answer(hm_redis_asked *asked, hm_status status, const char *message) {
    hm_cache_request *request = asked->request;
    if (request == NULL) {
        return;
    }
    asked->request = NULL;
    request->status = status;
    request->message = message;
    request->answered(request);
}

static void refuse(hm_redis_asked *asked, const char *what) {
    char text[400];
    snprintf(text, sizeof text, "%s: %.300s", asked->store->address.description, what);
    answer(asked, HM_IO, text);
}

static bool is_status(const redisReply *reply, const char *text) {
    return reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, text) == 0;
}

static void take_value(hm_redis_asked *asked, const redisReply *reply) {
    bool is_foreign = reply->type == REDIS_REPLY_ERROR &&
                      strncmp(reply->str, "WRONGTYPE", 9) == 0;
    if (reply->type == REDIS_REPLY_STRING && reply->len > 0 && asked->request != NULL) {
        asked->request->found = reply->str;
        asked->request->found_length = reply->len;
    }
    if (reply->type == REDIS_REPLY_ERROR && !is_foreign) {
        refuse(asked, reply->str);
    } else {
        answer(asked, HM_OK, NULL);
    }
}

// SET NX PX, and then what life the claim has that is there. What somebody else put
// there who does not mean a claim lives longer, or for ever: it keeps nobody waiting.
static void take_claim(hm_redis_asked *asked, const redisReply *reply) {
    if (reply->type == REDIS_REPLY_ERROR) {
        refuse(asked, reply->str);
    } else if (asked->command.reply_count == 1) {
        asked->is_claimed = is_status(reply, "OK");
        if (asked->is_claimed) {
            hm_redis_claims_add(&asked->store->claims, asked->key);
        }
    } else if (asked->request != NULL) {
        bool is_claim = reply->type == REDIS_REPLY_INTEGER && reply->integer >= 0 &&
                        reply->integer <= HM_REDIS_CLAIM_LIFE;
        asked->request->is_claimed = asked->is_claimed || !is_claim;
        answer(asked, HM_OK, NULL);
    } else if (asked->is_claimed) {
        // Too late for whoever asked: it expires.
        hm_redis_claims_remove(&asked->store->claims, asked->key);
    }
}

static void replied(
        hm_redis_command *command, const redisReply *reply, const char *why) {
    hm_redis_asked *asked = (hm_redis_asked *)command;
    if (reply == NULL) {
        answer(asked, HM_IO, why);
    } else if (asked->operation == HM_CACHE_GET) {
        take_value(asked, reply);
    } else if (asked->operation == HM_CACHE_CLAIM) {
        take_claim(asked, reply);
    } else if (reply->type == REDIS_REPLY_ERROR) {
        refuse(asked, reply->str);
    } else {
        answer(asked, HM_OK, NULL);
    }
    if (reply != NULL && command->reply_count > 0) {
        return;
    }
    if (asked->operation == HM_CACHE_UNCLAIM) {
        hm_redis_claims_remove(&asked->store->claims, asked->key);
    }
    hm_deallocate(
            asked->store->allocator, asked, asked->size, _Alignof(hm_redis_asked));
}

static void gave_up(hm_redis_command *command, const char *why) {
    answer((hm_redis_asked *)command, HM_IO, why);
}

// What a request is in Redis's words: one command, or of a claim two.
typedef struct hm_redis_words {
    hm_resp_part parts[2][MOST_PARTS];
    size_t counts[2];
    char number[24];
} hm_redis_words;

static void add(hm_redis_words *words, size_t which, const void *bytes, size_t length) {
    words->parts[which][words->counts[which]++] = (hm_resp_part){bytes, length};
}

static void add_text(hm_redis_words *words, size_t which, const char *text) {
    add(words, which, text, strlen(text));
}

static void add_number(hm_redis_words *words, uint64_t number) {
    snprintf(words->number, sizeof words->number, "%llu", (unsigned long long)number);
    add_text(words, 0, words->number);
}

static void find_words(hm_redis_store *store, const hm_cache_request *request,
        const char *key, hm_redis_words *words) {
    words->counts[0] = 0;
    words->counts[1] = 0;
    switch (request->operation) {
    case HM_CACHE_PUT:
        add_text(words, 0, "SET");
        add_text(words, 0, key);
        add(words, 0, request->bytes, request->length);
        if (store->address.seconds > 0) {
            add_text(words, 0, "EX");
            add_number(words, store->address.seconds);
        }
        break;
    case HM_CACHE_CLAIM:
        add_text(words, 0, "SET");
        add_text(words, 0, key);
        add_text(words, 0, store->claims.owner);
        add_text(words, 0, "NX");
        add_text(words, 0, "PX");
        add_number(words, HM_REDIS_CLAIM_LIFE);
        add_text(words, 1, "PTTL");
        add_text(words, 1, key);
        break;
    case HM_CACHE_UNCLAIM:
        add_text(words, 0, "EVAL");
        add_text(words, 0, hm_redis_claims_release);
        add_text(words, 0, "1");
        add_text(words, 0, key);
        add_text(words, 0, store->claims.owner);
        break;
    case HM_CACHE_GET:
    default:
        add_text(words, 0, "GET");
        add_text(words, 0, key);
        break;
    }
}

static size_t room_of(const hm_redis_words *words) {
    size_t room = hm_resp_room(words->parts[0], words->counts[0]);
    return words->counts[1] > 0 ? room + hm_resp_room(words->parts[1], words->counts[1])
                                : room;
}

static size_t write_words(char *to, const hm_redis_words *words) {
    size_t length = hm_resp_write(to, words->parts[0], words->counts[0]);
    return words->counts[1] > 0 ? length + hm_resp_write(to + length, words->parts[1],
                                                   words->counts[1])
                                : length;
}

// The command of a request, or NULL if memory ran out.
static hm_redis_asked *make(hm_redis_store *store, hm_cache_request *request) {
    bool is_claim = request->operation == HM_CACHE_CLAIM ||
                    request->operation == HM_CACHE_UNCLAIM;
    const char *pieces[] = {
            store->address.prefix, request->name, is_claim ? ":claim" : ""};
    size_t key_size = strlen(pieces[0]) + strlen(pieces[1]) + strlen(pieces[2]) + 1;
    // The key is written twice: the words are of the first one.
    char few[256];
    char *key =
            key_size <= sizeof few ? few : hm_allocate(store->allocator, key_size, 1);
    if (key == NULL) {
        return NULL;
    }
    snprintf(key, key_size, "%s%s%s", pieces[0], pieces[1], pieces[2]);
    hm_redis_words words;
    find_words(store, request, key, &words);
    size_t room = room_of(&words);
    size_t size = sizeof(hm_redis_asked) + room + (is_claim ? key_size : 0);
    hm_redis_asked *asked =
            hm_allocate(store->allocator, size, _Alignof(hm_redis_asked));
    if (asked != NULL) {
        asked->store = store;
        asked->request = request;
        asked->size = size;
        asked->operation = request->operation;
        asked->is_claimed = false;
        asked->key = asked->bytes + room;
        asked->command = (hm_redis_command){.bytes = asked->bytes,
                .length = write_words(asked->bytes, &words),
                .reply_count = words.counts[1] > 0 ? 2 : 1,
                .is_awaited = request->operation == HM_CACHE_GET ||
                              request->operation == HM_CACHE_CLAIM,
                .gave_up = gave_up,
                .replied = replied};
        if (is_claim) {
            memcpy(asked->bytes + room, key, key_size);
        }
    }
    if (key != few) {
        hm_deallocate(store->allocator, key, key_size, 1);
    }
    return asked;
}

static void ask(void *self, hm_cache_request *first) {
    hm_redis_store *store = self;
    hm_redis_queue queue;
    hm_redis_queue_init(&queue);
    hm_cache_request *next;
    for (hm_cache_request *request = first; request != NULL; request = next) {
        next = request->next;
        hm_redis_asked *asked = make(store, request);
        if (asked != NULL) {
            hm_redis_queue_add(&queue, &asked->command);
        } else {
            request->status = HM_NO_MEMORY;
            request->answered(request);
        }
    }
    if (queue.first != NULL) {
        hm_redis_client_send(store->client, &queue);
    }
}

static void destroy(void *self) {
    hm_redis_store *store = self;
    hm_redis_client_destroy(store->client);
    store->claims.client = NULL;
    hm_redis_claims_finish(&store->claims);
    hm_arena_finish(&store->arena);
    hm_deallocate_array(store->allocator, store, 1, sizeof *store);
}

hm_status hm_redis_store_create(
        const hm_redis_options *options, hm_cache_store **store, hm_error *error) {
    hm_redis_options given;
    HM_TRY(hm_sized_read(
            options, &given, sizeof given, "HM_REDIS_OPTIONS_INIT", error));
    const hm_allocator *allocator = hm_allocator_or_default(given.allocator);
    hm_redis_store *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    made->allocator = allocator;
    hm_arena_init(&made->arena, allocator);
    hm_redis_claims_init(&made->claims, allocator);
    hm_status status =
            hm_redis_address_read(&made->address, given.address, &made->arena, error);
    if (status == HM_OK) {
        status =
                hm_redis_client_create(&made->address, allocator, &made->client, error);
    }
    if (status != HM_OK) {
        destroy(made);
        return status;
    }
    made->claims.client = made->client;
    made->store = (hm_cache_store){.struct_size = sizeof(hm_cache_store),
            .name = made->address.description,
            .self = made,
            .most_bytes = made->address.most_bytes,
            .is_shared = true,
            .ask = ask,
            .list = hm_redis_list,
            .clear = hm_redis_clear,
            .collect = hm_redis_collect,
            .destroy = destroy};
    *store = &made->store;
    return HM_OK;
}

void hm_redis_store_destroy(hm_cache_store *store) {
    if (store != NULL) {
        store->destroy(store->self);
    }
}
