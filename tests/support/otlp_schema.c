// otlp_schema.c — see otlp_schema.h. The table follows trace.proto, metrics.proto,
// common.proto and resource.proto of opentelemetry-proto; the encoding is that of
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

#include "tests/support/otlp_schema.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

typedef enum hm_field_kind {
    HM_FIELD_TEXT,
    HM_FIELD_BOOL,
    HM_FIELD_SMALL,  // of 32 bits, or an enum: a number
    HM_FIELD_LARGE,  // of 64 bits: a string of digits
    HM_FIELD_DOUBLE, // a number
    HM_FIELD_ID8,    // hexadecimal
    HM_FIELD_ID16,
    HM_FIELD_MESSAGE,
} hm_field_kind;

typedef struct hm_field {
    const char *of; // the message that it is in
    const char *name;
    hm_field_kind kind;
    const char *message; // that it is
    bool is_repeated;
    bool is_required; // not by the proto, but without it there is no meaning
} hm_field;

#define MANY(of, name, message)                                                        \
    { of, name, HM_FIELD_MESSAGE, message, true, false }
#define ONE(of, name, message)                                                         \
    { of, name, HM_FIELD_MESSAGE, message, false, false }
#define VALUE(of, name, kind)                                                          \
    { of, name, kind, NULL, false, false }
#define NEEDED(of, name, kind)                                                         \
    { of, name, kind, NULL, false, true }

static const hm_field fields[] = {
        MANY("ExportTraceServiceRequest", "resourceSpans", "ResourceSpans"),
        ONE("ResourceSpans", "resource", "Resource"),
        MANY("ResourceSpans", "scopeSpans", "ScopeSpans"),
        VALUE("ResourceSpans", "schemaUrl", HM_FIELD_TEXT),
        MANY("Resource", "attributes", "KeyValue"),
        VALUE("Resource", "droppedAttributesCount", HM_FIELD_SMALL),
        ONE("ScopeSpans", "scope", "InstrumentationScope"),
        MANY("ScopeSpans", "spans", "Span"),
        VALUE("ScopeSpans", "schemaUrl", HM_FIELD_TEXT),
        NEEDED("InstrumentationScope", "name", HM_FIELD_TEXT),
        VALUE("InstrumentationScope", "version", HM_FIELD_TEXT),
        MANY("InstrumentationScope", "attributes", "KeyValue"),
        NEEDED("Span", "traceId", HM_FIELD_ID16),
        NEEDED("Span", "spanId", HM_FIELD_ID8),
        VALUE("Span", "traceState", HM_FIELD_TEXT),
        VALUE("Span", "parentSpanId", HM_FIELD_ID8),
        VALUE("Span", "flags", HM_FIELD_SMALL),
        NEEDED("Span", "name", HM_FIELD_TEXT),
        NEEDED("Span", "kind", HM_FIELD_SMALL),
        NEEDED("Span", "startTimeUnixNano", HM_FIELD_LARGE),
        NEEDED("Span", "endTimeUnixNano", HM_FIELD_LARGE),
        MANY("Span", "attributes", "KeyValue"),
        VALUE("Span", "droppedAttributesCount", HM_FIELD_SMALL),
        ONE("Span", "status", "Status"),
        VALUE("Status", "message", HM_FIELD_TEXT),
        VALUE("Status", "code", HM_FIELD_SMALL),
        NEEDED("KeyValue", "key", HM_FIELD_TEXT),
        ONE("KeyValue", "value", "AnyValue"),
        VALUE("AnyValue", "stringValue", HM_FIELD_TEXT),
        VALUE("AnyValue", "boolValue", HM_FIELD_BOOL),
        VALUE("AnyValue", "intValue", HM_FIELD_LARGE),
        VALUE("AnyValue", "doubleValue", HM_FIELD_DOUBLE),
        MANY("ExportMetricsServiceRequest", "resourceMetrics", "ResourceMetrics"),
        ONE("ResourceMetrics", "resource", "Resource"),
        MANY("ResourceMetrics", "scopeMetrics", "ScopeMetrics"),
        ONE("ScopeMetrics", "scope", "InstrumentationScope"),
        MANY("ScopeMetrics", "metrics", "Metric"),
        NEEDED("Metric", "name", HM_FIELD_TEXT),
        VALUE("Metric", "description", HM_FIELD_TEXT),
        VALUE("Metric", "unit", HM_FIELD_TEXT),
        ONE("Metric", "gauge", "Gauge"),
        ONE("Metric", "sum", "Sum"),
        ONE("Metric", "histogram", "Histogram"),
        MANY("Gauge", "dataPoints", "NumberDataPoint"),
        MANY("Sum", "dataPoints", "NumberDataPoint"),
        NEEDED("Sum", "aggregationTemporality", HM_FIELD_SMALL),
        NEEDED("Sum", "isMonotonic", HM_FIELD_BOOL),
        MANY("Histogram", "dataPoints", "HistogramDataPoint"),
        NEEDED("Histogram", "aggregationTemporality", HM_FIELD_SMALL),
        MANY("NumberDataPoint", "attributes", "KeyValue"),
        NEEDED("NumberDataPoint", "startTimeUnixNano", HM_FIELD_LARGE),
        NEEDED("NumberDataPoint", "timeUnixNano", HM_FIELD_LARGE),
        VALUE("NumberDataPoint", "asDouble", HM_FIELD_DOUBLE),
        VALUE("NumberDataPoint", "asInt", HM_FIELD_LARGE),
        MANY("HistogramDataPoint", "attributes", "KeyValue"),
        NEEDED("HistogramDataPoint", "startTimeUnixNano", HM_FIELD_LARGE),
        NEEDED("HistogramDataPoint", "timeUnixNano", HM_FIELD_LARGE),
        NEEDED("HistogramDataPoint", "count", HM_FIELD_LARGE),
        VALUE("HistogramDataPoint", "sum", HM_FIELD_DOUBLE),
        {"HistogramDataPoint", "bucketCounts", HM_FIELD_LARGE, NULL, true, true},
        {"HistogramDataPoint", "explicitBounds", HM_FIELD_DOUBLE, NULL, true, true},
};

