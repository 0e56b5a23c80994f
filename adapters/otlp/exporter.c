// exporter.c — see exporter.h.
//
// A trace that is given wakes the thread only if it would not look by itself: then it
// looks after a while, when there may be more to send at once; or if there is enough
// for a request.

#include "adapters/otlp/exporter.h"

#include <stdio.h>

#include "adapters/otlp/metrics_json.h"
#include "adapters/otlp/otlp_json.h"

enum { MILLISECOND = 1000000 };

static uint64_t milliseconds(uint64_t nanoseconds) {
    return nanoseconds / MILLISECOND + 1;
}

static void lose(hm_exporter *exporter, hm_otlp_trace *trace) {
    atomic_fetch_add_explicit(
            &exporter->traces.lost, hm_otlp_trace_count(trace), memory_order_relaxed);
    hm_spans_end_trace(exporter->spans, trace);
}

void hm_exporter_take(void *context, hm_otlp_trace *trace) {
    hm_exporter *exporter = context;
    uint32_t limit = exporter->settings.batch_limit;
    uint32_t count = hm_otlp_trace_count(trace);
    trace->next = NULL;
    uv_mutex_lock(&exporter->lock);
    if (exporter->is_closing) {
        uv_mutex_unlock(&exporter->lock);
        lose(exporter, trace);
        return;
    }
    bool had_enough = exporter->given_count >= limit;
    *(exporter->given_last != NULL ? &exporter->given_last->next
                                   : &exporter->given_first) = trace;
    exporter->given_last = trace;
    exporter->given_count += count;
    bool is_called =
            !exporter->is_timed || (!had_enough && exporter->given_count >= limit);
    exporter->is_timed = true;
    uv_mutex_unlock(&exporter->lock);
    if (is_called) {
        uv_async_send(&exporter->called);
    }
}

// Takes over what was given.
static void collect(hm_exporter *exporter) {
    uv_mutex_lock(&exporter->lock);
    if (exporter->given_first != NULL) {
        *(exporter->last != NULL ? &exporter->last->next : &exporter->first) =
                exporter->given_first;
        exporter->last = exporter->given_last;
        exporter->ready_count += exporter->given_count;
        exporter->given_first = NULL;
        exporter->given_last = NULL;
        exporter->given_count = 0;
    }
    uv_mutex_unlock(&exporter->lock);
}

static hm_otlp_trace *take_first(hm_exporter *exporter) {
    hm_otlp_trace *trace = exporter->first;
    exporter->first = trace->next;
    exporter->last = exporter->first != NULL ? exporter->last : NULL;
    return trace;
}

// The body of a channel, which was written with so many items, or could not be.
static void send_written(hm_channel *channel, uint64_t item_count, hm_status written) {
    if (written == HM_OK) {
        hm_channel_send(channel, item_count);
    } else { // of an hm_text, whose memory ran out
        hm_channel_lose(channel, item_count, "was not told of some: out of memory");
    }
}

static void send_traces(hm_exporter *exporter) {
    hm_channel *channel = &exporter->traces;
    hm_sink sink;
    uint32_t count = 0;
    uint32_t limit = exporter->settings.batch_limit;
    hm_text_clear(&channel->body);
    hm_sink_init(&sink, hm_text_write, &channel->body);
    hm_otlp_begin_request(&sink, "Spans", exporter->settings.service);
    while (exporter->first != NULL && count < limit) {
        count += hm_otlp_trace_write(exporter->first, &sink, limit - count, count == 0);
        if (hm_otlp_trace_count(exporter->first) == 0) {
            hm_spans_end_trace(exporter->spans, take_first(exporter));
        }
    }
    hm_otlp_end_request(&sink);
    exporter->ready_count -= count;
    send_written(channel, count, hm_sink_flush(&sink));
}

