// folder.c — see folder.h.

#define _XOPEN_SOURCE 700 // realpath

#include "adapters/cache/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/system_error.h"

// What may be over the next time, and is nobody's mistake.
static bool is_trouble(int number) {
    return number == ENOSPC || number == EDQUOT || number == EIO || number == EMFILE ||
           number == ENFILE || number == EINTR;
}

static hm_status system_fault(hm_error *error, const char *path, const char *what) {
    int number = errno;
    char text[256];
    snprintf(text, sizeof text, "the cache `%.160s` %s", path, what);
    errno = number;
    hm_error own;
    hm_status status = hm_system_error(&own, text);
    status = status == HM_IO && !is_trouble(number) ? HM_BAD_ARGUMENT : status;
    return hm_error_set(error, status, "%s", own.message);
}

// Whether an open folder is one that only its user, who is ours, can have filled.
static hm_status check_owner(int file, const char *path, hm_error *error) {
    struct stat status;
    if (fstat(file, &status) != 0) {
        return system_fault(error, path, "cannot be looked at");
    }
    if (status.st_uid != geteuid()) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the cache `%s` belongs to another user (%ld), who could make it lie: "
                "name a folder of your own",
                path, (long)status.st_uid);
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "others can write to the cache `%s` (mode %03o) and make it lie: "
                "remove "
                "it, or chmod 700 it if you know what is in it",
                path, (unsigned)status.st_mode & 0777u);
    }
    return HM_OK;
}

hm_status hm_folder_open_one(int at, const char *name, const char *path, bool may_make,
        int *file, hm_error *error) {
    if (may_make && mkdirat(at, name, 0700) != 0 && errno != EEXIST) {
        return system_fault(error, path, "cannot be made");
    }
    do {
        *file = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    } while (*file < 0 && errno == EINTR);
    if (*file < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "`%s` is a link or no folder: a cache must be a folder itself", name);
    }
    if (*file < 0 && errno == ENOENT) {
        return hm_error_set(error, HM_BAD_ARGUMENT, "there is no cache `%s`", path);
    }
    if (*file < 0) {
        return system_fault(error, path, "cannot be opened");
    }
    hm_status status = check_owner(*file, name, error);
    if (status != HM_OK) {
        close(*file);
        *file = -1;
    }
    return status;
}

static hm_status open_claims(int root, hm_folder *folder, hm_error *error) {
    do {
        folder->claims =
                openat(root, "claims", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    } while (folder->claims < 0 && errno == EINTR);
    return folder->claims >= 0
                   ? HM_OK
                   : system_fault(error, folder->path, "has no file of claims");
}

static hm_status open_parts(
        int root, hm_folder *folder, const char *path, bool may_make, hm_error *error) {
    HM_TRY(hm_folder_open_one(
            root, "values-1", path, may_make, &folder->values, error));
    HM_TRY(hm_folder_open_one(
            root, "drafts-1", path, may_make, &folder->drafts, error));
    return open_claims(root, folder, error);
}

hm_status hm_folder_open(
        hm_folder *folder, const char *path, bool may_make, hm_error *error) {
    *folder = (hm_folder){.values = -1, .drafts = -1, .claims = -1};
    int root;
    HM_TRY(hm_folder_open_one(AT_FDCWD, path, path, may_make, &root, error));
    hm_status status = realpath(path, folder->path) != NULL
                               ? open_parts(root, folder, path, may_make, error)
                               : system_fault(error, path, "has no path");
    close(root);
    if (status != HM_OK) {
        hm_folder_close(folder);
    }
    return status;
}

static void close_one(int *file) {
    if (*file >= 0) {
        close(*file);
    }
    *file = -1;
}

void hm_folder_close(hm_folder *folder) {
    close_one(&folder->values);
    close_one(&folder->drafts);
    close_one(&folder->claims);
}