enum { FIELD_COUNT = sizeof fields / sizeof *fields };

static bool is_hex(const json_t *json, size_t length) {
    const char *text = json_string_value(json);
    return text != NULL && strlen(text) == length &&
           strspn(text, "0123456789abcdefABCDEF") == length &&
           strspn(text, "0") < length;
}

static bool is_digits(const json_t *json) {
    const char *text = json_string_value(json);
    return text != NULL && text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static void check_value(const json_t *json, const hm_field *field) {
    bool fits = false;
    switch (field->kind) {
    case HM_FIELD_TEXT:
        fits = json_is_string(json);
        break;
    case HM_FIELD_BOOL:
        fits = json_is_boolean(json);
        break;
    case HM_FIELD_SMALL:
        fits = json_is_integer(json);
        break;
    case HM_FIELD_LARGE:
        fits = is_digits(json);
        break;
    case HM_FIELD_DOUBLE:
        fits = json_is_number(json);
        break;
    case HM_FIELD_ID8:
        fits = is_hex(json, 16);
        break;
    case HM_FIELD_ID16:
        fits = is_hex(json, 32);
        break;
    case HM_FIELD_MESSAGE:
        hm_otlp_schema_check(json, field->message);
        fits = true;
        break;
    }
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    ck_assert_msg(fits, "%s.%s is %s", field->of, field->name, text);
    free(text);
}

static const hm_field *find(const char *message, const char *name) {
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(fields[i].of, message) == 0 && strcmp(fields[i].name, name) == 0) {
            return &fields[i];
        }
    }
    ck_abort_msg("%s has no field %s", message, name);
    return NULL;
}

void hm_otlp_schema_check(const json_t *json, const char *message) {
    ck_assert_msg(json_is_object(json), "%s is no object", message);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json, name, value) {
        const hm_field *field = find(message, name);
        ck_assert_msg(
                json_is_array(value) == field->is_repeated, "%s.%s", message, name);
        for (size_t i = 0; field->is_repeated && i < json_array_size(value); i++) {
            check_value(json_array_get(value, i), field);
        }
        if (!field->is_repeated) {
            check_value(value, field);
        }
    }
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(fields[i].of, message) == 0 && fields[i].is_required) {
            ck_assert_msg(json_object_get(json, fields[i].name) != NULL,
                    "%s.%s is missing", message, fields[i].name);
        }
    }
}
