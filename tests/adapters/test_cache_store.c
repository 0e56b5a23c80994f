// A program's own store of bytes: what the cache asks of it, how much at a time, and
// what becomes of it when it forgets, fails, or answers late.

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include <hamilton/cache.h>
#include <hamilton/hamilton.h>

#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

enum { NODES = 64, ENTRIES = 512 };

typedef struct entry {
    char name[128];
    unsigned char *bytes;
    size_t length;
} entry;

// Entries in a table. With `batch`, what is asked waits until so many are asked for, or
// nobody asks for more for a second; a thread answers then.
typedef struct table {
    hm_cache_store store;
    uv_mutex_t lock;
    uv_cond_t asked;
    entry entries[ENTRIES];
    size_t count;
    size_t batch;
    hm_cache_request *waiting;
    size_t waiting_count;
    size_t most; // that waited at a time
    bool fails;
    bool is_ended;
    uv_thread_t thread;
    int destroyed;
} table;

static table own;
static hm_module_builder builder;
static atomic_int calls;

static entry *find(const char *name) {
    for (size_t i = 0; i < own.count; i++) {
        if (strcmp(own.entries[i].name, name) == 0) {
            return &own.entries[i];
        }
    }
    return NULL;
}

static void put(const hm_cache_request *request) {
    entry *place = find(request->name);
    if (place == NULL) {
        ck_assert_uint_lt(own.count, ENTRIES);
        place = &own.entries[own.count++];
        ck_assert_uint_lt(strlen(request->name), sizeof place->name);
        strcpy(place->name, request->name);
    }
    free(place->bytes);
    place->bytes = malloc(request->length);
    place->length = request->length;
    memcpy(place->bytes, request->bytes, request->length);
}

static void answer(hm_cache_request *request) {
    uv_mutex_lock(&own.lock);
    request->status = own.fails ? HM_IO : HM_OK;
    request->message = "the table is not there";
    if (!own.fails && request->operation == HM_CACHE_PUT) {
        put(request);
    } else if (!own.fails && request->operation == HM_CACHE_GET) {
        const entry *found = find(request->name);
        request->found = found != NULL ? found->bytes : NULL;
        request->found_length = found != NULL ? found->length : 0;
    }
    uv_mutex_unlock(&own.lock);
    request->answered(request);
}

static void answer_all(hm_cache_request *request) {
    while (request != NULL) {
        hm_cache_request *next = request->next;
        answer(request);
        request = next;
    }
}

static void ask_later(hm_cache_request *first) {
    uv_mutex_lock(&own.lock);
    hm_cache_request **end = &own.waiting;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = first;
    for (; first != NULL; first = first->next) {
        own.waiting_count++;
    }
    own.most = own.waiting_count > own.most ? own.waiting_count : own.most;
    uv_cond_signal(&own.asked);
    uv_mutex_unlock(&own.lock);
}

static void serve(void *context) {
    (void)context;
    uv_mutex_lock(&own.lock);
    while (!own.is_ended || own.waiting != NULL) {
        int late = 0;
        while (own.waiting_count < own.batch && late == 0 && !own.is_ended) {
            late = uv_cond_timedwait(&own.asked, &own.lock, 1000000000);
        }
        hm_cache_request *all = own.waiting;
        own.waiting = NULL;
        own.waiting_count = 0;
        uv_mutex_unlock(&own.lock);
        answer_all(all);
        uv_mutex_lock(&own.lock);
    }
    uv_mutex_unlock(&own.lock);
}

static void ask(void *self, hm_cache_request *first) {
    ck_assert_ptr_eq(self, &own);
    if (own.batch > 0) {
        ask_later(first);
    } else {
        answer_all(first);
    }
}

static void destroy(void *self) {
    ck_assert_ptr_eq(self, &own);
    own.destroyed++;
}

static int call_seed(void *frame, const uint32_t *at, void *self) {
    (void)self;
    *(double *)(void *)((char *)frame + at[0]) = 1;
    return 0;
}

static int call_node(void *frame, const uint32_t *at, void *self) {
    double seed = *(double *)(void *)((char *)frame + at[0]);
    *(double *)(void *)((char *)frame + at[1]) = seed + (double)(intptr_t)self;
    atomic_fetch_add(&calls, 1);
    return 0;
}

static const char *names[NODES];

// Nodes that need one which is stateful, so that their keys are not known before it
// ran.
static void set_up(void) {
    static char texts[NODES][16];
    memset(&own, 0, sizeof own);
    uv_mutex_init(&own.lock);
    uv_cond_init(&own.asked);
    own.store = (hm_cache_store){.struct_size = sizeof(hm_cache_store),
            .self = &own,
            .ask = ask,
            .destroy = destroy};
    hm_module_builder_init(&builder);
    hm_function *seed = hm_builder_function(&builder, "seed", call_seed, NULL);
    seed->version = "1";
    seed->flags |= HM_FUNCTION_STATEFUL;
    hm_builder_makes(&builder, "seed", &hm_type_double);
    for (int i = 0; i < NODES; i++) {
        snprintf(texts[i], sizeof texts[i], "node_%d", i);
        names[i] = texts[i];
        hm_function *node = hm_builder_function(&builder, names[i], call_node, NULL);
        node->self = (void *)(intptr_t)i;
        node->version = names[i];
        hm_builder_takes(&builder, "seed", &hm_type_double);
        hm_builder_makes(&builder, names[i], &hm_type_double);
    }
    atomic_store(&calls, 0);
}

