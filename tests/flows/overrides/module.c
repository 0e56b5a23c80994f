// An override replaces a node, and what only that node needed is not run.

#include <hamilton/node.h>

int cost(double price, double *out) {
    (void)price;
    *out = 0;
    return hm_fail("cost was run");
}

double total(double cost, double tax) {
    return cost * (1 + tax);
}
