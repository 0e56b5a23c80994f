// The memory store: what is found, what makes room, what happens when memory runs out,
// and many threads at once.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "adapters/cache/sieve.h"
#include "adapters/cache/store.h"
#include "tests/support/cache_values.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"

static hm_hash name(uint64_t number) {
    return hm_hash_of(&number, sizeof number);
}

static hm_store *make_store(size_t limit) {
    hm_store *store = NULL;
    ck_assert_int_eq(
            hm_memory_store_create(hm_allocator_default(), limit, &store), HM_OK);
    return store;
}

START_TEST(what_is_remembered_is_recalled) {
    hm_store *store = make_store(1 << 20);
    hm_hash key = name(1);
    hm_hash content = name(2);
    hm_hash found;
    bool is_known = true;
    ck_assert_int_eq(store->kind->recall(store, &key, &found, &is_known, NULL), HM_OK);
    ck_assert(!is_known);
    ck_assert_int_eq(store->kind->remember(store, &key, &content, NULL), HM_OK);
    ck_assert_int_eq(store->kind->recall(store, &key, &found, &is_known, NULL), HM_OK);
    ck_assert(is_known);
    ck_assert(hm_hash_equal(&found, &content));
    hm_cached *note;
    ck_assert_int_eq(store->kind->noted(store, "node", &note, NULL), HM_OK);
    ck_assert_ptr_null(note);
    ck_assert_int_eq(store->kind->note(store, "node", "said", 4, NULL), HM_OK);
    ck_assert_int_eq(store->kind->noted(store, "node", &note, NULL), HM_OK);
    ck_assert_uint_eq(note->length, 4);
    ck_assert_int_eq(memcmp(note->bytes, "said", 4), 0);
    hm_cached_leave(note);
    store->kind->destroy(store);
}
END_TEST

START_TEST(a_value_outlives_the_store_that_lent_it) {
    hm_store *store = make_store(1 << 20);
    double numbers[100];
    for (int i = 0; i < 100; i++) {
        numbers[i] = i;
    }
    hm_value value = hm_value_many(&hm_type_double, numbers, 100);
    hm_form form = hm_form_of(&hm_type_double, 1, false);
    hm_hash content = hm_test_content(&value);
    ck_assert_int_eq(store->kind->keep(store, &form, &content, &value, NULL), HM_OK);
    hm_cached *entry;
    ck_assert_int_eq(store->kind->load(store, &form, &content, &entry, NULL), HM_OK);
    ck_assert_ptr_nonnull(entry);
    hm_value lent = hm_cached_lend(entry);
    hm_cached_leave(entry);
    store->kind->destroy(store);
    ck_assert(hm_test_same(lent, value));
    ck_assert_ptr_ne(lent.many.data, numbers);
    hm_value_release(&lent);
}
END_TEST

START_TEST(a_value_of_another_form_is_not_found) {
    hm_store *store = make_store(1 << 20);
    hm_value value = hm_value_int(5);
    hm_form form = hm_form_of(&hm_type_int, 0, false);
    hm_hash content = hm_test_content(&value);
    ck_assert_int_eq(store->kind->keep(store, &form, &content, &value, NULL), HM_OK);
    hm_form other = hm_form_of(&hm_type_uint, 0, false);
    hm_cached *entry;
    ck_assert_int_eq(store->kind->load(store, &other, &content, &entry, NULL), HM_OK);
    ck_assert_ptr_null(entry);
    store->kind->destroy(store);
}
END_TEST

static void put(hm_sieve *sieve, uint64_t number) {
    hm_hash hash = name(number);
    hm_sieve_thing thing = {.content = hash};
    ck_assert_int_eq(hm_sieve_put(sieve, &hash, &thing), HM_OK);
}

static bool has(hm_sieve *sieve, uint64_t number) {
    hm_hash hash = name(number);
    hm_sieve_thing thing;
    return hm_sieve_find(sieve, &hash, &thing);
}

START_TEST(what_is_looked_up_stays_when_others_pass_through) {
    enum { LIMIT = 100000, POPULAR = 50, PASSING = 20000 };
    hm_sieve *sieve = hm_sieve_create(hm_allocator_default(), LIMIT);
    for (uint64_t i = 0; i < POPULAR; i++) {
        put(sieve, i);
    }
    for (uint64_t i = POPULAR; i < PASSING; i++) {
        put(sieve, i);
        (void)has(sieve, i % POPULAR);
    }
    hm_sieve_counts counts = hm_sieve_count(sieve);
    ck_assert_uint_le(counts.bytes, LIMIT);
    ck_assert_uint_gt(counts.evicted, PASSING / 2);
    for (uint64_t i = 0; i < POPULAR; i++) {
        ck_assert_msg(has(sieve, i), "%d", (int)i);
    }
    hm_sieve_clear(sieve);
    ck_assert_uint_eq(hm_sieve_count(sieve).bytes, 0);
    ck_assert(!has(sieve, 0));
    put(sieve, 1);
    ck_assert(has(sieve, 1));
    hm_sieve_destroy(sieve);
}
END_TEST

