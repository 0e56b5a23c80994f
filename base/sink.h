// sink.h — text on its way to an hm_write, gathered into larger pieces. A write that
// failed is remembered, so that a writer puts without looking and checks once at the
// end.

#ifndef HM_BASE_SINK_H
#define HM_BASE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>
#include <hamilton/write.h>

typedef struct hm_sink {
    hm_write *write;
    void *to;
    size_t used;
    bool failed;      // write returned false: nothing more is written
    bool is_replaced; // what was no UTF-8, by U+FFFD
    char buffer[4096];
} hm_sink;

// Keeps to.
void hm_sink_init(hm_sink *sink, hm_write *write, void *to);

void hm_sink_put(hm_sink *sink, const char *text, size_t length);
void hm_sink_text(hm_sink *sink, const char *text);

// A text, and a number behind it.
void hm_sink_count(hm_sink *sink, const char *text, uint64_t count);

// Passes on what is left: HM_OK, or HM_IO if any write failed.
HM_MUST_CHECK hm_status hm_sink_flush(hm_sink *sink);

#endif
