// sieve.c — each shard is a table of chains, and a queue in the order of arrival:
//
//     oldest ◀─ newer ── item ── ... ── hand ── ... ── newest
//
// To make room the hand goes from old to new. It takes the mark off items that were
// looked up since it last came by, and throws out the first that has none.

#include "adapters/cache/sieve.h"

#include <string.h>
#include <uv.h>

#include "base/allocator.h"

enum { SHARDS = 16, FIRST_BUCKETS = 16 };

typedef struct hm_item {
    hm_hash name;
    hm_sieve_thing thing;
    struct hm_item *chain; // the next in its bucket
    struct hm_item *older;
    struct hm_item *newer;
    size_t bytes;
    bool is_visited;
} hm_item;

typedef struct hm_shard {
    _Alignas(64) uv_mutex_t lock; // protects all below
    hm_item **buckets;
    size_t bucket_count; // a power of two, or 0
    size_t item_count;
    hm_item *oldest;
    hm_item *newest;
    hm_item *hand; // or NULL: at the oldest
    uint64_t evicted;
} hm_shard;

struct hm_sieve {
    const hm_allocator *allocator;
    size_t limit;
    atomic_size_t bytes;        // of all shards
    _Atomic(uint32_t) eviction; // counts, so that all shards take turns
    hm_shard shards[SHARDS];
};

static hm_shard *shard_of(hm_sieve *sieve, const hm_hash *name) {
    return &sieve->shards[name->high % SHARDS];
}

static hm_item **bucket_of(const hm_shard *shard, const hm_hash *name) {
    return &shard->buckets[name->low & (shard->bucket_count - 1)];
}

hm_sieve *hm_sieve_create(const hm_allocator *allocator, size_t limit) {
    hm_sieve *sieve = hm_allocate(allocator, sizeof *sieve, _Alignof(hm_sieve));
    if (sieve == NULL) {
        return NULL;
    }
    memset(sieve, 0, sizeof *sieve);
    sieve->allocator = allocator;
    sieve->limit = limit;
    for (size_t i = 0; i < SHARDS; i++) {
        if (uv_mutex_init(&sieve->shards[i].lock) != 0) {
            while (i > 0) {
                uv_mutex_destroy(&sieve->shards[--i].lock);
            }
            hm_deallocate(allocator, sieve, sizeof *sieve, _Alignof(hm_sieve));
            return NULL;
        }
    }
    return sieve;
}

// Where the pointer to an item is, or to the NULL at the end of its chain.
static hm_item **find(const hm_shard *shard, const hm_hash *name) {
    hm_item **place = bucket_of(shard, name);
    while (*place != NULL && !hm_hash_equal(&(*place)->name, name)) {
        place = &(*place)->chain;
    }
    return place;
}

static void grow(const hm_allocator *allocator, hm_shard *shard) {
    size_t count = shard->bucket_count > 0 ? shard->bucket_count * 2 : FIRST_BUCKETS;
    hm_item **buckets = hm_allocate_array(allocator, count, sizeof(hm_item *));
    if (buckets == NULL) {
        return; // longer chains will do, if there are any
    }
    hm_deallocate_array(
            allocator, shard->buckets, shard->bucket_count, sizeof(hm_item *));
    shard->buckets = buckets;
    shard->bucket_count = count;
    for (hm_item *item = shard->oldest; item != NULL; item = item->newer) {
        hm_item **bucket = bucket_of(shard, &item->name);
        item->chain = *bucket;
        *bucket = item;
    }
}

// Takes an item out; its thing is left to the caller.
static void take_out(hm_sieve *sieve, hm_shard *shard, hm_item **place) {
    hm_item *item = *place;
    *place = item->chain;
    if (shard->hand == item) {
        shard->hand = item->newer;
    }
    *(item->older != NULL ? &item->older->newer : &shard->oldest) = item->newer;
    *(item->newer != NULL ? &item->newer->older : &shard->newest) = item->older;
    shard->item_count--;
    // Relaxed, as all of these: a number, which orders nothing.
    atomic_fetch_sub_explicit(&sieve->bytes, item->bytes, memory_order_relaxed);
}

static void discard(hm_sieve *sieve, hm_item *item) {
    if (item != NULL) {
        hm_cached_leave(item->thing.entry);
        hm_deallocate_array(sieve->allocator, item, 1, sizeof *item);
    }
}

// An item that nobody looked up since the hand came by, taken out; NULL if there is
// none at all.
static hm_item *evict(hm_sieve *sieve, hm_shard *shard) {
    hm_item *item = shard->hand != NULL ? shard->hand : shard->oldest;
    while (item != NULL && item->is_visited) {
        item->is_visited = false;
        item = item->newer != NULL ? item->newer : shard->oldest;
    }
    if (item != NULL) {
        shard->hand = item;
        take_out(sieve, shard, find(shard, &item->name)); // moves the hand on
        shard->evicted++;
    }
    return item;
}

