// arrow_trial.h — a record batch that is built and imported, one in each test:
//
//     tcase_add_checked_fixture(tcase, hm_arrow_trial_begin, hm_arrow_trial_end);
//     ...
//     hm_built batch = hm_build(&trial.schema, &trial.array, 3);
//     hm_build_numbers(batch, "x", "i", 3, NULL, numbers, sizeof numbers);
//     const hm_value *value = hm_arrow_trial_import(&hm_type_double);

#ifndef HM_TESTS_SUPPORT_ARROW_TRIAL_H
#define HM_TESTS_SUPPORT_ARROW_TRIAL_H

#include <stddef.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_builder.h"

typedef struct hm_arrow_trial {
    struct ArrowSchema schema;
    struct ArrowArray array;
    hm_arrow_columns *columns; // NULL before anything was imported
    hm_error error;
} hm_arrow_trial;

extern hm_arrow_trial trial;

void hm_arrow_trial_begin(void);

// Releases what is left; then nothing that was built may be there any more.
void hm_arrow_trial_end(void);

// Ends a successful import, so that there can be another in the test.
void hm_arrow_trial_again(void);

hm_status hm_arrow_trial_columns(const hm_column *wanted, size_t count);

// Imports the column x as a type, NULL being what is natural; the test fails if that
// does.
const hm_value *hm_arrow_trial_import(const hm_type *type);

// It is not imported, for the reason of this message, and stays the caller's. It is
// released, so that there can be another.
void hm_arrow_trial_refused(const hm_type *type, hm_status status, const char *message);

#endif
