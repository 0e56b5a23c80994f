// Servers that are none: whatever they answer, runs are right, and end soon. And
// addresses, good and bad.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "adapters/redis/address.h"
#include "tests/support/cached_runs.h"
#include "tests/support/redis_server.h"
#include "tests/support/suite.h"

// A thread that accepts connections and answers each piece that comes with the same
// text, the first with a greeting's reply.
typedef struct impostor {
    int file;
    int port;
    const char *text;
    size_t length;
    bool greets;
    bool closes; // after that
    uv_thread_t thread;
} impostor;

static void answer(const impostor *own, int file) {
    char bytes[4096];
    bool is_first = own->greets;
    while (recv(file, bytes, sizeof bytes, 0) > 0) {
        const char *text = is_first ? "+PONG\r\n" : own->text;
        size_t length = is_first ? strlen(text) : own->length;
        is_first = false;
        if (send(file, text, length, MSG_NOSIGNAL) < 0 || own->closes) {
            break;
        }
    }
    close(file);
}

static void serve(void *context) {
    const impostor *own = context;
    int file;
    while ((file = accept(own->file, NULL, NULL)) >= 0) {
        answer(own, file);
    }
}

static void start(impostor *own) {
    struct sockaddr_in place = {
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    own->file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(own->file, (struct sockaddr *)&place, sizeof place), 0);
    ck_assert_int_eq(listen(own->file, 8), 0);
    ck_assert_int_eq(getsockname(own->file, (struct sockaddr *)&place, &size), 0);
    own->port = ntohs(place.sin_port);
    ck_assert_int_eq(uv_thread_create(&own->thread, serve, own), 0);
}

static void stop(impostor *own) {
    shutdown(own->file, SHUT_RDWR);
    uv_thread_join(&own->thread);
    close(own->file);
}

static const struct {
    const char *text;
    bool greets;
    bool closes;
} answers[] = {
        {"", false, true},
        {"HTTP/1.1 400 Bad Request\r\n\r\n", false, true},
        {"-ERR max number of clients reached\r\n", false, true},
        {"-LOADING Redis is loading the dataset in memory\r\n", false, false},
        {"+OK\r\n", false, false},
        {":1\r\n", false, false},
        {"+PONG\r\n+PONG\r\n+PONG\r\n", false, false}, // more than was asked
        {"$-1\r\n", true, false},
        {"$5\r\nabc", true, false}, // which never ends
        {"$-7\r\n", true, false},
        {"$99999999999999999999\r\n", true, false},
        {"$536870912\r\nxxxxxxxx", true, false},
        {"*2147483647\r\n$1\r\na\r\n", true, false},
        {"*3\r\n:1\r\n:2\r\n:3\r\n", true, false},
        {"+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n", true, false},
        {"-MOVED 3999 127.0.0.1:6381\r\n", true, false},
        {"-WRONGTYPE\r\n", true, false},
        {"\xff\xfe\x01\x02 garbage \r\n\r\n", true, false},
        {"$0\r\n\r\n", true, false},
        {"$3\r\nabc\r\n", true, true},
};

START_TEST(nonsense_costs_misses) {
    impostor own = {.text = answers[_i].text,
            .length = strlen(answers[_i].text),
            .greets = answers[_i].greets,
            .closes = answers[_i].closes};
    start(&own);
    hm_cached_make_module();
    hm_cached_runs runs;
    hm_cached_runs_init(&runs, NULL, NULL);
    hm_cache_destroy(runs.cache);
    char address[128];
    snprintf(address, sizeof address, "redis://127.0.0.1:%d?timeout=100", own.port);
    runs.cache = hm_redis_server_cache(address);
    uint64_t begin = uv_hrtime();
    for (int i = 0; i < 3; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    }
    ck_assert_double_lt((double)(uv_hrtime() - begin) / 1e9, 20);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->price), 3);
    hm_cached_runs_finish(&runs);
    stop(&own);
}
END_TEST

static hm_status read_address(
        hm_redis_address *address, const char *text, hm_arena *arena, hm_error *error) {
    return hm_redis_address_read(address, text, arena, error);
}

START_TEST(addresses_are_read) {
    hm_arena arena;
    hm_redis_address address;
    hm_arena_init(&arena, hm_allocator_default());
    ck_assert_int_eq(read_address(&address, "redis://host", &arena, NULL), HM_OK);
    ck_assert_str_eq(address.host, "host");
    ck_assert_int_eq(address.port, 6379);
    ck_assert_str_eq(address.prefix, "hamilton:");
    ck_assert_ptr_null(address.password);
    ck_assert_int_eq(read_address(&address,
                             "redis://me:p%40ss%3a%2F@[::1]:7000/12?prefix=a%20&ttl=60"
                             "&timeout=5&max_value=2",
                             &arena, NULL),
            HM_OK);
    ck_assert_str_eq(address.user, "me");
    ck_assert_str_eq(address.password, "p@ss:/");
    ck_assert_str_eq(address.host, "::1");
    ck_assert_int_eq(address.port, 7000);
    ck_assert_int_eq(address.database, 12);
    ck_assert_str_eq(address.prefix, "a ");
    ck_assert_uint_eq(address.seconds, 60);
    ck_assert_uint_eq(address.timeout, 5);
    ck_assert_uint_eq(address.most_bytes, 2 << 20);
    ck_assert_str_eq(address.description, "Redis at [::1]:7000");
    ck_assert_int_eq(read_address(&address, "redis+unix://:x@/run/a%20b?database=3",
                             &arena, NULL),
            HM_OK);
    ck_assert_str_eq(address.path, "/run/a b");
    ck_assert_str_eq(address.password, "x");
    ck_assert_int_eq(address.database, 3);
    hm_arena_finish(&arena);
}
END_TEST

START_TEST(what_is_no_address_is_refused) {
    static const char *const texts[] = {"", "host", "redis:host", "redis://",
            "redis://:6379", "redis://host:", "redis://host:0", "redis://host:65536",
            "redis://host:x", "redis://host/x", "redis://host/0/key",
            "redis://secret@host", "redis://host?", "redis://host?ttl", "redis://[::1",
            "redis://host?ttl=-1", "redis://host?timeout=0", "redis://host?max_value=0",
            "redis://host?max_value=9999", "redis://host?database=1",
            "redis://host?other=1", "redis://ho%zzst", "redis://ho%00st",
            "redis+unix://", "redis+unix://relative", "redis://host/99999999999"};
    hm_arena arena;
    hm_redis_address address;
    hm_error error;
    hm_arena_init(&arena, hm_allocator_default());
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        hm_status status = read_address(&address, texts[i], &arena, &error);
        bool is_empty_option = strcmp(texts[i], "redis://host?") == 0;
        ck_assert_msg(
                status == (is_empty_option ? HM_OK : HM_BAD_ARGUMENT), "%s", texts[i]);
        ck_assert_ptr_null(strstr(error.message, "secret"));
    }
    ck_assert_int_eq(read_address(&address, NULL, &arena, &error), HM_BAD_ARGUMENT);
    hm_arena_finish(&arena);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("redis_answers");
    TCase *cases = tcase_create("answers");
    tcase_add_loop_test(
            cases, nonsense_costs_misses, 0, (int)(sizeof answers / sizeof *answers));
    tcase_add_test(cases, addresses_are_read);
    tcase_add_test(cases, what_is_no_address_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
