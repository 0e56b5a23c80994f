// channel.c — see channel.h. Which answers are worth another attempt is said by
// https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes

#include "adapters/otlp/channel.h"

#include <stdio.h>

#include "adapters/otlp/reply.h"

enum { WHY_SIZE = 512, MILLISECOND = 1000000 };

// At least one: 0 would be for ever.
static uint64_t milliseconds(uint64_t nanoseconds) {
    return nanoseconds / MILLISECOND + 1;
}

static void end(hm_channel *channel, uint64_t lost, const char *why) {
    channel->is_busy = false;
    atomic_fetch_add_explicit(
            &channel->sent, channel->item_count - lost, memory_order_relaxed);
    atomic_fetch_add_explicit(&channel->lost, lost, memory_order_relaxed);
    channel->done(channel, why);
}

static void lose(hm_channel *channel, const char *why) {
    char text[WHY_SIZE];
    snprintf(text, sizeof text, "%.220s %.280s", channel->url, why);
    end(channel, channel->item_count, text);
}

static void attempt(hm_channel *channel) {
    channel->attempt++;
    atomic_fetch_add_explicit(channel->requests, 1, memory_order_relaxed);
    if (!hm_post_send(&channel->post, channel->body.data, channel->body.length)) {
        lose(channel, "cannot be asked: libcurl refuses");
    }
}

static void act_on_again(uv_timer_t *timer) {
    attempt(timer->data);
}

static bool may_succeed_later(const hm_answer *answer) {
    return answer->failure != NULL || answer->status == 429 || answer->status == 502 ||
           answer->status == 503 || answer->status == 504;
}

static uint64_t pause_before(const hm_channel *channel, const hm_answer *answer) {
    const hm_patience *patience = &channel->patience;
    uint64_t pause = patience->pause;
    for (uint32_t i = 1; i < channel->attempt && pause < patience->most_pause; i++) {
        pause *= 2;
    }
    pause = pause < patience->most_pause ? pause : patience->most_pause;
    if (answer->retry_after > 0) {
        uint64_t most = patience->all / 1000000000 + 1;
        uint64_t seconds = answer->retry_after < most ? answer->retry_after : most;
        pause = seconds * UINT64_C(1000000000);
    }
    return pause;
}

// False if that would be too late, or nobody is there to ask again.
static bool try_again(hm_channel *channel, const hm_answer *answer) {
    uint64_t pause = pause_before(channel, answer);
    uint64_t spent = uv_hrtime() - channel->begun;
    bool is_pointless = channel->is_closing && !answer->has_connected;
    if (is_pointless || spent + pause > channel->patience.all) {
        return false;
    }
    uv_timer_start(&channel->again, act_on_again, milliseconds(pause), 0);
    return true;
}

static void take_reply(hm_channel *channel, const hm_answer *answer) {
    hm_reply reply;
    if (!hm_reply_read(answer->body, answer->length, &reply)) {
        lose(channel, "answered with what is not OTLP: is it a receiver?");
        return;
    }
    if (reply.rejected == 0) {
        end(channel, 0, NULL);
        return;
    }
    char text[WHY_SIZE];
    snprintf(text, sizeof text, "%.220s rejected some: %s", channel->url,
            reply.why[0] != '\0' ? reply.why : "it does not say why");
    uint64_t all = channel->item_count;
    end(channel, reply.rejected < all ? reply.rejected : all, text);
}

static void act_on_answer(hm_post *post, const hm_answer *answer) {
    hm_channel *channel = post->context;
    if (answer->failure == NULL && answer->status / 100 == 2) {
        take_reply(channel, answer);
        return;
    }
    if (may_succeed_later(answer) && try_again(channel, answer)) {
        return;
    }
    char text[WHY_SIZE];
    if (answer->failure != NULL) {
        snprintf(text, sizeof text, "cannot be reached: %s", answer->failure);
    } else {
        snprintf(text, sizeof text, "answered %ld", answer->status);
    }
    lose(channel, text);
}

bool hm_channel_init(hm_channel *channel, hm_client *client, const char *url,
        const char *shown, struct curl_slist *headers, uint64_t timeout) {
    channel->client = client;
    channel->url = shown;
    channel->is_busy = false;
    channel->is_closing = false;
    if (!hm_post_init(&channel->post, client, url, headers, milliseconds(timeout))) {
        return false;
    }
    channel->post.done = act_on_answer;
    channel->post.context = channel;
    hm_text_init(&channel->body, client->allocator);
    uv_timer_init(client->loop, &channel->again);
    channel->again.data = channel;
    return true;
}

void hm_channel_finish(hm_channel *channel) {
    hm_post_finish(&channel->post);
    hm_text_finish(&channel->body);
    uv_close((uv_handle_t *)&channel->again, NULL);
}

void hm_channel_send(hm_channel *channel, uint64_t item_count) {
    channel->is_busy = true;
    channel->item_count = item_count;
    channel->begun = uv_hrtime();
    channel->attempt = 0;
    attempt(channel);
}

void hm_channel_lose(hm_channel *channel, uint64_t item_count, const char *why) {
    channel->item_count = item_count;
    lose(channel, why);
}

void hm_channel_give_up(hm_channel *channel, const char *why) {
    if (channel->is_busy) {
        uv_timer_stop(&channel->again);
        hm_post_abort(&channel->post);
        lose(channel, why);
    }
}

void hm_channel_close(hm_channel *channel) {
    channel->is_closing = true;
    // What waits for the receiver to come back is sent once more, at once.
    if (channel->is_busy && !channel->post.is_under_way) {
        uv_timer_stop(&channel->again);
        attempt(channel);
    }
}
