// sample.c — see sample.h.

#include "tests/support/sample.h"

#include <stdlib.h>

uint64_t hm_sample(uint64_t all, uint64_t part) {
    return getenv("HM_TEST_LONG") != NULL ? all : part;
}

bool hm_sample_is_chosen(uint64_t *seed) {
    const char *text = getenv("HM_TEST_SEED");
    if (text != NULL) {
        *seed = strtoull(text, NULL, 10);
    }
    return text != NULL;
}
