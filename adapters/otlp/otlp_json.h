// otlp_json.h — what traces and metrics have in common as JSON: attributes, times, and
// who tells of them, see
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: 64-bit integers are
// strings, ids are hexadecimal, enums are numbers.

#ifndef HM_ADAPTERS_OTLP_OTLP_JSON_H
#define HM_ADAPTERS_OTLP_OTLP_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sink.h"

// A member with its name, as `"name":"text"`, after a comma.
void hm_otlp_put_text(hm_sink *sink, const char *name, const char *text);

// A 64-bit number as a string, after a comma.
void hm_otlp_put_count(hm_sink *sink, const char *name, uint64_t count);

// An id of 64 bits in hexadecimal digits, without quotes.
void hm_otlp_put_id(hm_sink *sink, uint64_t id);

// Elements of "attributes", the first one without a comma.
void hm_otlp_put_text_attribute(
        hm_sink *sink, bool is_first, const char *key, const char *text);
void hm_otlp_put_count_attribute(
        hm_sink *sink, bool is_first, const char *key, uint64_t count);

// The beginning of a request up to its spans or metrics, and its end; `signal` is
// "Spans" or "Metrics".
void hm_otlp_begin_request(hm_sink *sink, const char *signal, const char *service);
void hm_otlp_end_request(hm_sink *sink);

#endif
