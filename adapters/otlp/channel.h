// channel.h — the requests of one kind, traces or metrics, one after the other: what
// the receiver cannot take just now is sent again.

#ifndef HM_ADAPTERS_OTLP_CHANNEL_H
#define HM_ADAPTERS_OTLP_CHANNEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "adapters/otlp/client.h"
#include "base/text.h"

// How requests are repeated; nanoseconds.
typedef struct hm_patience {
    uint64_t pause; // doubles, up to most_pause
    uint64_t most_pause;
    uint64_t all; // of one request, from its beginning
} hm_patience;

typedef struct hm_channel {
    hm_client *client;
    hm_patience patience;
    const char *url; // without what is secret in it, for messages
    hm_post post;
    uv_timer_t again;

    // Of the request that is under way, or waits to be sent again.
    bool is_busy;
    hm_text body;
    uint64_t item_count;
    uint64_t begun;
    uint32_t attempt;
    bool is_closing; // nobody waits long any more

    _Atomic(uint64_t) sent; // items
    _Atomic(uint64_t) lost;
    _Atomic(uint64_t) *requests;

    // It has done with a request; why is NULL unless something of it was lost.
    void (*done)(struct hm_channel *channel, const char *why);
    void *context;
} hm_channel;

// Keeps url and headers; `shown` is what messages call the url. False if memory ran
// out: then nothing is to be finished.
bool hm_channel_init(hm_channel *channel, hm_client *client, const char *url,
        const char *shown, struct curl_slist *headers, uint64_t timeout);
void hm_channel_finish(hm_channel *channel);

// Sends the body, which was written with so many items in it; not while it is busy.
void hm_channel_send(hm_channel *channel, uint64_t item_count);

// Counts items as lost that could not be written; not while it is busy.
void hm_channel_lose(hm_channel *channel, uint64_t item_count, const char *why);

// Gives up what is under way: it is lost.
void hm_channel_give_up(hm_channel *channel, const char *why);

// From now on a receiver that is not there is not waited for.
void hm_channel_close(hm_channel *channel);

#endif
