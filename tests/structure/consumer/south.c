// south.c — shares every name with north.c, and some with the C library.

#include <hamilton/node.h>

#include "rate.h"

double surcharge = 5;

static double doubled(double x) {
    return 10 * RATE * x;
}

/** Hours. */
double time(double distance, double speed) {
    return distance / speed;
}

double index(double time) {
    return doubled(time) + surcharge;
}

int price(double index, double *out) {
    if (index < 0) {
        return hm_fail("negative index %g", index);
    }
    *out = index + 2000;
    return 0;
}
