// json.c — results as one JSON object.

#include <hamilton/json.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/sink.h"

hm_status hm_json_write_results(
        const hm_results *results, hm_write *write, void *to, hm_error *error) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    const char *bad = NULL;
    const char *before = "{";
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value == NULL) {
            continue;
        }
        hm_sink_text(&sink, before);
        hm_json_put_string(&sink, hm_results_name(results, i));
        hm_sink_put(&sink, ": ", 2);
        hm_json_put_value(&sink, value);
        before = ", ";
        bad = bad == NULL && sink.is_replaced ? hm_results_name(results, i) : bad;
    }
    hm_sink_text(&sink, before[0] == '{' ? "{}" : "}");
    if (hm_sink_flush(&sink) != HM_OK) {
        return hm_error_set(error, HM_IO, "the results could not be written");
    }
    return bad == NULL ? HM_OK
                       : hm_error_set(error, HM_BAD_DATA,
                                 "`%s` has text that is not UTF-8: such bytes were "
                                 "written as U+FFFD",
                                 bad);
}
