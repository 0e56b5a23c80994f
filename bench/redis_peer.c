// redis_peer.c — see redis_peer.h.

#define _DEFAULT_SOURCE // mkdtemp, and struct timeval in headers of hiredis

#include "bench/redis_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/adapters/libuv.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

static int find_port(void) {
    struct sockaddr_in place = {
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = bind(file, (struct sockaddr *)&place, sizeof place) == 0 &&
                    getsockname(file, (struct sockaddr *)&place, &size) == 0;
    close(file);
    return is_bound ? ntohs(place.sin_port) : 0;
}

static void execute(const hm_redis_process *server) {
    char port[16];
    snprintf(port, sizeof port, "%d", server->port);
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDOUT_FILENO);
    execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1",
            "--dir", server->folder, "--save", "", "--appendonly", "no", (char *)NULL);
    _exit(127);
}

static redisContext *connect_to(int port) {
    redisContext *context = redisConnect("127.0.0.1", port);
    if (context != NULL && context->err != 0) {
        redisFree(context);
        context = NULL;
    }
    return context;
}

bool hm_redis_process_init(hm_redis_process *server) {
    *server = (hm_redis_process){.port = find_port()};
    strcpy(server->folder, "/tmp/hamilton-bench-XXXXXX");
    if (mkdtemp(server->folder) == NULL) {
        return false;
    }
    server->process = fork();
    if (server->process == 0) {
        execute(server);
    }
    for (int i = 0; i < 1000 && waitpid(server->process, NULL, WNOHANG) == 0; i++) {
        redisContext *context = connect_to(server->port);
        if (context != NULL) {
            redisFree(context);
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    fprintf(stderr, "redis-server cannot be started; ./dev setup installs it\n");
    rmdir(server->folder);
    server->process = 0;
    return false;
}

void hm_redis_process_finish(hm_redis_process *server) {
    if (server->process > 0) {
        kill(server->process, SIGTERM);
        waitpid(server->process, NULL, 0);
        rmdir(server->folder);
    }
}

struct hm_redis_peer {
    uv_loop_t loop;
    redisAsyncContext *context;
    size_t count;
    size_t size;
    size_t missing;
    bool is_right;
};

static bool put_all(int port, size_t count, size_t size) {
    redisContext *context = connect_to(port);
    char *bytes = calloc(1, size);
    bool is_right = context != NULL && bytes != NULL;
    for (size_t i = 0; i < count && is_right; i++) {
        redisReply *reply =
                redisCommand(context, "SET peer:%lu %b", (unsigned long)i, bytes, size);
        is_right = reply != NULL && reply->type == REDIS_REPLY_STATUS;
        freeReplyObject(reply);
    }
    if (context != NULL) {
        redisFree(context);
    }
    free(bytes);
    return is_right;
}

hm_redis_peer *hm_redis_peer_create(int port, size_t count, size_t size) {
    hm_redis_peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL || !put_all(port, count, size)) {
        free(peer);
        return NULL;
    }
    peer->count = count;
    peer->size = size;
    uv_loop_init(&peer->loop);
    peer->context = redisAsyncConnect("127.0.0.1", port);
    if (peer->context == NULL || peer->context->err != 0 ||
            redisLibuvAttach(peer->context, &peer->loop) != REDIS_OK) {
        return NULL;
    }
    return peer;
}

static void take(redisAsyncContext *context, void *got, void *data) {
    (void)context;
    hm_redis_peer *peer = data;
    const redisReply *reply = got;
    peer->is_right &= reply != NULL && reply->len == peer->size;
    peer->missing--;
    if (peer->missing == 0) {
        uv_stop(&peer->loop);
    }
}

bool hm_redis_peer_get(void *subject) {
    hm_redis_peer *peer = subject;
    peer->missing = peer->count;
    peer->is_right = true;
    for (size_t i = 0; i < peer->count; i++) {
        redisAsyncCommand(peer->context, take, peer, "GET peer:%lu", (unsigned long)i);
    }
    while (peer->missing > 0) {
        uv_run(&peer->loop, UV_RUN_DEFAULT);
    }
    return peer->is_right;
}

void hm_redis_peer_destroy(hm_redis_peer *peer) {
    if (peer != NULL) {
        redisAsyncFree(peer->context);
        uv_run(&peer->loop, UV_RUN_DEFAULT);
        uv_loop_close(&peer->loop);
        free(peer);
    }
}
