// What is missing and has no NaN is marked, and written so that it reads back.

#include <stdbool.h>

long twice(int k) {
    return 2L * k;
}

const char *same(const char *s) {
    return s;
}

bool is_not(bool b) {
    return !b;
}