static void send_metrics(hm_exporter *exporter) {
    hm_channel *channel = &exporter->points;
    hm_sink sink;
    hm_text_clear(&channel->body);
    hm_sink_init(&sink, hm_text_write, &channel->body);
    uint64_t count = hm_otlp_put_metrics(
            &sink, exporter->settings.metrics, exporter->settings.service);
    hm_status written = hm_sink_flush(&sink);
    exporter->are_metrics_due = false;
    if (count > 0) {
        send_written(channel, count, written);
    }
}

static void close_handles(hm_exporter *exporter) {
    uv_close((uv_handle_t *)&exporter->called, NULL);
    uv_close((uv_handle_t *)&exporter->batch_timer, NULL);
    uv_close((uv_handle_t *)&exporter->metrics_timer, NULL);
    uv_close((uv_handle_t *)&exporter->end_timer, NULL);
}

static void end(hm_exporter *exporter) {
    exporter->has_ended = true;
    hm_channel_finish(&exporter->traces);
    hm_channel_finish(&exporter->points);
    hm_client_finish(&exporter->client);
    close_handles(exporter);
}

static bool is_idle(const hm_exporter *exporter) {
    return exporter->first == NULL && !exporter->traces.is_busy &&
           !exporter->points.is_busy && !exporter->are_metrics_due;
}

// All is sent that there was when so many flushes had been asked for.
static void tell_flushed(hm_exporter *exporter, uint64_t wanted) {
    uv_mutex_lock(&exporter->lock);
    if (exporter->given_first == NULL && wanted > exporter->flush_done) {
        exporter->flush_done = wanted;
        uv_cond_broadcast(&exporter->flushed);
    }
    uv_mutex_unlock(&exporter->lock);
}

static void act_on_batch(uv_timer_t *timer);

// Whether the thread looks again by itself, or is to be called.
static void set_batch_timer(hm_exporter *exporter) {
    bool is_timed = exporter->first != NULL;
    uv_mutex_lock(&exporter->lock);
    exporter->is_timed = is_timed || exporter->given_first != NULL;
    is_timed = exporter->is_timed;
    uv_mutex_unlock(&exporter->lock);
    if (is_timed && !uv_is_active((uv_handle_t *)&exporter->batch_timer)) {
        uv_timer_start(&exporter->batch_timer, act_on_batch,
                milliseconds(exporter->settings.delay), 0);
    }
}

// Does what there is to do: on the thread, whenever something has changed.
static void advance(hm_exporter *exporter) {
    collect(exporter);
    uv_mutex_lock(&exporter->lock);
    uint64_t wanted = exporter->flush_wanted;
    bool flushes = wanted > exporter->flush_done;
    bool is_closing = exporter->is_closing;
    uv_mutex_unlock(&exporter->lock);
    if (wanted > exporter->flush_asked) {
        exporter->flush_asked = wanted;
        exporter->are_metrics_due = exporter->settings.metrics != NULL;
    }
    bool is_due = exporter->is_due || flushes || is_closing ||
                  exporter->ready_count >= exporter->settings.batch_limit;
    if (exporter->first != NULL && is_due && !exporter->traces.is_busy) {
        exporter->is_due = false;
        send_traces(exporter);
    }
    if (exporter->are_metrics_due && !exporter->points.is_busy) {
        send_metrics(exporter);
    }
    set_batch_timer(exporter);
    if (flushes && is_idle(exporter)) {
        tell_flushed(exporter, wanted);
    }
    if (exporter->is_ending && is_idle(exporter) && !exporter->has_ended) {
        end(exporter);
    }
}

static void act_on_batch(uv_timer_t *timer) {
    hm_exporter *exporter = timer->data;
    exporter->is_due = true;
    advance(exporter);
}

static void act_on_metrics(uv_timer_t *timer) {
    hm_exporter *exporter = timer->data;
    exporter->are_metrics_due = true;
    advance(exporter);
}

