#include <stdio.h>

/** A letter of Latin-1 in every second row, which is no UTF-8. */
const char *city(int x) {
    return x % 2 == 0 ? "K\xf6ln" : "Bonn";
}

/** Says that it was called. */
int loud(int x) {
    fprintf(stderr, "called with %d\n", x);
    return x;
}
