// pick.c — see pick.h.

#include "adapters/results/pick.h"

#include <string.h>

#include "base/error.h"
#include "base/names.h"

hm_status hm_pick_at(const hm_results *results, size_t index, const hm_value **value,
        hm_error *error) {
    const char *message;
    hm_status status = hm_results_status(results, index, &message);
    if (status != HM_OK) {
        return hm_error_set(error, status, "`%s` is not ready: %s",
                hm_results_name(results, index),
                *message != '\0' ? message : hm_status_text(status));
    }
    *value = hm_results_value(results, index);
    return HM_OK;
}

static const char *name_at(const void *results, size_t index) {
    return hm_results_name(results, index);
}

static hm_status fail_unknown(
        const hm_results *results, const char *name, hm_error *error) {
    const char *nearest =
            hm_names_nearest(name, results, hm_results_count(results), name_at);
    return nearest != NULL ? hm_error_set(error, HM_UNKNOWN_NAME,
                                     "`%s` is not among the results; is `%s` meant?",
                                     name, nearest)
                           : hm_error_set(error, HM_UNKNOWN_NAME,
                                     "`%s` is not among the results; ask for it in the "
                                     "request",
                                     name);
}

hm_status hm_pick_find(const hm_results *results, const char *name,
        const hm_value **value, hm_error *error) {
    for (size_t i = 0; i < hm_results_count(results); i++) {
        if (strcmp(hm_results_name(results, i), name) == 0) {
            return hm_pick_at(results, i, value, error);
        }
    }
    return fail_unknown(results, name, error);
}
