// directory_store.c — see directory_store.h. A value's file is written before its row,
// and its row before that of a key whose result it is: whatever a crash leaves out,
// what is there leads to something, or to a miss.

#include "adapters/cache/directory_store.h"

#include <stdatomic.h>
#include <time.h>
#include <uv.h>

#include "adapters/cache/collect.h"
#include "adapters/cache/file_lock.h"
#include "adapters/cache/value_file.h"
#include "base/allocator.h"
#include "base/error.h"

enum { USES = 64 }; // that are written down together

typedef struct hm_directory_store {
    hm_store store; // the first, so that one is the other
    const hm_allocator *allocator;
    hm_directory_options options; // without the path
    hm_folder folder;
    hm_index *index;
    _Atomic(uint64_t) bytes; // of value files, as far as this process knows
    _Atomic(uint64_t) evicted;
    _Atomic(uint64_t) damaged;
    uv_mutex_t lock;
    hm_hash used[USES]; // protected by lock
    size_t used_count;
} hm_directory_store;

static hm_directory_store *of(hm_store *store) {
    return (hm_directory_store *)store;
}

static int64_t now(void) {
    return (int64_t)time(NULL);
}

hm_index *hm_directory_store_index(hm_store *store) {
    return of(store)->index;
}

// Values that were used live longer: it is written down now and then, since it may be
// lost.
static void write_uses(hm_directory_store *directory) {
    hm_hash used[USES];
    uv_mutex_lock(&directory->lock);
    size_t count = directory->used_count;
    for (size_t i = 0; i < count; i++) {
        used[i] = directory->used[i];
    }
    directory->used_count = 0;
    uv_mutex_unlock(&directory->lock);
    if (count > 0) {
        (void)hm_index_use(directory->index, used, count, now(), NULL);
    }
}

static void note_use(hm_directory_store *directory, const hm_hash *content) {
    uv_mutex_lock(&directory->lock);
    bool is_full = directory->used_count == USES;
    if (!is_full) {
        directory->used[directory->used_count++] = *content;
    }
    uv_mutex_unlock(&directory->lock);
    if (is_full) {
        write_uses(directory);
    }
}

static void destroy(hm_store *store) {
    hm_directory_store *directory = of(store);
    write_uses(directory);
    hm_index_destroy(directory->index);
    hm_folder_close(&directory->folder);
    uv_mutex_destroy(&directory->lock);
    hm_deallocate_array(directory->allocator, directory, 1, sizeof *directory);
}

static hm_status recall(hm_store *store, const hm_hash *key, hm_hash *content,
        bool *is_known, hm_error *error) {
    return hm_index_recall(of(store)->index, key, content, is_known, error);
}

static hm_status remember(
        hm_store *store, const hm_hash *key, const hm_hash *content, hm_error *error) {
    return hm_index_remember(of(store)->index, key, content, error);
}

static hm_status load(hm_store *store, const hm_form *form, const hm_hash *content,
        hm_cached **entry, hm_error *error) {
    hm_directory_store *directory = of(store);
    bool is_damaged;
    HM_TRY(hm_value_file_read(&directory->folder, directory->allocator, form, content,
            entry, &is_damaged, error));
    if (is_damaged) {
        atomic_fetch_add_explicit(&directory->damaged, 1, memory_order_relaxed);
    }
    if (*entry != NULL) {
        note_use(directory, content);
    }
    return HM_OK;
}

static hm_status make_room(hm_directory_store *directory, hm_error *error) {
    uint64_t seconds = directory->options.max_seconds;
    int64_t oldest = seconds < INT64_MAX ? now() - (int64_t)seconds : INT64_MIN;
    uint64_t bytes = 0;
    uint64_t removed = 0;
    hm_status status = hm_collect_old(&directory->folder, directory->index,
            directory->options.max_bytes, oldest, &bytes, &removed, error);
    atomic_store_explicit(&directory->bytes, bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&directory->evicted, removed, memory_order_relaxed);
    return status;
}