static void act_on_done(hm_channel *channel, const char *why) {
    hm_exporter *exporter = channel->context;
    if (why != NULL) {
        uv_mutex_lock(&exporter->lock);
        snprintf(exporter->trouble, sizeof exporter->trouble, "%s", why);
        uv_mutex_unlock(&exporter->lock);
    }
    uv_async_send(&exporter->called); // not from within
}

// Time is up: all that is left is lost.
static void act_on_end(uv_timer_t *timer) {
    hm_exporter *exporter = timer->data;
    static const char *const why = "was too slow when the program ended";
    collect(exporter);
    exporter->are_metrics_due = false;
    hm_channel_give_up(&exporter->points, why);
    hm_channel_give_up(&exporter->traces, why);
    while (exporter->first != NULL) {
        lose(exporter, take_first(exporter));
    }
    exporter->ready_count = 0;
    advance(exporter);
}

static void act_on_call(uv_async_t *async) {
    hm_exporter *exporter = async->data;
    uv_mutex_lock(&exporter->lock);
    bool is_closing = exporter->is_closing;
    uv_mutex_unlock(&exporter->lock);
    if (is_closing && !exporter->is_ending) {
        exporter->is_ending = true;
        exporter->are_metrics_due = exporter->settings.metrics != NULL;
        uv_timer_start(&exporter->end_timer, act_on_end,
                milliseconds(exporter->settings.shutdown_limit), 0);
        hm_channel_close(&exporter->traces);
        hm_channel_close(&exporter->points);
    }
    if (!exporter->has_ended) {
        advance(exporter);
    }
}

static void run(void *context) {
    hm_exporter *exporter = context;
    uv_run(&exporter->loop, UV_RUN_DEFAULT);
}

static void init_timer(hm_exporter *exporter, uv_timer_t *timer) {
    uv_timer_init(&exporter->loop, timer);
    timer->data = exporter;
}

bool hm_exporter_start(hm_exporter *exporter) {
    if (uv_async_init(&exporter->loop, &exporter->called, act_on_call) != 0) {
        return false;
    }
    exporter->called.data = exporter;
    init_timer(exporter, &exporter->batch_timer);
    init_timer(exporter, &exporter->metrics_timer);
    init_timer(exporter, &exporter->end_timer);
    exporter->traces.done = act_on_done;
    exporter->traces.context = exporter;
    exporter->traces.requests = &exporter->request_count;
    exporter->points.done = act_on_done;
    exporter->points.context = exporter;
    exporter->points.requests = &exporter->request_count;
    uint64_t interval = milliseconds(exporter->settings.metrics_interval);
    if (exporter->settings.metrics != NULL) {
        uv_timer_start(&exporter->metrics_timer, act_on_metrics, interval, interval);
    }
    bool has_started = uv_thread_create(&exporter->thread, run, exporter) == 0;
    if (!has_started) {
        close_handles(exporter);
    }
    return has_started;
}

bool hm_exporter_flush(hm_exporter *exporter, uint64_t nanoseconds) {
    uint64_t begun = uv_hrtime();
    uint64_t spent = 0;
    uv_mutex_lock(&exporter->lock);
    if (exporter->is_closing) { // nothing is left
        uv_mutex_unlock(&exporter->lock);
        return true;
    }
    uint64_t mine = ++exporter->flush_wanted;
    uv_async_send(&exporter->called);
    while (exporter->flush_done < mine && spent < nanoseconds) {
        (void)uv_cond_timedwait(
                &exporter->flushed, &exporter->lock, nanoseconds - spent);
        spent = uv_hrtime() - begun;
    }
    bool is_done = exporter->flush_done >= mine;
    uv_mutex_unlock(&exporter->lock);
    return is_done;
}

void hm_exporter_stop(hm_exporter *exporter) {
    uv_mutex_lock(&exporter->lock);
    bool is_stopped = exporter->is_closing;
    exporter->is_closing = true;
    uv_mutex_unlock(&exporter->lock);
    if (!is_stopped) {
        uv_async_send(&exporter->called);
        uv_thread_join(&exporter->thread);
    }
}
