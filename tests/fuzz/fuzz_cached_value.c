// fuzz_cached_value.c — value files of a cache's folder: as any bytes, and as any bytes
// behind a header that vouches for them, plain and compressed, for forms of all kinds.
// What is read is packed again, which must give bytes that are read as the same.

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "adapters/cache/value_file.h"
#include "base/allocator.h"
#include "base/canonical.h"
#include "base/content.h"
#include "base/pack.h"
#include "base/value_header.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1 << 16 };

// Known by its first letter alone, which is not 'x'.
static int write_letter(const void *object, void *to) {
    return fputc(*(const char *)object, to) == EOF;
}

static void *read_letter(void *from) {
    int letter = fgetc(from);
    char *object = letter != EOF && letter != 'x' ? malloc(1) : NULL;
    if (object != NULL) {
        *object = (char)letter;
    }
    return object;
}

static const hm_type letter_type = {.name = "struct letter",
        .kind = HM_KIND_OPAQUE,
        .destroy = free,
        .write = write_letter,
        .read = read_letter,
        .version = "1"};

struct parcel {
    const char *name;
    short codes[2];
    unsigned flag : 5;
};

static const hm_field parcel_fields[] = {
        {.name = "name", .type = &hm_type_string, .offset = 0},
        {.name = "codes", .type = &hm_type_short, .offset = 8, .length = 2},
        {.name = "flag", .type = &hm_type_uint, .offset = 12, .bit_width = 5},
};

static const hm_type parcel_type = {.name = "struct parcel",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct parcel),
        .alignment = _Alignof(struct parcel),
        .fields = parcel_fields,
        .field_count = 3};

static hm_form form_of(unsigned number) {
    const struct {
        const hm_type *type;
        uint32_t depth;
        bool by_reference;
    } forms[] = {{&hm_type_double, 0, false}, {&hm_type_double, 1, false},
            {&hm_type_bool, 2, false}, {&hm_type_string, 0, false},
            {&hm_type_string, 2, false}, {&parcel_type, 0, false},
            {&parcel_type, 1, true}, {&parcel_type, 2, false}, {&letter_type, 0, true},
            {&letter_type, 2, true}, {&hm_type_long, 3, false},
            {&hm_type_longdouble, 1, false}};
    number %= sizeof forms / sizeof *forms;
    return hm_form_of(
            forms[number].type, forms[number].depth, forms[number].by_reference);
}

static hm_folder folder = {.values = -1};

// Values are gone by then.
static void remove_folder(void) {
    static const char *const parts[] = {"values-1", "drafts-1", "claims", ""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char path[PATH_MAX + 16];
        snprintf(path, sizeof path, "%s/%s", folder.path, parts[i]);
        (void)remove(path);
    }
}

static void open_folder(void) {
    char path[] = "/tmp/hamilton-fuzz-XXXXXX";
    hm_error error;
    REQUIRE(mkdtemp(path) != NULL);
    REQUIRE(hm_folder_open(&folder, path, true, &error) == HM_OK);
    REQUIRE(atexit(remove_folder) == 0);
}

static void put(const hm_hash *content, const void *header, size_t header_size,
        const void *bytes, size_t size) {
    char name[HM_HASH_DIGITS + 1];
    hm_hash_write(content, name);
    int file = openat(folder.values, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    REQUIRE(file >= 0);
    REQUIRE(write(file, header, header_size) == (ssize_t)header_size);
    REQUIRE(write(file, bytes, size) == (ssize_t)size);
    close(file);
}

// What was read can be told apart, and kept, and is then the same.
static void check_value(const hm_form *form, const hm_value *value) {
    const hm_allocator *allocator = hm_allocator_default();
    hm_hash content;
    hm_hash again;
    unsigned char *bytes;
    size_t length;
    REQUIRE(hm_content_of(form, value, &content, NULL) == HM_OK);
    REQUIRE(hm_pack(allocator, value, &bytes, &length, NULL) == HM_OK);
    hm_arena arena;
    hm_arena_init(&arena, allocator);
    hm_objects objects = {0};
    hm_value back;
    REQUIRE(hm_unpack(form, bytes, length, &arena, &objects, &back) == HM_OK);
    REQUIRE(hm_content_of(form, &back, &again, NULL) == HM_OK);
    REQUIRE(hm_hash_equal(&content, &again));
    hm_objects_finish(&objects);
    hm_arena_finish(&arena);
    hm_deallocate(allocator, bytes, length, HM_CANONICAL_ALIGNMENT);
}

static void read_file(const hm_form *form, const hm_hash *content) {
    hm_cached *entry;
    bool is_damaged;
    hm_error error;
    REQUIRE(hm_value_file_read(&folder, hm_allocator_default(), form, content, &entry,
                    &is_damaged, &error) == HM_OK);
    REQUIRE((entry == NULL) == is_damaged);
    if (entry != NULL) {
        check_value(form, &entry->value);
        char name[HM_HASH_DIGITS + 1];
        hm_hash_write(content, name);
        (void)unlinkat(folder.values, name, 0);
    }
    hm_cached_leave(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static unsigned char stored[MOST_BYTES];
    if (size < 2 || size > MOST_BYTES / 2) {
        return 0;
    }
    if (folder.values < 0) {
        open_folder();
    }
    hm_form form = form_of(data[0]);
    hm_hash content = {data[0], data[1]};
    unsigned kind = data[1] % 3;
    const void *bytes = data + 2;
    size_t length = size - 2;
    if (kind == 0) {
        put(&content, NULL, 0, bytes, length);
        read_file(&form, &content);
        return 0;
    }
    hm_value_header header = {.packing = HM_PACKING_NONE,
            .length = length,
            .stored = length,
            .content = content,
            .form = form.hash};
    if (kind == 2) {
        header.packing = HM_PACKING_ZSTD;
        header.stored = ZSTD_compress(stored, sizeof stored, bytes, length, 1);
        bytes = stored;
    }
    header.bytes = hm_hash_of(bytes, (size_t)header.stored);
    hm_value_header_seal(&header);
    put(&content, &header, sizeof header, bytes, (size_t)header.stored);
    read_file(&form, &content);
    return 0;
}
