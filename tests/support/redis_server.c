// redis_server.c — see redis_server.h.

#define _DEFAULT_SOURCE

#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hamilton/redis.h>

bool hm_redis_server_is_there(void) {
    bool is_there = system("command -v redis-server >/dev/null 2>&1") == 0;
    if (!is_there) {
        fprintf(stderr, "skipped: there is no redis-server; ./dev setup installs it\n");
    }
    return is_there;
}

int hm_redis_server_free_port(void) {
    struct sockaddr_in place = {
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(file, (struct sockaddr *)&place, sizeof place), 0);
    ck_assert_int_eq(getsockname(file, (struct sockaddr *)&place, &size), 0);
    close(file);
    return ntohs(place.sin_port);
}

static void execute(const hm_redis_server *server) {
    char command[1024];
    snprintf(command, sizeof command,
            "exec redis-server --port %d --bind 127.0.0.1 --unixsocket %s --dir %s "
            "--save '' --appendonly no --daemonize no %s",
            server->port, server->socket, server->folder.path, server->options);
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static redisContext *connect_to(const hm_redis_server *server) {
    struct timeval patience = {.tv_sec = 5};
    redisContext *context =
            redisConnectWithTimeout("127.0.0.1", server->port, patience);
    ck_assert_ptr_nonnull(context);
    return context;
}

// Until it answers, with whatever.
static bool is_up(const hm_redis_server *server) {
    for (int i = 0; i < 1000; i++) {
        redisContext *context = connect_to(server);
        redisReply *reply = context->err == 0 ? redisCommand(context, "PING") : NULL;
        bool has_answered = reply != NULL;
        freeReplyObject(reply);
        redisFree(context);
        if (has_answered) {
            return true;
        }
        if (waitpid(server->process, NULL, WNOHANG) == server->process) {
            return false; // somebody has taken its port
        }
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return false;
}

static bool start(hm_redis_server *server) {
    snprintf(server->address, sizeof server->address, "redis://127.0.0.1:%d",
            server->port);
    fflush(NULL);
    server->process = fork();
    if (server->process == 0) {
        execute(server);
    }
    ck_assert_int_gt(server->process, 0);
    return is_up(server);
}

void hm_redis_server_start(hm_redis_server *server, const char *options) {
    memset(server, 0, sizeof *server);
    hm_temporary_folder_init(&server->folder);
    snprintf(server->socket, sizeof server->socket, "%s/socket", server->folder.path);
    snprintf(server->options, sizeof server->options, "%s", options);
    bool is_started = false;
    for (int i = 0; i < 5 && !is_started; i++) {
        server->port = hm_redis_server_free_port();
        is_started = start(server);
    }
    ck_assert_msg(is_started, "redis-server did not start");
}

void hm_redis_server_kill(hm_redis_server *server) {
    if (server->process > 0) {
        kill(server->process, SIGKILL);
        waitpid(server->process, NULL, 0);
        server->process = 0;
    }
}

void hm_redis_server_restart(hm_redis_server *server) {
    hm_redis_server_kill(server);
    ck_assert_msg(start(server), "redis-server did not start again");
}

void hm_redis_server_stop(hm_redis_server *server) {
    hm_redis_server_kill(server);
    hm_temporary_folder_finish(&server->folder);
}

const char *hm_redis_server_tell(hm_redis_server *server, const char *command) {
    static char text[65536];
    redisContext *context = connect_to(server);
    ck_assert_msg(context->err == 0, "%s", context->errstr);
    redisReply *reply = redisCommand(context, command);
    ck_assert_msg(reply != NULL, "%s", context->errstr);
    const char *result = text;
    if (reply->type == REDIS_REPLY_INTEGER) {
        snprintf(text, sizeof text, "%lld", reply->integer);
    } else if (reply->type == REDIS_REPLY_NIL) {
        result = NULL;
    } else if (reply->type == REDIS_REPLY_ARRAY) {
        text[0] = '\0';
        for (size_t i = 0; i < reply->elements; i++) {
            strncat(text, reply->element[i]->str, sizeof text - strlen(text) - 2);
            strcat(text, " ");
        }
    } else {
        snprintf(text, sizeof text, "%s", reply->str);
    }
    freeReplyObject(reply);
    redisFree(context);
    return result;
}

hm_cache *hm_redis_server_cache(const char *address) {
    hm_redis_options redis = HM_REDIS_OPTIONS_INIT;
    redis.address = address;
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    hm_cache *cache = NULL;
    hm_error error;
    ck_assert_msg(hm_redis_store_create(&redis, &options.store, &error) == HM_OK, "%s",
            error.message);
    ck_assert_msg(
            hm_cache_create(&options, &cache, &error) == HM_OK, "%s", error.message);
    return cache;
}
