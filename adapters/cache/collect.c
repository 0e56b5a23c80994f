// collect.c — see collect.h. A file goes before its row: a crash between them leaves a
// row without a value, which is a miss, and never a file that nobody would remove.

#include "adapters/cache/collect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/cache/file_lock.h"
#include "base/error.h"
#include "base/system_error.h"

enum { MINUTE = 60 };

// An open folder, read from its beginning; NULL with errno.
static DIR *list(int folder) {
    int file = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = file >= 0 ? fdopendir(file) : NULL;
    if (entries == NULL && file >= 0) {
        close(file);
    }
    return entries;
}

static bool is_old(int folder, const char *name, int64_t now) {
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           !S_ISDIR(status.st_mode) && (int64_t)status.st_mtime + MINUTE <= now;
}

// Whoever wrote it would hold its lock.
static bool has_no_writer(int folder, const char *name) {
    int file = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return errno == ELOOP; // a link is nobody's draft
    }
    bool is_free = hm_file_lock(file, 0);
    close(file);
    return is_free;
}

void hm_collect_drafts(const hm_folder *folder, int64_t now) {
    DIR *entries = list(folder->drafts);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (is_old(folder->drafts, entry->d_name, now) &&
                has_no_writer(folder->drafts, entry->d_name)) {
            (void)unlinkat(folder->drafts, entry->d_name, 0);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

// Whether a file of values is known by its name.
static hm_status find(
        hm_index *index, const char *name, bool *is_known, hm_error *error) {
    hm_hash content;
    *is_known = false;
    if (strlen(name) != HM_HASH_DIGITS || !hm_hash_read(&content, name)) {
        return HM_OK;
    }
    return hm_index_find(index, &content, is_known, error);
}

hm_status hm_collect_strays(
        const hm_folder *folder, hm_index *index, int64_t now, hm_error *error) {
    DIR *entries = list(folder->values);
    if (entries == NULL) {
        return hm_system_error(error, "the values of the cache cannot be listed");
    }
    hm_status status = HM_OK;
    const struct dirent *entry;
    while (status == HM_OK && (entry = readdir(entries)) != NULL) {
        bool is_known = true;
        if (is_old(folder->values, entry->d_name, now)) {
            status = find(index, entry->d_name, &is_known, error);
        }
        if (status == HM_OK && !is_known) {
            (void)unlinkat(folder->values, entry->d_name, 0);
        }
    }
    closedir(entries);
    return status == HM_OK ? hm_index_forget_strays(index, error) : status;
}

static hm_status remove_value(const hm_folder *folder, hm_index *index,
        const hm_hash *content, hm_error *error) {
    char name[HM_HASH_DIGITS + 1];
    hm_hash_write(content, name);
    if (unlinkat(folder->values, name, 0) != 0 && errno != ENOENT) {
        return hm_system_error(error, "a cached value cannot be removed");
    }
    return hm_index_forget(index, content, error);
}

hm_status hm_collect_old(const hm_folder *folder, hm_index *index, uint64_t max_bytes,
        int64_t oldest, uint64_t *bytes, uint64_t *removed, hm_error *error) {
    uint64_t count;
    HM_TRY(hm_index_total(index, bytes, &count, error));
    // Nine tenths, so that not each value has another removed.
    uint64_t most = *bytes > max_bytes ? max_bytes / 10 * 9 : max_bytes;
    for (; count > 0; count--) {
        hm_index_value value;
        bool is_there;
        HM_TRY(hm_index_oldest(index, &value, &is_there, error));
        if (!is_there || (*bytes <= most && value.used >= oldest)) {
            break;
        }
        HM_TRY(remove_value(folder, index, &value.content, error));
        *bytes -= value.size < *bytes ? value.size : *bytes;
        ++*removed;
    }
    return HM_OK;
}

uint64_t hm_collect_all(const hm_folder *folder) {
    DIR *entries = list(folder->values);
    uint64_t removed = 0;
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        // Not "." and "..".
        removed += unlinkat(folder->values, entry->d_name, 0) == 0;
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return removed;
}
