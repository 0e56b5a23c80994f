#include <hamilton/node.h>

int taxed(double net, double rate, double *out) {
    if (net < 0) {
        return hm_fail("no tax of %g", net);
    }
    *out = net * rate;
    return 0;
}
