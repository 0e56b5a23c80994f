// cache.h — results that are found instead of computed: a component of its own,
// libhamilton_cache, since it needs SQLite and zstd. Only programs that link it have
// these functions. docs/adapters/cache.md is the guide.
//
//     hm_cache_options options = HM_CACHE_OPTIONS_INIT;
//     options.directory = "results";
//     hm_cache *cache;
//     if (hm_cache_create(&options, &cache, &error) == HM_OK) {
//         const hm_adapter *const adapters[] = {hm_cache_adapter(cache)};
//         driver_options.adapters = adapters;
//         driver_options.adapter_count = 1;
//         ...
//         hm_driver_destroy(driver);
//         hm_cache_destroy(cache);
//     }
//
// The result of a node is found by what it is: the version of its function's code, of
// all that this reaches, and of what is bound to it; and the types, shapes and content
// of its arguments. Who computes it again and gets what was there before lets those
// that follow be found. What cannot be told apart in that way is not cached.

#ifndef HAMILTON_CACHE_H
#define HAMILTON_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/cache_store.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What is done about a node.
typedef enum hm_cache_behaviour {
    HM_CACHE_DEFAULT,   ///< it is found, or computed and kept
    HM_CACHE_RECOMPUTE, ///< it is computed each time, and kept for others
    HM_CACHE_DISABLE,   ///< it is computed each time and not kept
    HM_CACHE_IGNORE, ///< likewise, and nothing depends on what it is: also for inputs
} hm_cache_behaviour;

/// Some nodes, by name or by tag, and what is done about them.
typedef struct hm_cache_rule {
    const char *name; ///< of a node or input; or NULL
    const char *tag;  ///< key of a tag that the node has; or NULL
    hm_cache_behaviour behaviour;
} hm_cache_rule;

typedef struct hm_cache_options {
    size_t struct_size;

    /// A folder, which is made if it is not there, and may be used by several processes
    /// at once. NULL: results are kept in memory, as long as the cache lives.
    const char *directory;

    /// The folder is a cache already: nothing is made.
    bool must_exist;

    /// Of all that is kept; what was not used for longest makes room. 0 means 256 MiB
    /// in memory, and 16 GiB in a folder.
    uint64_t max_bytes;

    /// In a folder: what was not used for so long goes, when there is a collection. 0
    /// means any time.
    uint64_t max_seconds;

    /// In a folder: values of so many bytes are compressed, if that saves a quarter. 0
    /// means 1 MiB, SIZE_MAX never. What is not compressed is mapped, not copied.
    size_t compress_from;

    /// Of nodes that no rule, of which the first that fits counts, and no HM_CACHE
    /// speaks of. Rules are copied.
    hm_cache_behaviour behaviour;
    const hm_cache_rule *rules;
    size_t rule_count;

    const hm_allocator *allocator; ///< Kept. NULL means the default

    /// In place of a directory: results are kept there. Given, also if the cache cannot
    /// be created. Limits are the store's own.
    hm_cache_store *store;

    /// Nothing is found or kept: when a run begins, adapters are told (`decided`) what
    /// would be, as far as that is known by then.
    bool only_tells;
} hm_cache_options;

#define HM_CACHE_OPTIONS_INIT                                                          \
    { .struct_size = sizeof(hm_cache_options) }

typedef struct hm_cache hm_cache;

/// HM_BAD_ARGUMENT if the folder cannot be one, or must not: it is a link, another
/// user's, or others can write to it. HM_IO if the operating system has trouble, as a
/// full disk, which runs can do without. The caller destroys *cache.
HM_API HM_MUST_CHECK hm_status hm_cache_create(
        const hm_cache_options *options, hm_cache **cache, hm_error *error);

/// After all drivers that have its adapter, and before modules are unloaded whose
/// results it has in memory. Values that it lent stay. Accepts NULL.
HM_API void hm_cache_destroy(hm_cache *cache);

/// For any number of drivers. Lives as long as the cache.
HM_API const hm_adapter *hm_cache_adapter(const hm_cache *cache);

/// What a cache has done since it was created, and how much it has.
typedef struct hm_cache_statistics {
    size_t struct_size;
    uint64_t found;     ///< nodes whose results were found, needed or not
    uint64_t computed;  ///< nodes that were computed, and would have been found
    uint64_t passed_by; ///< nodes that were called and are not cached
    uint64_t loaded;    ///< values that somebody needed
    uint64_t bytes;     ///< that values and what is known of them take now
    uint64_t evicted;   ///< values, contents and notes that made room for others
    uint64_t damaged;   ///< values that were not as they had been written
    uint64_t troubles;  ///< times that the store could not do what it was asked for
    uint64_t missed;    ///< of these: look-ups, for which something was computed
    uint64_t lost;      ///< of these: results that could not be kept
} hm_cache_statistics;

#define HM_CACHE_STATISTICS_INIT                                                       \
    { .struct_size = sizeof(hm_cache_statistics) }

/// Any thread.
HM_API void hm_cache_count(const hm_cache *cache, hm_cache_statistics *statistics);

/// What the first of the troubles was, or "". Runs go on without the cache where it has
/// some. Borrowed until the cache is destroyed. Any thread.
HM_API const char *hm_cache_trouble(const hm_cache *cache);

/// Waits until a store that it was given has done, or not, all that it was asked for:
/// then counts and trouble tell of all runs that have ended. Any thread.
HM_API void hm_cache_settle(hm_cache *cache);

/// Brings a folder to its limits, and removes what processes that were killed left; of
/// another store those limits that it knows, else HM_BAD_ARGUMENT. Nothing in memory.
/// Any thread, also while others use it.
HM_API HM_MUST_CHECK hm_status hm_cache_collect(hm_cache *cache, hm_error *error);

/// Removes everything. Any thread, also while others use it.
HM_API HM_MUST_CHECK hm_status hm_cache_clear(hm_cache *cache, hm_error *error);

/// What is known of a node that was computed last, as text of several lines.
typedef void hm_cache_visit(
        void *context, const char *node, const char *text, size_t length);

/// Calls visit for each node that is known, in the order of their names; visit uses no
/// cache. Nothing in memory.
HM_API HM_MUST_CHECK hm_status hm_cache_list(
        hm_cache *cache, hm_cache_visit *visit, void *context, hm_error *error);

/// Room for a content and its NUL.
#define HM_CACHE_CONTENT_SIZE 33

/// What a value is, as 32 hexadecimal digits: equal for equal values of one type and
/// shape, whatever lies in padding and under missing elements, and for no others. -0.0
/// and NaNs are their bits. HM_TYPE_MISMATCH if a type is only known by pointer, or has
/// values that have to be destroyed, and does not say how they are written or hashed;
/// HM_IO if writing one does not succeed.
HM_API HM_MUST_CHECK hm_status hm_cache_content(
        const hm_value *value, char text[HM_CACHE_CONTENT_SIZE], hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
