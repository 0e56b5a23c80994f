// An expansion inside a mapped node adds an inner dimension, which may be ragged.

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

/** Runs for each row: row i has i cells. */
int cells(int rows, int **out, size_t *count) {
    *count = (size_t)rows;
    *out = malloc((*count + 1) * sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    for (int i = 0; i < rows; i++) {
        (*out)[i] = 10 * rows + i;
    }
    return 0;
}

/** Runs for each cell of each row. */
int doubled(int cells) {
    return 2 * cells;
}

/** Cells, with a value of their row broadcast to them. */
int relative(int cells, int rows) {
    return cells - 10 * rows;
}

/** Takes the innermost dimension: once a row. */
int row_sum(size_t n, const int doubled[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += doubled[i];
    }
    return sum;
}

/** And once more: over all rows. */
int total(size_t n, const int row_sum[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += row_sum[i];
    }
    return sum;
}

/** Two collected parameters of one function, of different depth. */
int row_share(size_t n, const int cells[n], int rows, int total) {
    return total + rows * (int)n + (n > 0 ? cells[0] : 0);
}
