// Steps before and behind a function, and a checked function, that end their calls
// later.

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

HM_EXCLUDE int ask(double x, double *out, hm_async *done) {
    if (x < 0) {
        return hm_fail("nobody knows of %g", x);
    }
    *out = x + 1;
    hm_async_succeed(done);
    return 0;
}

HM_PIPE_INPUT(x, HM_STEP(ask))
HM_PIPE_OUTPUT(HM_STEP(ask), HM_STEP(ask, HM_IF(twice, true)))
HM_CHECK_RANGE(0, 7, warn)
double price(double x) {
    return 2 * x;
}

HM_CHECK_FINITE(fail)
int total(double price, double *out, hm_async *done) {
    *out = price / 2;
    hm_async_succeed(done);
    return 0;
}
