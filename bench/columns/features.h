// features.h — 200 features of ten columns, of which the ten of the last level are
// wanted. The build writes the list of them: X(name, operation, a, b).

#ifndef BENCH_COLUMNS_FEATURES_H
#define BENCH_COLUMNS_FEATURES_H

#include <math.h>

#include "bench/columns/features_list.h"

#define FEATURE_INPUT_LIST(X)                                                          \
    X(x0) X(x1) X(x2) X(x3) X(x4) X(x5) X(x6) X(x7) X(x8) X(x9)
#define FEATURE_WANTED_LIST(X)                                                         \
    X(f20_0)                                                                           \
    X(f20_1) X(f20_2) X(f20_3) X(f20_4) X(f20_5) X(f20_6) X(f20_7) X(f20_8) X(f20_9)

enum { FEATURE_INPUTS = 10, FEATURE_WANTED = 10 };

// The operations. Of values from -1 to 1 they make such values, or hardly larger ones.
#define FEATURE_ADD(a, b) (0.5 * ((a) + (b)))
#define FEATURE_SUBTRACT(a, b) (0.5 * ((a) - (b)))
#define FEATURE_MULTIPLY(a, b) ((a) * (b))
#define FEATURE_DIVIDE(a, b) ((a) / (1 + fabs(b)))
#define FEATURE_LESSER(a, b) ((a) < (b) ? (a) : (b))
#define FEATURE_GREATER(a, b) ((a) > (b) ? (a) : (b))
#define FEATURE_ROOT(a, b) (sqrt(fabs(a)) - (b))
#define FEATURE_SIZE(a, b) (fabs(a) - 0.5 * (b))
#define FEATURE_COMPARE(a, b) ((a) > (b) ? 1.0 : 0.0)

#endif
