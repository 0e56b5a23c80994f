// redis.h — a Redis server as what a cache keeps its results in, so that machines share
// them: a component of its own, libhamilton_redis, since it needs hiredis. Only
// programs that link it have these functions. docs/adapters/redis.md is the guide.
//
//     hm_redis_options redis = HM_REDIS_OPTIONS_INIT;
//     redis.address = "redis://localhost:6379/0?prefix=shop:";
//     hm_cache_options options = HM_CACHE_OPTIONS_INIT;
//     hm_cache *cache;
//     if (hm_redis_store_create(&redis, &options.store, &error) == HM_OK &&
//             hm_cache_create(&options, &cache, &error) == HM_OK) {
//         ...
//         hm_cache_destroy(cache); // and the store
//     }
//
// A server that is not there, that goes away, stops, or answers nonsense costs misses
// and nothing else: a look-up waits for `timeout` at most, once; then the store answers
// by itself, and tries to reach the server in the background, after pauses that double
// from 50 ms to 10 s.

#ifndef HAMILTON_REDIS_H
#define HAMILTON_REDIS_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/cache_store.h>
#include <hamilton/data_format.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_redis_options {
    size_t struct_size;

    /// redis://[user:password@]host[:port][/database][?option=value&...] or
    /// redis+unix://[user:password@]/path/of/a/socket[?option=value&...]. The options:
    ///
    ///     prefix=TEXT    before all names in the server: "hamilton:" without it
    ///     ttl=SECONDS    entries go so long after they were put; not by themselves
    ///                    without it
    ///     timeout=MS     how long a look-up waits at most: 1000 without it
    ///     max_value=MIB  larger values are not kept: 16 without it
    ///     database=N     of a socket
    ///
    /// %XX is a byte in hexadecimal digits. Copied.
    const char *address;

    const hm_allocator *allocator; ///< Kept. NULL means the default
} hm_redis_options;

#define HM_REDIS_OPTIONS_INIT                                                          \
    { .struct_size = sizeof(hm_redis_options) }

/// For hm_cache_options.store, which destroys it. Does not wait for the server, nor
/// fail if there is none. HM_BAD_ARGUMENT for an address that is none; HM_IO if no
/// thread or loop can be had, HM_NO_MEMORY.
HM_API HM_MUST_CHECK hm_status hm_redis_store_create(
        const hm_redis_options *options, hm_cache_store **store, hm_error *error);

/// The format `redis`, for hm_driver_options.formats: the value of a key as data that
/// nodes load and save. A string is its text, all else is JSON. Parameters:
///
///     key      in the server, as it is: no prefix is put before it. Text
///     address  of the server, as above; of its options, timeout counts. Text
///     ttl      seconds until what is saved goes; it stays without it
///     raw      an array of numbers is its bytes, as they lie in memory, not JSON
///
/// Static. Any thread.
HM_API const hm_data_format *const *hm_redis_formats(size_t *count);

/// Of a store that no cache was given. Accepts NULL.
HM_API void hm_redis_store_destroy(hm_cache_store *store);

#ifdef __cplusplus
}
#endif

#endif
