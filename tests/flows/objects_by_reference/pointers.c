#include <stddef.h>

struct settings {
    double slope;
};

/** What it takes from outside are pointers, which JSON does not make. */
double first_slope(size_t n, const struct settings *const settings[n]) {
    return n > 0 ? settings[0]->slope : 0;
}
