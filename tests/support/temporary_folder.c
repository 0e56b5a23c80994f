// temporary_folder.c — see temporary_folder.h.

#include "tests/support/temporary_folder.h"

#include <check.h>
#include <dirent.h>
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

// Calls visit, which may be NULL, for every file, and counts them.
static size_t walk(const char *path, int (*visit)(const char *file)) {
    DIR *folder = opendir(path);
    ck_assert_ptr_nonnull(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        count++;
        char file[384];
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (visit != NULL) {
            visit(file);
        }
    }
    closedir(folder);
    return count;
}

size_t hm_temporary_folder_count(const hm_temporary_folder *folder) {
    return walk(folder->path, NULL);
}

void hm_temporary_folder_finish(hm_temporary_folder *folder) {
    walk(folder->path, remove);
    rmdir(folder->path);
}
