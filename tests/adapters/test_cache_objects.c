// Values that only their type's own functions can write and read: in memory and in a
// folder, one and many, by pointer and by value; and functions that do not do it well.

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/cache/directory_store.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/canonical.h"
#include "base/pack.h"
#include "tests/support/cache_folder.h"
#include "tests/support/cache_values.h"
#include "tests/support/suite.h"

// It holds a pointer, of which no field tells.
typedef struct line {
    size_t count;
    char *letters;
} line;

static atomic_int alive;
static int written;  // how often one was
static int fails_at; // the writing that fails, from 1; 0: none

static line *make_line(const char *letters) {
    line *made = malloc(sizeof *made);
    made->count = strlen(letters);
    made->letters = strdup(letters);
    atomic_fetch_add(&alive, 1);
    return made;
}

static void destroy_line(void *object) {
    line *own = object;
    free(own->letters);
    free(own);
    atomic_fetch_sub(&alive, 1);
}

static int write_line(const void *object, void *to) {
    const line *own = object;
    fputs(own->letters, to);
    return ++written == fails_at ? 1 : 0;
}

static void *read_line(void *from) {
    char letters[64];
    size_t count = fread(letters, 1, sizeof letters - 1, from);
    letters[count] = '\0';
    return letters[0] != '?' ? make_line(letters) : NULL;
}

// Capitals do not matter.
static uint64_t hash_line(const void *object) {
    uint64_t hash = 0;
    for (const char *at = ((const line *)object)->letters; *at != '\0'; at++) {
        hash = hash * 31 + (unsigned char)(*at | 0x20);
    }
    return hash;
}

static const hm_type line_type = {.name = "struct line",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(line),
        .alignment = _Alignof(line),
        .has_hidden = true,
        .destroy = destroy_line,
        .write = write_line,
        .read = read_line,
        .version = "1"};

static hm_cache_folder folder;

static void set_up(void) {
    written = 0;
    fails_at = 0;
    atomic_store(&alive, 0);
}

static hm_value one(const hm_type *type, const line *object) {
    hm_value value = hm_value_object(type, object);
    return value;
}

static hm_form form_of(const hm_value *value) {
    return hm_form_of(value->type, value->depth, value->by_reference);
}

static const char *letters_of(const hm_value *value) {
    return ((const line *)hm_value_data(value))->letters;
}

START_TEST(types_speak_for_themselves_if_they_say_all_that_is_needed) {
    ck_assert_ptr_null(hm_canonical_obstacle(&line_type, HM_CANONICAL_TO_KEEP));
    hm_type silent = line_type;
    silent.version = NULL; // of nobody knows which code
    ck_assert_ptr_eq(hm_canonical_obstacle(&silent, HM_CANONICAL_TO_HASH), &silent);
    hm_type hashed = line_type;
    hashed.write = NULL;
    hashed.read = NULL;
    hashed.hash = hash_line;
    ck_assert_ptr_null(hm_canonical_obstacle(&hashed, HM_CANONICAL_TO_HASH));
    ck_assert_ptr_eq(hm_canonical_obstacle(&hashed, HM_CANONICAL_TO_KEEP), &hashed);
    hm_type unread = line_type;
    unread.read = NULL;
    ck_assert_ptr_null(hm_canonical_obstacle(&unread, HM_CANONICAL_TO_HASH));
    ck_assert_ptr_eq(hm_canonical_obstacle(&unread, HM_CANONICAL_TO_KEEP), &unread);
}
END_TEST

START_TEST(what_an_object_is_says_its_hash_or_what_is_written) {
    line small = {3, (char[]){"abc"}};
    line large = {3, (char[]){"ABC"}};
    line other = {3, (char[]){"abd"}};
    ck_assert(hm_test_same(one(&line_type, &small), one(&line_type, &small)));
    ck_assert(!hm_test_same(one(&line_type, &small), one(&line_type, &large)));
    hm_type hashed = line_type;
    hashed.hash = hash_line;
    ck_assert(hm_test_same(one(&hashed, &small), one(&hashed, &large)));
    ck_assert(!hm_test_same(one(&hashed, &small), one(&hashed, &other)));
    // Other code may write the same, and mean something else.
    hm_type changed = line_type;
    changed.version = "2";
    ck_assert(!hm_test_same(one(&line_type, &small), one(&changed, &small)));
}
END_TEST

START_TEST(objects_are_written_once_and_read_back) {
    line a = {1, (char[]){"a"}};
    line none = {0, (char[]){""}};
    const line *pointers[] = {&a, NULL, &none, &a};
    const line values[] = {a, none};
    uint8_t validity = 0xB;
    hm_array inner[] = {{pointers, 2, NULL}, {pointers + 1, 3, NULL}};
    hm_value all[] = {one(&line_type, &a), one(&line_type, NULL),
            {.type = &line_type,
                    .depth = 1,
                    .many = {pointers, 4, &validity},
                    .by_reference = true},
            {.type = &line_type,
                    .depth = 2,
                    .many = {inner, 2, NULL},
                    .by_reference = true},
            hm_value_many(&line_type, values, 2), hm_value_one(&line_type, &a)};
    const int writings[] = {1, 0, 2, 3, 2, 1};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        written = 0;
        unsigned char *bytes;
        size_t length;
        ck_assert_int_eq(
                hm_pack(hm_allocator_default(), &all[i], &bytes, &length, NULL), HM_OK);
        ck_assert_int_eq(written, writings[i]);
        hm_deallocate(hm_allocator_default(), bytes, length, HM_CANONICAL_ALIGNMENT);
        hm_test_packing(&all[i]);
        ck_assert_int_eq(atomic_load(&alive), 0);
    }
}
END_TEST

