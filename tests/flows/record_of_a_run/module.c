#include <stddef.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

#ifndef RATE
#define RATE 2
#endif

double rated(double amount) {
    return amount * RATE;
}

HM_WHEN(region, us)
double price__us(double rated) {
    return rated + 1;
}

HM_OTHERWISE
double price__other(double rated) {
    return rated;
}

const char *label(double rated) {
    return rated > 5 ? "high" : "low";
}

int root(double amount, double *out) {
    *out = amount / 2;
    return amount < 0 ? hm_fail("no root of %g", amount) : 0;
}

int largest(size_t n, const double price[n], double *out) {
    *out = n > 0 ? price[0] : 0;
    for (size_t i = 0; i < n; i++) {
        *out = price[i] > *out ? price[i] : *out;
    }
    return n > 3 ? hm_fail("%zu are too many", n) : 0;
}
