// memory_store.c — a store that is a map: contents, values and notes all lie in it,
// under hashes that cannot be confused, and make room for each other.

#include <string.h>

#include "adapters/cache/sieve.h"
#include "adapters/cache/store.h"
#include "base/allocator.h"
#include "base/error.h"

typedef struct hm_memory_store {
    hm_store store; // the first, so that one is the other
    const hm_allocator *allocator;
    hm_sieve *sieve;
} hm_memory_store;

static hm_sieve *sieve_of(hm_store *store) {
    return ((hm_memory_store *)store)->sieve;
}

static void destroy(hm_store *store) {
    hm_memory_store *memory = (hm_memory_store *)store;
    hm_sieve_destroy(memory->sieve);
    hm_deallocate_array(memory->allocator, memory, 1, sizeof *memory);
}

static hm_status recall(hm_store *store, const hm_hash *key, hm_hash *content,
        bool *is_known, hm_error *error) {
    (void)error;
    hm_sieve_thing thing = {0};
    *is_known = hm_sieve_find(sieve_of(store), key, &thing);
    if (*is_known) {
        *content = thing.content;
    }
    return HM_OK;
}

static hm_status remember(
        hm_store *store, const hm_hash *key, const hm_hash *content, hm_error *error) {
    hm_sieve_thing thing = {.content = *content};
    hm_status status = hm_sieve_put(sieve_of(store), key, &thing);
    return status == HM_OK ? status : hm_error_no_memory(error);
}

static hm_status load(hm_store *store, const hm_form *form, const hm_hash *content,
        hm_cached **entry, hm_error *error) {
    (void)error;
    hm_sieve_thing thing = {0};
    *entry = NULL;
    if (!hm_sieve_find(sieve_of(store), content, &thing)) {
        return HM_OK;
    }
    if (thing.entry != NULL && hm_hash_equal(&thing.entry->form, &form->hash)) {
        *entry = thing.entry;
    } else {
        hm_cached_leave(thing.entry);
    }
    return HM_OK;
}

static hm_status put(
        hm_store *store, const hm_hash *name, hm_cached *entry, hm_error *error) {
    hm_sieve_thing thing = {.entry = entry};
    hm_status status = hm_sieve_put(sieve_of(store), name, &thing);
    hm_cached_leave(entry);
    return status == HM_OK ? status : hm_error_no_memory(error);
}

static hm_status keep(hm_store *store, const hm_form *form, const hm_hash *content,
        const hm_value *value, hm_error *error) {
    hm_sieve_thing thing = {0};
    if (hm_sieve_find(sieve_of(store), content, &thing)) {
        hm_cached_leave(thing.entry);
        return HM_OK;
    }
    hm_cached *entry;
    HM_TRY(hm_cached_pack(
            ((hm_memory_store *)store)->allocator, form, value, &entry, error));
    return put(store, content, entry, error);
}

static hm_hash name_of_note(const char *name) {
    hm_hasher hasher;
    hm_hasher_init(&hasher);
    hm_hasher_add_text(&hasher, "note");
    hm_hasher_add_text(&hasher, name);
    return hm_hasher_get(&hasher);
}

static hm_status note(hm_store *store, const char *name, const void *bytes,
        size_t length, hm_error *error) {
    hm_cached *entry = hm_cached_create(((hm_memory_store *)store)->allocator, length);
    if (entry == NULL) {
        return hm_error_no_memory(error);
    }
    memcpy(entry->bytes, bytes, length);
    hm_hash hash = name_of_note(name);
    return put(store, &hash, entry, error);
}

static hm_status noted(
        hm_store *store, const char *name, hm_cached **entry, hm_error *error) {
    (void)error;
    hm_hash hash = name_of_note(name);
    hm_sieve_thing thing = {0};
    hm_sieve_find(sieve_of(store), &hash, &thing);
    *entry = thing.entry;
    return HM_OK;
}

static void count(hm_store *store, hm_cache_statistics *statistics) {
    hm_sieve_counts counts = hm_sieve_count(sieve_of(store));
    statistics->bytes = counts.bytes;
    statistics->evicted = counts.evicted;
}

void hm_memory_store_clear(hm_store *store) {
    hm_sieve_clear(sieve_of(store));
}

hm_status hm_memory_store_create(
        const hm_allocator *allocator, size_t limit, hm_store **store) {
    static const hm_store_kind kind = {
            .destroy = destroy,
            .recall = recall,
            .remember = remember,
            .load = load,
            .keep = keep,
            .note = note,
            .noted = noted,
            .count = count,
    };
    hm_memory_store *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return HM_NO_MEMORY;
    }
    *made = (hm_memory_store){.store.kind = &kind,
            .allocator = allocator,
            .sieve = hm_sieve_create(allocator, limit)};
    if (made->sieve == NULL) {
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return HM_NO_MEMORY;
    }
    *store = &made->store;
    return HM_OK;
}
