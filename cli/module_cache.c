// module_cache.c — see module_cache.h. A manifest is
//
//     hamilton manifest 2\n
//     <digest of the shared object>\n
//     <digest> <path of a file that it was made of>\0 ...
//     <dashes> <path where there was no file>\0 ...
//     \0

#include "cli/module_cache.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/file.h"

static const char heading[] = "hamilton manifest 2\n";

enum { DIGITS = HM_DIGEST_SIZE - 1 };

// In the place of a digest.
static const char nothing[] = "--------------------------------";
static_assert(sizeof nothing == HM_DIGEST_SIZE, "as long as a digest");

// Modules cannot be kept, but can be made anew each time.
static hm_status go_without(hm_session *session, const char *why) {
    hm_faults_format(&session->faults,
            (hm_diagnostic){.status = HM_IO,
                    .severity = HM_SEVERITY_WARNING,
                    .mend = "set XDG_CACHE_HOME to a folder that can be written"},
            "compiled modules cannot be kept: %s", why);
    return HM_OK;
}

static const char *choose_folder(hm_session *session) {
    const char *cache = getenv("XDG_CACHE_HOME");
    if (cache != NULL && cache[0] == '/') { // others are to be ignored, it says
        return hm_session_text(session, "%s/hamilton", cache);
    }
    const char *home = getenv("HOME");
    return home != NULL && home[0] == '/'
                   ? hm_session_text(session, "%s/.cache/hamilton", home)
                   : NULL;
}

// Makes a folder and those above it. False with errno.
static bool make_folders(hm_session *session, const char *path) {
    char *part = hm_arena_text(&session->arena, path);
    if (part == NULL) {
        errno = ENOMEM;
        return false;
    }
    for (char *slash = strchr(part + 1, '/'); slash != NULL;
            slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && access(part, X_OK) != 0) {
            return false;
        }
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

hm_status hm_module_cache_open(hm_session *session, hm_module_cache *cache) {
    *cache = (hm_module_cache){0};
    const char *folder = choose_folder(session);
    if (folder == NULL) {
        return go_without(session, "neither XDG_CACHE_HOME nor HOME is set");
    }
    struct stat status;
    if (!make_folders(session, folder) || stat(folder, &status) != 0) {
        return go_without(
                session, hm_session_text(session, "`%s`: %s", folder, strerror(errno)));
    }
    if (!S_ISDIR(status.st_mode)) {
        return go_without(
                session, hm_session_text(session, "`%s` is no folder", folder));
    }
    if (status.st_uid != geteuid()) {
        return hm_session_fail(session, HM_IO,
                "set XDG_CACHE_HOME to a folder of your own",
                "the cache folder `%s` holds code, but belongs to another user (%ld)",
                folder, (long)status.st_uid);
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return hm_session_fail(session, HM_IO,
                hm_session_text(session,
                        "look whether others have, remove it, or chmod 700 it"),
                "the cache folder `%s` holds code, but others can write it (mode %03o)",
                folder, (unsigned)status.st_mode & 0777u);
    }
    cache->folder = folder;
    return HM_OK;
}

static bool is_digest(const char *file, const char *expected) {
    char digest[HM_DIGEST_SIZE];
    return hm_file_digest(file, digest) && strncmp(digest, expected, DIGITS) == 0;
}

// Whether what a record says of a path is still so.
static bool is_same(const char *record) {
    const char *path = record + DIGITS + 1;
    return strncmp(record, nothing, DIGITS) == 0 ? access(path, F_OK) != 0
                                                 : is_digest(path, record);
}

// Whether all files of the records are as they were, and no record is missing. The text
// ends with a NUL of its own, so that one which was cut short is found out.
static bool files_are_same(const char *records, const char *end) {
    while (records < end) {
        size_t length = strnlen(records, (size_t)(end - records));
        if (length == 0) {
            return records + 1 == end;
        }
        if (length <= DIGITS || records + length == end || records[DIGITS] != ' ' ||
                !is_same(records)) {
            return false;
        }
        records += length + 1;
    }
    return false;
}

hm_status hm_module_cache_find(hm_session *session, const hm_module_cache *cache,
        const char *key, const char **path) {
    *path = NULL;
    if (cache->folder == NULL) {
        return HM_OK;
    }
    const char *manifest =
            hm_session_text(session, "%s/%s.manifest", cache->folder, key);
    if (manifest == NULL) {
        return hm_session_no_memory(session);
    }
    int file = open(manifest, O_RDONLY | O_CLOEXEC);
    struct stat found;
    if (file < 0) {
        return HM_OK;
    }
    if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
        close(file);
        return HM_OK;
    }
    const char *text;
    size_t length;
    hm_status status = hm_file_read_open(session, file, manifest, &text, &length);
    close(file);
    HM_TRY(status);
    size_t start = sizeof heading - 1;
    if (length < start + DIGITS + 1 || memcmp(text, heading, start) != 0 ||
            text[start + DIGITS] != '\n' ||
            !files_are_same(text + start + DIGITS + 1, text + length)) {
        return HM_OK;
    }
    const char *object =
            hm_session_text(session, "%s/%.*s.so", cache->folder, DIGITS, text + start);
    if (object == NULL) {
        return hm_session_no_memory(session);
    }
    if (is_digest(object, text + start)) {
        *path = object;
    }
    return HM_OK;
}

