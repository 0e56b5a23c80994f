#include <stddef.h>

double ratio(double spend, double signups) {
    return spend / signups;
}
double scaled(double ratio, double factor) {
    return ratio * factor;
}
int counted(size_t n, const int count[n]) {
    return n == 0 ? 0 : count[n - 1];
}
