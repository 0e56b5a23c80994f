// byte_store.c — see byte_store.h.

#include "adapters/cache/byte_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/cache/cache.h"
#include "adapters/cache/parcel.h"
#include "adapters/cache/record.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"

// Values with their headers that lie with their results, so that one look finds them.
enum { SMALL = 4096 };

static hm_byte_store *of(hm_store *store) {
    return (hm_byte_store *)store;
}

// Something on its way into the store: in one piece with its name and bytes.
typedef struct hm_delivery {
    hm_cache_request request; // the first, so that one is the other
    hm_byte_store *store;
    size_t size;
    char data[];
} hm_delivery;

static void delivered(hm_cache_request *request) {
    hm_delivery *delivery = (hm_delivery *)request;
    hm_byte_store *store = delivery->store;
    if (request->status != HM_OK) {
        hm_cache_note_loss(
                store->cache, request->operation, request->status, request->message);
    }
    hm_deallocate(store->allocator, delivery, delivery->size, _Alignof(max_align_t));
    uv_mutex_lock(&store->lock);
    store->deliveries--;
    if (store->deliveries == 0) {
        uv_cond_broadcast(&store->settled);
    }
    uv_mutex_unlock(&store->lock);
}

// With room for so many bytes, which the caller writes. NULL if memory ran out.
static hm_delivery *prepare(hm_byte_store *store, hm_cache_operation operation,
        const char *name, size_t length, char **bytes) {
    size_t name_size = strlen(name) + 1;
    size_t size = sizeof(hm_delivery) + length + name_size;
    hm_delivery *delivery = hm_allocate(store->allocator, size, _Alignof(max_align_t));
    if (delivery == NULL) {
        return NULL;
    }
    *bytes = delivery->data;
    memcpy(delivery->data + length, name, name_size);
    delivery->store = store;
    delivery->size = size;
    delivery->request = (hm_cache_request){.operation = operation,
            .name = delivery->data + length,
            .bytes = delivery->data,
            .length = length,
            .answered = delivered};
    return delivery;
}

static void deliver(hm_delivery *delivery) {
    hm_byte_store *store = delivery->store;
    hm_cache_store *bytes = store->bytes;
    uv_mutex_lock(&store->lock);
    store->deliveries += delivery->request.next != NULL ? 2 : 1;
    uv_mutex_unlock(&store->lock);
    bytes->ask(bytes->self, &delivery->request);
}

static hm_status send_note(hm_store *store, const char *name, const void *text,
        size_t length, hm_error *error) {
    char whole[1024];
    int written = snprintf(whole, sizeof whole, HM_RECORD_NOTES "%s", name);
    if (written < 0 || (size_t)written >= sizeof whole) {
        return HM_OK; // nobody asks for such a name
    }
    hm_record_header header = hm_record_of_note(text, length);
    char *at;
    hm_delivery *delivery =
            prepare(of(store), HM_CACHE_PUT, whole, sizeof header + length, &at);
    if (delivery == NULL) {
        return hm_error_no_memory(error);
    }
    memcpy(at, &header, sizeof header);
    memcpy(at + sizeof header, text, length);
    deliver(delivery);
    return HM_OK;
}

// Its value lies with a result if it is small, else apart, and is put there first.
static hm_status send_result(hm_byte_store *store, const hm_hash *key,
        const hm_hash *content, const hm_parcel *parcel) {
    size_t stored = (size_t)parcel->header.stored;
    size_t length = sizeof parcel->header + stored;
    bool is_small = length <= SMALL;
    hm_record_header header = hm_record_of_result(content, is_small ? length : 0);
    char name[HM_RECORD_NAME];
    char *at;
    hm_record_name(name, HM_RECORD_RESULTS, key);
    hm_delivery *result = prepare(
            store, HM_CACHE_PUT, name, sizeof header + (is_small ? length : 0), &at);
    if (result == NULL) {
        return HM_NO_MEMORY;
    }
    hm_delivery *first = result;
    memcpy(at, &header, sizeof header);
    at += sizeof header;
    if (!is_small) {
        hm_record_name(name, HM_RECORD_VALUES, content);
        first = prepare(store, HM_CACHE_PUT, name, length, &at);
        if (first == NULL) {
            hm_deallocate(
                    store->allocator, result, result->size, _Alignof(max_align_t));
            return HM_NO_MEMORY;
        }
        first->request.next = &result->request;
    }
    memcpy(at, &parcel->header, sizeof parcel->header);
    memcpy(at + sizeof parcel->header, hm_parcel_bytes(parcel), stored);
    deliver(first);
    return HM_OK;
}

