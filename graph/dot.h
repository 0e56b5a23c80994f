// dot.h — DOT text on its way out, piece by piece, safe whatever names and types hold.

#ifndef HM_GRAPH_DOT_H
#define HM_GRAPH_DOT_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/write.h>

typedef struct hm_dot {
    hm_write *write;
    void *to;
    bool failed; // the writer said no: nothing more is written
    size_t used;
    char pending[4096];
} hm_dot;

void hm_dot_init(hm_dot *dot, hm_write *write, void *to);

// Writes what is pending. False if the writer ever said no.
bool hm_dot_flush(hm_dot *dot);

void hm_dot_put(hm_dot *dot, const char *text);
void hm_dot_format(hm_dot *dot, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

// Text inside an HTML-like label: markup is escaped, what is no UTF-8 becomes U+FFFD,
// and what is longer than this many characters is cut.
void hm_dot_html(hm_dot *dot, const char *text, size_t longest);

// The same inside a quoted string, where line ends stay.
void hm_dot_quoted(hm_dot *dot, const char *text, size_t longest);

#endif
