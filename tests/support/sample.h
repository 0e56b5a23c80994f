// sample.h — how much of a random test is done: a part of it in every suite, all of it
// where there is time.

#ifndef HM_TESTS_SUPPORT_SAMPLE_H
#define HM_TESTS_SUPPORT_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

// `all` if HM_TEST_LONG is in the environment, as `./dev test --long` puts it there,
// else `part`.
uint64_t hm_sample(uint64_t all, uint64_t part);

// The number in HM_TEST_SEED: the one random case to look at. False if there is none.
bool hm_sample_is_chosen(uint64_t *seed);

#endif
