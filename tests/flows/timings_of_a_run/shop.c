#include <stddef.h>

#include <hamilton/node.h>

int cost(double price, double quantity, double *out) {
    if (quantity < 0) {
        return hm_fail("cannot sell %g pieces", quantity);
    }
    *out = price * quantity;
    return 0;
}

double taxed(double cost) {
    return 1.19 * cost;
}

double total(double cost, double taxed) {
    return cost + taxed;
}

double revenue(size_t n, const double cost[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += cost[i];
    }
    return sum;
}
