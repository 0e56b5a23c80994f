// stored.c — see stored.h. Nothing of a file is believed before its hash is seen to be
// right, and then still no length in it.

#include "adapters/bundle/stored.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocator.h"
#include "base/canonical.h"
#include "base/content.h"
#include "base/error.h"
#include "base/pack.h"
#include "base/system_error.h"
#include "base/target.h"
#include "base/value_header.h"

static hm_status write_file(const char *path, const hm_value_header *header,
        const char *bytes, hm_error *error) {
    hm_target target;
    HM_TRY(hm_target_init(&target, path, error));
    // Commit tells whether it failed.
    if (hm_target_write((const char *)header, sizeof *header, &target)) {
        hm_target_write(bytes, (size_t)header->length, &target);
    }
    return hm_target_commit(&target, error);
}

static hm_status write_packed(const char *path, const hm_value *value,
        const unsigned char *bytes, size_t length, hm_error *error) {
    hm_form form = hm_form_of(value->type, value->depth, value->by_reference);
    hm_value_header header = {.packing = HM_PACKING_NONE,
            .length = length,
            .stored = length,
            .form = form.hash,
            .bytes = hm_hash_of(bytes, length)};
    HM_TRY(hm_content_of(&form, value, &header.content, error));
    hm_value_header_seal(&header);
    return write_file(path, &header, (const char *)bytes, error);
}

hm_status hm_stored_write(const char *path, const hm_value *value,
        const hm_allocator *allocator, hm_error *error) {
    unsigned char *bytes;
    size_t length;
    HM_TRY(hm_pack(allocator, value, &bytes, &length, error));
    hm_status status = write_packed(path, value, bytes, length, error);
    hm_deallocate(allocator, bytes, length, HM_CANONICAL_ALIGNMENT);
    return status;
}

// False, with errno, if so many bytes cannot be read; 0 if there are fewer.
static bool read_bytes(int file, void *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t got = read(file, (char *)bytes + done, length - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? 0 : errno;
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static hm_status damaged(const char *path, hm_error *error) {
    return errno != 0 ? hm_system_error(error, path)
                      : hm_error_set(error, HM_BAD_DATA,
                                "`%s` is damaged, or no file of a value", path);
}

static hm_status read_value(int file, const char *path, const hm_form *form,
        hm_arena *arena, hm_objects *objects, hm_value *value, hm_error *error) {
    hm_value_header header;
    struct stat status;
    errno = 0;
    if (fstat(file, &status) != 0 || !read_bytes(file, &header, sizeof header)) {
        return damaged(path, error);
    }
    if (!S_ISREG(status.st_mode) || !hm_value_header_is_whole(&header) ||
            header.packing != HM_PACKING_NONE || header.length != header.stored ||
            header.length != (uint64_t)status.st_size - sizeof header) {
        return damaged(path, error);
    }
    if (!hm_hash_equal(&header.form, &form->hash)) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "`%s` holds a value that is no %s as that is now", path,
                form->type->name);
    }
    size_t length = (size_t)header.length;
    void *bytes = hm_arena_take(arena, length, HM_CANONICAL_ALIGNMENT);
    if (bytes == NULL) {
        return hm_error_no_memory(error);
    }
    if (!read_bytes(file, bytes, length)) {
        return damaged(path, error);
    }
    hm_hash hash = hm_hash_of(bytes, length);
    hm_status unpacked = hm_hash_equal(&hash, &header.bytes)
                                 ? hm_unpack(form, bytes, length, arena, objects, value)
                                 : HM_BAD_DATA;
    return unpacked == HM_BAD_DATA    ? damaged(path, error)
           : unpacked == HM_NO_MEMORY ? hm_error_no_memory(error)
                                      : unpacked;
}

hm_status hm_stored_read(const char *path, const hm_type *type, uint32_t depth,
        bool by_reference, hm_arena *arena, hm_objects *objects, hm_value *value,
        hm_error *error) {
    if (hm_canonical_obstacle(type, HM_CANONICAL_TO_KEEP) != NULL) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "`%s` holds a value of %s, which cannot be read as that is now", path,
                type->name);
    }
    hm_form form = hm_form_of(type, depth, by_reference);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return hm_system_error(error, path);
    }
    hm_status status = read_value(file, path, &form, arena, objects, value, error);
    close(file);
    return status;
}
