#include <hamilton/node.h>

int root(double x, double *out) {
    if (x < 0) {
        return hm_fail("no root of %g", x);
    }
    *out = x / 2;
    return 0;
}
