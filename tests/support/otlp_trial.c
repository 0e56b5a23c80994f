// otlp_trial.c — see otlp_trial.h.

#include "tests/support/otlp_trial.h"

#include <string.h>

#include "tests/support/controlled.h"
#include "tests/support/otlp_schema.h"
#include "tests/support/suite.h"

hm_otlp_trial otlp_trial;

void hm_otlp_trial_begin(hm_manner manner) {
    hm_controlled_begin();
    hm_receiver_begin(&otlp_trial.receiver, manner);
    otlp_trial.options = (hm_otlp_options)HM_OTLP_OPTIONS_INIT;
    otlp_trial.options.endpoint = otlp_trial.receiver.url;
    otlp_trial.options.allocator = &controlled.memory.allocator;
    otlp_trial.options.pause = HM_MILLISECONDS;
    otlp_trial.options.patience = 1500 * HM_MILLISECONDS;
}

void hm_otlp_trial_create(void) {
    ck_assert_msg(hm_otlp_create(&otlp_trial.options, &otlp_trial.otlp,
                          &otlp_trial.error) == HM_OK,
            "%s", otlp_trial.error.message);
}

hm_driver *hm_otlp_trial_driver_of(const hm_adapter *further_in) {
    const hm_adapter *const adapters[] = {hm_otlp_adapter(otlp_trial.otlp), further_in};
    hm_driver_options driver_options = hm_controlled_options(2);
    driver_options.adapters = adapters;
    driver_options.adapter_count = 1 + (further_in != NULL);
    return hm_controlled_driver(&driver_options);
}

hm_status hm_otlp_trial_execute(hm_driver *driver, const char *wanted, double *value) {
    hm_request request = hm_controlled_request(&wanted, 1);
    request.keep_going = true;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &otlp_trial.error);
    if (status == HM_OK && value != NULL) {
        *value = hm_controlled_value(results, 0);
    }
    hm_results_destroy(results);
    return status;
}

// Ends all but the receiver.
void hm_otlp_trial_finish(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_otlp_shut_down(otlp_trial.otlp);
    hm_otlp_count(otlp_trial.otlp, &otlp_trial.statistics);
    hm_otlp_trouble(otlp_trial.otlp, otlp_trial.trouble, sizeof otlp_trial.trouble);
    hm_otlp_destroy(otlp_trial.otlp);
}

void hm_otlp_trial_end(void) {
    hm_receiver_end(&otlp_trial.receiver);
    hm_controlled_end();
}

void hm_otlp_trial_check_requests(void) {
    for (int i = 0; i < atomic_load(&otlp_trial.receiver.count); i++) {
        const hm_received *request = &otlp_trial.receiver.requests[i];
        ck_assert_msg(request->body != NULL, "request %d is no JSON", i);
        if (strcmp(request->path, "/v1/traces") == 0) {
            hm_otlp_schema_check(request->body, "ExportTraceServiceRequest");
        } else {
            ck_assert_str_eq(request->path, "/v1/metrics");
            hm_otlp_schema_check(request->body, "ExportMetricsServiceRequest");
        }
    }
}

json_t *hm_otlp_trial_first_of(const json_t *json, const char *name) {
    return json_array_get(json_object_get(json, name), 0);
}

json_t *hm_otlp_trial_spans_of(int request) {
    const json_t *resource = hm_otlp_trial_first_of(
            otlp_trial.receiver.requests[request].body, "resourceSpans");
    return json_object_get(hm_otlp_trial_first_of(resource, "scopeSpans"), "spans");
}

const char *hm_otlp_trial_text_of(const json_t *json, const char *name) {
    return json_string_value(json_object_get(json, name));
}

// The span of this name in the request, or NULL.
json_t *hm_otlp_trial_span_of(int request, const char *name) {
    size_t i;
    json_t *span;
    json_array_foreach(hm_otlp_trial_spans_of(request), i, span) {
        if (strcmp(hm_otlp_trial_text_of(span, "name"), name) == 0) {
            return span;
        }
    }
    return NULL;
}

const char *hm_otlp_trial_attribute_of(const json_t *json, const char *key) {
    size_t i;
    json_t *attribute;
    json_array_foreach(json_object_get(json, "attributes"), i, attribute) {
        const json_t *value = json_object_get(attribute, "value");
        if (strcmp(hm_otlp_trial_text_of(attribute, "key"), key) == 0) {
            const char *text = hm_otlp_trial_text_of(value, "stringValue");
            return text != NULL ? text : hm_otlp_trial_text_of(value, "intValue");
        }
    }
    return NULL;
}
