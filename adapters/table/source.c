// source.c — see source.h. Files are read, not mapped: a mapped file that somebody cuts
// short kills its reader.

#include "adapters/table/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocator.h"
#include "base/error.h"
#include "base/system_error.h"

enum { FIRST_CAPACITY = 1 << 16, LARGEST_READ = 1 << 30 };

static bool grow(hm_source *source, size_t capacity) {
    char *text = hm_allocate(source->allocator, capacity, 1);
    if (text == NULL) {
        return false;
    }
    if (source->length > 0) {
        memcpy(text, source->text, source->length);
    }
    hm_deallocate(source->allocator, source->text, source->capacity, 1);
    source->text = text;
    source->capacity = capacity;
    return true;
}

// A file tells its size, but may grow while it is read; a pipe tells nothing. One byte
// more than the size lets the last read find the end.
static size_t expected_size(int file) {
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
            (uintmax_t)status.st_size >= SIZE_MAX) {
        return FIRST_CAPACITY;
    }
    return (size_t)status.st_size + 1;
}

static hm_status read_all(hm_source *source, int file, hm_error *error) {
    if (!grow(source, expected_size(file))) {
        return hm_error_no_memory(error);
    }
    for (;;) {
        size_t room = source->capacity - source->length;
        if (room == 0) {
            if (source->capacity > SIZE_MAX / 2 ||
                    !grow(source, source->capacity * 2)) {
                return hm_error_no_memory(error);
            }
            continue;
        }
        ssize_t got = read(file, source->text + source->length,
                room < LARGEST_READ ? room : LARGEST_READ);
        if (got < 0 && errno != EINTR) {
            return hm_system_error(error, "cannot read it");
        }
        if (got == 0) {
            return HM_OK;
        }
        source->length += got > 0 ? (size_t)got : 0;
    }
}

hm_status hm_source_init(hm_source *source, const char *path,
        const hm_allocator *allocator, hm_error *error) {
    *source = (hm_source){.allocator = allocator};
    bool is_input = strcmp(path, "-") == 0;
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return hm_system_error(error, "cannot open it");
    }
    hm_status status = read_all(source, file, error);
    if (!is_input) {
        close(file);
    }
    if (status != HM_OK) {
        hm_source_finish(source);
    }
    return status;
}

void hm_source_finish(hm_source *source) {
    hm_deallocate(source->allocator, source->text, source->capacity, 1);
    *source = (hm_source){0};
}
