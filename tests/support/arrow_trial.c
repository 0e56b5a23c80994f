// arrow_trial.c — see arrow_trial.h.

#include "tests/support/arrow_trial.h"

#include <check.h>

hm_arrow_trial trial;

void hm_arrow_trial_begin(void) {
    trial = (hm_arrow_trial){.columns = NULL};
}

void hm_arrow_trial_end(void) {
    hm_arrow_columns_destroy(trial.columns);
    if (trial.array.release != NULL) {
        trial.array.release(&trial.array);
    }
    if (trial.schema.release != NULL) {
        trial.schema.release(&trial.schema);
    }
    ck_assert_int_eq(hm_built_arrays, 0);
    ck_assert_int_eq(hm_built_schemas, 0);
}

void hm_arrow_trial_again(void) {
    hm_arrow_trial_end();
    hm_arrow_trial_begin();
}

hm_status hm_arrow_trial_columns(const hm_column *wanted, size_t count) {
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = wanted;
    options.column_count = count;
    return hm_arrow_import(
            &options, &trial.schema, &trial.array, &trial.columns, &trial.error);
}

const hm_value *hm_arrow_trial_import(const hm_type *type) {
    const hm_column wanted = {"x", type};
    ck_assert_msg(
            hm_arrow_trial_columns(&wanted, 1) == HM_OK, "%s", trial.error.message);
    ck_assert(trial.array.release == NULL);
    ck_assert_uint_eq(trial.columns->count, 1);
    return &trial.columns->bindings[0].value;
}

void hm_arrow_trial_refused(
        const hm_type *type, hm_status status, const char *message) {
    const hm_column wanted = {"x", type};
    ck_assert_int_eq(hm_arrow_trial_columns(&wanted, 1), status);
    ck_assert_str_eq(trial.error.message, message);
    ck_assert(trial.array.release != NULL);
    hm_arrow_trial_again();
}
