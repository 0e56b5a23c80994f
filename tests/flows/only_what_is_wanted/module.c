// Only what is asked for is run or even looked at: the rest may lack its inputs and
// fail.

#include <hamilton/node.h>

int broken(double x, double *out) {
    *out = x;
    return hm_fail("broken was run");
}

double needs_more(double missing) {
    return missing;
}

double fine(double x) {
    return x + 1;
}

double finer(double fine) {
    return fine + 1;
}
