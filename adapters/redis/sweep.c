// sweep.c — what is in a server, page by page as SCAN tells of it: other clients may be
// busy with it meanwhile, and with keys of their own.

#define _DEFAULT_SOURCE // struct timeval, in headers of hiredis

#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/redis/exchange.h"
#include "adapters/redis/redis_store.h"
#include "base/error.h"

static const char page_size[] = "512";

typedef struct hm_redis_page hm_redis_page;

// What is done about the keys of a page.
typedef hm_status hm_redis_act(hm_redis_page *page, hm_error *error);

struct hm_redis_page {
    hm_redis_store *store;
    hm_redis_batch batch;
    hm_arena arena; // of the keys
    const char *pattern;
    char cursor[32];
    hm_resp_part *keys;
    size_t count;

    // The caller's.
    hm_cache_store_visit *visit;
    void *context;
    hm_cache_sweep *sweep;
    uint64_t max_seconds;
    bool *is_old; // by key
};

static hm_resp_part word(const char *text) {
    return (hm_resp_part){text, strlen(text)};
}

static hm_status take_page(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)which;
    hm_redis_page *page = context;
    bool is_page = reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
                   reply->element[0]->type == REDIS_REPLY_STRING &&
                   reply->element[0]->len < sizeof page->cursor &&
                   reply->element[1]->type == REDIS_REPLY_ARRAY;
    if (!is_page) {
        return hm_error_set(error, HM_IO, "%s: it does not know SCAN",
                page->store->address.description);
    }
    memcpy(page->cursor, reply->element[0]->str, reply->element[0]->len + 1);
    const redisReply *keys = reply->element[1];
    page->keys = hm_arena_array(&page->arena, keys->elements, sizeof *page->keys);
    for (size_t i = 0; i < keys->elements && page->keys != NULL; i++) {
        const redisReply *key = keys->element[i];
        if (key->type != REDIS_REPLY_STRING || strlen(key->str) != key->len) {
            continue; // no name of ours
        }
        char *text = hm_arena_slice(&page->arena, key->str, key->len);
        if (text == NULL) {
            return hm_error_no_memory(error);
        }
        page->keys[page->count++] = (hm_resp_part){text, key->len};
    }
    return page->keys != NULL ? HM_OK : hm_error_no_memory(error);
}

static hm_status exchange(hm_redis_page *page, hm_redis_take *take, hm_error *error) {
    return hm_redis_exchange(page->store->client, page->store->address.description,
            &page->batch, take, page, error);
}

static hm_status next_page(hm_redis_page *page, hm_error *error) {
    const hm_resp_part parts[] = {word("SCAN"), word(page->cursor), word("MATCH"),
            word(page->pattern), word("COUNT"), word(page_size)};
    hm_arena_clear(&page->arena);
    page->count = 0;
    hm_redis_batch_clear(&page->batch);
    hm_redis_batch_add(&page->batch, parts, sizeof parts / sizeof *parts);
    return exchange(page, take_page, error);
}

// All names that begin with the prefix and this pattern.
static char *make_pattern(const hm_redis_store *store, const char *pattern) {
    const char *prefix = store->address.prefix;
    char *made = malloc(2 * strlen(prefix) + strlen(pattern) + 2);
    char *to = made;
    for (const char *at = prefix; made != NULL && *at != '\0'; at++) {
        if (strchr("*?[]\\^-", *at) != NULL) {
            *to++ = '\\';
        }
        *to++ = *at;
    }
    if (made != NULL) {
        strcpy(to, pattern);
    }
    return made;
}

static hm_status go_through(
        hm_redis_page *page, const char *pattern, hm_redis_act *act, hm_error *error) {
    char *whole = make_pattern(page->store, pattern);
    if (whole == NULL) {
        return hm_error_no_memory(error);
    }
    page->pattern = whole;
    strcpy(page->cursor, "0");
    hm_arena_init(&page->arena, page->store->allocator);
    hm_redis_batch_init(&page->batch, page->store->allocator);
    hm_status status;
    do {
        status = next_page(page, error);
        if (status == HM_OK && page->count > 0) {
            status = act(page, error);
        }
    } while (status == HM_OK && strcmp(page->cursor, "0") != 0);
    hm_redis_batch_finish(&page->batch);
    hm_arena_finish(&page->arena);
    free(whole);
    return status;
}

