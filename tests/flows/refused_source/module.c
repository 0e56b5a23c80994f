// A file that is no C is reported in the compiler's words.

#include <stddef.h>

double twice(double x) {
    return x * 2
}

double thrice(double x) {
    return x * factor;
}