hm_status hm_byte_store_keep(hm_byte_store *store, const hm_form *form,
        const hm_hash *key, const hm_hash *content, const hm_value *value,
        hm_error *error) {
    hm_parcel parcel;
    HM_TRY(hm_parcel_init(&parcel, store->allocator, form, content, value,
            store->compress_from, error));
    hm_status status = parcel.length <= store->most_bytes
                               ? send_result(store, key, content, &parcel)
                               : HM_OK;
    hm_parcel_finish(&parcel, store->allocator);
    return status == HM_OK ? HM_OK : hm_error_no_memory(error);
}

static void unclaim(hm_store *store, const hm_hash *key) {
    char name[HM_RECORD_NAME];
    char *at;
    hm_record_name(name, HM_RECORD_RESULTS, key);
    hm_delivery *delivery = prepare(of(store), HM_CACHE_UNCLAIM, name, 0, &at);
    if (delivery != NULL) {
        deliver(delivery);
        return;
    }
    // Others wait until the claim expires.
    hm_cache_note_loss(of(store)->cache, HM_CACHE_UNCLAIM, HM_NO_MEMORY, "");
}

static void count(hm_store *store, hm_cache_statistics *statistics) {
    hm_byte_store *own = of(store);
    uint64_t bytes = atomic_load_explicit(&own->left, memory_order_relaxed);
    uint64_t evicted = 0;
    if (own->bytes->count != NULL) {
        own->bytes->count(own->bytes->self, &bytes, &evicted);
    }
    statistics->bytes = bytes;
    statistics->evicted =
            evicted + atomic_load_explicit(&own->evicted, memory_order_relaxed);
    statistics->damaged = atomic_load_explicit(&own->damaged, memory_order_relaxed);
}

static void destroy(hm_store *store) {
    hm_byte_store *own = of(store);
    hm_cache_store *bytes = own->bytes;
    if (bytes->destroy != NULL) {
        bytes->destroy(bytes->self);
    }
    uv_cond_destroy(&own->settled);
    uv_mutex_destroy(&own->lock);
    hm_deallocate_array(own->allocator, own, 1, sizeof *own);
}

static bool init_lock(hm_byte_store *store) {
    if (uv_mutex_init(&store->lock) != 0) {
        return false;
    }
    if (uv_cond_init(&store->settled) != 0) {
        uv_mutex_destroy(&store->lock);
        return false;
    }
    return true;
}

void hm_byte_store_settle(hm_byte_store *store) {
    uv_mutex_lock(&store->lock);
    while (store->deliveries > 0) {
        uv_cond_wait(&store->settled, &store->lock);
    }
    uv_mutex_unlock(&store->lock);
}

hm_status hm_byte_store_create(hm_cache *cache, hm_cache_store *bytes,
        size_t compress_from, hm_byte_store **store, hm_error *error) {
    static const hm_store_kind kind = {
            .destroy = destroy, .note = send_note, .unclaim = unclaim, .count = count};
    if (bytes->struct_size < sizeof *bytes || bytes->ask == NULL) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a store of a cache has no `ask`, or its struct_size is not "
                "sizeof(hm_cache_store)");
    }
    hm_byte_store *made = hm_allocate_array(cache->allocator, 1, sizeof *made);
    if (made == NULL || !init_lock(made)) {
        hm_deallocate_array(cache->allocator, made, 1, sizeof *made);
        return hm_error_no_memory(error);
    }
    made->store.kind = &kind;
    made->allocator = cache->allocator;
    made->cache = cache;
    made->bytes = bytes;
    made->compress_from = compress_from;
    made->most_bytes = bytes->most_bytes > 0 ? bytes->most_bytes : SIZE_MAX;
    *store = made;
    return HM_OK;
}

