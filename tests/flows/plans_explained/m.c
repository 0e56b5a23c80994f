#include <stddef.h>

#include <hamilton/modifiers.h>

/** What an order costs. */
double cost(double price, double quantity, HM_DEFAULT(0.2) double tax) {
    return price * quantity * (1 + tax);
}

/** In cents. */
double cents(double cost) {
    return cost * 100;
}

/** Rounded down. */
int rounded(double cents) {
    return (int)cents;
}

/** What all orders bring. */
double revenue(size_t orders, const double cost[orders]) {
    double sum = 0;
    for (size_t i = 0; i < orders; i++) {
        sum += cost[i];
    }
    return sum;
}

/** Its part of the whole. */
double share(double cost, double revenue) {
    return cost / revenue;
}
