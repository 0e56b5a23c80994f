#include <stddef.h>

/// Minutes as hours.
double hours(double delay) {
    return delay / 60;
}

/// How many letters, and how many flights.
int width(const char *origin, int flights) {
    int length = 0;
    while (origin[length] != '\0') {
        length++;
    }
    return length * flights;
}

double mean(size_t n, const double delay[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += delay[i];
    }
    return sum / (double)n;
}
