// bytes.c — see bytes.h.

#include "adapters/formats/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocator.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/system_error.h"

enum { FIRST_CAPACITY = 1 << 16, LARGEST_READ = 1 << 30 };

static bool grow(hm_bytes *file, size_t capacity) {
    char *text = hm_allocate(file->allocator, capacity, alignof(max_align_t));
    if (text == NULL) {
        return false;
    }
    if (file->length > 0) {
        memcpy(text, file->text, file->length);
    }
    hm_deallocate(file->allocator, file->text, file->capacity, alignof(max_align_t));
    file->text = text;
    file->capacity = capacity;
    return true;
}

static hm_status read_all(hm_bytes *file, int from, size_t expected, hm_error *error) {
    if (!grow(file, expected)) {
        return hm_error_no_memory(error);
    }
    for (;;) {
        size_t room = file->capacity - file->length;
        if (room <= 1) { // the NUL
            if (file->capacity > SIZE_MAX / 2 || !grow(file, file->capacity * 2)) {
                return hm_error_no_memory(error);
            }
            continue;
        }
        size_t most = room - 1 < LARGEST_READ ? room - 1 : LARGEST_READ;
        ssize_t got = read(from, file->text + file->length, most);
        if (got < 0 && errno != EINTR) {
            return hm_system_error(error, "cannot read it");
        }
        if (got == 0) {
            file->text[file->length] = '\0';
            return HM_OK;
        }
        file->length += got > 0 ? (size_t)got : 0;
    }
}

static hm_status read_file(hm_bytes *file, int from, hm_error *error) {
    struct stat status;
    bool is_regular = fstat(from, &status) == 0 && S_ISREG(status.st_mode);
    bool fits = is_regular && (uintmax_t)status.st_size < SIZE_MAX - 2;
    HM_TRY(read_all(
            file, from, fits ? (size_t)status.st_size + 2 : FIRST_CAPACITY, error));
    file->facts.bytes = (int64_t)file->length;
    if (is_regular) {
        file->facts.modified = (int64_t)status.st_mtim.tv_sec * 1000000 +
                               status.st_mtim.tv_nsec / 1000;
    }
    hm_digest_of(file->text, file->length, file->facts.content);
    return HM_OK;
}

hm_status hm_bytes_read(const char *path, const hm_allocator *allocator, hm_bytes *file,
        hm_error *error) {
    *file = (hm_bytes){.allocator = allocator,
            .facts = {.source = path, .bytes = -1, .modified = -1}};
    bool is_input = strcmp(path, "-") == 0;
    hm_error detail;
    int from = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    hm_status status = from >= 0 ? read_file(file, from, &detail)
                                 : hm_system_error(&detail, "cannot open it");
    if (from >= 0 && !is_input) {
        close(from);
    }
    if (status != HM_OK) {
        hm_bytes_finish(file);
        return hm_error_set(error, status, "%s: %s", is_input ? "standard input" : path,
                detail.message);
    }
    return HM_OK;
}

void hm_bytes_finish(hm_bytes *file) {
    hm_deallocate(file->allocator, file->text, file->capacity, alignof(max_align_t));
    *file = (hm_bytes){0};
}
