// otlp_trial.h — runs of the nodes of controlled.h that a receiver is told of:
//
//     hm_otlp_trial_begin(HM_RECEIVER_TAKES);
//     otlp_trial.options.batch_limit = 7; // or as it is
//     hm_otlp_trial_create();
//     hm_controlled_add("a", "x", hm_controlled_next);
//     hm_driver *driver = hm_otlp_trial_driver_of(NULL);
//     hm_otlp_trial_execute(driver, "a", NULL);
//     hm_otlp_trial_finish(driver);
//     ... otlp_trial.receiver and .statistics say what came of it ...
//     hm_otlp_trial_end();

#ifndef HM_TESTS_SUPPORT_OTLP_TRIAL_H
#define HM_TESTS_SUPPORT_OTLP_TRIAL_H

#include <jansson.h>

#include <hamilton/otlp.h>

#include "tests/support/receiver.h"

typedef struct hm_otlp_trial {
    hm_receiver receiver;
    hm_otlp_options options;
    hm_otlp *otlp;
    hm_error error;                // the last one
    hm_otlp_statistics statistics; // of the end
    char trouble[512];
} hm_otlp_trial;

extern hm_otlp_trial otlp_trial;

void hm_otlp_trial_begin(hm_manner manner);
void hm_otlp_trial_create(void);

// A driver with the adapter, and perhaps one further in.
hm_driver *hm_otlp_trial_driver_of(const hm_adapter *further_in);

// Asks for a node, with x = 1.
hm_status hm_otlp_trial_execute(hm_driver *driver, const char *wanted, double *value);

// Ends all but the receiver; then that.
void hm_otlp_trial_finish(hm_driver *driver);
void hm_otlp_trial_end(void);

// Whether all requests are of OTLP.
void hm_otlp_trial_check_requests(void);

// The first element of an array; the spans of a request, and that of a name, or NULL;
// members that are text, and attributes, or NULL.
json_t *hm_otlp_trial_first_of(const json_t *json, const char *name);
json_t *hm_otlp_trial_spans_of(int request);
json_t *hm_otlp_trial_span_of(int request, const char *name);
const char *hm_otlp_trial_text_of(const json_t *json, const char *name);
const char *hm_otlp_trial_attribute_of(const json_t *json, const char *key);

#endif
