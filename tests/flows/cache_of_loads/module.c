// What is loaded is loaded in every run; what follows is found by its content.

#include <stddef.h>

#include <hamilton/modifiers.h>

HM_LOAD_FROM(csv, x, HM_VALUE(path, "x.csv"))
double sum(size_t n, const double x[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum;
}

HM_SAVE_TO(json, HM_VALUE(path, "sum.json"))
double doubled(double sum) {
    return 2 * sum;
}
