// What reads a variable that another function writes is not known by its arguments.

#include <hamilton/modifiers.h>

static double rate;

static double current(void) {
    return rate;
}

HM_STATEFUL
int is_set(double x) {
    rate = x;
    return 1;
}

double taxed(int is_set) {
    return is_set * current();
}

double doubled(double taxed) {
    return 2 * taxed;
}
