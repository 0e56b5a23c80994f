// otlp_schema.h — whether JSON is what OTLP 1.x means by it: a table of the messages of
// opentelemetry-proto, as its JSON encoding has them.

#ifndef HM_TESTS_SUPPORT_OTLP_SCHEMA_H
#define HM_TESTS_SUPPORT_OTLP_SCHEMA_H

#include <jansson.h>

// Fails the test at what is not in the message, is of another type, or is missing.
// "ExportTraceServiceRequest" and "ExportMetricsServiceRequest" are requests.
void hm_otlp_schema_check(const json_t *json, const char *message);

#endif