static hm_status keep(hm_store *store, const hm_form *form, const hm_hash *content,
        const hm_value *value, hm_error *error) {
    hm_directory_store *directory = of(store);
    uint64_t size;
    HM_TRY(hm_value_file_write(&directory->folder, directory->allocator, form, content,
            value, directory->options.compress_from, &size, error));
    HM_TRY(hm_index_add(directory->index, content, size, now(), error));
    // Relaxed: a number. Values that were there already count twice, until it is read
    // from the index again.
    uint64_t before =
            atomic_fetch_add_explicit(&directory->bytes, size, memory_order_relaxed);
    return before + size > directory->options.max_bytes ? make_room(directory, error)
                                                        : HM_OK;
}

static hm_status note(hm_store *store, const char *name, const void *bytes,
        size_t length, hm_error *error) {
    return hm_index_note(of(store)->index, name, bytes, length, error);
}

static hm_status noted(
        hm_store *store, const char *name, hm_cached **entry, hm_error *error) {
    return hm_index_noted(of(store)->index, name, entry, error);
}

static bool claim(hm_store *store, const hm_hash *key) {
    return hm_file_lock(of(store)->folder.claims, key->low);
}

static void unclaim(hm_store *store, const hm_hash *key) {
    hm_file_unlock(of(store)->folder.claims, key->low);
}

static void count(hm_store *store, hm_cache_statistics *statistics) {
    hm_directory_store *directory = of(store);
    statistics->bytes = atomic_load_explicit(&directory->bytes, memory_order_relaxed);
    statistics->evicted =
            atomic_load_explicit(&directory->evicted, memory_order_relaxed);
    statistics->damaged =
            atomic_load_explicit(&directory->damaged, memory_order_relaxed);
}

hm_status hm_directory_store_collect(hm_store *store, hm_error *error) {
    hm_directory_store *directory = of(store);
    write_uses(directory);
    hm_collect_drafts(&directory->folder, now());
    HM_TRY(hm_collect_strays(&directory->folder, directory->index, now(), error));
    return make_room(directory, error);
}

hm_status hm_directory_store_clear(hm_store *store, hm_error *error) {
    hm_directory_store *directory = of(store);
    uint64_t removed = hm_collect_all(&directory->folder);
    atomic_fetch_add_explicit(&directory->evicted, removed, memory_order_relaxed);
    atomic_store_explicit(&directory->bytes, 0, memory_order_relaxed);
    return hm_index_clear(directory->index, error);
}

static const hm_store_kind kind = {
        .destroy = destroy,
        .recall = recall,
        .remember = remember,
        .load = load,
        .keep = keep,
        .note = note,
        .noted = noted,
        .claim = claim,
        .unclaim = unclaim,
        .count = count,
};

static hm_status fill(hm_directory_store *directory,
        const hm_directory_options *options, hm_error *error) {
    HM_TRY(hm_folder_open(&directory->folder, options->path, options->may_make, error));
    hm_status status = hm_index_create(
            directory->allocator, directory->folder.path, &directory->index, error);
    if (status != HM_OK) {
        hm_folder_close(&directory->folder);
        return status;
    }
    uint64_t bytes = 0;
    uint64_t count_of_values;
    // An index in which this cannot be read has just been made anew, or never can be.
    (void)hm_index_total(directory->index, &bytes, &count_of_values, NULL);
    atomic_init(&directory->bytes, bytes);
    hm_collect_drafts(&directory->folder, now());
    return HM_OK;
}

hm_status hm_directory_store_create(const hm_allocator *allocator,
        const hm_directory_options *options, hm_store **store, hm_error *error) {
    hm_directory_store *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    made->store.kind = &kind;
    made->allocator = allocator;
    made->options = *options;
    made->options.path = NULL;
    if (uv_mutex_init(&made->lock) != 0) {
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return hm_error_no_memory(error);
    }
    hm_status status = fill(made, options, error);
    if (status != HM_OK) {
        uv_mutex_destroy(&made->lock);
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return status;
    }
    *store = &made->store;
    return HM_OK;
}