static hm_store *open_store(bool is_directory) {
    hm_store *store;
    if (is_directory) {
        hm_cache_folder_init(&folder);
        return hm_cache_folder_open(&folder);
    }
    ck_assert_int_eq(
            hm_memory_store_create(hm_allocator_default(), 1 << 20, &store), HM_OK);
    return store;
}

static void close_store(hm_store *store, bool is_directory) {
    store->kind->destroy(store);
    if (is_directory) {
        hm_cache_folder_finish(&folder);
    }
    ck_assert_int_eq(atomic_load(&alive), 0);
}

START_TEST(whoever_has_loaded_one_keeps_it_as_long_as_he_likes) {
    hm_store *store = open_store(_i);
    line own = {5, (char[]){"hello"}};
    hm_value value = one(&line_type, &own);
    hm_form form = form_of(&value);
    hm_hash content = hm_test_content(&value);
    ck_assert_int_eq(store->kind->keep(store, &form, &content, &value, NULL), HM_OK);
    hm_cached *entry;
    ck_assert_int_eq(store->kind->load(store, &form, &content, &entry, NULL), HM_OK);
    ck_assert_ptr_nonnull(entry);
    hm_value lent = hm_cached_lend(entry);
    hm_cached_leave(entry);
    if (!_i) {
        hm_memory_store_clear(store);
    }
    ck_assert_str_eq(letters_of(&lent), "hello");
    ck_assert_ptr_ne(hm_value_data(&lent), &own);
    hm_value_release(&lent);
    close_store(store, _i);
}
END_TEST

START_TEST(what_does_not_write_or_read_well_is_told_and_not_kept) {
    hm_store *store = open_store(_i);
    line good = {1, (char[]){"a"}};
    line bad = {1, (char[]){"?"}}; // which is not read
    const line *both[] = {&good, &good};
    hm_value value = {.type = &line_type,
            .depth = 1,
            .many = {both, 2, NULL},
            .by_reference = true};
    hm_form form = form_of(&value);
    hm_hash content = {1, 2};
    hm_error error;
    for (fails_at = 1; fails_at <= 2; fails_at++) {
        written = 0;
        ck_assert_int_eq(
                store->kind->keep(store, &form, &content, &value, &error), HM_IO);
        ck_assert_str_eq(error.message,
                "a `struct line` cannot be cached: what is under HM_WRITES for it, or "
                "for what it holds, did not succeed");
        written = 0;
        ck_assert_int_eq(hm_content_of(&form, &value, &content, &error), HM_IO);
    }
    hm_cached *entry;
    ck_assert_int_eq(store->kind->load(store, &form, &content, &entry, NULL), HM_OK);
    ck_assert_ptr_null(entry);
    both[1] = &bad;
    fails_at = 0;
    hm_status status = store->kind->keep(store, &form, &content, &value, &error);
    ck_assert_int_eq(status, _i ? HM_OK : HM_BAD_DATA); // the folder asks later
    ck_assert_int_eq(store->kind->load(store, &form, &content, &entry, NULL), HM_OK);
    ck_assert_ptr_null(entry);
    close_store(store, _i);
}
END_TEST

START_TEST(any_bytes_around_objects_are_read_or_refused) {
    line a = {2, (char[]){"ab"}};
    const line *both[] = {&a, &a};
    hm_value value = {.type = &line_type,
            .depth = 1,
            .many = {both, 2, NULL},
            .by_reference = true};
    hm_form form = form_of(&value);
    unsigned char *bytes;
    size_t length;
    ck_assert_int_eq(
            hm_pack(hm_allocator_default(), &value, &bytes, &length, NULL), HM_OK);
    for (size_t i = 0; i < length * 8; i++) {
        bytes[i / 8] ^= (unsigned char)(1u << i % 8);
        hm_arena arena;
        hm_arena_init(&arena, hm_allocator_default());
        hm_objects objects = {0};
        hm_value back;
        hm_status status = hm_unpack(&form, bytes, length, &arena, &objects, &back);
        ck_assert(status == HM_OK || status == HM_BAD_DATA);
        hm_objects_finish(&objects);
        hm_arena_finish(&arena);
        bytes[i / 8] ^= (unsigned char)(1u << i % 8);
    }
    hm_deallocate(hm_allocator_default(), bytes, length, HM_CANONICAL_ALIGNMENT);
    ck_assert_int_eq(atomic_load(&alive), 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_objects");
    TCase *tests = tcase_create("objects");
    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, types_speak_for_themselves_if_they_say_all_that_is_needed);
    tcase_add_test(tests, what_an_object_is_says_its_hash_or_what_is_written);
    tcase_add_test(tests, objects_are_written_once_and_read_back);
    tcase_add_loop_test(
            tests, whoever_has_loaded_one_keeps_it_as_long_as_he_likes, 0, 2);
    tcase_add_loop_test(
            tests, what_does_not_write_or_read_well_is_told_and_not_kept, 0, 2);
    tcase_add_test(tests, any_bytes_around_objects_are_read_or_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