static void make_room(hm_sieve *sieve) {
    uint32_t empty = 0;
    while (empty < SHARDS &&
            atomic_load_explicit(&sieve->bytes, memory_order_relaxed) > sieve->limit) {
        uint32_t turn =
                atomic_fetch_add_explicit(&sieve->eviction, 1, memory_order_relaxed);
        hm_shard *shard = &sieve->shards[turn % SHARDS];
        uv_mutex_lock(&shard->lock);
        hm_item *item = evict(sieve, shard);
        uv_mutex_unlock(&shard->lock);
        empty = item != NULL ? 0 : empty + 1;
        discard(sieve, item);
    }
}

bool hm_sieve_find(hm_sieve *sieve, const hm_hash *name, hm_sieve_thing *thing) {
    hm_shard *shard = shard_of(sieve, name);
    uv_mutex_lock(&shard->lock);
    hm_item *item = shard->bucket_count > 0 ? *find(shard, name) : NULL;
    if (item != NULL) {
        item->is_visited = true;
        *thing = item->thing;
        if (thing->entry != NULL) {
            hm_cached_share(thing->entry);
        }
    }
    uv_mutex_unlock(&shard->lock);
    return item != NULL;
}

static size_t size_of(const hm_sieve_thing *thing) {
    size_t bytes = sizeof(hm_item);
    if (thing->entry != NULL) {
        bytes += sizeof(hm_cached) + thing->entry->length +
                 hm_arena_size(&thing->entry->arena);
    }
    return bytes;
}

static void insert(hm_sieve *sieve, hm_shard *shard, hm_item *item) {
    hm_item **bucket = bucket_of(shard, &item->name);
    item->chain = *bucket;
    *bucket = item;
    item->older = shard->newest;
    *(shard->newest != NULL ? &shard->newest->newer : &shard->oldest) = item;
    shard->newest = item;
    shard->item_count++;
    atomic_fetch_add_explicit(&sieve->bytes, item->bytes, memory_order_relaxed);
}

hm_status hm_sieve_put(
        hm_sieve *sieve, const hm_hash *name, const hm_sieve_thing *thing) {
    size_t bytes = size_of(thing);
    if (bytes > sieve->limit) {
        return HM_OK;
    }
    hm_item *item = hm_allocate_array(sieve->allocator, 1, sizeof *item);
    if (item == NULL) {
        return HM_NO_MEMORY;
    }
    *item = (hm_item){.name = *name, .thing = *thing, .bytes = bytes};
    hm_shard *shard = shard_of(sieve, name);
    hm_item *before = NULL;
    uv_mutex_lock(&shard->lock);
    if (shard->item_count >= shard->bucket_count) {
        grow(sieve->allocator, shard);
    }
    bool has_room = shard->bucket_count > 0;
    if (has_room) {
        hm_item **place = find(shard, name);
        before = *place;
        if (before != NULL) {
            item->is_visited = before->is_visited;
            take_out(sieve, shard, place);
        }
        if (thing->entry != NULL) {
            hm_cached_share(thing->entry);
        }
        insert(sieve, shard, item);
    }
    uv_mutex_unlock(&shard->lock);
    discard(sieve, before);
    if (!has_room) {
        hm_deallocate_array(sieve->allocator, item, 1, sizeof *item);
        return HM_NO_MEMORY;
    }
    make_room(sieve);
    return HM_OK;
}

void hm_sieve_remove(hm_sieve *sieve, const hm_hash *name) {
    hm_shard *shard = shard_of(sieve, name);
    hm_item *item = NULL;
    uv_mutex_lock(&shard->lock);
    if (shard->bucket_count > 0) {
        hm_item **place = find(shard, name);
        item = *place;
        if (item != NULL) {
            take_out(sieve, shard, place);
        }
    }
    uv_mutex_unlock(&shard->lock);
    discard(sieve, item);
}

void hm_sieve_clear(hm_sieve *sieve) {
    for (size_t i = 0; i < SHARDS; i++) {
        hm_shard *shard = &sieve->shards[i];
        uv_mutex_lock(&shard->lock);
        while (shard->oldest != NULL) {
            hm_item *item = shard->oldest;
            take_out(sieve, shard, find(shard, &item->name));
            discard(sieve, item);
        }
        uv_mutex_unlock(&shard->lock);
    }
}

hm_sieve_counts hm_sieve_count(hm_sieve *sieve) {
    hm_sieve_counts counts = {
            .bytes = atomic_load_explicit(&sieve->bytes, memory_order_relaxed)};
    for (size_t i = 0; i < SHARDS; i++) {
        hm_shard *shard = &sieve->shards[i];
        uv_mutex_lock(&shard->lock);
        counts.entries += shard->item_count;
        counts.evicted += shard->evicted;
        uv_mutex_unlock(&shard->lock);
    }
    return counts;
}

void hm_sieve_destroy(hm_sieve *sieve) {
    if (sieve == NULL) {
        return;
    }
    hm_sieve_clear(sieve);
    for (size_t i = 0; i < SHARDS; i++) {
        hm_shard *shard = &sieve->shards[i];
        hm_deallocate_array(sieve->allocator, shard->buckets, shard->bucket_count,
                sizeof(hm_item *));
        uv_mutex_destroy(&shard->lock);
    }
    hm_deallocate(sieve->allocator, sieve, sizeof *sieve, _Alignof(hm_sieve));
}