START_TEST(what_is_larger_than_all_is_left_out) {
    hm_store *store = make_store(4096);
    double numbers[4096] = {0};
    hm_value value = hm_value_many(&hm_type_double, numbers, 4096);
    hm_form form = hm_form_of(&hm_type_double, 1, false);
    hm_hash content = hm_test_content(&value);
    ck_assert_int_eq(store->kind->keep(store, &form, &content, &value, NULL), HM_OK);
    hm_cached *entry;
    ck_assert_int_eq(store->kind->load(store, &form, &content, &entry, NULL), HM_OK);
    ck_assert_ptr_null(entry);
    store->kind->destroy(store);
}
END_TEST

static hm_status use_store(const hm_allocator *allocator) {
    hm_store *store;
    hm_status status = hm_memory_store_create(allocator, 1 << 20, &store);
    if (status != HM_OK) {
        return status;
    }
    const char *texts[] = {"a", "b"};
    hm_value value = hm_value_many(&hm_type_string, texts, 2);
    hm_form form = hm_form_of(&hm_type_string, 1, false);
    hm_hash content = hm_test_content(&value);
    hm_hash key = name(7);
    hm_cached *entry = NULL;
    hm_cached *note = NULL;
    status = store->kind->keep(store, &form, &content, &value, NULL);
    if (status == HM_OK) {
        status = store->kind->remember(store, &key, &content, NULL);
    }
    if (status == HM_OK) {
        status = store->kind->note(store, "n", "said", 4, NULL);
    }
    if (status == HM_OK) {
        status = store->kind->load(store, &form, &content, &entry, NULL);
    }
    if (status == HM_OK) {
        status = store->kind->noted(store, "n", &note, NULL);
        ck_assert_ptr_nonnull(entry);
        ck_assert_ptr_nonnull(note);
    }
    hm_cached_leave(entry);
    hm_cached_leave(note);
    store->kind->destroy(store);
    return status;
}

START_TEST(memory_may_run_out_anywhere) {
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    hm_status status = HM_NO_MEMORY;
    for (failing.fail_at = 1; status != HM_OK; failing.fail_at++) {
        failing.calls = 0;
        status = use_store(&failing.allocator);
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        ck_assert_uint_eq(failing.live, 0);
        ck_assert_uint_lt(failing.fail_at, 100);
    }
    ck_assert_uint_gt(failing.fail_at, 8);
}
END_TEST

enum { THREADS = 4, ROUNDS = 20000, NAMES = 300 };

typedef struct crowd {
    hm_store *store;
    uint64_t seed;
} crowd;

// Keeps values that tell their number, and finds them or not, but never others.
static void stir(void *argument) {
    crowd *member = argument;
    hm_store *store = member->store;
    hm_form form = hm_form_of(&hm_type_long, 1, false);
    for (size_t round = 0; round < ROUNDS; round++) {
        member->seed = member->seed * 6364136223846793005u + 1442695040888963407u;
        long numbers[20];
        for (size_t i = 0; i < 20; i++) {
            numbers[i] = (long)((member->seed >> 33) % NAMES);
        }
        hm_value value = hm_value_many(&hm_type_long, numbers, 20);
        hm_hash content = hm_test_content(&value);
        hm_hash key = name((uint64_t)numbers[0]);
        hm_hash found;
        bool is_known;
        hm_cached *entry;
        if (store->kind->recall(store, &key, &found, &is_known, NULL) != HM_OK ||
                (is_known && !hm_hash_equal(&found, &content)) ||
                store->kind->load(store, &form, &content, &entry, NULL) != HM_OK) {
            abort();
        }
        if (entry == NULL) {
            if (store->kind->keep(store, &form, &content, &value, NULL) != HM_OK ||
                    store->kind->remember(store, &key, &content, NULL) != HM_OK) {
                abort();
            }
            continue;
        }
        hm_value lent = hm_cached_lend(entry);
        hm_cached_leave(entry);
        if (((const long *)lent.many.data)[19] != numbers[19]) {
            abort();
        }
        hm_value_release(&lent);
    }
}

START_TEST(many_threads_find_what_they_kept_or_nothing) {
    hm_store *store = make_store(40000); // room for a third of them
    uv_thread_t threads[THREADS];
    crowd members[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        members[i] = (crowd){.store = store, .seed = i + 1};
        ck_assert_int_eq(uv_thread_create(&threads[i], stir, &members[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        uv_thread_join(&threads[i]);
    }
    hm_cache_statistics statistics = HM_CACHE_STATISTICS_INIT;
    store->kind->count(store, &statistics);
    ck_assert_uint_le(statistics.bytes, 40000);
    ck_assert_uint_gt(statistics.evicted, 0);
    store->kind->destroy(store);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_memory");
    TCase *tests = tcase_create("memory");
    tcase_add_test(tests, what_is_remembered_is_recalled);
    tcase_add_test(tests, a_value_outlives_the_store_that_lent_it);
    tcase_add_test(tests, a_value_of_another_form_is_not_found);
    tcase_add_test(tests, what_is_looked_up_stays_when_others_pass_through);
    tcase_add_test(tests, what_is_larger_than_all_is_left_out);
    tcase_add_test(tests, memory_may_run_out_anywhere);
    tcase_add_test(tests, many_threads_find_what_they_kept_or_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
