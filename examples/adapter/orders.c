// orders.c — what orders bring, after discounts.

#include <stddef.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

/** What an order costs, in euros. */
int cost(double price, double quantity, double *out) {
    if (quantity < 0) {
        return hm_fail("cannot sell %g pieces", quantity);
    }
    *out = price * quantity;
    return 0;
}

/** Large orders are cheaper. */
HM_TAG(timing, off)
double discounted(double cost) {
    return cost > 100 ? 0.9 * cost : cost;
}

/** What all orders bring, in euros. */
double revenue(size_t orders, const double discounted[orders]) {
    double sum = 0;
    for (size_t i = 0; i < orders; i++) {
        sum += discounted[i];
    }
    return sum;
}
