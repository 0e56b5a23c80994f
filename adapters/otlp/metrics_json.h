// metrics_json.h — all points of an hm_metrics as a request.

#ifndef HM_ADAPTERS_OTLP_METRICS_JSON_H
#define HM_ADAPTERS_OTLP_METRICS_JSON_H

#include <stdint.h>

#include <hamilton/metrics.h>

#include "base/sink.h"

// Returns how many points were written.
uint64_t hm_otlp_put_metrics(
        hm_sink *sink, const hm_metrics *metrics, const char *service);

#endif