static hm_status cannot(const hm_byte_store *store, const char *what, hm_error *error) {
    const char *name = store->bytes->name;
    return hm_error_set(error, HM_BAD_ARGUMENT, "%s cannot %s",
            name != NULL ? name : "the store of the cache", what);
}

static void note_sweep(hm_byte_store *store, const hm_cache_sweep *sweep) {
    atomic_fetch_add_explicit(&store->evicted, sweep->removed, memory_order_relaxed);
    atomic_store_explicit(&store->left, sweep->bytes, memory_order_relaxed);
}

hm_status hm_byte_store_collect(
        hm_byte_store *store, uint64_t bytes, uint64_t seconds, hm_error *error) {
    const hm_cache_store *kind = store->bytes;
    hm_cache_sweep sweep = {0};
    HM_TRY(kind->collect != NULL
                    ? kind->collect(kind->self, bytes, seconds, &sweep, error)
                    : cannot(store, "be brought to limits", error));
    note_sweep(store, &sweep);
    return HM_OK;
}

hm_status hm_byte_store_clear(hm_byte_store *store, hm_error *error) {
    const hm_cache_store *kind = store->bytes;
    hm_cache_sweep sweep = {0};
    HM_TRY(kind->clear != NULL ? kind->clear(kind->self, &sweep, error)
                               : cannot(store, "be cleared", error));
    note_sweep(store, &sweep);
    return HM_OK;
}

// Notes of nodes, to be sorted.
typedef struct hm_listed {
    const char *name;
    const char *text;
    size_t length;
} hm_listed;

typedef struct hm_list {
    hm_arena arena;
    hm_listed *notes; // in the arena, grown as it grows
    size_t count;
    bool failed; // memory ran out
} hm_list;

static void list_one(
        void *context, const char *name, const void *bytes, size_t length) {
    hm_list *list = context;
    if (list->failed || !hm_record_is_note(bytes, length)) {
        return;
    }
    size_t before = sizeof(hm_record_header);
    hm_listed note = {
            .name = hm_arena_text(&list->arena, name + sizeof HM_RECORD_NOTES - 1),
            .text = hm_arena_slice(
                    &list->arena, (const char *)bytes + before, length - before),
            .length = length - before};
    hm_listed *notes =
            hm_arena_grow(&list->arena, list->notes, list->count, sizeof *list->notes);
    if (note.name == NULL || note.text == NULL || notes == NULL) {
        list->failed = true;
        return;
    }
    list->notes = notes;
    list->notes[list->count++] = note;
}

static int compare(const void *a, const void *b) {
    return strcmp(((const hm_listed *)a)->name, ((const hm_listed *)b)->name);
}

hm_status hm_byte_store_list(
        hm_byte_store *store, hm_cache_visit *visit, void *context, hm_error *error) {
    const hm_cache_store *kind = store->bytes;
    if (kind->list == NULL) {
        return cannot(store, "list what is in it", error);
    }
    hm_list list = {0};
    hm_arena_init(&list.arena, store->allocator);
    hm_status status = kind->list(kind->self, HM_RECORD_NOTES, list_one, &list, error);
    if (status == HM_OK && list.failed) {
        status = hm_error_no_memory(error);
    }
    if (status == HM_OK && list.count > 0) {
        qsort(list.notes, list.count, sizeof *list.notes, compare);
        for (size_t i = 0; i < list.count; i++) {
            const hm_listed *note = &list.notes[i];
            visit(context, note->name, note->text, note->length);
        }
    }
    hm_arena_finish(&list.arena);
    return status;
}
