// sink.c — see sink.h.

#include "base/sink.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void hm_sink_init(hm_sink *sink, hm_write *write, void *to) {
    sink->write = write;
    sink->to = to;
    sink->used = 0;
    sink->failed = false;
    sink->is_replaced = false;
}

static void pass_on(hm_sink *sink, const char *text, size_t length) {
    if (length > 0 && !sink->failed) {
        sink->failed = !sink->write(text, length, sink->to);
    }
}

void hm_sink_put(hm_sink *sink, const char *text, size_t length) {
    if (length > sizeof sink->buffer - sink->used) {
        pass_on(sink, sink->buffer, sink->used);
        sink->used = 0;
        if (length >= sizeof sink->buffer) {
            pass_on(sink, text, length);
            return;
        }
    }
    memcpy(sink->buffer + sink->used, text, length);
    sink->used += length;
}

void hm_sink_text(hm_sink *sink, const char *text) {
    hm_sink_put(sink, text, strlen(text));
}

void hm_sink_count(hm_sink *sink, const char *text, uint64_t count) {
    char number[24];
    int length = snprintf(number, sizeof number, "%" PRIu64, count);
    hm_sink_text(sink, text);
    hm_sink_put(sink, number, (size_t)length);
}

hm_status hm_sink_flush(hm_sink *sink) {
    pass_on(sink, sink->buffer, sink->used);
    sink->used = 0;
    return sink->failed ? HM_IO : HM_OK;
}
