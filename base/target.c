// target.c — see target.h.

#define _XOPEN_SOURCE 700 // realpath

#include "base/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/system_error.h"

enum { ATTEMPTS = 100 };

// A link to a file is followed by hand, since rename would replace the link itself.
static bool resolve(const char *path, char resolved[PATH_MAX]) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        return realpath(path, resolved) != NULL;
    }
    if (strlen(path) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(resolved, path);
    return true;
}

// The length of the folder's part of a path, with its slash.
static int folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (int)(slash + 1 - path) : 0;
}

// Opens a file that nobody has: beside the path, so that rename does not leave the file
// system.
static bool open_draft(hm_target *target) {
    static atomic_uint counter;
    int folder = folder_length(target->path);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        // Relaxed: the numbers only have to differ.
        unsigned number = atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
        int length = snprintf(target->draft, sizeof target->draft,
                "%.*s.hamilton-%ld-%u", folder, target->path, (long)getpid(), number);
        if (length >= (int)sizeof target->draft) {
            errno = ENAMETOOLONG;
            return false;
        }
        target->file =
                open(target->draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (target->file >= 0 || errno != EEXIST) {
            return target->file >= 0;
        }
    }
    return false;
}

static bool open_target(hm_target *target) {
    struct stat status;
    bool exists = stat(target->path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        target->file = open(target->path, O_WRONLY | O_CLOEXEC);
        return target->file >= 0;
    }
    if (!open_draft(target)) {
        target->draft[0] = '\0';
        return false;
    }
    if (exists && fchmod(target->file, status.st_mode & 07777) != 0) {
        int reason = errno;
        hm_target_abandon(target);
        errno = reason;
        return false;
    }
    return true;
}

hm_status hm_target_init(hm_target *target, const char *path, hm_error *error) {
    target->file = -1;
    target->draft[0] = '\0';
    target->write_error = 0;
    if (!resolve(path, target->path) || !open_target(target)) {
        return hm_system_error(error, "cannot write it");
    }
    return HM_OK;
}

bool hm_target_write(const char *text, size_t length, void *to) {
    hm_target *target = to;
    while (length > 0) {
        ssize_t written = write(target->file, text, length);
        if (written < 0 && errno != EINTR) {
            target->write_error = errno;
            return false;
        }
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
    return true;
}

const char *hm_target_place(const hm_target *target) {
    return target->draft[0] != '\0' ? target->draft : target->path;
}

void hm_target_abandon(hm_target *target) {
    if (target->file >= 0) {
        close(target->file);
    }
    if (target->draft[0] != '\0') {
        unlink(target->draft);
    }
    target->file = -1;
    target->draft[0] = '\0';
}

// The new name is safe once the folder is on the disk. Not every file system can do
// that, and the file is complete already, so failing is no error.
static void flush_folder(const hm_target *target) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", folder_length(target->path), target->path);
    int file = open(folder[0] != '\0' ? folder : ".", O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file);
        close(file);
    }
}

hm_status hm_target_commit(hm_target *target, hm_error *error) {
    bool in_place = target->draft[0] == '\0';
    bool done = target->write_error == 0;
    if (!done) {
        errno = target->write_error;
    }
    done = done && (in_place || fsync(target->file) == 0);
    if (done) {
        done = close(target->file) == 0;
        target->file = -1; // gone, even if closing failed
    }
    done = done && (in_place || rename(target->draft, target->path) == 0);
    if (!done) {
        hm_status status = hm_system_error(error, "cannot write it");
        hm_target_abandon(target);
        return status;
    }
    if (!in_place) {
        flush_folder(target);
    }
    return HM_OK;
}
