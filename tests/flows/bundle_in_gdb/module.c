#include <hamilton/node.h>

int ratio(double a, double b, double *out) {
    if (b == 0) {
        return hm_fail("nothing to divide by");
    }
    *out = a / b;
    return 0;
}