// Removes scratch folders that a process which was killed has left.
static void sweep(hm_session *session, const char *folder) {
    enum { OLD = 3600 };
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        struct stat status;
        const char *path;
        if (strncmp(entry->d_name, "build.", 6) == 0 &&
                fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) ==
                        0 &&
                S_ISDIR(status.st_mode) && status.st_mtime + OLD < time(NULL) &&
                (path = hm_session_text(session, "%s/%s", folder, entry->d_name)) !=
                        NULL) {
            hm_file_remove_folder(path);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

// Makes a folder of a new name inside another, or NULL with errno.
static const char *make_scratch(hm_session *session, const char *inside) {
    char *path = hm_session_text(session, "%s/build.XXXXXX", inside);
    if (path == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return mkdtemp(path);
}

hm_status hm_module_cache_scratch(
        hm_session *session, hm_module_cache *cache, const char **folder) {
    if (cache->folder != NULL) {
        sweep(session, cache->folder);
        *folder = make_scratch(session, cache->folder);
        if (*folder != NULL) {
            return HM_OK;
        }
        HM_TRY(go_without(session,
                hm_session_text(session, "`%s`: %s", cache->folder, strerror(errno))));
        cache->folder = NULL;
    }
    const char *chosen = getenv("TMPDIR");
    const char *place = chosen != NULL && chosen[0] != '\0' ? chosen : "/tmp";
    *folder = make_scratch(session, place);
    return *folder != NULL ? HM_OK
                           : hm_session_fail(session, HM_IO,
                                     "set TMPDIR to a folder that can be written",
                                     "a module cannot be compiled: `%s`: %s", place,
                                     strerror(errno));
}

static bool is_older(const char *path, struct timespec time) {
    struct stat status;
    return stat(path, &status) == 0 &&
           (status.st_mtim.tv_sec < time.tv_sec ||
                   (status.st_mtim.tv_sec == time.tv_sec &&
                           status.st_mtim.tv_nsec < time.tv_nsec));
}

static void append_record(hm_text *text, const char *digest, const char *path) {
    hm_text_format(text, "%s %s", digest, path);
    hm_text_append_bytes(text, "", 1);
}

// Appends what a manifest says. False if a file cannot be read, or has been written
// since the building began: what was read then is not known.
static bool append_manifest(hm_text *text, const char *object,
        const hm_reflection *reflection, struct timespec since) {
    char digest[HM_DIGEST_SIZE];
    if (!hm_file_digest(object, digest)) {
        return false;
    }
    hm_text_format(text, "%s%s\n", heading, digest);
    for (size_t i = 0; i < reflection->file_count; i++) {
        const char *file = reflection->files[i];
        if (!hm_file_digest(file, digest) || !is_older(file, since)) {
            return false;
        }
        append_record(text, digest, file);
    }
    for (size_t i = 0; i < reflection->absent_count; i++) {
        append_record(text, nothing, reflection->absent[i]);
    }
    hm_text_append_bytes(text, "", 1);
    return !text->failed;
}

// First the object, then the manifest that names it.
static hm_status publish(hm_session *session, const hm_module_cache *cache,
        const char *key, const hm_text *manifest, const char **path) {
    const char *object = hm_session_text(session, "%s/%.*s.so", cache->folder, DIGITS,
            hm_text_get(manifest) + sizeof heading - 1);
    const char *name = hm_session_text(session, "%s/%s.manifest", cache->folder, key);
    if (object == NULL || name == NULL) {
        return hm_session_no_memory(session);
    }
    if (rename(*path, object) != 0) {
        return go_without(session, strerror(errno));
    }
    *path = object;
    hm_target target;
    hm_error error;
    hm_status status = hm_target_init(&target, name, &error);
    if (status == HM_OK) {
        hm_target_write(hm_text_get(manifest), manifest->length, &target);
        status = hm_target_commit(&target, &error);
    }
    return status == HM_OK ? HM_OK
                           : go_without(session, hm_session_text(session, "`%s`: %s",
                                                         name, error.message));
}

hm_status hm_module_cache_add(hm_session *session, const hm_module_cache *cache,
        const char *key, const hm_reflection *reflection, struct timespec since,
        const char **path) {
    if (cache->folder == NULL) {
        return HM_OK;
    }
    hm_text manifest;
    hm_text_init(&manifest, NULL);
    hm_status status = HM_OK;
    if (append_manifest(&manifest, *path, reflection, since)) {
        status = publish(session, cache, key, &manifest, path);
    }
    hm_text_finish(&manifest);
    return status;
}
