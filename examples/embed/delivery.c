// delivery.c — what it costs to send a parcel.

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

/** The way, in euros. */
double distance_fee(double distance, HM_DEFAULT(0.02) double rate) {
    return distance * rate;
}

/** The weight, in euros: heavier than 31.5 kg is freight. */
int weight_fee(double weight, double *out) {
    if (!(weight > 0 && weight <= 31.5)) {
        return hm_fail("a parcel of %g kg cannot be sent", weight);
    }
    *out = weight <= 2 ? 2.5 : weight <= 10 ? 4.5 : 9.0;
    return 0;
}

/** What the customer pays, in euros. */
double price(double distance_fee, double weight_fee, HM_DEFAULT(0.19) double tax) {
    return (distance_fee + weight_fee) * (1 + tax);
}
