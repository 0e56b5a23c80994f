// The outputs of two functions may not have one name.

#include <stddef.h>

double mean(double x) {
    return x;
}

void statistics(double x, double *mean, double *deviation) {
    *mean = x;
    *deviation = 0;
}

void more(double x, double *deviation) {
    *deviation = x;
}
