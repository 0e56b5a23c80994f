// otlp_json.c — see otlp_json.h.

#include "adapters/otlp/otlp_json.h"

#include <inttypes.h>
#include <stdio.h>

#include <hamilton/version.h>

#include "base/json_write.h"

void hm_otlp_put_text(hm_sink *sink, const char *name, const char *text) {
    hm_sink_text(sink, ",\"");
    hm_sink_text(sink, name);
    hm_sink_text(sink, "\":");
    hm_json_put_string(sink, text);
}

void hm_otlp_put_count(hm_sink *sink, const char *name, uint64_t count) {
    hm_sink_text(sink, ",\"");
    hm_sink_text(sink, name);
    hm_sink_count(sink, "\":\"", count);
    hm_sink_text(sink, "\"");
}

void hm_otlp_put_id(hm_sink *sink, uint64_t id) {
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, id);
    hm_sink_text(sink, text);
}

static void begin_attribute(hm_sink *sink, bool is_first, const char *key) {
    hm_sink_text(sink, is_first ? "{\"key\":" : ",{\"key\":");
    hm_json_put_string(sink, key);
    hm_sink_text(sink, ",\"value\":{");
}

void hm_otlp_put_text_attribute(
        hm_sink *sink, bool is_first, const char *key, const char *text) {
    begin_attribute(sink, is_first, key);
    hm_sink_text(sink, "\"stringValue\":");
    hm_json_put_string(sink, text);
    hm_sink_text(sink, "}}");
}

void hm_otlp_put_count_attribute(
        hm_sink *sink, bool is_first, const char *key, uint64_t count) {
    begin_attribute(sink, is_first, key);
    hm_sink_count(sink, "\"intValue\":\"", count);
    hm_sink_text(sink, "\"}}");
}

void hm_otlp_begin_request(hm_sink *sink, const char *signal, const char *service) {
    hm_sink_text(sink, "{\"resource");
    hm_sink_text(sink, signal);
    hm_sink_text(sink, "\":[{\"resource\":{\"attributes\":[");
    hm_otlp_put_text_attribute(sink, true, "service.name", service);
    hm_otlp_put_text_attribute(sink, false, "telemetry.sdk.name", "hamilton");
    hm_otlp_put_text_attribute(sink, false, "telemetry.sdk.language", "c");
    hm_otlp_put_text_attribute(sink, false, "telemetry.sdk.version", hm_version());
    hm_sink_text(sink, "]},\"scope");
    hm_sink_text(sink, signal);
    hm_sink_text(sink, "\":[{\"scope\":{\"name\":\"hamilton\"");
    hm_otlp_put_text(sink, "version", hm_version());
    hm_sink_text(sink, "},\"");
    hm_sink_text(sink, signal[0] == 'S' ? "spans" : "metrics");
    hm_sink_text(sink, "\":[");
}

void hm_otlp_end_request(hm_sink *sink) {
    hm_sink_text(sink, "]}]}]}");
}
