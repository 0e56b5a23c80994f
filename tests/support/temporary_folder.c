// temporary_folder.c — see temporary_folder.h.

#define _XOPEN_SOURCE 700 // nftw

#include "tests/support/temporary_folder.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void hm_temporary_folder_init(hm_temporary_folder *folder) {
    strcpy(folder->path, "/tmp/hamilton-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder->path));
}

const char *hm_temporary_folder_file(hm_temporary_folder *folder, const char *name) {
    snprintf(folder->file, sizeof folder->file, "%s/%s", folder->path, name);
    return folder->file;
}

const char *hm_temporary_folder_put(hm_temporary_folder *folder, const char *name,
        const char *text, size_t length) {
    FILE *file = fopen(hm_temporary_folder_file(folder, name), "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    return folder->file;
}

size_t hm_temporary_folder_count(const hm_temporary_folder *folder) {
    DIR *entries = opendir(folder->path);
    ck_assert_ptr_nonnull(entries);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(entries);
    return count;
}

static int remove_entry(
        const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void hm_temporary_folder_finish(hm_temporary_folder *folder) {
    enum { OPEN_AT_ONCE = 16 };
    nftw(folder->path, remove_entry, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}
