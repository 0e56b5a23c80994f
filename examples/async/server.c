// server.c — see server.h. Of HTTP just what a client needs that asks one thing after
// the other on a connection.

#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { ANSWER_TIME = 50, BACKLOG = 512, UNKNOWN_ITEM = 404 };

struct server {
    uv_tcp_t listener;
    int port;
};

struct connection {
    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_write_t write;
    char request[1024];
    size_t length;
    char answer[256];
    int open_count; // of tcp and timer
};

static void free_connection(uv_handle_t *handle) {
    struct connection *connection = handle->data;
    if (--connection->open_count == 0) {
        free(connection);
    }
}

static void close_connection(struct connection *connection) {
    if (!uv_is_closing((uv_handle_t *)&connection->tcp)) {
        uv_close((uv_handle_t *)&connection->tcp, free_connection);
        uv_close((uv_handle_t *)&connection->timer, free_connection);
    }
}

static void note_written(uv_write_t *write, int status) {
    if (status != 0) {
        close_connection(write->data);
    }
}

double server_price(int item) {
    return item * 0.25 + 1;
}

static void answer(uv_timer_t *timer) {
    struct connection *connection = timer->data;
    int item = 0;
    char text[64] = "no such item";
    const char *status = "404 Not Found";
    if (sscanf(connection->request, "GET /price/%d ", &item) == 1 &&
            item != UNKNOWN_ITEM) {
        snprintf(text, sizeof text, "%.2f", server_price(item));
        status = "200 OK";
    }
    connection->length = 0;
    int length = snprintf(connection->answer, sizeof connection->answer,
            "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(text), text);
    uv_buf_t buffer = uv_buf_init(connection->answer, (unsigned)length);
    connection->write.data = connection;
    uv_write(&connection->write, (uv_stream_t *)&connection->tcp, &buffer, 1,
            note_written);
}

static void offer_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)suggested;
    struct connection *connection = handle->data;
    size_t room = sizeof connection->request - 1 - connection->length;
    *buffer = uv_buf_init(connection->request + connection->length, (unsigned)room);
}

static void take_request(uv_stream_t *tcp, ssize_t count, const uv_buf_t *buffer) {
    (void)buffer;
    struct connection *connection = tcp->data;
    if (count < 0) { // the client went, or its request is too long
        close_connection(connection);
        return;
    }
    connection->length += (size_t)count;
    connection->request[connection->length] = '\0';
    if (strstr(connection->request, "\r\n\r\n") != NULL) {
        uv_timer_start(&connection->timer, answer, ANSWER_TIME, 0);
    }
}

static void accept_connection(uv_stream_t *listener, int status) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (status != 0 || connection == NULL) {
        free(connection);
        return;
    }
    uv_tcp_init(listener->loop, &connection->tcp);
    uv_timer_init(listener->loop, &connection->timer);
    connection->tcp.data = connection->timer.data = connection;
    connection->open_count = 2;
    if (uv_accept(listener, (uv_stream_t *)&connection->tcp) != 0 ||
            uv_read_start((uv_stream_t *)&connection->tcp, offer_room, take_request) !=
                    0) {
        close_connection(connection);
    }
}

static void free_server(uv_handle_t *listener) {
    free(listener->data);
}

struct server *server_open(uv_loop_t *loop) {
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return NULL;
    }
    if (uv_tcp_init(loop, &server->listener) != 0) {
        free(server);
        return NULL;
    }
    server->listener.data = server;
    struct sockaddr_in address;
    int length = sizeof address;
    uv_ip4_addr("127.0.0.1", 0, &address);
    if (uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0) != 0 ||
            uv_listen((uv_stream_t *)&server->listener, BACKLOG, accept_connection) !=
                    0 ||
            uv_tcp_getsockname(
                    &server->listener, (struct sockaddr *)&address, &length) != 0) {
        server_close(server);
        return NULL;
    }
    server->port = ntohs(address.sin_port);
    return server;
}

int server_port(const struct server *server) {
    return server->port;
}

void server_close(struct server *server) {
    if (server != NULL) {
        uv_close((uv_handle_t *)&server->listener, free_server);
    }
}
