// receiver.h — a receiver of OTLP over HTTP, on a port that the kernel chooses, which
// keeps what it is sent and behaves as a test wants it:
//
//     hm_receiver receiver;
//     hm_receiver_begin(&receiver, HM_RECEIVER_TAKES);
//     ... receiver.url is told to who sends ...
//     hm_receiver_end(&receiver);
//
// It serves one connection at a time, and closes each after its answer.

#ifndef HM_TESTS_SUPPORT_RECEIVER_H
#define HM_TESTS_SUPPORT_RECEIVER_H

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

typedef enum hm_manner {
    HM_RECEIVER_TAKES,       // all of it: {}
    HM_RECEIVER_IS_EMPTY,    // all of it, without a word
    HM_RECEIVER_REJECTS_ONE, // a partial success
    HM_RECEIVER_FAILS,       // 500
    HM_RECEIVER_IS_BUSY,     // 503 for the first two requests, then it takes
    HM_RECEIVER_ASKS,        // 429 and Retry-After: 1 for the first, then it takes
    HM_RECEIVER_CLOSES,      // in the middle of a request
    HM_RECEIVER_STOPS,       // in the middle of an answer
    HM_RECEIVER_BABBLES,     // what is no HTTP
    HM_RECEIVER_MISTAKES,    // 200, and a page that is no OTLP
    HM_RECEIVER_FLOODS,      // 200, and no end of an answer
    HM_RECEIVER_IS_SILENT,   // it never answers
} hm_manner;

enum { HM_RECEIVER_REQUESTS = 256 };

typedef struct hm_received {
    char path[64];
    char headers[2048];
    json_t *body; // NULL if it is no JSON
} hm_received;

typedef struct hm_receiver {
    char url[64];
    hm_manner manner;
    int listener;
    int wake[2]; // a pipe that ends it
    pthread_t thread;
    atomic_int count;                           // of requests,
    hm_received requests[HM_RECEIVER_REQUESTS]; // which these are
} hm_receiver;

void hm_receiver_begin(hm_receiver *receiver, hm_manner manner);
void hm_receiver_end(hm_receiver *receiver);

#endif
