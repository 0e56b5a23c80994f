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
    static const char mark[] = "\xEF\xBB\xBF";
    bool is_input = strcmp(path, "-") == 0;
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return hm_session_fail(
                session, HM_IO, NULL, "`%s` cannot be read: %s", path, strerror(errno));
    }
    hm_status status = hm_file_read_open(
            session, file, is_input ? "standard input" : path, text, length);
    if (!is_input) {
        close(file);
    }
    if (status == HM_OK && strncmp(*text, mark, sizeof mark - 1) == 0) {
        *text += sizeof mark - 1;
        *length -= sizeof mark - 1;
    }
    return status;
}

hm_status hm_file_create(hm_session *session, const char *path, hm_target *target) {
    hm_error error;
    hm_status status = hm_target_init(target, path, &error);
    return status == HM_OK ? HM_OK
                           : hm_session_fail(session, status, NULL, "%s: %s", path,
                                     error.message);
}

hm_status hm_file_commit(hm_session *session, const char *path, hm_target *target) {
    hm_error error;
    hm_status status = hm_target_commit(target, &error);
    return status == HM_OK ? HM_OK
                           : hm_session_fail(session, status, NULL, "%s: %s", path,
                                     error.message);
}

hm_status hm_file_check_folder(hm_session *session, const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL && slash > path ? (size_t)(slash - path) : 1;
    const char *folder =
            slash != NULL ? hm_arena_slice(&session->arena, path, length) : ".";
    if (folder == NULL) {
        return hm_session_no_memory(session);
    }
    bool has_name = slash != NULL ? slash[1] != '\0' : path[0] != '\0';
    if (has_name && access(folder, W_OK | X_OK) == 0) {
        return HM_OK;
    }
    return hm_session_fail(session, HM_IO, NULL, "`%s` cannot be made: %s", path,
            has_name ? strerror(errno) : "it is no name of a file");
}

hm_status hm_file_check_place(
        hm_session *session, const char *path, const char *option) {
    struct stat file;
    if (stat(path, &file) != 0) {
        return hm_file_check_folder(session, path);
    }
    return S_ISREG(file.st_mode)
                   ? HM_OK
                   : hm_session_fail(session, HM_IO,
                             hm_session_text(session, "name a file for %s", option),
                             "`%s` is not a regular file", path);
}

hm_status hm_file_check_writable(hm_session *session, const char *path) {
    struct stat file;
    if (stat(path, &file) != 0) {
        return hm_file_check_folder(session, path);
    }
    return S_ISDIR(file.st_mode)
                   ? hm_session_fail(session, HM_IO, NULL,
                             "`%s` cannot be written: it is a folder", path)
                   : HM_OK;
}

hm_status hm_file_write(
        hm_session *session, const char *path, const char *text, size_t length) {
    hm_target target;
    HM_TRY(hm_file_create(session, path, &target));
    hm_target_write(text, length, &target); // commit tells whether it failed
    return hm_file_commit(session, path, &target);
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
