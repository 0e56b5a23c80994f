// value_write.c — writing: see value_file.h. A draft is written under a name of its
// own, locked as long as somebody writes it, brought to the disk, and renamed.

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/cache/file_lock.h"
#include "adapters/cache/parcel.h"
#include "adapters/cache/value_file.h"
#include "base/error.h"
#include "base/system_error.h"

enum { NAME = 64 };

static bool write_bytes(int file, const void *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t written = write(file, (const char *)bytes + done, length - done);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return false;
        }
        done += (size_t)written;
    }
    return true;
}

static bool bring_to_disk(int file) {
    int result;
    do {
        result = fsync(file);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

// A name that no other draft has: two processes with one number, on two machines or in
// two containers, are told apart by the file that is there already.
static int create_draft(const hm_folder *folder, char name[NAME]) {
    static _Atomic(uint32_t) count;
    int file = -1;
    for (int i = 0; i < 100 && file < 0; i++) {
        // Relaxed: a number.
        uint32_t number = atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
        snprintf(name, NAME, "%ld-%lu", (long)getpid(), (unsigned long)number);
        file = openat(folder->drafts, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file < 0 && errno != EEXIST && errno != EINTR) {
            break;
        }
    }
    return file;
}

static bool write_draft(const hm_folder *folder, int file, const char *draft,
        const char *name, const hm_parcel *parcel) {
    (void)hm_file_lock(file, 0); // without it the draft's age protects it
    return write_bytes(file, &parcel->header, sizeof parcel->header) &&
           write_bytes(file, hm_parcel_bytes(parcel), (size_t)parcel->header.stored) &&
           bring_to_disk(file) &&
           renameat(folder->drafts, draft, folder->values, name) == 0;
}

static hm_status write_file(const hm_folder *folder, const char *name,
        const hm_parcel *parcel, hm_error *error) {
    char draft[NAME];
    int file = create_draft(folder, draft);
    if (file < 0) {
        return hm_system_error(error, "a value cannot be cached: no file can be made");
    }
    bool is_written = write_draft(folder, file, draft, name, parcel);
    int number = errno;
    if (!is_written) {
        (void)unlinkat(folder->drafts, draft, 0); // or it is swept up one day
    }
    close(file);
    errno = number;
    if (!is_written || !bring_to_disk(folder->values)) {
        return hm_system_error(error, "a value cannot be cached");
    }
    return HM_OK;
}

hm_status hm_value_file_write(const hm_folder *folder, const hm_allocator *allocator,
        const hm_form *form, const hm_hash *content, const hm_value *value,
        size_t compress_from, uint64_t *size, hm_error *error) {
    char name[HM_HASH_DIGITS + 1];
    hm_hash_write(content, name);
    struct stat status;
    if (fstatat(folder->values, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode)) {
        *size = (uint64_t)status.st_size;
        return HM_OK;
    }
    hm_parcel parcel;
    HM_TRY(hm_parcel_init(
            &parcel, allocator, form, content, value, compress_from, error));
    hm_status result = write_file(folder, name, &parcel, error);
    if (result == HM_OK) {
        *size = sizeof parcel.header + parcel.header.stored;
    }
    hm_parcel_finish(&parcel, allocator);
    return result;
}
