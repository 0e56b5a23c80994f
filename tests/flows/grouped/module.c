// HM_GROUP: an array parameter is filled with nodes, inputs and literals.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

double doubled(double base) {
    return 2 * base;
}

/** The mean of {x}. */
HM_PARAMETERIZE(mean, HM_GROUP(x, base, doubled, 4))
HM_PARAMETERIZE(other_mean, HM_GROUP(x, mean, "default"))
double mean_of(size_t n, const double x[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/** Two groups over one dimension, something between them, and two outputs. */
HM_INJECT(HM_GROUP(weights, 1, share), HM_GROUP(x, base, doubled))
int weighted(size_t n, const float weights[n], short offset, const double x[n], double *out,
        const char **side) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (weights[i] < 0) {
            return hm_fail("weight %zu is negative", i);
        }
        sum += (double)weights[i] * x[i];
    }
    *out = sum + offset;
    *side = sum > 10 ? "high" : "low";
    return 0;
}

/** Text, a whole array beside the group, and an array that it makes. */
HM_INJECT(HM_GROUP(words, greeting, "to", name), HM_SOURCE(values, column))
void lengths(size_t n, const char *const words[n], size_t rows, const int64_t values[rows],
        int64_t out[rows]) {
    int64_t length = 0;
    for (size_t i = 0; i < n; i++) {
        length = length * 100 + (int64_t)strlen(words[i]);
    }
    for (size_t i = 0; i < rows; i++) {
        out[i] = values[i] + length;
    }
}

struct point {
    double x;
    char name;
};

struct point at(double base) {
    return (struct point){base, 'a'};
}

struct point shifted(struct point at) {
    return (struct point){at.x + 1, 'b'};
}

HM_INJECT(HM_GROUP(points, at, shifted, at))
struct point largest(size_t n, const struct point points[n]) {
    struct point found = points[0];
    for (size_t i = 1; i < n; i++) {
        found = points[i].x > found.x ? points[i] : found;
    }
    return found;
}

enum color { RED, GREEN = 5 };

HM_INJECT(HM_GROUP(colors, RED, GREEN, chosen))
int colors(size_t n, const enum color colors[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum = sum * 10 + (int)colors[i];
    }
    return sum;
}
