// file.c — see file.h.

#define _XOPEN_SOURCE 700 // nftw

#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

enum { PIECE = 1 << 16 };

// Fills a buffer from a file, as far as there is something. -1 on failure.
static ssize_t read_piece(int file, char *buffer) {
    ssize_t got;
    do {
        got = read(file, buffer, PIECE);
    } while (got < 0 && errno == EINTR);
    return got;
}

hm_status hm_file_read_open(hm_session *session, int file, const char *path,
        const char **text, size_t *length) {
    hm_text content;
    hm_text_init(&content, NULL);
    char buffer[PIECE];
    ssize_t got;
    while ((got = read_piece(file, buffer)) > 0) {
        hm_text_append_bytes(&content, buffer, (size_t)got);
    }
    hm_status status = HM_OK;
    if (got < 0) {
        status = hm_session_fail(
                session, HM_IO, NULL, "`%s` cannot be read: %s", path, strerror(errno));
    } else {
        const char *copy =
                hm_arena_slice(&session->arena, hm_text_get(&content), content.length);
        if (content.failed || copy == NULL) {
            status = hm_session_no_memory(session);
        } else {
            *text = copy;
            *length = content.length;
        }
    }
    hm_text_finish(&content);
    return status;
}

hm_status hm_file_read(
        hm_session *session, const char *path, const char **text, size_t *length) {
    if (strcmp(path, "-") == 0) {
        return hm_file_read_open(session, STDIN_FILENO, "standard input", text, length);
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return hm_session_fail(
                session, HM_IO, NULL, "`%s` cannot be read: %s", path, strerror(errno));
    }
    hm_status status = hm_file_read_open(session, file, path, text, length);
    close(file);
    return status;
}

static bool write_all(int file, const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text += written;
        length -= (size_t)written;
    }
    return true;
}

hm_status hm_file_write(
        hm_session *session, const char *path, const char *text, size_t length) {
    const char *temporary =
            hm_session_text(session, "%s.%ld.tmp", path, (long)getpid());
    if (temporary == NULL) {
        return hm_session_no_memory(session);
    }
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool written = file >= 0 && write_all(file, text, length);
    if (file >= 0) {
        written = close(file) == 0 && written;
    }
    if (!written || rename(temporary, path) != 0) {
        int error = errno;
        unlink(temporary);
        return hm_session_fail(session, HM_IO, NULL, "`%s` cannot be written: %s", path,
                strerror(error));
    }
    return HM_OK;
}

bool hm_file_digest(const char *path, char digest[HM_DIGEST_SIZE]) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    char buffer[PIECE];
    ssize_t got = -1;
    hm_digest *state = hm_digest_create();
    if (state != NULL) {
        while ((got = read_piece(file, buffer)) > 0) {
            hm_digest_add(state, buffer, (size_t)got);
        }
        hm_digest_get(state, digest);
        hm_digest_destroy(state);
    } else {
        errno = ENOMEM;
    }
    close(file);
    return got == 0;
}

static int remove_entry(
        const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    remove(path); // what cannot be removed stays; the rest goes on
    return 0;
}

void hm_file_remove_folder(const char *path) {
    enum { OPEN_AT_ONCE = 16 };
    nftw(path, remove_entry, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}

const char *hm_file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool hm_file_has_suffix(const char *path, const char *suffix) {
    size_t length = strlen(path);
    size_t wanted = strlen(suffix);
    return length > wanted && strcmp(path + length - wanted, suffix) == 0;
}
