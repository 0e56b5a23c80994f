// source.c — see source.h. Files are read, not mapped: a mapped file that somebody cuts
// short kills its reader. Reading is copying into new memory, which threads share.

#include "adapters/table/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/table/team.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/system_error.h"

enum { FIRST_CAPACITY = 1 << 16, LARGEST_READ = 1 << 30, PIECE = 1 << 22 };

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

// What is left of a file, which may grow while it is read; a pipe tells nothing, and is
// 0. One byte more lets the last read find the end.
static size_t expected_size(int file) {
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
            (uintmax_t)status.st_size >= SIZE_MAX) {
        return 0;
    }
    return (size_t)status.st_size + 1;
}

// A file of known size that threads read piece by piece.
typedef struct pieces {
    int file;
    char *text;
    size_t length;
    atomic_size_t next;
    atomic_size_t known; // up to here it is there, as far as is known
} pieces;

// Reads from where the file has `at`; what is missing at the end is left to who reads
// on from there.
static void read_piece(pieces *all, size_t at, size_t end) {
    while (at < end) {
        ssize_t got = pread(all->file, all->text + at, end - at, (off_t)at);
        if (got > 0) {
            at += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    size_t known = atomic_load_explicit(&all->known, memory_order_relaxed);
    while (at < end && at < known &&
            !atomic_compare_exchange_weak_explicit(&all->known, &known, at,
                    memory_order_relaxed, memory_order_relaxed)) {
    }
}

static void read_pieces(void *context) {
    pieces *all = context;
    for (;;) {
        size_t at = atomic_fetch_add_explicit(&all->next, PIECE, memory_order_relaxed);
        if (at >= all->length) {
            return;
        }
        read_piece(all, at, all->length - at < PIECE ? all->length : at + PIECE);
    }
}

// The start of a file of known size, as far as it could be read.
static void read_start(hm_source *source, int file, uint32_t thread_count) {
    pieces all = {.file = file, .text = source->text, .length = source->capacity - 1};
    atomic_init(&all.next, 0);
    atomic_init(&all.known, all.length);
    hm_team_do(thread_count, all.length / PIECE, read_pieces, &all);
    size_t known = atomic_load_explicit(&all.known, memory_order_relaxed);
    source->length = lseek(file, (off_t)known, SEEK_SET) >= 0 ? known : 0;
}

static hm_status read_on(hm_source *source, int file, hm_error *error) {
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

static hm_status read_all(
        hm_source *source, int file, uint32_t thread_count, hm_error *error) {
    size_t size = expected_size(file);
    if (!grow(source, size > 0 ? size : FIRST_CAPACITY)) {
        return hm_error_no_memory(error);
    }
    // Standard input may be a file of which somebody has read the start.
    if (size > PIECE && lseek(file, 0, SEEK_CUR) == 0) {
        read_start(source, file, thread_count);
    }
    return read_on(source, file, error);
}

hm_status hm_source_init(hm_source *source, const char *path, uint32_t thread_count,
        const hm_allocator *allocator, hm_error *error) {
    *source = (hm_source){.allocator = allocator};
    bool is_input = strcmp(path, "-") == 0;
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return hm_system_error(error, "cannot open it");
    }
    hm_status status = read_all(source, file, thread_count, error);
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
