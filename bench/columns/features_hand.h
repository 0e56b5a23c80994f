// features_hand.h — the features as a person would write them by hand without a
// compiler at hand that knows them: a kernel for each operation, over blocks of rows
// that stay in the nearest cache.

#ifndef HM_BENCH_COLUMNS_FEATURES_HAND_H
#define HM_BENCH_COLUMNS_FEATURES_HAND_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/columns/crew.h"
#include "bench/columns/features.h"

typedef struct hm_features_hand hm_features_hand;

// Columns are borrowed. Only what is wanted is computed; values share slots of a
// block's length, each until its last reader. NULL, after a message, if memory ran out.
hm_features_hand *hm_features_hand_create(hm_crew *crew, size_t row_count,
        double *const inputs[FEATURE_INPUTS], double *wanted[FEATURE_WANTED]);

// Accepts NULL.
void hm_features_hand_destroy(hm_features_hand *hand);

void hm_features_hand_run(hm_features_hand *hand);

#endif
