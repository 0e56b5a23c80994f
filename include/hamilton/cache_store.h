// cache_store.h — where a cache keeps what it is not to keep itself: bytes under names,
// in a server or a database. <hamilton/redis.h> and <hamilton/lmdb.h> make such stores;
// a program may have one of its own. docs/adapters/cache.md says which is for what.
//
//     static void ask(void *self, hm_cache_request *request) {
//         while (request != NULL) {
//             hm_cache_request *next = request->next; // it is gone once it is answered
//             if (request->operation == HM_CACHE_GET) {
//                 request->found = find(self, request->name, &request->found_length);
//             }
//             ...
//             request->status = HM_OK;
//             request->answered(request);
//             request = next;
//         }
//     }
//
//     static hm_cache_store store = {.struct_size = sizeof(hm_cache_store),
//             .self = &table, .ask = ask};
//     options.store = &store; // of hm_cache_options
//
// A store may lose anything at any time. The cache recognises what is not as it was
// written by hashes, and takes it as lost; but whoever can write to a store on purpose
// can make results lie.

#ifndef HAMILTON_CACHE_STORE_H
#define HAMILTON_CACHE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a store is asked for.
typedef enum hm_cache_operation {
    HM_CACHE_GET, ///< the bytes under a name, if there are some
    HM_CACHE_PUT, ///< bytes under a name, in place of those that are there

    /// That nobody else who shares the store has the claim of this name, until it is
    /// given back, or its owner's process ends.
    HM_CACHE_CLAIM,
    HM_CACHE_UNCLAIM,
} hm_cache_operation;

typedef struct hm_cache_request hm_cache_request;

/// One thing that a store is asked for. The asker's until it is asked; then the store's
/// until it is answered.
struct hm_cache_request {
    hm_cache_operation operation;
    const char *name;  ///< text without blanks but for the names of nodes
    const void *bytes; ///< of a put
    size_t length;

    // The answer, all zero before.
    hm_status status;    ///< HM_OK; HM_IO or HM_NO_MEMORY: it was not done
    const char *message; ///< why not, in words; borrowed until `answered` returns
    bool is_claimed;     ///< by this claim
    const void *found;   ///< of a get; NULL if there is nothing
    size_t found_length;

    /// Bytes that were found belong to the store, and are borrowed until `answered`
    /// returns. If this is not NULL they are given, do not change, and it is called
    /// when nobody reads them any more. Any thread.
    void (*release)(void *context, const void *found, size_t found_length);
    void *release_context;

    /// The asker's: called once, by any thread, before `ask` returns or later. It does
    /// not wait, but may ask for more. The request is the asker's again.
    void (*answered)(hm_cache_request *request);

    hm_cache_request *next; ///< that is asked together with it, or NULL
};

/// Is called with each entry. Bytes are borrowed.
typedef void hm_cache_store_visit(
        void *context, const char *name, const void *bytes, size_t length);

/// What was removed, and what is left; in entries of the cache, and their bytes.
typedef struct hm_cache_sweep {
    uint64_t removed;
    uint64_t bytes; ///< that are left
} hm_cache_sweep;

/// A store. All but `ask` may be NULL. Any thread, also several at a time, but for
/// destroy.
typedef struct hm_cache_store {
    size_t struct_size; ///< sizeof(hm_cache_store)
    const char *name;   ///< for messages, as "Redis at localhost:6379"
    void *self;

    /// Of a value; larger ones are not put. 0 means any size.
    size_t most_bytes;

    /// Others may share the store, so claims are of use.
    bool is_shared;

    /// Asks for things, the first before the next: a get sees a put that was asked
    /// before. Each is answered, in bounded time, whatever becomes of the store.
    void (*ask)(void *self, hm_cache_request *first);

    /// Calls visit, which asks for nothing, with what has a name that begins so. Waits.
    hm_status (*list)(void *self, const char *beginning, hm_cache_store_visit *visit,
            void *context, hm_error *error);

    /// Removes all that the cache has put. Waits.
    hm_status (*clear)(void *self, hm_cache_sweep *sweep, hm_error *error);

    /// Brings it to limits, of which 0 is none: bytes, and seconds since something was
    /// used. HM_BAD_ARGUMENT for a limit that the store does not know. Waits.
    hm_status (*collect)(void *self, uint64_t max_bytes, uint64_t max_seconds,
            hm_cache_sweep *sweep, hm_error *error);

    /// Bytes that it takes now, and entries that made room for others; does not wait.
    void (*count)(void *self, uint64_t *bytes, uint64_t *evicted);

    /// Ends it: all requests are answered before it returns.
    void (*destroy)(void *self);
} hm_cache_store;

#ifdef __cplusplus
}
#endif

#endif
