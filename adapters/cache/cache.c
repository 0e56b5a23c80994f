// cache.c — see <hamilton/cache.h>: making a cache, asking it, and ending it.

#include "adapters/cache/cache.h"

#include <string.h>

#include "adapters/cache/directory_store.h"
#include "adapters/cache/planned.h"
#include "adapters/cache/running.h"
#include "base/allocator.h"
#include "base/canonical.h"
#include "base/error.h"
#include "base/sized.h"

static const uint64_t memory_limit = (uint64_t)256 << 20;
static const uint64_t folder_limit = (uint64_t)16 << 30;

enum { COMPRESS_FROM = 1 << 20 };

void hm_cache_add(_Atomic(uint64_t) *number) {
    atomic_fetch_add_explicit(number, 1, memory_order_relaxed);
}

static uint64_t get(const _Atomic(uint64_t) *number) {
    return atomic_load_explicit(number, memory_order_relaxed);
}

void hm_cache_note_trouble(hm_cache *cache, hm_status status, const hm_error *error) {
    uv_mutex_lock(&cache->lock);
    if (cache->trouble[0] == '\0') {
        const char *text =
                status == HM_NO_MEMORY ? hm_status_text(status) : error->message;
        memcpy(cache->trouble, text, strlen(text) + 1);
    }
    uv_mutex_unlock(&cache->lock);
    // Release: whoever sees that there are some sees the words.
    atomic_fetch_add_explicit(&cache->troubles, 1, memory_order_release);
}

void hm_cache_note_loss(hm_cache *cache, hm_cache_operation operation, hm_status status,
        const char *message) {
    bool is_look_up = operation == HM_CACHE_GET || operation == HM_CACHE_CLAIM;
    if (is_look_up) {
        hm_cache_add(&cache->missed);
    } else if (operation == HM_CACHE_PUT) {
        hm_cache_add(&cache->lost);
    }
    hm_error error;
    (void)hm_error_set(&error, status, "%s",
            message != NULL ? message : "the store of the cache has failed");
    hm_cache_note_trouble(cache, status, &error);
}

static bool copy_text(hm_arena *arena, const char **text) {
    *text = *text != NULL ? hm_arena_text(arena, *text) : NULL;
    return *text != NULL;
}

static hm_status copy_rules(hm_cache *cache, const hm_cache_options *options) {
    cache->rule_count = options->rule_count;
    cache->rules =
            hm_arena_array(&cache->arena, options->rule_count, sizeof *cache->rules);
    if (cache->rules == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < options->rule_count; i++) {
        hm_cache_rule *rule = &cache->rules[i];
        *rule = options->rules[i];
        if ((rule->name != NULL && !copy_text(&cache->arena, &rule->name)) ||
                (rule->tag != NULL && !copy_text(&cache->arena, &rule->tag))) {
            return HM_NO_MEMORY;
        }
    }
    return HM_OK;
}

static hm_status open_store(
        hm_cache *cache, const hm_cache_options *options, hm_error *error) {
    size_t compress_from =
            options->compress_from > 0 ? options->compress_from : COMPRESS_FROM;
    if (options->store != NULL) {
        HM_TRY(hm_byte_store_create(
                cache, options->store, compress_from, &cache->bytes, error));
        cache->store = &cache->bytes->store;
        return HM_OK;
    }
    if (options->directory == NULL) {
        uint64_t limit = options->max_bytes > 0 ? options->max_bytes : memory_limit;
        hm_status status = hm_memory_store_create(cache->allocator,
                limit < SIZE_MAX ? (size_t)limit : SIZE_MAX, &cache->store);
        return status == HM_OK ? HM_OK : hm_error_no_memory(error);
    }
    hm_directory_options folder = {.path = options->directory,
            .may_make = !options->must_exist,
            .max_bytes = options->max_bytes > 0 ? options->max_bytes : folder_limit,
            .max_seconds = options->max_seconds > 0 ? options->max_seconds : UINT64_MAX,
            .compress_from = compress_from};
    cache->is_directory = true;
    return hm_directory_store_create(cache->allocator, &folder, &cache->store, error);
}

static bool init_locks(hm_cache *cache) {
    if (uv_mutex_init(&cache->lock) != 0) {
        return false;
    }
    if (!hm_flights_init(&cache->flights)) {
        uv_mutex_destroy(&cache->lock);
        return false;
    }
    return true;
}

