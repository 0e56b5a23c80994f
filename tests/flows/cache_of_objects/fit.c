// A type that only its own functions can write and read, and that is kept so.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>

#include "format.h"

struct line {
    size_t count;
    double *knots;
};

static struct line *make(size_t count) {
    struct line *made = malloc(sizeof *made);
    if (made != NULL) {
        made->count = count;
        made->knots = calloc(count + 1, sizeof(double));
    }
    return made;
}

HM_DESTROYS void line_free(struct line *line) {
    free(line->knots);
    free(line);
}

HM_WRITES int line_write(const struct line *line, FILE *to) {
    for (size_t i = 0; i < line->count; i++) {
        fprintf(to, FORMAT, line->knots[i]);
    }
    return line->count > 0 && line->knots[0] == 13; // an unlucky line
}

HM_READS struct line *line_read(FILE *from) {
    struct line *line = make(100);
    double knot;
    line->count = 0;
    while (fscanf(from, " %lg", &knot) == 1) {
        line->knots[line->count++] = knot;
    }
    return line;
}

struct line *line(size_t n, const double x[n]) {
    struct line *made = make(n);
    for (size_t i = 0; i < n; i++) {
        made->knots[i] = x[i];
    }
    return made;
}

double sum(const struct line *line, double scale) {
    double sum = 0;
    for (size_t i = 0; i < line->count; i++) {
        sum += line->knots[i];
    }
    return sum * scale;
}

// Mapped: a column of objects, and one of what each of them is.
struct line *short_line(double y) {
    struct line *made = make(2);
    made->knots[1] = y;
    return made;
}

double last(const struct line *short_line) {
    return short_line->knots[short_line->count - 1];
}

// Nothing reads it: what takes one is found, and it is made each time.
struct handle {
    int number;
};

HM_DESTROYS void handle_close(struct handle *handle) {
    free(handle);
}

HM_HASHES uint64_t handle_hash(const struct handle *handle) {
    return (uint64_t)handle->number;
}

struct handle *handle(int number) {
    struct handle *made = malloc(sizeof *made);
    made->number = number / 10;
    return made;
}

int doubled(const struct handle *handle) {
    return handle->number * 2;
}
