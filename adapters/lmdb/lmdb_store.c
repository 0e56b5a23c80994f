// lmdb_store.c — see <hamilton/lmdb.h>. Everything is answered before `ask` returns:
// gets from the map, puts that are asked together in one transaction.

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <hamilton/lmdb.h>

#include "adapters/cache/file_lock.h"
#include "adapters/lmdb/entries.h"
#include "adapters/lmdb/environment.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/sized.h"

enum {
    LENT_FROM = 16 << 10, // bytes; smaller ones are copied by whoever asked
    MOST_BYTES = 64 << 20,
    BATCH = 512, // entries that are removed in one transaction
};

static const uint64_t default_limit = (uint64_t)1 << 30;
static const uint64_t least_limit = (uint64_t)1 << 20;

typedef struct hm_lmdb_store {
    hm_cache_store store; // the first, so that one is the other
    const hm_allocator *allocator;
    hm_lmdb_environment *environment;
} hm_lmdb_store;

static void describe(int result, char text[256]) {
    snprintf(text, 256, "LMDB: %.200s",
            result == MDB_MAP_FULL
                    ? "the file is full, and values in use keep what was removed"
                    : mdb_strerror(result));
}

static hm_status fault(int result, hm_error *error) {
    char text[256];
    describe(result, text);
    return hm_error_set(error, HM_IO, "%s", text);
}

static void answer(hm_cache_request *request, int result) {
    char text[256];
    request->status = HM_OK;
    if (result != MDB_SUCCESS && result != MDB_NOTFOUND) {
        describe(result, text);
        request->status = HM_IO;
        request->message = text;
    }
    request->answered(request);
}

static void give_back(void *context, const void *found, size_t found_length) {
    (void)found;
    (void)found_length;
    hm_lmdb_reader_give_back(context);
}

// Answers gets from the first on; returns the first request that is something else.
static hm_cache_request *answer_gets(hm_lmdb_store *store, hm_cache_request *request) {
    hm_lmdb_reader *reader = NULL;
    while (request != NULL && request->operation == HM_CACHE_GET) {
        hm_cache_request *next = request->next;
        int result = MDB_SUCCESS;
        if (reader == NULL) {
            result = hm_lmdb_reader_get(store->environment, &reader);
        }
        if (result == MDB_SUCCESS) {
            result = strlen(request->name) <= HM_LMDB_NAME
                             ? hm_lmdb_find(store->environment, reader->transaction,
                                       request->name, &request->found,
                                       &request->found_length)
                             : MDB_NOTFOUND;
        }
        if (result == MDB_SUCCESS && request->found_length >= LENT_FROM &&
                hm_lmdb_reader_lend(reader)) {
            request->release = give_back;
            request->release_context = reader;
            reader = NULL;
        }
        answer(request, result);
        request = next;
    }
    if (reader != NULL) {
        hm_lmdb_reader_leave(reader);
    }
    return request;
}

// Removes the oldest, in several transactions, so that others have their turn.
static int make_room(hm_lmdb_environment *environment, uint64_t max_bytes,
        uint32_t seconds, uint64_t *removed) {
    bool is_done = false;
    while (!is_done) {
        MDB_txn *transaction;
        int result = hm_lmdb_write_begin(environment, &transaction);
        if (result != MDB_SUCCESS) {
            return result;
        }
        uint64_t count = 0;
        result = hm_lmdb_remove_oldest(
                environment, transaction, max_bytes, seconds, BATCH, &count, &is_done);
        if (result != MDB_SUCCESS) {
            hm_lmdb_write_abort(environment, transaction);
            return result;
        }
        result = hm_lmdb_write_commit(environment, transaction);
        if (result != MDB_SUCCESS) {
            return result;
        }
        *removed += count;
        // Relaxed: a number.
        atomic_fetch_add_explicit(&environment->evicted, count, memory_order_relaxed);
    }
    return MDB_SUCCESS;
}

