// client.c — see client.h.

#include "adapters/otlp/client.h"

#include <string.h>

#include "base/allocator.h"

// A socket of libcurl's.
typedef struct hm_socket {
    uv_poll_t poll; // first: a pointer to it is a pointer to all
    hm_client *client;
    curl_socket_t socket;
} hm_socket;

static void free_socket(uv_handle_t *handle) {
    hm_socket *socket = (hm_socket *)handle;
    hm_deallocate_array(socket->client->allocator, socket, 1, sizeof *socket);
}

static void tell_done(hm_post *post, CURLcode code) {
    hm_answer answer = {.length = post->length, .body = post->body};
    curl_off_t after = 0;
    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_easy_getinfo(post->easy, CURLINFO_RETRY_AFTER, &after);
    answer.retry_after = after > 0 ? (uint64_t)after : 0;
    answer.has_connected = code != CURLE_COULDNT_CONNECT &&
                           code != CURLE_COULDNT_RESOLVE_HOST &&
                           code != CURLE_COULDNT_RESOLVE_PROXY;
    if (code != CURLE_OK) {
        answer.failure =
                post->failure[0] != '\0' ? post->failure : curl_easy_strerror(code);
    }
    hm_post_abort(post);
    post->done(post, &answer);
}

static void look_for_ends(hm_client *client) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            hm_post *post;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&post);
            tell_done(post, message->data.result);
        }
    }
}

static void act_on_socket(uv_poll_t *poll, int status, int events) {
    const hm_socket *socket = (const hm_socket *)poll;
    hm_client *client = socket->client;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    flags |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    int running;
    curl_multi_socket_action(client->multi, socket->socket, flags, &running);
    look_for_ends(client);
}

static void act_on_timer(uv_timer_t *timer) {
    hm_client *client = timer->data;
    int running;
    curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    look_for_ends(client);
}

static int set_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    hm_client *client = context;
    if (milliseconds < 0) {
        uv_timer_stop(&client->timer);
    } else { // not from within: 0 is as soon as may be
        uv_timer_start(&client->timer, act_on_timer, (uint64_t)milliseconds, 0);
    }
    return 0;
}

static hm_socket *open_socket(hm_client *client, curl_socket_t descriptor) {
    hm_socket *socket = hm_allocate_array(client->allocator, 1, sizeof *socket);
    if (socket == NULL) {
        return NULL;
    }
    socket->client = client;
    socket->socket = descriptor;
    if (uv_poll_init_socket(client->loop, &socket->poll, descriptor) != 0) {
        hm_deallocate_array(client->allocator, socket, 1, sizeof *socket);
        return NULL;
    }
    curl_multi_assign(client->multi, descriptor, socket);
    return socket;
}

static int set_socket(
        CURL *easy, curl_socket_t descriptor, int what, void *context, void *assigned) {
    (void)easy;
    hm_client *client = context;
    hm_socket *socket = assigned;
    if (what == CURL_POLL_REMOVE) {
        if (socket != NULL) {
            uv_poll_stop(&socket->poll);
            curl_multi_assign(client->multi, descriptor, NULL);
            uv_close((uv_handle_t *)&socket->poll, free_socket);
        }
        return 0;
    }
    socket = socket != NULL ? socket : open_socket(client, descriptor);
    if (socket == NULL) {
        return -1; // the transfers that need it fail
    }
    int events = (what & CURL_POLL_IN) != 0 ? UV_READABLE : 0;
    events |= (what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0;
    return uv_poll_start(&socket->poll, events, act_on_socket) == 0 ? 0 : -1;
}

bool hm_client_init(hm_client *client, const hm_allocator *allocator, uv_loop_t *loop) {
    *client = (hm_client){
            .allocator = allocator, .loop = loop, .multi = curl_multi_init()};
    if (client->multi == NULL) {
        return false;
    }
    uv_timer_init(loop, &client->timer);
    client->timer.data = client;
    curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
    curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
    return true;
}

void hm_client_finish(hm_client *client) {
    curl_multi_cleanup(client->multi);
    uv_close((uv_handle_t *)&client->timer, NULL);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
    hm_post *post = context;
    size_t length = size * count;
    size_t room = sizeof post->body - post->length;
    size_t kept = length < room ? length : room;
    memcpy(post->body + post->length, bytes, kept);
    post->length += kept;
    return kept; // less than length ends the transfer: nobody answers so much
}

bool hm_post_init(hm_post *post, hm_client *client, const char *url,
        struct curl_slist *headers, uint64_t timeout) {
    post->client = client;
    post->is_under_way = false;
    CURL *easy = curl_easy_init();
    post->easy = easy;
    if (easy == NULL) {
        return false;
    }
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, post);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, post);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, post->failure);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // it waits for no name
    return true;
}

void hm_post_finish(hm_post *post) {
    if (post->easy != NULL) {
        hm_post_abort(post);
        curl_easy_cleanup(post->easy);
    }
}

bool hm_post_send(hm_post *post, const char *body, size_t length) {
    post->length = 0;
    post->failure[0] = '\0';
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    post->is_under_way =
            curl_multi_add_handle(post->client->multi, post->easy) == CURLM_OK;
    return post->is_under_way;
}

void hm_post_abort(hm_post *post) {
    if (post->is_under_way) {
        post->is_under_way = false;
        curl_multi_remove_handle(post->client->multi, post->easy);
    }
}
