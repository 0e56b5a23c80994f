// cache_folder.c — see cache_folder.h.

#define _XOPEN_SOURCE 700 // mkdtemp, nftw

#include "tests/support/cache_folder.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "adapters/cache/directory_store.h"
#include "tests/support/cache_values.h"

void hm_cache_folder_init(hm_cache_folder *folder) {
    strcpy(folder->parent, "/tmp/hamilton-cache-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder->parent));
    snprintf(folder->path, sizeof folder->path, "%s/cache", folder->parent);
}

static int remove_one(
        const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void hm_cache_folder_finish(hm_cache_folder *folder) {
    nftw(folder->parent, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static DIR *list(const hm_cache_folder *folder, const char *inside, char path[256]) {
    snprintf(path, 256, "%s/%s", folder->path, inside);
    return opendir(path);
}

size_t hm_cache_folder_count(const hm_cache_folder *folder, const char *inside,
        size_t which, char path[512]) {
    char whole[256];
    DIR *entries = list(folder, inside, whole);
    size_t count = 0;
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (count++ == which && path != NULL) {
            snprintf(path, 512, "%s/%s", whole, entry->d_name);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return count;
}

void hm_cache_folder_age(
        const hm_cache_folder *folder, const char *inside, int64_t seconds) {
    size_t count = hm_cache_folder_count(folder, inside, 0, NULL);
    for (size_t i = 0; i < count; i++) {
        char path[512];
        hm_cache_folder_count(folder, inside, i, path);
        struct timespec old = {.tv_sec = time(NULL) - seconds};
        struct timespec times[2] = {old, old};
        ck_assert_int_eq(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
    }
}

hm_store *hm_cache_folder_open(const hm_cache_folder *folder) {
    hm_directory_options options = {.path = folder->path,
            .may_make = true,
            .max_bytes = UINT64_MAX,
            .max_seconds = UINT64_MAX,
            .compress_from = SIZE_MAX};
    hm_store *store = NULL;
    hm_error error;
    hm_status status =
            hm_directory_store_create(hm_allocator_default(), &options, &store, &error);
    ck_assert_msg(status == HM_OK, "%s", error.message);
    return store;
}

static hm_hash key_of(uint64_t number, size_t length) {
    uint64_t words[2] = {number, length};
    return hm_hash_of(words, sizeof words);
}

static long *make(uint64_t number, size_t length) {
    long *numbers = malloc(length * sizeof *numbers);
    for (size_t i = 0; i < length; i++) {
        numbers[i] = (long)number;
    }
    return numbers;
}

hm_hash hm_test_content_of(uint64_t number, size_t length) {
    long *numbers = make(number, length);
    hm_value value = hm_value_many(&hm_type_long, numbers, length);
    hm_hash content = hm_test_content(&value);
    free(numbers);
    return content;
}

hm_status hm_test_keep(
        hm_store *store, uint64_t number, size_t length, hm_error *error) {
    hm_form form = hm_form_of(&hm_type_long, 1, false);
    long *numbers = make(number, length);
    hm_value value = hm_value_many(&hm_type_long, numbers, length);
    hm_hash content = hm_test_content(&value);
    hm_hash key = key_of(number, length);
    hm_status status = store->kind->keep(store, &form, &content, &value, error);
    if (status == HM_OK) {
        status = store->kind->remember(store, &key, &content, error);
    }
    free(numbers);
    return status;
}

hm_finding hm_test_find(hm_store *store, uint64_t number, size_t length) {
    hm_form form = hm_form_of(&hm_type_long, 1, false);
    hm_hash key = key_of(number, length);
    hm_hash content;
    bool is_known;
    hm_cached *entry = NULL;
    if (store->kind->recall(store, &key, &content, &is_known, NULL) != HM_OK ||
            (is_known &&
                    store->kind->load(store, &form, &content, &entry, NULL) != HM_OK)) {
        return HM_TROUBLE;
    }
    if (entry == NULL) {
        return HM_NOTHING;
    }
    long *numbers = make(number, length);
    hm_finding finding =
            entry->value.many.length == length &&
                            (length == 0 || memcmp(entry->value.many.data, numbers,
                                                    length * sizeof *numbers) == 0)
                    ? HM_RIGHT
                    : HM_WRONG;
    free(numbers);
    hm_cached_leave(entry);
    return finding;
}
