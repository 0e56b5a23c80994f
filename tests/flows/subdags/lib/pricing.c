// What a thing costs, for whoever knows how many pieces there are and what one is worth.

#include <stddef.h>

#include <hamilton/modifiers.h>

/** Before discount. */
double gross(double pieces, double each) {
    return pieces * each;
}

/** The largest order of all. */
double largest(size_t n, const double gross[n]) {
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        most = gross[i] > most ? gross[i] : most;
    }
    return most;
}

HM_WHEN(region, us)
double tax__us(double gross) {
    return gross * 0.25;
}

HM_OTHERWISE
double tax__elsewhere(double gross, double vat) {
    return gross * vat;
}

/** What is paid. */
HM_TAG(owner, "sales")
double net(double gross, double tax) {
    return gross + tax;
}
