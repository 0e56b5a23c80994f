// One expansion may be collected by several functions, and again together.

#include <stddef.h>
#include <stdlib.h>

int rows(int height, int **out, size_t *count) {
    *count = (size_t)height;
    *out = malloc((*count + 1) * sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    for (int i = 0; i < height; i++) {
        (*out)[i] = i;
    }
    return 0;
}

int square(int rows) {
    return rows * rows;
}

int sum(size_t n, const int rows[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += rows[i];
    }
    return sum;
}

int largest(size_t n, const int square[n]) {
    int largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = square[i] > largest ? square[i] : largest;
    }
    return largest;
}

/** Collects two arrays of the same expansion. */
int dot(size_t n, const int rows[n], const int square[n], int sum) {
    int dot = sum;
    for (size_t i = 0; i < n; i++) {
        dot += rows[i] * square[i];
    }
    return dot;
}

/** Expands again what was collected. */
int again(int largest, int **out, size_t *count) {
    *count = 2;
    *out = malloc(2 * sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    (*out)[0] = largest;
    (*out)[1] = -largest;
    return 0;
}

int final(size_t n, const int again[n], int dot) {
    int sum = dot;
    for (size_t i = 0; i < n; i++) {
        sum += again[i];
    }
    return sum;
}
