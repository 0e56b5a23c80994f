// Config values are inputs; one that is named as a node replaces it.

#include <stddef.h>

double price(double base, double factor) {
    return base * factor;
}

double total(double price, double shipping) {
    return price + shipping;
}

double sum(size_t n, const double weights[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += weights[i];
    }
    return sum;
}
