// A node need not need anything; `()` is a definition without parameters too.

#include <stddef.h>
#include <stdlib.h>

int answer(void) {
    return 42;
}

const char *name() {
    return "nobody";
}

int primes(int **out, size_t *count) {
    static const int first[] = {2, 3, 5};
    *count = sizeof first / sizeof first[0];
    *out = malloc(sizeof first);
    if (*out == NULL) {
        return 1;
    }
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] = first[i];
    }
    return 0;
}

int product(int answer, int primes) {
    return answer * primes;
}
