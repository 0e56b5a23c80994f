// What fails is called by its node, not by the function that modifiers made it of.

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

HM_PARAMETERIZE(north, HM_SOURCE(x, cold))
HM_PARAMETERIZE(south, HM_SOURCE(x, north))
int positive(double x, double *out) {
    if (x <= 0) {
        return hm_fail("too cold");
    }
    *out = x;
    return 0;
}

static double halved(double x) {
    return x / 2;
}

HM_WHEN_NOT(region, elsewhere)
HM_CHECK_RANGE(0, 100, fail)
HM_PIPE_OUTPUT(HM_STEP(halved))
int price__here(double south, double *out) {
    if (south > 10) {
        return hm_fail("too hot");
    }
    *out = south;
    return 0;
}
