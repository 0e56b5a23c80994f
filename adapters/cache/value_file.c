// value_file.c — reading: see value_file.h. Nothing of a file is believed before its
// hash is seen to be right, and then still no length in it.

#include "adapters/cache/value_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/allocator.h"
#include "base/error.h"
#include "base/system_error.h"
#include "base/value_header.h"

enum { MAPPED_FROM = 64 << 10 }; // bytes; below it is quicker to read

typedef struct hm_value_reader {
    const hm_allocator *allocator;
    const hm_form *form;
    int file;
    hm_value_header header;
    size_t stored; // bytes behind the header
    hm_error *error;
} hm_value_reader;

// Reads so many bytes; HM_BAD_DATA if the file ends before.
static hm_status read_bytes(
        hm_value_reader *reader, void *bytes, size_t length, size_t at) {
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(
                reader->file, (char *)bytes + done, length - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return hm_system_error(reader->error, "a cached value cannot be read");
        }
        if (got == 0) {
            return HM_BAD_DATA;
        }
        done += (size_t)got;
    }
    return HM_OK;
}

static hm_status read_header(hm_value_reader *reader, const hm_hash *content) {
    struct stat status;
    if (fstat(reader->file, &status) != 0) {
        return hm_system_error(reader->error, "a cached value cannot be looked at");
    }
    hm_value_header *header = &reader->header;
    if (!S_ISREG(status.st_mode) || status.st_size < (off_t)sizeof *header) {
        return HM_BAD_DATA;
    }
    HM_TRY(read_bytes(reader, header, sizeof *header, 0));
    reader->stored = (size_t)status.st_size - sizeof *header;
    return hm_value_header_fits(header, reader->stored, content, &reader->form->hash)
                   ? HM_OK
                   : HM_BAD_DATA;
}

static bool is_intact(const hm_value_reader *reader, const void *stored) {
    hm_hash hash = hm_hash_of(stored, reader->stored);
    return hm_hash_equal(&hash, &reader->header.bytes);
}

static void unmap(void *context, const void *start, size_t length) {
    (void)context;
    munmap((void *)(uintptr_t)start, length);
}

static hm_status map_plain(hm_value_reader *reader, hm_cached **entry) {
    size_t length = sizeof reader->header + reader->stored;
    // Files are never truncated, only unlinked: a mapping of one stays.
    void *mapping = mmap(NULL, length, PROT_READ, MAP_PRIVATE, reader->file, 0);
    if (mapping == MAP_FAILED) {
        return hm_system_error(reader->error, "a cached value cannot be mapped");
    }
    unsigned char *bytes = (unsigned char *)mapping + sizeof reader->header;
    hm_status status = is_intact(reader, bytes) ? HM_OK : HM_BAD_DATA;
    if (status == HM_OK) {
        *entry = hm_cached_of_block(reader->allocator,
                &(hm_cached_block){
                        .start = mapping, .length = length, .release = unmap},
                bytes, reader->stored);
        status = *entry != NULL ? HM_OK : HM_NO_MEMORY;
    }
    if (status != HM_OK) {
        munmap(mapping, length);
    }
    return status;
}

static hm_status read_plain(hm_value_reader *reader, hm_cached **entry) {
    *entry = hm_cached_create(reader->allocator, reader->stored);
    if (*entry == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(read_bytes(reader, (*entry)->bytes, reader->stored, sizeof reader->header));
    return is_intact(reader, (*entry)->bytes) ? HM_OK : HM_BAD_DATA;
}

static hm_status read_packed(hm_value_reader *reader, hm_cached **entry) {
    void *stored = hm_allocate(reader->allocator, reader->stored, 1);
    *entry = hm_cached_create(reader->allocator, (size_t)reader->header.length);
    hm_status status = stored != NULL && *entry != NULL ? HM_OK : HM_NO_MEMORY;
    if (status == HM_OK) {
        status = read_bytes(reader, stored, reader->stored, sizeof reader->header);
    }
    if (status == HM_OK) {
        bool is_whole = is_intact(reader, stored) &&
                        ZSTD_decompress((*entry)->bytes, (*entry)->length, stored,
                                reader->stored) == (*entry)->length;
        status = is_whole ? HM_OK : HM_BAD_DATA;
    }
    hm_deallocate(reader->allocator, stored, reader->stored, 1);
    return status;
}

static hm_status read_entry(
        hm_value_reader *reader, const hm_hash *content, hm_cached **entry) {
    HM_TRY(read_header(reader, content));
    if (reader->header.packing == HM_PACKING_ZSTD) {
        HM_TRY(read_packed(reader, entry));
    } else if (reader->stored >= MAPPED_FROM) {
        HM_TRY(map_plain(reader, entry));
    } else {
        HM_TRY(read_plain(reader, entry));
    }
    return hm_cached_unpack(*entry, reader->form);
}

hm_status hm_value_file_read(const hm_folder *folder, const hm_allocator *allocator,
        const hm_form *form, const hm_hash *content, hm_cached **entry,
        bool *is_damaged, hm_error *error) {
    char name[HM_HASH_DIGITS + 1];
    hm_hash_write(content, name);
    hm_value_reader reader = {.allocator = allocator, .form = form, .error = error};
    *entry = NULL;
    *is_damaged = false;
    do {
        // Without O_NONBLOCK a pipe of that name would be waited for.
        reader.file = openat(
                folder->values, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    } while (reader.file < 0 && errno == EINTR);
    if (reader.file < 0 && errno == ENOENT) {
        return HM_OK;
    }
    hm_status status = HM_BAD_DATA;
    if (reader.file >= 0) {
        status = read_entry(&reader, content, entry);
        close(reader.file);
    } else if (errno != ELOOP) { // a link is no value
        return hm_system_error(error, "a cached value cannot be opened");
    }
    if (status == HM_OK) {
        return HM_OK;
    }
    hm_cached_leave(*entry);
    *entry = NULL;
    if (status == HM_BAD_DATA) {
        *is_damaged = true;
        (void)unlinkat(folder->values, name, 0); // or it stays, and is no value again
        return HM_OK;
    }
    return status == HM_NO_MEMORY ? hm_error_no_memory(error) : status;
}
