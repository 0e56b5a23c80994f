// features.c — the features as a module.

#include "bench/columns/features.h"

#define X(name, operation, a, b)                                                       \
    double name(double a, double b) {                                                  \
        return FEATURE_##operation(a, b);                                              \
    }
FEATURE_LIST(X)
#undef X
