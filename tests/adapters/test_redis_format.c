// The format `redis`: what is saved under a key is loaded again; what a key has that
// does not fit is told with its place.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/redis.h>

#include "tests/support/redis_server.h"
#include "tests/support/suite.h"

static hm_redis_server server;

static void set_up(void) {
    hm_redis_server_start(&server, "");
}

static void tear_down(void) {
    hm_redis_server_stop(&server);
}

static const hm_data_format *format(void) {
    size_t count;
    const hm_data_format *const *formats = hm_redis_formats(&count);
    ck_assert_uint_eq(count, 1);
    return formats[0];
}

// What is given for key, address, ttl and raw.
typedef struct given {
    hm_value values[4];
} given;

static given give(const char *key, long ttl, bool raw) {
    given made = {{hm_value_string(key), hm_value_string(server.address)}};
    static const long one = 100;
    static const bool yes = true;
    if (ttl > 0) {
        made.values[2] = hm_value_one(&hm_type_long, &one);
    }
    if (raw) {
        made.values[3] = hm_value_one(&hm_type_bool, &yes);
    }
    return made;
}

static hm_status save(const char *key, hm_value value, long ttl, bool raw,
        hm_data_facts *facts, hm_error *error) {
    given arguments = give(key, ttl, raw);
    hm_binding binding = {"x", value};
    hm_save wanted = {.arguments = arguments.values,
            .values = &binding,
            .value_count = 1,
            .allocator = hm_allocator_default()};
    *facts = (hm_data_facts){.bytes = -1, .modified = -1};
    return format()->save(format()->self, &wanted, facts, error);
}

typedef struct got {
    hm_value value;
    hm_loaded loaded;
} got;

static hm_status load(const char *key, const hm_type *type, bool is_array, bool raw,
        got *result, hm_error *error) {
    given arguments = give(key, 0, raw);
    hm_column column = {.name = "x", .type = type};
    hm_load wanted = {.arguments = arguments.values,
            .columns = &column,
            .column_count = 1,
            .is_array = is_array,
            .is_told = true,
            .allocator = hm_allocator_default(),
            .thread_count = 1};
    memset(result, 0, sizeof *result);
    result->loaded.values = &result->value;
    return format()->load(format()->self, &wanted, &result->loaded, error);
}

static void leave(got *result) {
    result->loaded.release(result->loaded.owner);
}

START_TEST(values_are_saved_and_loaded) {
    hm_error error;
    hm_data_facts facts;
    got result;
    ck_assert_int_eq(
            save("text", hm_value_string("a \"b\""), 0, false, &facts, &error), HM_OK);
    ck_assert_int_eq(facts.bytes, 5);
    ck_assert_str_eq(hm_redis_server_tell(&server, "GET text"), "a \"b\"");
    ck_assert_int_eq(
            load("text", &hm_type_string, false, false, &result, &error), HM_OK);
    const char *text = *(const char *const *)hm_value_data(&result.value);
    ck_assert_str_eq(text, "a \"b\"");
    ck_assert_int_eq(result.loaded.facts.bytes, 5);
    ck_assert_str_eq(result.loaded.facts.content, facts.content);
    ck_assert_ptr_nonnull(strstr(result.loaded.facts.source, ", key `text`"));
    leave(&result);

    ck_assert_int_eq(
            save("number", hm_value_double(2.5), 100, false, &facts, &error), HM_OK);
    ck_assert_str_eq(hm_redis_server_tell(&server, "GET number"), "2.5");
    int ttl = atoi(hm_redis_server_tell(&server, "TTL number"));
    ck_assert(ttl > 90 && ttl <= 100);
    ck_assert_int_eq(
            load("number", &hm_type_double, false, false, &result, &error), HM_OK);
    ck_assert_double_eq(*(const double *)hm_value_data(&result.value), 2.5);
    leave(&result);

    static const double numbers[] = {1, 2.5, -3};
    hm_value many = hm_value_many(&hm_type_double, numbers, 3);
    ck_assert_int_eq(save("many", many, 0, false, &facts, &error), HM_OK);
    ck_assert_str_eq(hm_redis_server_tell(&server, "GET many"), "[1, 2.5, -3]");
    ck_assert_int_eq(
            load("many", &hm_type_double, true, false, &result, &error), HM_OK);
    ck_assert_uint_eq(result.value.many.length, 3);
    ck_assert_double_eq(((const double *)result.value.many.data)[1], 2.5);
    leave(&result);

    ck_assert_int_eq(save("raw", many, 0, true, &facts, &error), HM_OK);
    ck_assert_str_eq(hm_redis_server_tell(&server, "STRLEN raw"), "24");
    ck_assert_int_eq(load("raw", &hm_type_double, true, true, &result, &error), HM_OK);
    ck_assert_uint_eq(result.value.many.length, 3);
    ck_assert_double_eq(((const double *)result.value.many.data)[2], -3);
    leave(&result);
}
END_TEST

START_TEST(what_does_not_fit_is_told_with_its_place) {
    hm_redis_server_tell(&server, "SET text hello");
    hm_redis_server_tell(&server, "LPUSH list 1");
    static const struct {
        const char *key;
        const hm_type *type;
        bool is_array;
        bool raw;
        const char *message;
    } cases[] = {{"absent", &hm_type_double, false, false, "it is not there"},
            {"text", &hm_type_double, false, false, "key `text`: "},
            {"text", &hm_type_double, true, true, "no whole number of double"},
            {"text", &hm_type_string, true, true, "an array of numbers"},
            {"list", &hm_type_string, false, false, "WRONGTYPE"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_error error;
        got result;
        ck_assert_int_ne(load(cases[i].key, cases[i].type, cases[i].is_array,
                                 cases[i].raw, &result, &error),
                HM_OK);
        ck_assert_msg(
                strstr(error.message, cases[i].message) != NULL, "%s", error.message);
        ck_assert_ptr_nonnull(strstr(error.message, "Redis at 127.0.0.1:"));
    }
}
END_TEST

START_TEST(a_server_that_is_not_there_fails_the_node) {
    hm_error error;
    hm_data_facts facts;
    got result;
    hm_redis_server_kill(&server);
    ck_assert_int_eq(
            load("text", &hm_type_string, false, false, &result, &error), HM_IO);
    ck_assert_ptr_nonnull(strstr(error.message, "Connection refused"));
    ck_assert_int_eq(
            save("text", hm_value_string("a"), 0, false, &facts, &error), HM_IO);
    ck_assert_ptr_nonnull(strstr(error.message, "key `text`: "));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("redis_format");
    TCase *cases = tcase_create("format");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    if (hm_redis_server_is_there()) {
        tcase_add_test(cases, values_are_saved_and_loaded);
        tcase_add_test(cases, what_does_not_fit_is_told_with_its_place);
        tcase_add_test(cases, a_server_that_is_not_there_fails_the_node);
    }
    suite_add_tcase(suite, cases);
    return suite;
}