static int put_all(hm_lmdb_environment *environment, const hm_cache_request *first,
        const hm_cache_request *end) {
    MDB_txn *transaction;
    int result = hm_lmdb_write_begin(environment, &transaction);
    if (result != MDB_SUCCESS) {
        return result;
    }
    for (const hm_cache_request *at = first; at != end && result == MDB_SUCCESS;
            at = at->next) {
        if (strlen(at->name) <= HM_LMDB_NAME) {
            result = hm_lmdb_put(
                    environment, transaction, at->name, at->bytes, at->length);
        }
    }
    if (result != MDB_SUCCESS) {
        hm_lmdb_write_abort(environment, transaction);
        return result;
    }
    return hm_lmdb_write_commit(environment, transaction);
}

// Likewise for puts. An eighth is removed at a time, so that it is not done each time.
static hm_cache_request *answer_puts(hm_lmdb_store *store, hm_cache_request *first) {
    hm_lmdb_environment *environment = store->environment;
    hm_cache_request *end = first;
    while (end != NULL && end->operation == HM_CACHE_PUT) {
        end = end->next;
    }
    uint64_t max_bytes = environment->max_bytes;
    uint64_t removed = 0;
    uint64_t bytes = atomic_load_explicit(&environment->bytes, memory_order_relaxed);
    int result = MDB_SUCCESS;
    if (bytes > max_bytes) {
        result = make_room(environment, max_bytes - max_bytes / 8, 0, &removed);
    }
    if (result == MDB_SUCCESS) {
        result = put_all(environment, first, end);
    }
    if (result == MDB_MAP_FULL) { // readers keep it; perhaps ones that were killed
        int dead;
        (void)mdb_reader_check(environment->env, &dead);
        result = make_room(environment, max_bytes / 2, 0, &removed);
        result = result == MDB_SUCCESS ? put_all(environment, first, end) : result;
    }
    for (hm_cache_request *at = first; at != end;) {
        hm_cache_request *next = at->next;
        answer(at, result);
        at = next;
    }
    return end;
}

// Byte 0 of the file is that of its users.
static uint64_t place_of(const char *name) {
    return hm_hash_of(name, strlen(name)).low | 4;
}

static void answer_claim(hm_lmdb_store *store, hm_cache_request *request) {
    int locks = store->environment->locks;
    if (request->operation == HM_CACHE_CLAIM) {
        request->is_claimed = hm_file_lock(locks, place_of(request->name));
    } else {
        hm_file_unlock(locks, place_of(request->name));
    }
    answer(request, MDB_SUCCESS);
}

static void ask(void *self, hm_cache_request *request) {
    hm_lmdb_store *store = self;
    while (request != NULL) {
        if (request->operation == HM_CACHE_GET) {
            request = answer_gets(store, request);
        } else if (request->operation == HM_CACHE_PUT) {
            request = answer_puts(store, request);
        } else {
            hm_cache_request *next = request->next;
            answer_claim(store, request);
            request = next;
        }
    }
}