// One command of these words for each key, which comes last.
static void ask_of_each(hm_redis_page *page, const char *first, const char *second) {
    hm_redis_batch_clear(&page->batch);
    for (size_t i = 0; i < page->count; i++) {
        hm_resp_part parts[3];
        size_t count = 0;
        parts[count++] = word(first);
        if (second != NULL) {
            parts[count++] = word(second);
        }
        parts[count++] = page->keys[i];
        hm_redis_batch_add(&page->batch, parts, count);
    }
}

static hm_status take_entry(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)error;
    const hm_redis_page *page = context;
    size_t prefix = strlen(page->store->address.prefix);
    if (reply->type == REDIS_REPLY_STRING) { // it may be gone by now
        page->visit(page->context, (const char *)page->keys[which].bytes + prefix,
                reply->str, reply->len);
    }
    return HM_OK;
}

static hm_status list_page(hm_redis_page *page, hm_error *error) {
    ask_of_each(page, "GET", NULL);
    return exchange(page, take_entry, error);
}

hm_status hm_redis_list(void *self, const char *beginning, hm_cache_store_visit *visit,
        void *context, hm_error *error) {
    hm_redis_page page = {.store = self, .visit = visit, .context = context};
    char pattern[16];
    if (strlen(beginning) + 2 > sizeof pattern) {
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "no name begins with `%s`", beginning);
    }
    strcpy(pattern, beginning);
    strcat(pattern, "*");
    return go_through(&page, pattern, list_page, error);
}

// Names of caches, of this version of records and others; and no others' keys.
static const char names_of_caches[] = "[nrv][0-9]:*";

static hm_status take_removed(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)which;
    (void)error;
    const hm_redis_page *page = context;
    if (reply->type == REDIS_REPLY_INTEGER && reply->integer > 0) {
        page->sweep->removed += (uint64_t)reply->integer;
    }
    return HM_OK;
}

static hm_status clear_page(hm_redis_page *page, hm_error *error) {
    ask_of_each(page, "DEL", NULL);
    return exchange(page, take_removed, error);
}

hm_status hm_redis_clear(void *self, hm_cache_sweep *sweep, hm_error *error) {
    hm_redis_page page = {.store = self, .sweep = sweep};
    return go_through(&page, names_of_caches, clear_page, error);
}

static hm_status take_idle(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)error;
    const hm_redis_page *page = context;
    page->is_old[which] = reply->type == REDIS_REPLY_INTEGER && reply->integer >= 0 &&
                          (uint64_t)reply->integer >= page->max_seconds;
    return HM_OK;
}

static hm_status take_length(
        void *context, size_t which, const redisReply *reply, hm_error *error) {
    (void)which;
    (void)error;
    const hm_redis_page *page = context;
    if (reply->type == REDIS_REPLY_INTEGER && reply->integer > 0) {
        page->sweep->bytes += (uint64_t)reply->integer;
    }
    return HM_OK;
}

static hm_status remove_old(hm_redis_page *page, hm_error *error) {
    page->is_old = hm_arena_array(&page->arena, page->count, sizeof *page->is_old);
    if (page->is_old == NULL) {
        return hm_error_no_memory(error);
    }
    ask_of_each(page, "OBJECT", "IDLETIME");
    HM_TRY(exchange(page, take_idle, error));
    hm_redis_batch_clear(&page->batch);
    size_t left = 0;
    for (size_t i = 0; i < page->count; i++) {
        const hm_resp_part parts[] = {word("DEL"), page->keys[i]};
        if (page->is_old[i]) {
            hm_redis_batch_add(&page->batch, parts, 2);
        } else {
            page->keys[left++] = page->keys[i];
        }
    }
    page->count = left;
    return exchange(page, take_removed, error);
}

static hm_status collect_page(hm_redis_page *page, hm_error *error) {
    if (page->max_seconds > 0) {
        HM_TRY(remove_old(page, error));
    }
    ask_of_each(page, "STRLEN", NULL);
    return exchange(page, take_length, error);
}

hm_status hm_redis_collect(void *self, uint64_t max_bytes, uint64_t max_seconds,
        hm_cache_sweep *sweep, hm_error *error) {
    hm_redis_page page = {.store = self, .sweep = sweep, .max_seconds = max_seconds};
    if (max_bytes > 0) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "%s keeps to a limit of its own: set maxmemory and maxmemory-policy "
                "there",
                page.store->address.description);
    }
    return go_through(&page, names_of_caches, collect_page, error);
}