static hm_status create(
        const hm_cache_options *options, hm_cache **cache, hm_error *error) {
    hm_cache_options given = *options;
    const hm_allocator *allocator = hm_allocator_or_default(given.allocator);
    hm_cache *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL || !init_locks(made)) {
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return hm_error_no_memory(error);
    }
    made->allocator = allocator;
    made->behaviour = given.behaviour;
    made->max_bytes = given.max_bytes;
    made->max_seconds = given.max_seconds;
    made->only_tells = given.only_tells;
    hm_arena_init(&made->arena, allocator);
    made->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .self = made,
            .wants = hm_cache_wants,
            .plan_compiled = hm_cache_plan_compiled,
            .plan_ended = hm_cache_plan_ended,
            .run_began = hm_cache_run_began,
            .run_ended = hm_cache_run_ended,
            .before = hm_cache_before,
            .after = hm_cache_after,
            .rows_failed = hm_cache_rows_failed};
    hm_status status = copy_rules(made, &given) == HM_OK
                               ? open_store(made, &given, error)
                               : hm_error_no_memory(error);
    if (status != HM_OK) {
        hm_cache_destroy(made);
        return status;
    }
    *cache = made;
    return HM_OK;
}

hm_status hm_cache_create(
        const hm_cache_options *options, hm_cache **cache, hm_error *error) {
    hm_cache_options given;
    HM_TRY(hm_sized_read(
            options, &given, sizeof given, "HM_CACHE_OPTIONS_INIT", error));
    hm_status status = create(&given, cache, error);
    const hm_cache_store *store = given.store;
    if (status != HM_OK && store != NULL && store->struct_size >= sizeof *store &&
            store->destroy != NULL) {
        store->destroy(store->self);
    }
    return status;
}

void hm_cache_destroy(hm_cache *cache) {
    if (cache == NULL) {
        return;
    }
    if (cache->store != NULL) {
        cache->store->kind->destroy(cache->store);
    }
    hm_flights_finish(&cache->flights);
    uv_mutex_destroy(&cache->lock);
    hm_arena_finish(&cache->arena);
    hm_deallocate_array(cache->allocator, cache, 1, sizeof *cache);
}

const hm_adapter *hm_cache_adapter(const hm_cache *cache) {
    return &cache->adapter;
}

void hm_cache_count(const hm_cache *cache, hm_cache_statistics *statistics) {
    hm_cache_statistics counts = {.struct_size = statistics->struct_size,
            .found = get(&cache->found),
            .computed = get(&cache->computed),
            .passed_by = get(&cache->passed_by),
            .loaded = get(&cache->loaded),
            .troubles = get(&cache->troubles),
            .missed = get(&cache->missed),
            .lost = get(&cache->lost)};
    cache->store->kind->count(cache->store, &counts);
    size_t size = statistics->struct_size;
    memcpy(statistics, &counts, size < sizeof counts ? size : sizeof counts);
}

const char *hm_cache_trouble(const hm_cache *cache) {
    // Acquire: the words were written before.
    return atomic_load_explicit(&cache->troubles, memory_order_acquire) > 0
                   ? cache->trouble
                   : "";
}

void hm_cache_settle(hm_cache *cache) {
    if (cache->bytes != NULL) {
        hm_byte_store_settle(cache->bytes);
    }
}

hm_status hm_cache_collect(hm_cache *cache, hm_error *error) {
    if (cache->bytes != NULL) {
        return hm_byte_store_collect(
                cache->bytes, cache->max_bytes, cache->max_seconds, error);
    }
    return cache->is_directory ? hm_directory_store_collect(cache->store, error)
                               : HM_OK;
}

hm_status hm_cache_clear(hm_cache *cache, hm_error *error) {
    if (cache->bytes != NULL) {
        return hm_byte_store_clear(cache->bytes, error);
    }
    if (cache->is_directory) {
        return hm_directory_store_clear(cache->store, error);
    }
    hm_memory_store_clear(cache->store);
    return HM_OK;
}

hm_status hm_cache_list(
        hm_cache *cache, hm_cache_visit *visit, void *context, hm_error *error) {
    if (cache->bytes != NULL) {
        return hm_byte_store_list(cache->bytes, visit, context, error);
    }
    return cache->is_directory
                   ? hm_index_visit_notes(hm_directory_store_index(cache->store), visit,
                             context, error)
                   : HM_OK;
}

hm_status hm_cache_content(
        const hm_value *value, char text[HM_CACHE_CONTENT_SIZE], hm_error *error) {
    const hm_type *obstacle = hm_canonical_obstacle(value->type, HM_CANONICAL_TO_HASH);
    if (obstacle != NULL) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "nobody says what a value of `%s` is: it is only known by pointer, or "
                "has "
                "to be destroyed",
                obstacle->name);
    }
    hm_form form = hm_form_of(value->type, value->depth, value->by_reference);
    hm_hash content;
    HM_TRY(hm_content_of(&form, value, &content, error));
    hm_hash_write(&content, text);
    return HM_OK;
}
