// observed.c — see observed.h.

#include "tests/support/observed.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

enum { MOST_WANTED = 8 };

static atomic_int under_way; // drivers whose memory is not freed

static void note_end(void *self) {
    (void)self;
    atomic_fetch_sub(&under_way, 1);
}

hm_driver *hm_observed_driver(
        uint32_t thread_count, const hm_adapter *outer, const hm_adapter *inner) {
    static const hm_adapter end = {
            .struct_size = sizeof(hm_adapter), .name = "end", .driver_ended = note_end};
    const hm_adapter *const adapters[] = {&end, outer, inner};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.adapters = adapters;
    options.adapter_count = inner != NULL ? 3 : 2;
    atomic_fetch_add(&under_way, 1);
    return hm_controlled_driver(&options);
}

void hm_observed_end_driver(hm_driver *driver) {
    hm_driver_destroy(driver);
    while (driver != NULL && atomic_load(&under_way) > 0) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
}

hm_status hm_observed_execute(hm_driver *driver, const char *wanted, size_t row_count) {
    char words[256];
    const char *names[MOST_WANTED];
    size_t count = 0;
    snprintf(words, sizeof words, "%s", wanted);
    char *rest;
    for (char *word = strtok_r(words, " ", &rest); word != NULL;
            word = strtok_r(NULL, " ", &rest)) {
        names[count++] = word;
    }
    double *rows = calloc(row_count + 1, sizeof *rows);
    ck_assert_ptr_nonnull(rows);
    for (size_t row = 0; row < row_count; row++) {
        rows[row] = (double)row;
    }
    hm_binding input = {"x", row_count == 1
                                     ? hm_value_double(0)
                                     : hm_value_many(&hm_type_double, rows, row_count)};
    hm_request request = hm_controlled_request(names, count);
    request.inputs = &input;
    request.keep_going = true;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, NULL);
    for (size_t i = 0; status == HM_OK && i < count && row_count != 1; i++) {
        const hm_value *value = hm_results_value(results, i);
        const double *made = value->many.data;
        for (size_t row = 1; value->depth == 1 && row < row_count; row++) {
            ck_assert_double_eq(made[row], made[0] + (double)row);
        }
    }
    hm_results_destroy(results);
    free(rows);
    return status;
}

hm_status hm_observed_leave(hm_driver *driver, const char *wanted) {
    hm_request request = hm_controlled_request(&wanted, 1);
    request.deadline = 20 * HM_MILLISECONDS;
    request.caller_waits = true;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, NULL);
    hm_results_destroy(results);
    return status;
}
