// bench_lmdb.c — what does it cost to find results of 1 KiB in an LMDB file, beside
// memory and a folder? 64 nodes of a run, each found. And to put entries there, 100 at
// a time.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/lmdb.h>

#include "bench/found.h"
#include "bench/measure.h"
#include "bench/program.h"

enum { BATCH = 100 };

static hm_cache *create(const hm_cache_options *options) {
    hm_cache *cache = NULL;
    hm_error error;
    if (hm_cache_create(options, &cache, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
    return cache;
}

static hm_cache_store *create_store(const char *directory) {
    hm_lmdb_options lmdb = HM_LMDB_OPTIONS_INIT;
    lmdb.directory = directory;
    hm_cache_store *store = NULL;
    hm_error error;
    if (hm_lmdb_store_create(&lmdb, &store, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
    return store;
}

static bool measure_hits(const char *lmdb, const char *folder, bool is_quick) {
    hm_cache_options memory = HM_CACHE_OPTIONS_INIT;
    hm_cache_options directory = HM_CACHE_OPTIONS_INIT;
    hm_cache_options file = HM_CACHE_OPTIONS_INIT;
    directory.directory = folder;
    file.store = create_store(lmdb);
    if (file.store == NULL) {
        return false;
    }
    const hm_cache_options *const options[] = {&file, &memory, &directory};
    static const char *const names[] = {"lmdb", "memory", "folder"};
    hm_found found[3] = {0};
    hm_system systems[3];
    bool is_right = true;
    for (size_t i = 0; i < 3; i++) {
        is_right &= hm_found_init(&found[i], create(options[i]), HM_FOUND_NODES, 0);
        systems[i] = (hm_system){.name = names[i],
                .run = hm_found_run,
                .subject = &found[i],
                .workers = 2};
    }
    const hm_measurement measurement = {.bench = "lmdb",
            .name = "hit_1_kib_64",
            .unit = "us/hit",
            .per_second = 1e6 / HM_FOUND_NODES,
            .rounds = 51,
            .comparison = HM_RATIO_TO_ALL,
            .systems = systems,
            .system_count = 3};
    is_right = is_right && hm_measure(&measurement, is_quick);
    for (size_t i = 0; i < 3; i++) {
        is_right = is_right && hm_found_check(&found[i]);
        hm_found_finish(&found[i]);
    }
    return is_right;
}

typedef struct hm_puts {
    hm_cache_store *store;
    hm_cache_request requests[BATCH];
    char names[BATCH][40];
    char bytes[HM_FOUND_BYTES];
    unsigned long count;
} hm_puts;

static void take(hm_cache_request *request) {
    if (request->status != HM_OK) {
        fprintf(stderr, "%s\n", request->message);
        exit(EXIT_FAILURE);
    }
}

static bool put(void *subject) {
    hm_puts *own = subject;
    for (size_t i = 0; i < BATCH; i++) {
        snprintf(own->names[i], sizeof own->names[i], "r1:%lu", own->count++ * 7919);
        own->requests[i] = (hm_cache_request){.operation = HM_CACHE_PUT,
                .name = own->names[i],
                .bytes = own->bytes,
                .length = sizeof own->bytes,
                .answered = take,
                .next = i + 1 < BATCH ? &own->requests[i + 1] : NULL};
    }
    own->store->ask(own->store->self, own->requests);
    return true;
}

static bool measure_puts(const char *directory, bool is_quick) {
    static hm_puts subject;
    subject.store = create_store(directory);
    if (subject.store == NULL) {
        return false;
    }
    const hm_system systems[] = {{.name = "lmdb", .run = put, .subject = &subject}};
    const hm_measurement measurement = {.bench = "lmdb",
            .name = "put_1_kib_by_100",
            .unit = "us/put",
            .per_second = 1e6 / BATCH,
            .rounds = 51,
            .systems = systems,
            .system_count = 1};
    bool is_right = hm_measure(&measurement, is_quick);
    hm_lmdb_store_destroy(subject.store);
    return is_right;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_workplace workplace;
    if (!hm_workplace_init(&workplace)) {
        return EXIT_FAILURE;
    }
    char *lmdb = hm_workplace_path(&workplace, "lmdb");
    char *puts = hm_workplace_path(&workplace, "puts");
    char *folder = hm_workplace_path(&workplace, "folder");
    bool is_right = lmdb != NULL && puts != NULL && folder != NULL &&
                    measure_hits(lmdb, folder, is_quick) &&
                    measure_puts(puts, is_quick);
    free(lmdb);
    free(puts);
    free(folder);
    hm_workplace_finish(&workplace);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
