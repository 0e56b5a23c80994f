// The type of an object by reference may be incomplete for its readers.

#include <stdlib.h>

#include <hamilton/modifiers.h>

#include "counter.h"

HM_DESTROYS void counter_destroy(struct counter *counter);

struct counter *counter(double start) {
    return counter_create(start);
}

double next(const struct counter *counter) {
    return counter_next(counter);
}

struct counter {
    double value;
};

HM_EXCLUDE
struct counter *counter_create(double start) {
    struct counter *counter = malloc(sizeof *counter);
    if (counter != NULL) {
        counter->value = start;
    }
    return counter;
}

void counter_destroy(struct counter *counter) {
    free(counter);
}

HM_EXCLUDE
double counter_next(const struct counter *counter) {
    return counter->value + 1;
}
