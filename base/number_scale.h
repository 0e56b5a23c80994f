// number_scale.h — digits * 10^exponent as the nearest floating number.

#ifndef HM_BASE_NUMBER_SCALE_H
#define HM_BASE_NUMBER_SCALE_H

#include <stdbool.h>
#include <stdint.h>

// Rounds once, to even. False, and *value is untouched, for what is subnormal or too
// large, for zero with a large exponent, and where the rounding is not certain: in the
// middle of two neighbours, and so near to it that hardly any number is.
bool hm_number_scale_double(uint64_t digits, int64_t exponent, double *value);
bool hm_number_scale_float(uint64_t digits, int64_t exponent, float *value);

#endif
