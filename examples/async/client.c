// client.c — see client.h. libcurl says which sockets and what time it waits for, and
// libuv waits for all of them together.

#include "client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <uv.h>

// What changes: a client is constant to those who use it.
struct transport {
    CURLM *multi;
    uv_loop_t *loop;
    uv_timer_t timer;
};

struct client {
    struct transport *transport;
    int port;
};

// A socket that libcurl waits for.
struct watch {
    uv_poll_t poll;
    struct transport *transport;
    curl_socket_t socket;
};

// A request under way.
struct transfer {
    CURL *easy;
    char text[256];
    size_t length;
    char error[CURL_ERROR_SIZE];
    client_answered *answered;
    void *argument;
};

static void end_transfer(struct transport *transport, CURL *easy, CURLcode code) {
    struct transfer *transfer = NULL;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(transport->multi, easy);
    curl_easy_cleanup(easy);
    if (code == CURLE_OK) {
        transfer->answered((int)status, transfer->text, transfer->argument);
    } else {
        const char *why = transfer->error;
        transfer->answered(
                0, why[0] != '\0' ? why : curl_easy_strerror(code), transfer->argument);
    }
    free(transfer);
}

static void end_transfers(struct transport *transport) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(transport->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            end_transfer(transport, message->easy_handle, message->data.result);
        }
    }
}

static void act(struct transport *transport, curl_socket_t socket, int events) {
    int running;
    curl_multi_socket_action(transport->multi, socket, events, &running);
    end_transfers(transport);
}

static void act_on_timer(uv_timer_t *timer) {
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static void act_on_socket(uv_poll_t *poll, int status, int events) {
    struct watch *watch = poll->data;
    int seen = status < 0 ? CURL_CSELECT_ERR : 0;
    seen |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
    seen |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
    act(watch->transport, watch->socket, seen);
}

static void free_watch(uv_handle_t *poll) {
    free(poll->data);
}

static struct watch *open_watch(struct transport *transport, curl_socket_t socket) {
    struct watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        return NULL;
    }
    if (uv_poll_init_socket(transport->loop, &watch->poll, socket) != 0) {
        free(watch);
        return NULL;
    }
    watch->poll.data = watch;
    watch->transport = transport;
    watch->socket = socket;
    curl_multi_assign(transport->multi, socket, watch);
    return watch;
}

// Called by libcurl, as set_timer.
static int watch_socket(
        CURL *easy, curl_socket_t socket, int what, void *context, void *assigned) {
    (void)easy;
    struct transport *transport = context;
    struct watch *watch = assigned;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL) {
            uv_close((uv_handle_t *)&watch->poll, free_watch);
            curl_multi_assign(transport->multi, socket, NULL);
        }
        return 0;
    }
    if (watch == NULL) {
        watch = open_watch(transport, socket);
    }
    int events = what != CURL_POLL_OUT ? UV_READABLE : 0;
    events |= what != CURL_POLL_IN ? UV_WRITABLE : 0;
    return watch != NULL && uv_poll_start(&watch->poll, events, act_on_socket) == 0
                   ? 0
                   : -1;
}

static int set_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    struct transport *transport = context;
    if (milliseconds < 0) {
        uv_timer_stop(&transport->timer);
    } else {
        uv_timer_start(&transport->timer, act_on_timer, (uint64_t)milliseconds, 0);
    }
    return 0;
}

struct client *client_open(uv_loop_t *loop, int port) {
    struct client *client = malloc(sizeof *client);
    struct transport *transport = calloc(1, sizeof *transport);
    CURLM *multi = NULL;
    if (client != NULL && transport != NULL &&
            curl_global_init(CURL_GLOBAL_DEFAULT) == 0) {
        multi = curl_multi_init();
    }
    if (multi == NULL) {
        free(client);
        free(transport);
        return NULL;
    }
    transport->multi = multi;
    transport->loop = loop;
    uv_timer_init(loop, &transport->timer);
    transport->timer.data = transport;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transport);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transport);
    *client = (struct client){transport, port};
    return client;
}

static void free_transport(uv_handle_t *timer) {
    free(timer->data);
}

void client_close(struct client *client) {
    if (client == NULL) {
        return;
    }
    curl_multi_cleanup(client->transport->multi);
    uv_close((uv_handle_t *)&client->transport->timer, free_transport);
    free(client);
}

static size_t read_text(char *bytes, size_t size, size_t count, void *argument) {
    struct transfer *transfer = argument;
    size_t length = size * count;
    if (length >= sizeof transfer->text - transfer->length) {
        return 0; // longer than any answer that we understand
    }
    for (size_t i = 0; i < length; i++) {
        transfer->text[transfer->length++] = bytes[i];
    }
    return length;
}

void client_get(const struct client *client, const char *path,
        client_answered *answered, void *argument) {
    struct transfer *transfer = calloc(1, sizeof *transfer);
    CURL *easy = curl_easy_init();
    if (transfer == NULL || easy == NULL) {
        free(transfer);
        curl_easy_cleanup(easy);
        answered(0, "no memory", argument);
        return;
    }
    char url[256];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", client->port, path);
    transfer->easy = easy;
    transfer->answered = answered;
    transfer->argument = argument;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, read_text);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 5000L);
    curl_multi_add_handle(client->transport->multi, easy);
}