static void tear_down(void) {
    for (size_t i = 0; i < own.count; i++) {
        free(own.entries[i].bytes);
    }
}

static hm_cache *open_cache(void) {
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.store = &own.store;
    hm_cache *cache;
    hm_error error;
    ck_assert_int_eq(hm_cache_create(&options, &cache, &error), HM_OK);
    return cache;
}

static void run(hm_cache *cache) {
    const hm_module *modules[] = {&builder.module};
    const hm_adapter *adapters[] = {hm_cache_adapter(cache)};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 2;
    options.adapters = adapters;
    options.adapter_count = 1;
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_OK);
    hm_request request = HM_REQUEST_INIT;
    request.wanted = names;
    request.wanted_count = NODES;
    hm_results *results;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    for (size_t i = 0; i < NODES; i++) {
        const hm_value *value = hm_results_value(results, i);
        ck_assert_double_eq(*(const double *)hm_value_data(value), 1 + (double)i);
    }
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_cache_settle(cache);
}

START_TEST(what_is_put_is_found) {
    hm_cache *cache = open_cache();
    run(cache);
    run(cache);
    ck_assert_int_eq(atomic_load(&calls), NODES);
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(cache, &counts);
    ck_assert_uint_eq(counts.found, NODES);
    ck_assert_uint_eq(counts.missed + counts.lost + counts.troubles, 0);
    hm_cache_destroy(cache);
    ck_assert_int_eq(own.destroyed, 1);
}
END_TEST

START_TEST(calls_that_wait_for_a_store_take_no_worker) {
    own.batch = NODES;
    ck_assert_int_eq(uv_thread_create(&own.thread, serve, NULL), 0);
    hm_cache *cache = open_cache();
    run(cache);
    own.most = 0;
    run(cache);
    // On two workers all of them were looked up at a time.
    ck_assert_uint_ge(own.most, NODES);
    ck_assert_int_eq(atomic_load(&calls), NODES);
    hm_cache_destroy(cache);
    uv_mutex_lock(&own.lock);
    own.is_ended = true;
    uv_cond_signal(&own.asked);
    uv_mutex_unlock(&own.lock);
    uv_thread_join(&own.thread);
}
END_TEST

START_TEST(a_store_that_fails_costs_misses_and_says_so) {
    own.fails = true;
    hm_cache *cache = open_cache();
    run(cache);
    run(cache);
    ck_assert_int_eq(atomic_load(&calls), 2 * NODES);
    ck_assert_str_eq(hm_cache_trouble(cache), "the table is not there");
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(cache, &counts);
    ck_assert_uint_gt(counts.missed, 0);
    ck_assert_uint_ge(counts.lost, (size_t)2 * NODES);
    hm_error error;
    ck_assert_int_eq(hm_cache_clear(cache, &error), HM_BAD_ARGUMENT);
    hm_cache_destroy(cache);
}
END_TEST

START_TEST(every_flipped_bit_is_a_miss) {
    hm_cache *cache = open_cache();
    run(cache);
    size_t length = own.entries[0].length;
    for (size_t bit = 0; bit < length * 8; bit += 61) {
        for (size_t i = 0; i < own.count; i++) {
            entry *one = &own.entries[i];
            one->bytes[bit / 8 % one->length] ^= (unsigned char)(1u << bit % 8);
        }
        int before = atomic_load(&calls);
        run(cache);
        ck_assert_msg(atomic_load(&calls) == before + NODES, "bit %zu", bit);
    }
    ck_assert_str_eq(hm_cache_trouble(cache), "");
    hm_cache_destroy(cache);
}
END_TEST

START_TEST(a_store_that_is_none_is_refused_and_ended) {
    own.store.ask = NULL;
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.store = &own.store;
    hm_cache *cache;
    hm_error error;
    ck_assert_int_eq(hm_cache_create(&options, &cache, &error), HM_BAD_ARGUMENT);
    ck_assert_int_eq(own.destroyed, 1);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("cache_store");
    TCase *cases = tcase_create("store");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, what_is_put_is_found);
    tcase_add_test(cases, calls_that_wait_for_a_store_take_no_worker);
    tcase_add_test(cases, a_store_that_fails_costs_misses_and_says_so);
    tcase_add_test(cases, every_flipped_bit_is_a_miss);
    tcase_add_test(cases, a_store_that_is_none_is_refused_and_ended);
    suite_add_tcase(suite, cases);
    return suite;
}