static hm_status list(void *self, const char *beginning, hm_cache_store_visit *visit,
        void *context, hm_error *error) {
    hm_lmdb_store *store = self;
    hm_lmdb_reader *reader;
    int result = hm_lmdb_reader_get(store->environment, &reader);
    if (result != MDB_SUCCESS) {
        return fault(result, error);
    }
    size_t length = strlen(beginning);
    MDB_val key = {.mv_size = length, .mv_data = (void *)(uintptr_t)beginning};
    MDB_val data;
    MDB_cursor *cursor = NULL;
    result = mdb_cursor_open(reader->transaction, store->environment->entries, &cursor);
    if (result == MDB_SUCCESS) {
        result = mdb_cursor_get(cursor, &key, &data, MDB_SET_RANGE);
    }
    while (result == MDB_SUCCESS && key.mv_size >= length &&
            memcmp(key.mv_data, beginning, length) == 0) {
        char name[HM_LMDB_NAME + 1];
        const void *bytes;
        size_t size;
        memcpy(name, key.mv_data, key.mv_size);
        name[key.mv_size] = '\0';
        if (hm_lmdb_find(store->environment, reader->transaction, name, &bytes,
                    &size) == MDB_SUCCESS) {
            visit(context, name, bytes, size);
        }
        result = mdb_cursor_get(cursor, &key, &data, MDB_NEXT);
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    hm_lmdb_reader_leave(reader);
    return result == MDB_SUCCESS || result == MDB_NOTFOUND ? HM_OK
                                                           : fault(result, error);
}

static uint64_t bytes_now(const hm_lmdb_environment *environment) {
    return atomic_load_explicit(&environment->bytes, memory_order_relaxed);
}

static hm_status clear(void *self, hm_cache_sweep *sweep, hm_error *error) {
    hm_lmdb_environment *environment = ((hm_lmdb_store *)self)->environment;
    MDB_txn *transaction;
    int result = hm_lmdb_write_begin(environment, &transaction);
    if (result != MDB_SUCCESS) {
        return fault(result, error);
    }
    MDB_stat stat = {0};
    result = mdb_stat(transaction, environment->entries, &stat);
    if (result == MDB_SUCCESS) {
        result = mdb_drop(transaction, environment->entries, 0);
    }
    if (result == MDB_SUCCESS) {
        result = mdb_drop(transaction, environment->ages, 0);
    }
    if (result != MDB_SUCCESS) {
        hm_lmdb_write_abort(environment, transaction);
        return fault(result, error);
    }
    result = hm_lmdb_write_commit(environment, transaction);
    if (result != MDB_SUCCESS) {
        return fault(result, error);
    }
    sweep->removed = stat.ms_entries;
    sweep->bytes = bytes_now(environment);
    return HM_OK;
}

static hm_status collect(void *self, uint64_t max_bytes, uint64_t max_seconds,
        hm_cache_sweep *sweep, hm_error *error) {
    hm_lmdb_environment *environment = ((hm_lmdb_store *)self)->environment;
    uint64_t now = (uint64_t)time(NULL);
    uint64_t oldest = max_seconds > 0 && max_seconds < now ? now - max_seconds : 0;
    uint64_t limit = max_bytes > 0 ? max_bytes : environment->max_bytes;
    int dead;
    (void)mdb_reader_check(environment->env, &dead);
    int result = make_room(environment, limit, (uint32_t)oldest, &sweep->removed);
    sweep->bytes = bytes_now(environment);
    return result == MDB_SUCCESS ? HM_OK : fault(result, error);
}

static void count(void *self, uint64_t *bytes, uint64_t *evicted) {
    const hm_lmdb_environment *environment = ((hm_lmdb_store *)self)->environment;
    *bytes = bytes_now(environment);
    *evicted = atomic_load_explicit(&environment->evicted, memory_order_relaxed);
}

static void destroy(void *self) {
    hm_lmdb_store *store = self;
    hm_lmdb_environment_close(store->environment);
    hm_deallocate_array(store->allocator, store, 1, sizeof *store);
}

// Of one value: several have to fit.
static size_t most_of(uint64_t max_bytes) {
    return max_bytes / 8 < MOST_BYTES ? (size_t)(max_bytes / 8) : MOST_BYTES;
}

hm_status hm_lmdb_store_create(
        const hm_lmdb_options *options, hm_cache_store **store, hm_error *error) {
    hm_lmdb_options given;
    HM_TRY(hm_sized_read(options, &given, sizeof given, "HM_LMDB_OPTIONS_INIT", error));
    if (given.directory == NULL) {
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "a store of LMDB has no directory: name one");
    }
    const hm_allocator *allocator = hm_allocator_or_default(given.allocator);
    hm_lmdb_store *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    uint64_t limit = given.max_bytes > 0 ? given.max_bytes : default_limit;
    hm_status status = hm_lmdb_environment_open(given.directory, !given.must_exist,
            limit > least_limit ? limit : least_limit, allocator, &made->environment,
            error);
    if (status != HM_OK) {
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return status;
    }
    made->allocator = allocator;
    made->store = (hm_cache_store){.struct_size = sizeof(hm_cache_store),
            .name = "LMDB",
            .self = made,
            .most_bytes = most_of(made->environment->max_bytes),
            .is_shared = true,
            .ask = ask,
            .list = list,
            .clear = clear,
            .collect = collect,
            .count = count,
            .destroy = destroy};
    *store = &made->store;
    return HM_OK;
}

void hm_lmdb_store_destroy(hm_cache_store *store) {
    if (store != NULL) {
        store->destroy(store->self);
    }
}
