// number_scale.h — digits * 10^exponent as the nearest floating number, and back.

#ifndef HM_BASE_NUMBER_SCALE_H
#define HM_BASE_NUMBER_SCALE_H

#include <stdbool.h>
#include <stdint.h>

// Rounds once, to even. False, and *value is untouched, for what is subnormal or too
// large, for zero with a large exponent, and where the rounding is not certain: in the
// middle of two neighbours, and so near to it that hardly any number is.
bool hm_number_scale_double(uint64_t digits, int64_t exponent, double *value);
bool hm_number_scale_float(uint64_t digits, int64_t exponent, float *value);

// The first 19 digits of a number above zero: the greatest integer that is no more than
// value * 10^-exponent. False for what is subnormal or nearly so, and where the last
// digit is not certain, which is nearly never.
bool hm_number_leading_digits(double value, uint64_t *digits, int *exponent);

#endif
