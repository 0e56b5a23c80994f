// A function of single values runs once, or over all rows: what is given decides.

#include <stddef.h>

double cost(double price, double quantity) {
    return price * quantity;
}

double taxed(double cost, double tax) {
    return cost * (1 + tax);
}

double share(double taxed, double total) {
    return taxed / total;
}

double total(size_t n, const double taxed[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += taxed[i];
    }
    return sum;
}
