// client.h — requests of HTTP on a loop: libcurl tells which sockets and times it waits
// for, libuv waits for them. All on the loop's thread.

#ifndef HM_ADAPTERS_OTLP_CLIENT_H
#define HM_ADAPTERS_OTLP_CLIENT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/allocator.h>

enum { HM_ANSWER_SIZE = 16 * 1024 };

typedef struct hm_client {
    const hm_allocator *allocator;
    uv_loop_t *loop;
    uv_timer_t timer;
    CURLM *multi;
} hm_client;

// What came of a request.
typedef struct hm_answer {
    const char *failure;  // why there is no whole answer, or NULL
    bool has_connected;   // otherwise nobody was there
    long status;          // of HTTP
    uint64_t retry_after; // seconds, or 0
    const char *body;     // as far as it has room
    size_t length;
} hm_answer;

// A request at a time, and again and again.
typedef struct hm_post {
    hm_client *client;
    CURL *easy;
    bool is_under_way;
    void (*done)(struct hm_post *post, const hm_answer *answer);
    void *context;
    size_t length; // of the answer
    char failure[CURL_ERROR_SIZE];
    char body[HM_ANSWER_SIZE];
} hm_post;

// False if memory ran out.
bool hm_client_init(hm_client *client, const hm_allocator *allocator, uv_loop_t *loop);

// Closes what it has on the loop, which goes on until that is done.
void hm_client_finish(hm_client *client);

// Keeps url and headers; timeout is milliseconds. False if memory ran out.
bool hm_post_init(hm_post *post, hm_client *client, const char *url,
        struct curl_slist *headers, uint64_t timeout);
void hm_post_finish(hm_post *post);

// Sends the body, which is kept until done is called; never before this returns. False
// if that cannot be.
bool hm_post_send(hm_post *post, const char *body, size_t length);

// Ends a request; done is not called.
void hm_post_abort(hm_post *post);

#endif
