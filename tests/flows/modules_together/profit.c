#include <stddef.h>

double profit(double revenue, double cost) {
    return revenue - cost;
}

double total_profit(size_t n, const double profit[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += profit[i];
    }
    return sum;
}
