// agree.c — what check.sh asks of the differences that it finds between features and
// SQL.

#include <hamilton/node.h>

/// How far two values may be from each other, relative to their size, since their sums
/// may have been added up in another order.
static const double tolerance = 1e-9;

/// The greatest difference of each feature, if it is none.
int agreed(const char *feature, double difference, double *out) {
    if (!(difference <= tolerance)) {
        return hm_fail("`%s` differs from SQL by %g", feature, difference);
    }
    *out = difference;
    return 0;
}
